"""Commands about conversations: history, export."""

from __future__ import annotations

from pathlib import Path

import click

from assistant import export as exporting
from assistant import printing
from assistant.history import History
from assistant.settings import read_settings


@click.command()
@click.argument("query", required=False, default="")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, a conversation a line.")
def history(query: str, as_json: bool) -> None:
    """Past conversations, the last first; with a query, those that hold its words."""
    found = History(read_settings().history).conversations(query)
    if as_json:
        for talk in found:
            printing.print_json(
                {"id": talk.id, "title": talk.title, "started_at": talk.started_at.isoformat(), "turns": talk.count}
            )
    else:
        printing.print_conversations(printing.out(), found)


@click.command()
@click.argument("conversation")
@click.option(
    "--format", "form", type=click.Choice(list(exporting.FORMS)), help="By the ending of --output, else Markdown."
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write this new file.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def export(conversation: str, form: str | None, output: Path | None, as_json: bool) -> None:
    """A conversation with its quotes and their sources, as Markdown, HTML or JSON."""
    if as_json:
        if form not in (None, "json"):
            raise click.UsageError(f"--json and --format {form} exclude each other.")
        form = "json"
    found = History(read_settings().history).conversation(conversation)
    if output is None:
        click.echo(exporting.export(found, form or "markdown"), nl=False)
        return
    exporting.write(found, output, form or "")
    printing.notes().print(printing.printable(f"Wrote {output}"))
