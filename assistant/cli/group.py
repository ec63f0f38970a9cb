"""The group of commands: each is loaded when it is called, and its errors become one sentence and an exit code."""

from __future__ import annotations

import importlib
import io
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import Any

import click

from assistant.cli.starting import settle
from assistant.errors import ReadoutsError, exit_code
from index.errors import OlderFormatWarning

_INTERRUPTED = 130


class Commands(MutableMapping[str, click.Command]):
    """Commands by name, each fetched from its module when it is first looked at.

    Args:
        homes: ``module:function`` of each name, in the order of the help page.
    """

    def __init__(self, homes: Mapping[str, str]) -> None:
        self._homes = dict(homes)
        self._loaded: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._loaded:
            module, _, function = self._homes[name].partition(":")
            self._loaded[name] = getattr(importlib.import_module(module), function)
        return self._loaded[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._homes.setdefault(name, "")
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        del self._homes[name]
        self._loaded.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._homes)

    def __len__(self) -> int:
        return len(self._homes)


class Folder(click.Path):
    """A folder that somebody names; an empty name, of a variable that is not set, would be the working folder."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Refuse an empty name."""
        if not str(value) or value == b"":
            self.fail("It must name a folder.", param, ctx)
        return super().convert(value, param, ctx)


class Group(click.Group):
    """Commands whose errors become one sentence and an exit code.

    Args:
        summaries: What the page of all commands says of each; a command without is loaded to be asked.
    """

    def __init__(self, *args: Any, summaries: Mapping[str, str] | None = None, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self._summaries = summaries or {}

    def main(self, *args: Any, **rest: Any) -> Any:
        """Run the command line."""
        _open_closed_streams()
        return super().main(*args, **rest)

    def make_context(self, *args: Any, **rest: Any) -> click.Context:
        """Read the arguments; the page of help is written here, and may fail as any other output."""
        try:
            return super().make_context(*args, **rest)
        except BrokenPipeError:
            _abandon_output()
            raise click.exceptions.Exit(0) from None
        except OSError as error:
            _tell_of_system(error)
            raise click.exceptions.Exit(1) from None

    def summary(self, name: str) -> str:
        """The first sentence of a command's help."""
        return self._summaries.get(name) or self.commands[name].get_short_help_str(limit=1000)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of all commands, in the order in which a person meets them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.summary(name)) for name in self.commands])

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an error of ours is told and ends with its exit code."""
        _forgive_streams()
        warnings.showwarning = _telling(warnings.showwarning)
        settle()
        try:
            try:
                return super().invoke(ctx)
            finally:
                # What cannot be written shall fail here, where it is told, and not when the interpreter ends.
                sys.stdout.flush()
        except ReadoutsError as error:
            _tell(f"readouts: {error.message}", error.mend)
            ctx.exit(exit_code(error))
        except KeyboardInterrupt:
            _tell("readouts: interrupted; what was there before is as it was.")
            ctx.exit(_INTERRUPTED)
        except BrokenPipeError:
            # The reader of our output has left; there is nobody to tell.
            _abandon_output()
            ctx.exit(0)
        except OSError as error:
            _tell_of_system(error)
            ctx.exit(1)


def _tell_of_system(error: OSError) -> None:
    _abandon_output()
    where = f": {error.filename}" if error.filename else ""
    _tell(
        f"readouts: {error.strerror or error}{where}.",
        "Check the file or the disk that is written to, then run the same command again.",
    )


def hand_on(ctx: click.Context) -> None:
    """Pass options before a command on to the command, whose own options of the same name override them.

    Raises:
        click.UsageError: The command has no such option, and would do something else than was asked for.
    """
    given = {name: value for name, value in ctx.params.items() if value is not None}
    name = ctx.invoked_subcommand or ""
    command = ctx.command.get_command(ctx, name) if isinstance(ctx.command, click.Group) else None
    if given and command is not None:
        missing = next((option for option in given if not _has(command, option)), None)
        if missing is not None:
            raise click.UsageError(f"The command {name} has no option --{missing}.", ctx)
        ctx.default_map = {name: _taken(command, given)}


def _has(command: click.Command, option: str) -> bool:
    """Whether a command has an option, or one of its own commands."""
    inner = command.commands.values() if isinstance(command, click.Group) else ()
    return any(one.name == option for one in command.params) or any(_has(one, option) for one in inner)


def _taken(command: click.Command, given: Mapping[str, Any]) -> dict[str, Any]:
    """Defaults of a command and its own commands: of what is given, what each has."""
    taken = {name: value for name, value in given.items() if any(one.name == name for one in command.params)}
    if isinstance(command, click.Group):
        taken |= {name: _taken(one, given) for name, one in command.commands.items()}
    return taken


def _tell(message: str, mend: str = "") -> None:
    printing = importlib.import_module("assistant.printing")
    style = "bold red" if mend else None
    printing.notes().print(printing.printable(message), style=style, soft_wrap=True)
    if mend:
        printing.notes().print(printing.printable(mend), soft_wrap=True)


def _telling(others: Callable[..., None]) -> Callable[..., None]:
    """Shows a warning of ours as a sentence, and those of other libraries as they are."""

    def show(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
        if issubclass(category, OlderFormatWarning):
            _tell(f"readouts: {message}")
        else:
            others(message, category, *where, **more)

    return show


def _open_closed_streams() -> None:
    """Replace standard streams that whoever started us has closed.

    Otherwise the next file opened, possibly the database, would get the number of the stream, and whatever is printed. Writing
    to a closed output is an error, as it is for other programs; notes may go nowhere.
    """
    for number, (name, flag) in enumerate((("stdin", os.O_RDONLY), ("stdout", os.O_RDONLY), ("stderr", os.O_WRONLY))):
        if getattr(sys, name) is None:
            opened = os.open(os.devnull, flag)
            setattr(sys, name, open(opened, "w" if number else "r", closefd=False))  # noqa: SIM115 - to the end


def _forgive_streams() -> None:
    """Print a question mark for a letter that the terminal or pipe cannot show."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _abandon_output() -> None:
    """Discard what is still to be written, so that the interpreter's last flush does not fail as well."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
