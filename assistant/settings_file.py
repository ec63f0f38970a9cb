"""The settings file: read with the line of every key, so that an error can name it, and written with a comment for each."""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assistant.errors import SettingsError
from index import private

#: The table of the file that gives actions of the chat other keys.
KEYS_TABLE = "keys"
_HEAD = """\
# Settings of readouts. Each line below shows a default: remove the # and change the value.
# Command-line options override variables (READOUTS_INDEX and so on), which override this file.
"""
_TAIL = """
# Other keys for actions of the chat, by the action's name; f1 in the chat lists the names.
# [keys]
# chat.new = "f9"
# chat.copy = "y ctrl+y"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsFile:
    """The content of a settings file.

    Attributes:
        path: Where it is, whether or not it exists.
        values: Values by key, as they were written; without the table of keys.
        keys: Other keys for actions of the chat, by the action's name.
        lines: 1-based line of each of ``values``.
    """

    path: Path
    values: Mapping[str, object] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)


def read_file(path: Path, known: Iterable[str]) -> SettingsFile:
    """Read a settings file; a missing one is empty.

    Args:
        path: The file.
        known: Keys that it may have, besides the table of keys.

    Raises:
        SettingsError: It cannot be read, or has an unknown key.
    """
    try:
        # A mark of the byte order, as some editors write it, is no part of the first key.
        text = path.read_text(encoding="utf-8-sig")
        found = tomllib.loads(text)
    except FileNotFoundError:
        return SettingsFile(path=path)
    except OSError as error:
        raise SettingsError(
            f"The settings file {path} cannot be read: {error.strerror}.", mend="Make it readable, or name another one."
        ) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            f"The settings file {path} cannot be read: {error}.", mend="Fix that line, or remove the file."
        ) from error
    names = [*known, KEYS_TABLE]
    for key in found:
        if key not in names:
            near = difflib.get_close_matches(key.lower(), names, n=1)
            mend = f"Did you mean “{near[0]}”?" if near else f"Known are: {', '.join(names)}."
            raise SettingsError(
                f"Line {line_of(text, key)} of the settings file {path} has an unknown key “{key}”.", mend=mend
            )
    keys = dict(_keys(found.pop(KEYS_TABLE, {}), path, text))
    return SettingsFile(path=path, values=found, keys=keys, lines={key: line_of(text, key) for key in found})


def line_of(text: str, key: str) -> int:
    """1-based line on which a key of the file, or its table, first appears; 1 if it is written in some other way."""
    name = rf"[\"']?{re.escape(key)}[\"']?"
    found = re.search(rf"^[ \t]*(?:{name}[ \t]*[=.]|\[{{1,2}}[ \t]*{name}[ \t]*[\].])", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def write_file(path: Path, settings: Iterable[tuple[str, str, object]]) -> None:
    """Write a new settings file with every default as a comment.

    Args:
        path: The file; its folder is created.
        settings: Key, meaning and default of each setting.

    Raises:
        SettingsError: It exists already, or cannot be written.
    """
    parts = [f"\n# {meaning[:1].upper()}{meaning[1:]}.\n# {key} = {_toml(value)}\n" for key, meaning, value in settings]
    try:
        private.make_folder(path.parent)
        private.create(path, "".join([_HEAD, *parts, _TAIL]).encode())
    except FileExistsError as error:
        raise SettingsError(f"{path} is there already.", mend="Edit it, or move it away first.") from error
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be written: {error.strerror}.", mend="Name another file with READOUTS_SETTINGS."
        ) from error


def _toml(value: object) -> str:
    # Every string of JSON is one of TOML, but for a delete character that stands as it is.
    return str(value) if isinstance(value, int) else json.dumps(str(value)).replace("\x7f", "\\u007f")


def _keys(table: object, path: Path, text: str, name: str = "") -> Iterator[tuple[str, str]]:
    """Keys by action; ``chat.new`` without quotes is a table within the table."""
    if isinstance(table, str) and name:
        yield name, table
    elif isinstance(table, list) and name and all(isinstance(key, str) for key in table):
        yield name, " ".join(table)
    elif isinstance(table, dict):
        for key, inner in table.items():
            yield from _keys(inner, path, text, f"{name}.{key}" if name else key)
    else:
        where = f"“{name}” in [keys]" if name else "“keys”"
        raise SettingsError(
            f"{where}, line {line_of(text, name or KEYS_TABLE)} of the settings file {path}, names no keys.",
            mend='Write for example: [keys] and below it chat.new = "f9"',
        )
