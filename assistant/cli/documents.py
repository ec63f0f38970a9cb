"""Commands about readouts: index, list, remove, status."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant import printing
from assistant.cli import completing
from assistant.cli.delivering import Delivery, delivering
from assistant.cli.late import Late
from assistant.cli.options import common, encoding, filtering, open_assistant, open_catalogue, progress_bar
from assistant.settings import read_settings
from index.filters import Filters

if TYPE_CHECKING:
    from assistant import status as lookup
    from assistant.cli import following
    from assistant.export import sheet
else:
    lookup, sheet = Late("assistant.status"), Late("assistant.export.sheet")
    following = Late("assistant.cli.following")


def _fields(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    fields = dict(value.partition("=")[::2] for value in values)
    wrong = next((value for value in values if not all(part.strip() for part in value.partition("=")[::2])), None)
    if wrong is not None:
        raise click.BadParameter(f"“{wrong}” is not NAME=COLUMN, as in text=body.")
    return {name.strip(): column.strip() for name, column in fields.items()}


@click.command("index")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--follow", is_flag=True, help="Also fetch the pages that feeds link to instead of giving their text.")
@click.option(
    "--rebuild", is_flag=True, help="Read and encode again everything the index holds, with --model or the default."
)
@click.option(
    "--field",
    "fields",
    multiple=True,
    metavar="NAME=COLUMN",
    callback=_fields,
    help="What a column of a table (or a field of JSON) is: text=body, title=headline, date, url, issuer, id …",
)
@click.option("--watch", "watching", is_flag=True, help="Keep running and index whatever changes, until Ctrl+C.")
@encoding
@common
def index_command(
    paths: tuple[str, ...],
    follow: bool,
    rebuild: bool,
    fields: dict[str, str],
    watching: bool,
    index: Path | None,
    model: str | None,
    engine: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Add or update files, folders and web addresses; only what changed is encoded again."""
    if fields and (rebuild or watching):
        raise click.UsageError("--field goes with files and folders, and not with --rebuild or --watch.")
    if bool(paths) == rebuild or (rebuild and watching):
        raise click.UsageError("Name files, folders or web addresses, or give --rebuild alone.")
    if watching and (follow or any("://" in path for path in paths)):
        raise click.UsageError("Only files and folders can be watched; run web addresses again from time to time.")
    settings = read_settings({"index": index, "model": model, "engine": engine})
    if watching:
        with open_assistant(settings) as assistant:
            following.follow(assistant, tuple(map(Path, paths)), as_json=as_json, quiet=quiet)
        return
    with open_assistant(settings) as assistant, progress_bar(quiet) as listener:
        report = (
            assistant.rebuild(progress=listener)
            if rebuild
            else assistant.add(paths, progress=listener, follow=follow, fields=fields)
        )
    if as_json:
        printing.print_json(report.to_dict())
        for note in report.notes if not quiet else ():
            printing.notes().print(printing.printable(f"note {note.path}: {note.text}"))
    elif not quiet or report.skipped:
        printing.print_report(printing.out(), report)
    if report.skipped and not report.documents:
        sys.exit(1)


@click.command("list")
@click.option("-n", "--limit", type=click.IntRange(1), help="At most this many; all by default.")
@filtering
@delivering
@common
def list_command(limit: int | None, filters: Filters, index: Path | None, delivery: Delivery, quiet: bool) -> None:
    """Readouts in the index, the latest first."""
    with open_catalogue(read_settings({"index": index})) as catalogue:
        records = catalogue.records(filters, limit=limit)
        hidden = len(catalogue.hidden(filters))
    if delivery.form:
        delivery.deliver(sheet.of_records(records))
        return
    printing.print_records(printing.out(), records)
    if not quiet:
        again = f", {hidden} posted again (--all shows each)" if hidden else ""
        printing.notes().print(printing.counted(len(records), "readout") + again)


@click.command()
@click.argument("doc_ids", nargs=-1, required=True, shell_complete=completing.doc_ids)
@common
def remove(doc_ids: tuple[str, ...], index: Path | None, as_json: bool, quiet: bool) -> None:
    """Remove readouts from the index by their ids, all or none; their files stay."""
    with open_assistant(read_settings({"index": index})) as assistant:
        removed = assistant.remove(doc_ids)
    if as_json:
        printing.print_json({"removed": removed})
    elif not quiet:
        printing.out().print(f"{removed} removed")


@click.command()
@encoding
@common
def status(index: Path | None, model: str | None, engine: str | None, as_json: bool, quiet: bool) -> None:
    """What the index holds, and which model it was made with."""
    settings = read_settings({"index": index, "model": model, "engine": engine})
    with open_catalogue(settings) as catalogue:
        found = lookup.looked_at(catalogue, settings.model, settings.engine)
    if as_json:
        printing.print_json(found.to_dict())
    else:
        printing.print_status(printing.out(), found)
