"""Commands about conversations: history, export."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from assistant import printing
from assistant.cli import completing
from assistant.cli.delivering import Delivery, delivering
from assistant.cli.late import Late
from assistant.history import History
from assistant.settings import read_settings

if TYPE_CHECKING:
    from assistant.export import sheet
else:
    sheet = Late("assistant.export.sheet")


@click.command()
@click.argument("query", required=False, default="")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one conversation per line.")
def history(query: str, as_json: bool) -> None:
    """Past conversations, the latest first; with a query, those that contain its words."""
    found = History(read_settings().history).conversations(query)
    if as_json:
        for talk in found:
            printing.print_json(
                {"id": talk.id, "title": talk.title, "started_at": talk.started_at.isoformat(), "turns": talk.count}
            )
    else:
        printing.print_conversations(printing.out(), found)


@click.command()
@click.argument("conversation", shell_complete=completing.conversations)
@delivering
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--quiet", is_flag=True, help="No notes.")
def export(conversation: str, delivery: Delivery, quiet: bool) -> None:
    """A conversation with its quotes and their sources, as Markdown by default."""
    found = History(read_settings().history).conversation(conversation)
    replace(delivery, form=delivery.form or "markdown").deliver(sheet.of_conversation(found))
