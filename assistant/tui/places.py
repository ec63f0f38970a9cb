"""The passages that an answer points to, and the filters that a question was understood to have; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.datatypes import Answer, Status
from assistant.errors import ReadoutsError
from assistant.filter_words import read_filters
from assistant.tui import texts
from assistant.wording import meant_end
from index.datatypes import Facts, Filters, Hit, Source, Span

#: This many of the nearest passages are shown, numbered, if the readouts are silent.
NEAREST = 3

#: A word that may be a filter; ``read_filters`` says whether it is.
_FILTER_WORD = re.compile(r"(?<!\S)\w+:(?:\"[^\"]*\"|“[^”]*”|\S+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A part of a readout that can be opened.

    Attributes:
        number: 1-based number in the answer; 0 for a passage that was found but not quoted.
        source: Its readout.
        facts: The readout's facts.
        paragraph: 0-based paragraph; -1 for the readout as a whole.
        passage: The paragraph's text.
        span: The quote in it.
        cited: Whether the answer quotes it.
        hit: The hit it comes from, or None if no ranking was made.
        pages: First and last page of the quote; None if the readout has no pages.
    """

    number: int
    source: Source
    facts: Facts
    paragraph: int
    passage: str
    span: Span
    cited: bool
    hit: Hit | None = None
    pages: tuple[int, int] | None = None

    @property
    def quote(self) -> str:
        """The quoted words, made harmless."""
        return texts.plain(self.passage[self.span.start : self.span.end])


def whole(source: Source, facts: Facts) -> Place:
    """A readout as a whole."""
    return Place(number=0, source=source, facts=facts, paragraph=-1, passage="", span=Span(start=0, end=0), cited=False)


def of_hit(hit: Hit, number: int = 0) -> Place:
    """A hit as a place."""
    return Place(
        number=number,
        source=hit.passage.source,
        facts=hit.facts,
        paragraph=hit.passage.paragraph,
        passage=hit.passage.text,
        span=hit.best_sentence,
        cited=False,
        hit=hit,
        pages=hit.passage.page_range(hit.best_sentence.start, hit.best_sentence.end),
    )


def of_answer(answer: Answer) -> tuple[Place, ...]:
    """The quotes in order, then the other passages found; the nearest passages of a silent answer are numbered."""
    by_place = {(hit.passage.source.doc_id, hit.passage.paragraph): hit for hit in answer.hits}
    quoted: list[Place] = []
    if answer.status is not Status.ABSTAINED:
        quoted = [
            Place(
                number=c.number,
                source=c.source,
                facts=c.facts,
                paragraph=c.paragraph,
                passage=c.passage,
                span=c.span,
                cited=True,
                hit=by_place.get((c.source.doc_id, c.paragraph)),
                pages=c.pages,
            )
            for c in answer.citations
        ]
    taken = {(place.source.doc_id, place.paragraph) for place in quoted}
    others = [hit for key, hit in by_place.items() if key not in taken]
    near = NEAREST if answer.status is Status.ABSTAINED else 0
    return (*quoted, *(of_hit(hit, n if n <= near else 0) for n, hit in enumerate(others, start=1)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """One part of the filters that a question was understood to have.

    Attributes:
        label: As shown.
        part: This part alone, as filters.
        typed: True for a filter that excludes, False for a guess that only prefers.
    """

    label: str
    part: Filters
    typed: bool


@dataclass(frozen=True, slots=True, kw_only=False)
class Resume:
    """A past conversation to continue, by its id."""

    conversation: str


def chips(filters: Filters, *, typed: bool) -> tuple[Chip, ...]:
    """The parts of filters, each removable on its own."""
    made: list[Chip] = []

    def add(label: str, part: Filters) -> None:
        label = texts.line(label)
        made.append(Chip(label=label.title() if label.islower() and part.parties else label, part=part, typed=typed))

    if filters.date_from or filters.date_to:
        last = filters.date_to if typed else meant_end(filters)
        add(
            texts.days(filters.date_from, last),
            Filters(date_from=filters.date_from, date_to=filters.date_to),
        )
    for name in filters.parties:
        add(name, Filters(parties=(name,)))
    for name in filters.issuers:
        add(f"by {name}", Filters(issuers=(name,)))
    for name in filters.kinds:
        add(f"{name}s", Filters(kinds=(name,)))
    if filters.doc_ids:
        named = texts.counted(len(filters.doc_ids), "chosen readout") if typed else "what the last answer quoted"
        add(named, Filters(doc_ids=filters.doc_ids))
    return tuple(made)


def without_words(question: str, part: Filters) -> str:
    """The question without the filter words (``party:Japan``) that say no more than ``part``."""

    def judge(match: re.Match[str]) -> str:
        try:
            said = read_filters(match[0]).filters
        except ReadoutsError:
            return match[0]
        return match[0] if not said or said - part else ""

    return re.sub(" {2,}", " ", _FILTER_WORD.sub(judge, question)).strip()


def together(one: Filters, other: Filters) -> Filters:
    """Everything that either of them names."""
    return Filters(
        date_from=one.date_from or other.date_from,
        date_to=one.date_to or other.date_to,
        parties=tuple(dict.fromkeys(one.parties + other.parties)),
        issuers=tuple(dict.fromkeys(one.issuers + other.issuers)),
        kinds=tuple(dict.fromkeys(one.kinds + other.kinds)),
        doc_ids=one.doc_ids or other.doc_ids,
    )
