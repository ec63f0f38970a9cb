"""Parts of the pages that the program says of itself: commands, settings, keys, exit codes, public names; as Markdown."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator

import click

import assistant
from assistant.cli import main
from assistant.errors import EXIT_CODES
from assistant.settings import KEYS, defaults
from assistant.tui.keymap import COMMANDS as ACTIONS
from assistant.tui.keymap import keys_of


def commands() -> str:
    """A section for the program and each of its commands, from their own help."""
    return "\n".join(_command("readouts", main, None))


def _command(name: str, command: click.Command, parent: click.Context | None) -> Iterator[str]:
    ctx = command.context_class(command, info_name=name, parent=parent, **command.context_settings)
    yield f"## {name}\n\n{_text(command.help)}\n"
    yield f"```text\n{' '.join([name, *command.collect_usage_pieces(ctx)])}\n```\n"
    rows = [record for param in command.get_params(ctx) if (record := param.get_help_record(ctx))]
    yield "| option | does |\n|---|---|"
    yield from (f"| {_code(names)} | {_cell(told)} |" for names, told in rows)
    yield f"\n{_text(command.epilog)}\n"
    if isinstance(command, click.Group):
        for child, inner in command.commands.items():
            yield from _command(f"{name} {child}", inner, ctx)


def settings() -> str:
    """A row for each setting."""
    shown = {key: f"`{value}`" for key, value in defaults().items()}
    shown |= {"index": "`index` in the data folder", "history": "the data folder", "model": "empty"}
    rows = [f"| `{key}` | {_cell(told)} | {shown[key]} | `READOUTS_{key.upper()}` |" for key, told in KEYS.items()]
    return "\n".join(["| key | means | default | variable |\n|---|---|---|---|", *rows])


def keys() -> str:
    """A row for each action of the chat, by the part of the screen where its keys work."""
    parts = dict.fromkeys(action.part for action in ACTIONS)
    lines = []
    for part in parts:
        lines.append(f"\n## {part.value[:1].upper()}{part.value[1:]}\n\n| keys | does | action |\n|---|---|---|")
        here = (action for action in ACTIONS if action.part is part)
        lines += [f"| {_code(keys_of(action))} | {_cell(action.help)} | `{action.id}` |" for action in here]
    return "\n".join(lines)


def exit_codes() -> str:
    """A row for each exit code, with the errors that end in it."""
    told = {
        0: "done; an abstention is an answer",
        1: "the work failed",
        2: "wrong usage or settings",
        3: "no index, or one that cannot be used as it is; the message gives the command that mends it",
        10: "`readouts watch run` found something new",
        130: "interrupted",
    }
    rows = []
    for code in sorted(set(told) | set(EXIT_CODES.values())):
        errors = ", ".join(f"`{kind.__name__}`" for kind, its in EXIT_CODES.items() if its == code)
        rows.append(f"| {code} | {told[code]} | {errors} |")
    return "\n".join(["| code | means | errors in Python |\n|---|---|---|", *rows])


def names() -> str:
    """Every public name with its own words, the one object that does it all first."""
    public = sorted(set(assistant.__all__) - {"__version__"}, key=lambda name: (name != "Assistant", name))
    kinds = {name: "exception" if issubclass(getattr(assistant, name), Exception) else "class" for name in public}
    listed = "\n".join(f".. auto{kind}:: {name}" for name, kind in kinds.items())
    return f"```{{eval-rst}}\n.. currentmodule:: assistant\n\n{listed}\n```"


def _text(help_text: str | None) -> str:
    return inspect.cleandoc(help_text or "")


def _code(written: str) -> str:
    return f"`{written.replace('|', chr(92) + '|')}`"


def _cell(written: str) -> str:
    return " ".join(written.replace("|", "\\|").split())


#: What a page asks for, by name.
PARTS: dict[str, Callable[[], str]] = {
    "commands": commands,
    "settings": settings,
    "keys": keys,
    "exit_codes": exit_codes,
    "names": names,
}
