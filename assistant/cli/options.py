"""What the commands share: common options, filters, the assistant that the settings mean, the progress bar."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from assistant import printing
from assistant.cli import completing
from assistant.cli.group import Folder
from assistant.cli.late import Late
from assistant.settings import ENGINES, Settings
from index.filters import KIND_FILTERS, Filters
from index.reports import Progress

if TYPE_CHECKING:
    from assistant import api
    from assistant import history as histories
    from index import catalogue as catalogues
else:
    api, histories, catalogues = Late("assistant.api"), Late("assistant.history"), Late("index.catalogue")


def common(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that every command has."""
    options = (
        click.option("--index", "index", type=Folder(), help="Folder of the index."),
        click.option("--json", "as_json", is_flag=True, help="Print JSON."),
        click.option("--quiet", is_flag=True, help="No notes and no progress."),
    )
    # A decorator puts its option before those that are there.
    for option in reversed(options):
        command = option(command)
    return command


def encoding(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options of every command that may load a model."""
    engine = "What computes embeddings: the fastest that serves, or the reference."
    command = click.option("--engine", type=click.Choice(ENGINES), help=engine)(command)
    return click.option("--model", help="Name or folder of a sentence-transformers model.")(command)


def filtering(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that say which readouts count; they arrive as ``filters``."""

    @functools.wraps(command)
    def wrapped(
        *args: Any,
        date_from: str | None,
        date_to: str | None,
        party: tuple[str, ...],
        issuer: tuple[str, ...],
        kind: tuple[str, ...],
        copies: bool,
        **rest: Any,
    ) -> Any:
        filters = Filters(
            date_from=date_from, date_to=date_to, parties=party, issuers=issuer, kinds=kind, copies=copies
        )
        return command(*args, filters=filters, **rest)

    kinds = click.Choice(list(KIND_FILTERS))
    options = (
        click.option("--from", "date_from", metavar="DATE", help="First day: 2023, 2023-05 or 2023-05-18."),
        click.option("--to", "date_to", metavar="DATE", help="Last day."),
        click.option(
            "--party",
            multiple=True,
            metavar="NAME",
            shell_complete=completing.parties,
            help="Person, country, body or office; may be repeated.",
        ),
        click.option(
            "--issuer",
            multiple=True,
            metavar="NAME",
            shell_complete=completing.issuers,
            help="Who published it; part of the name will do.",
        ),
        click.option("--kind", multiple=True, type=kinds, help="Kind of event."),
        click.option("--all", "copies", is_flag=True, help="Every posting of a text that was posted more than once."),
    )
    # A decorator puts its option before those that are there.
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped


def open_assistant(settings: Settings) -> api.Assistant:
    """The assistant that the settings mean; what answers is loaded with it."""
    return api.Assistant(
        settings.index, history=histories.History(settings.history), model=settings.model, engine=settings.engine
    )


@contextmanager
def open_catalogue(settings: Settings) -> Iterator[catalogues.Catalogue]:
    """The catalogue that the settings mean as of one moment, to look things up without all that answers."""
    catalogue = catalogues.Catalogue(settings.index)
    try:
        with catalogue.snapshot():
            yield catalogue
    finally:
        catalogue.close()


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Callable[[Progress], None] | None]:
    """A progress bar on standard error, if that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=printing.notes(), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def tell(progress: Progress) -> None:
            if progress.stage not in tasks:
                tasks[progress.stage] = bar.add_task(progress.stage, total=progress.total)
            bar.update(tasks[progress.stage], completed=progress.done, total=progress.total)

        yield tell
