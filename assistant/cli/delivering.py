"""Where what a command found goes: the terminal in its own form, or one of the forms of export, printed or in a file."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant import forms, printing
from assistant.cli.late import Late

if TYPE_CHECKING:
    from assistant import export
    from assistant.export.sheet import Sheet
else:
    export = Late("assistant.export")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What was asked for.

    Attributes:
        form: One of ``forms.FORMS``; empty for the terminal's own form.
        path: A new file; None for standard output.
        quiet: Whether no note tells of the file.
    """

    form: str = ""
    path: Path | None = None
    quiet: bool = False

    @property
    def streams(self) -> bool:
        """Whether values are printed as they come, a JSON object a line."""
        return self.form == "json" and self.path is None

    def deliver(self, sheet: Sheet) -> None:
        """Print or write it.

        Raises:
            ExportError: The file cannot be written.
        """
        if self.path is not None:
            export.write(sheet, self.path, self.form)
            if not self.quiet:
                printing.notes().print(printing.printable(f"Wrote {self.path}"))
        elif self.streams:
            for value in sheet.values:
                printing.print_json(value)
        else:
            click.echo(export.export(sheet, self.form), nl=False)


def delivering(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that say in which form, and where to; with ``--json`` they arrive as ``delivery``."""

    @functools.wraps(command)
    def wrapped(*args: Any, form: str | None, output: Path | None, as_json: bool, quiet: bool, **rest: Any) -> Any:
        if as_json and form not in (None, "json"):
            raise click.UsageError(f"--json and --format {form} exclude each other.")
        form = "json" if as_json else form
        if output is not None:
            form = form or forms.form_of(output)
            forms.refuse(output, form)
        return command(*args, delivery=Delivery(form=form or "", path=output, quiet=quiet), quiet=quiet, **rest)

    options = (
        click.option("--format", "form", type=click.Choice(forms.FORMS), help="Print it in this form."),
        click.option(
            "--output",
            type=click.Path(dir_okay=False, path_type=Path),
            help=f"Write this new file, in the form of --format or of its ending ({' '.join(forms.USUAL)}).",
        ),
    )
    # A decorator puts its option before those that are there.
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped
