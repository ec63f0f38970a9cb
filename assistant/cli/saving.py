"""Saved searches: watch add, list, remove, run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant import printing
from assistant.cli import completing
from assistant.cli.delivering import Delivery, delivering
from assistant.cli.late import Late
from assistant.cli.options import common, encoding, filtering, open_assistant
from assistant.settings import read_settings
from index.filters import Filters

if TYPE_CHECKING:
    from assistant import wording
    from assistant.export import sheet
else:
    sheet, wording = Late("assistant.export.sheet"), Late("assistant.wording")

#: The exit code of ``watch run`` where something is new.
NEWS = 10


@click.group()
def watch() -> None:
    """Saved searches: what is new to each since its last run."""


@watch.command()
@click.argument("name")
@click.argument("query")
@click.option("--near", is_flag=True, help="Passages of similar meaning match too, not only those with the words.")
@click.option("--from-now", is_flag=True, help="Count what matches now as reported.")
@filtering
@encoding
@common
def add(
    name: str,
    query: str,
    near: bool,
    from_now: bool,
    filters: Filters,
    index: Path | None,
    model: str | None,
    engine: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Save a search under a name: a readout matches if one passage holds all words of the query, in any form.

    Typed filters ("party:Japan"), quoted phrases and days count; with filters the query may be empty.
    """
    with open_assistant(read_settings({"index": index, "model": model, "engine": engine})) as assistant:
        news = assistant.saved.add(name, query, filters=filters, near=near, from_now=from_now)
    if as_json:
        printing.print_json(news.search.to_dict() | {"matching": news.matching})
    elif not quiet:
        waiting = "counted as reported" if from_now else "printed by the first run"
        told = f"{name}: saved; {wording.counted(news.matching, 'readout')} in the index now, {waiting}"
        printing.out().print(printing.printable(told))


@watch.command("list")
@common
def list_searches(index: Path | None, as_json: bool, quiet: bool) -> None:
    """Saved searches, by name."""
    with open_assistant(read_settings({"index": index})) as assistant:
        found = assistant.saved.all()
    if as_json:
        for search in found:
            printing.print_json(search.to_dict())
        return
    printing.print_searches(printing.out(), found)
    if not quiet:
        printing.notes().print(wording.counted(len(found), "saved search"))


@watch.command()
@click.argument("names", nargs=-1, required=True, shell_complete=completing.saved_searches)
@common
def remove(names: tuple[str, ...], index: Path | None, as_json: bool, quiet: bool) -> None:
    """Forget saved searches and what they reported, all or none."""
    with open_assistant(read_settings({"index": index})) as assistant:
        assistant.saved.remove(*names)
    if as_json:
        printing.print_json({"removed": len(names)})
    elif not quiet:
        printing.out().print(f"{len(names)} removed")


@watch.command()
@click.argument("names", nargs=-1, shell_complete=completing.saved_searches)
@delivering
@encoding
@common
def run(
    names: tuple[str, ...],
    index: Path | None,
    model: str | None,
    engine: str | None,
    delivery: Delivery,
    quiet: bool,
) -> None:
    """Print what is new to all saved searches, or to those named; exit code 10 if anything is, 0 if nothing.

    What was printed is recorded once it is out; if a run is stopped before, the next one prints it again.
    """
    settings = read_settings({"index": index, "model": model, "engine": engine})
    with open_assistant(settings) as assistant:
        names = names or tuple(search.name for search in assistant.saved.all())
        found = [assistant.saved.news(name) for name in names]
        if delivery.form and not delivery.streams:
            told = [news for news in found if news.hits]
            if told:
                delivery.deliver(sheet.of_news([(news.search.name, news.hits) for news in told]))
                sys.stdout.flush()
        for news in found:
            if delivery.streams:
                printing.print_json(news.to_dict())
            elif not delivery.form and news.hits:
                printing.print_news(printing.out(), news)
            # What cannot be written fails here, and is news the next time again.
            sys.stdout.flush()
            news.reported()
    some = any(news.hits for news in found)
    # In a job that a clock starts, silence is what sends no mail.
    if not some and not quiet and sys.stderr.isatty():
        printing.notes().print("Nothing new." if found else "There is no saved search; make one: readouts watch add")
    sys.exit(NEWS if some else 0)
