"""The common form of whatever is exported: parts with quotes, readouts without, and the same as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from assistant.datatypes import Answer, Citation, Conversation, Status, Turn
from assistant.wording import counted, describe, support_words
from index.datatypes import Facts, Hit, Record, Source, Span
from index.markup import one_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A stretch of a passage that is quoted.

    Attributes:
        number: Of the citation, or rank of the passage found.
        source: The readout.
        facts: Its facts.
        paragraph: 0-based paragraph of the readout.
        passage: The whole paragraph.
        span: Where the quote is in it.
        score: Higher is better.
        pages: First and last page of the quote; None if the readout has no pages.
        whole: Whether the whole passage is shown, and the quote marked in it.
    """

    number: int
    source: Source
    facts: Facts
    paragraph: int
    passage: str
    span: Span
    score: float
    pages: tuple[int, int] | None = None
    whole: bool = False

    @property
    def quote(self) -> str:
        """The verbatim words."""
        return self.passage[self.span.start : self.span.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A question with what was quoted for it, or a query with what was found.

    Attributes:
        question: As asked, or the query.
        number: Its place among several, from 1; None if the sheet's title says it.
        notes: What is said beside the quotes, one sentence each.
        quotes: In order.
        status: Status of the answer; empty for a search.
        support: Of the answer; None for a search.
    """

    question: str = ""
    number: int | None = None
    notes: tuple[str, ...] = ()
    quotes: tuple[Quoted, ...] = ()
    status: str = ""
    support: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Everything that one file holds.

    Attributes:
        kind: What it contains: answers, hits or records.
        title: Of the whole.
        head: A sentence below it; may be empty.
        parts: Questions or searches, in order.
        records: Readouts of a listing; then there are no parts.
        values: The same as the public JSON has it, one value per line.
    """

    kind: Literal["answers", "hits", "records"]
    title: str
    head: str = ""
    parts: tuple[Part, ...] = ()
    records: tuple[Record, ...] = ()
    values: tuple[dict[str, Any], ...] = ()


def of_conversation(conversation: Conversation) -> Sheet:
    """A conversation, one part per turn."""
    value = {
        "id": conversation.id,
        "title": conversation.title,
        "started_at": conversation.started_at.isoformat(),
        "turns": [_turn(turn) for turn in conversation.turns],
    }
    begun = f"{conversation.started_at.astimezone():%d %B %Y, %H:%M}".lstrip("0")
    parts = [_part(turn.answer, turn.number) for turn in conversation.turns]
    return Sheet(kind="answers", title=conversation.title, head=f"Begun {begun}.", parts=tuple(parts), values=(value,))


def of_answers(answers: Sequence[Answer], title: str = "") -> Sheet:
    """Answers, one part each; a single one has its question as the title."""
    values = tuple(answer.to_dict() for answer in answers)
    if len(answers) == 1 and not title:
        return Sheet(kind="answers", title=answers[0].question, parts=(_part(answers[0], None),), values=values)
    parts = [_part(answer, number) for number, answer in enumerate(answers, start=1)]
    return Sheet(kind="answers", title=title or counted(len(answers), "answer"), parts=tuple(parts), values=values)


def of_hits(hits: Sequence[Hit], title: str = "", value: dict[str, Any] | None = None) -> Sheet:
    """Passages found.

    Args:
        hits: Best first.
        title: What was searched for.
        value: The search as the public JSON has it; each hit's own by default.
    """
    values = (value,) if value is not None else tuple(hit.to_dict() for hit in hits)
    part = Part(notes=(f"{counted(len(hits), 'passage')}, best first.",), quotes=tuple(map(_found, hits)))
    return Sheet(kind="hits", title=title or "Passages", parts=(part,), values=values)


def of_news(news: Sequence[tuple[str, Sequence[Hit]]]) -> Sheet:
    """What is new to saved searches, one part each.

    Args:
        news: Name of each search, and a passage of each readout that is new to it.
    """
    parts = [
        Part(question=name, number=number, quotes=tuple(map(_found, hits)))
        for number, (name, hits) in enumerate(news, start=1)
    ]
    return Sheet(kind="hits", title="New readouts", parts=tuple(parts))


def of_records(records: Sequence[Record], title: str = "") -> Sheet:
    """Readouts of a listing, without their text."""
    values = tuple(record.to_dict() for record in records)
    return Sheet(kind="records", title=title or counted(len(records), "readout"), records=tuple(records), values=values)


def _part(answer: Answer, number: int | None) -> Part:
    silent = answer.status is Status.ABSTAINED
    return Part(
        question=answer.question,
        number=number,
        notes=tuple(_notes(answer)),
        quotes=() if silent else tuple(map(_quoted, answer.citations)),
        status=answer.status.value,
        support=answer.support,
    )


def _found(hit: Hit) -> Quoted:
    return Quoted(
        number=hit.rank,
        source=hit.passage.source,
        facts=hit.facts,
        paragraph=hit.passage.paragraph,
        passage=hit.passage.text,
        span=hit.best_sentence,
        score=hit.score,
        pages=hit.passage.page_range(hit.best_sentence.start, hit.best_sentence.end),
        whole=True,
    )


def _quoted(citation: Citation) -> Quoted:
    return Quoted(
        number=citation.number,
        source=citation.source,
        facts=citation.facts,
        paragraph=citation.paragraph,
        passage=citation.passage,
        span=citation.span,
        score=citation.score,
        pages=citation.pages,
    )


def _turn(turn: Turn) -> dict[str, Any]:
    return {"number": turn.number, "asked_at": turn.asked_at.isoformat()} | turn.answer.to_dict()


def _notes(answer: Answer) -> Iterator[str]:
    """What is said about an answer beside its quotes."""
    if answer.standalone_question != answer.question:
        yield f"Asked as: {one_line(answer.standalone_question)}"
    understood = describe(answer.understanding.filters, answer.understanding.preferred)
    if understood:
        yield one_line(understood)
    if answer.documents:
        yield f"{counted(len(answer.documents), 'readout')} counted."
    if answer.status is Status.ABSTAINED:
        yield "The readouts do not say."
    else:
        yield f"{support_words(answer.support).capitalize()} ({answer.support:.2f})."
    if answer.missing:
        yield f"No quoted passage mentions: {one_line(', '.join(answer.missing))}."
