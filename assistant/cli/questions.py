"""Commands about questions: ask, search."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from assistant import printing
from assistant.cli import completing
from assistant.cli.delivering import Delivery, delivering
from assistant.cli.late import Late
from assistant.cli.options import common, encoding, filtering, open_assistant
from assistant.errors import HistoryError
from assistant.settings import read_settings
from index.filters import Filters

if TYPE_CHECKING:
    from assistant import batch, searching
    from assistant.datatypes import Answer
    from assistant.export import sheet
else:
    batch, searching, sheet = Late("assistant.batch"), Late("assistant.searching"), Late("assistant.export.sheet")


@click.command()
@click.argument("question", required=False)
@click.option(
    "--file",
    "file",
    type=click.File(encoding="utf-8"),
    help="Questions, one per line, as text or JSON objects; - for standard input.",
)
@click.option(
    "--conversation",
    metavar="ID",
    shell_complete=completing.conversations,
    help="Continue (or begin) this conversation; its turns are kept.",
)
@click.option("-n", "--limit", type=click.IntRange(1, 1000), help="How many passages to give with the answer.")
@click.option("--explain", is_flag=True, help="Show why each passage ranks where it does.")
@filtering
@delivering
@encoding
@common
def ask(
    question: str | None,
    file: TextIO | None,
    conversation: str | None,
    limit: int | None,
    explain: bool,
    filters: Filters,
    index: Path | None,
    model: str | None,
    engine: str | None,
    delivery: Delivery,
    quiet: bool,
) -> None:
    """Answer a question with quotes and their sources."""
    if (question is None) == (file is None):
        raise click.UsageError("Give a question, or --file with many.")
    _refuse_explained(explain, delivery)
    settings = read_settings({"index": index, "model": model, "engine": engine, "limit": limit})
    with open_assistant(settings) as assistant:
        if file is None:
            assert question is not None
            answers = iter([assistant.ask(question, filters=filters, conversation=conversation, top_k=settings.limit)])
        else:
            questions = batch.read_questions(file, file.name, conversation=conversation)
            answers = batch.answer_all(assistant, questions, filters=filters, top_k=settings.limit)
        if delivery.form and not delivery.streams:
            found = tuple(answers)
            delivery.deliver(sheet.of_answers(found))
            _refuse_unkept(found)
            return
        for answer in answers:
            _print(answer, delivery, explain=explain, asked=file is not None)


@click.command()
@click.argument("query")
@click.option("-n", "--limit", type=click.IntRange(1, 1000), help="How many passages.")
@click.option("--explain", is_flag=True, help="Show why each passage ranks where it does.")
@filtering
@delivering
@encoding
@common
def search(
    query: str,
    limit: int | None,
    explain: bool,
    filters: Filters,
    index: Path | None,
    model: str | None,
    engine: str | None,
    delivery: Delivery,
    quiet: bool,
) -> None:
    """Passages for a query, best first, without an answer."""
    _refuse_explained(explain, delivery)
    settings = read_settings({"index": index, "model": model, "engine": engine, "limit": limit})
    with open_assistant(settings) as assistant:
        found = searching.search(assistant, query, filters=filters, top_k=settings.limit)
    if delivery.form:
        delivery.deliver(sheet.of_hits(found.hits, query, found.to_dict()))
        return
    printing.print_hits(printing.out(), found.hits)
    if explain:
        printing.print_trails(printing.out(), found.hits)
    if not found.hits and not quiet:
        printing.notes().print("No passage fits.")


def _print(answer: Answer, delivery: Delivery, *, explain: bool, asked: bool) -> None:
    if delivery.streams:
        printing.print_json(answer.to_dict())
    else:
        console = printing.out()
        if asked:
            console.print(printing.printable(f"\n> {answer.question}"), style="bold")
        printing.print_answer(console, answer, explain=explain)
    _refuse_unkept([answer])


def _refuse_unkept(answers: Sequence[Answer]) -> None:
    """What was asked for was more than an answer."""
    for answer in answers:
        if answer.unkept:
            sys.stdout.flush()
            raise HistoryError("The answer was given, but not kept.", mend=answer.unkept)


def _refuse_explained(explain: bool, delivery: Delivery) -> None:
    if explain and delivery.form not in ("", "json"):
        raise click.UsageError(f"--explain has no place in {delivery.form}; in JSON every hit has its trail of scores.")
