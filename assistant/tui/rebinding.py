"""Other keys for actions, as given in the settings file: checked, and translated for the screen."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping

from textual.keys import KEY_TO_UNICODE_NAME, Keys, _character_to_key, _get_unicode_name_from_key

from assistant.errors import SettingsError
from assistant.tui.keymap import COMMANDS, Command, Part

_MODIFIERS = ("ctrl", "alt", "shift", "super", "meta", "hyper")
_NAMED = {key.value for key in Keys} | set(KEY_TO_UNICODE_NAME)
#: Parts whose keys also work in any of the other parts.
_EVERYWHERE = (Part.APP,)


def keymap_of(keys: Mapping[str, str]) -> dict[str, str]:
    """Keys by the ids of bindings, for ``App.set_keymap``.

    Args:
        keys: Keys by the name of an action (``chat.new``), separated by commas or spaces: ``f9``, ``ctrl+n, alt+n``, ``?``.

    Raises:
        SettingsError: No action has this name, a key is invalid, or two actions of one part would have the same key.
    """
    known = {command.id: command for command in COMMANDS}
    chosen: dict[str, tuple[str, ...]] = {}
    for name, written in keys.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
            mend = f"Did you mean “{near[0]}”?" if near else "The help of the chat (f1) lists them."
            raise SettingsError(f"The settings bind keys to “{name}”, which is not an action.", mend=mend)
        chosen[name] = tuple(_key(name, key) for key in re.split(r",\s*|\s+", written.strip()) if key)
        if not chosen[name]:
            raise SettingsError(f"The settings give “{name}” no key.", mend="Write a key, or remove the line.")
    _refuse_clashes(known, chosen)
    return dict(_ids(known, chosen))


def _key(name: str, written: str) -> str:
    *modifiers, key = written.split("+") if len(written) > 1 and not written.endswith("+") else [written]
    if len(key) == 1:
        key = _character_to_key(key)
    if all(m in _MODIFIERS for m in modifiers) and (len(key) == 1 or key in _NAMED or _is_character(key)):
        return "+".join((*modifiers, key))
    near = difflib.get_close_matches(written, sorted(_NAMED), n=1)
    mend = f"Did you mean “{near[0]}”?" if near else "Keys are written like f9, ctrl+n, alt+enter, pageup or ?."
    raise SettingsError(f"The settings bind “{name}” to “{written}”, which is not a key.", mend=mend)


def _is_character(key: str) -> bool:
    try:
        unicodedata.lookup(_get_unicode_name_from_key(key))
    except KeyError:
        return False
    return True


def _refuse_clashes(known: Mapping[str, Command], chosen: Mapping[str, tuple[str, ...]]) -> None:
    """Refuse the same key for two actions of one part, or for one of a part and one that works everywhere."""
    taken = {name: chosen.get(name) or tuple(command.keys.split(",")) for name, command in known.items()}
    for name in chosen:
        part = known[name].part
        for other, keys in taken.items():
            near = known[other].part is part or part in _EVERYWHERE or known[other].part in _EVERYWHERE
            shared = set(known[name].keys.split(",")) & set(known[other].keys.split(","))
            both = set(keys) & set(chosen[name]) - shared
            if other != name and near and both:
                raise SettingsError(
                    f"The settings give the key {sorted(both)[0]} to “{name}”, but “{other}” has it.",
                    mend=f"Choose another key, or also bind “{other}” to another one.",
                )


def _ids(known: Mapping[str, Command], chosen: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    for name, keys in chosen.items():
        if known[name].action != "cite":
            yield name, ",".join(keys)
            continue
        numbers = len(known[name].keys.split(","))
        if len(keys) != numbers:
            raise SettingsError(f"“{name}” needs {numbers} keys, one a number.", mend="Write them in order.")
        yield from ((f"{name}.{number}", key) for number, key in enumerate(keys, start=1))
