"""Commands about conversations: history."""

from __future__ import annotations

import click

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
