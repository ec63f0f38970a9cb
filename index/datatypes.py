"""The index's vocabulary as types: frozen, slotted, keyword-only.

A stored fact never carries a query's score: ``Passage`` and ``Facts`` are what the catalogue holds, ``Hit`` is what one
query makes of them. ``Source`` is held by reference, so no field is copied by hand. Spans are half-open and count code points.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from index.filters import KIND_FILTERS, Filters, Kind, iso, parse_bound
from index.markup import html_quote, source_words
from index.pages import Pages, page_fields, page_words
from index.reports import Change, Folded, IndexReport, IndexStatus, Note, Progress, Skipped
from index.sources import Source

__all__ = [
    "KIND_FILTERS", "Change", "Document", "Facts", "Filters", "Folded", "Hit", "IndexReport", "IndexStatus", "Kind",
    "Note", "Party", "Passage", "Progress", "Query", "Readout", "Record", "Side", "Skipped", "Source", "Span",
    "StageScore", "Want", "iso", "parse_bound",
]  # fmt: skip


class Want(StrEnum):
    """What a question asks for besides its topic."""

    EVENT = "event"
    NUMBER = "number"


class Side(StrEnum):
    """Whose side a party is on: the issuer's own, or the counterpart's."""

    OWN = "own"
    COUNTERPART = "counterpart"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Half-open range of code points, ``text[start:end]``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One who took part.

    Attributes:
        name: The person's fullest name in the text ("Jake Sullivan"); empty if only a country or body is known.
        office: Office as written ("National Security Advisor"); may be empty.
        country: English short name of the country ("Japan") or the body ("NATO", "European Union"); may be empty.
        side: The issuer's own or the counterpart's.
    """

    name: str = ""
    office: str = ""
    country: str = ""
    side: Side = Side.COUNTERPART

    def to_dict(self) -> dict[str, Any]:
        """The party as the public JSON has it."""
        return {"name": self.name, "office": self.office, "country": self.country, "side": self.side.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a readout says about its own event, read by rule or stated by the user.

    Attributes:
        event_date: Day of the event, otherwise the day of publication, otherwise None.
        event_end: Last day of an event that lasts several days; None for a single day.
        kind: What sort of event.
        diplomatic: False for domestic events (a meeting with governors, a task force).
        place: City, building or country as written; empty if the text does not say.
        parties: Those the readout is about, the issuer's own side first.
        participants: Others who took part.
    """

    event_date: dt.date | None = None
    event_end: dt.date | None = None
    kind: Kind = Kind.OTHER
    diplomatic: bool = True
    place: str = ""
    parties: tuple[Party, ...] = ()
    participants: tuple[Party, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One readout as a reader returns it: cleaned text, before any splitting.

    Attributes:
        source: Where it comes from.
        text: Cleaned text, paragraphs separated by one empty line; offsets elsewhere refer to this string.
        given: Facts that the file states itself (front matter, columns): keys ``event_date``, ``event_end``, ``kind``,
            ``diplomatic``, ``place``, ``parties``, ``participants``; values as written. They win over the rules.
        note: A remark of the file about itself ("summary in our own words …"), shown with the readout; may be empty.
        pages: Offsets in ``text`` at which its pages begin, from page 1; empty if it has none.
    """

    source: Source
    text: str
    given: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One paragraph, the unit that is retrieved.

    Attributes:
        source: Its readout.
        paragraph: 0-based position in the readout.
        text: The paragraph, ``document.text[span.start:span.end]``.
        span: Where it is in the readout's text.
        sentences: Spans of its sentences within ``text``, in order, without overlap.
        pages: The pages it is on; None if its readout has none.
    """

    source: Source
    paragraph: int
    text: str
    span: Span
    sentences: tuple[Span, ...]
    pages: Pages | None = None

    def page_range(self, start: int = 0, end: int | None = None) -> tuple[int, int] | None:
        """First and last page of a span of ``text``, of all of it by default; None if there are no pages."""
        return self.pages.of(start, len(self.text) if end is None else end) if self.pages else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Readout:
    """A whole readout as the catalogue returns it."""

    source: Source
    facts: Facts
    text: str
    passages: tuple[Passage, ...]
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The readout as the public JSON has it: its record, its text and its passages."""
        passages = [
            {
                "paragraph": p.paragraph,
                "start": p.span.start,
                "end": p.span.end,
                "text": p.text,
                **page_fields(p.page_range()),
            }
            for p in self.passages
        ]
        return {**_record(self.source, self.facts), "note": self.note, "text": self.text, "passages": passages}


class Listed(NamedTuple):
    """A readout in a long list, as plain strings, so that a hundred thousand can be read at once.

    Attributes:
        doc_id: Its id.
        day: Day of the event, otherwise of publication, as an ISO date; empty if neither is known.
        kind: Its kind.
        issuer: Who published it.
        title: Its title.
        own: Main parties of the issuer's side, by name, otherwise by country or office.
        others: Main parties of the other side.
        abroad: Countries and bodies of the other side; names if no country is known.
    """

    doc_id: str
    day: str
    kind: str
    issuer: str
    title: str
    own: tuple[str, ...]
    others: tuple[str, ...]
    abroad: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A line of a listing: a readout without its text.

    Attributes:
        source: Where it comes from.
        facts: Its facts.
        also: Other postings of its text.
    """

    source: Source
    facts: Facts
    also: tuple[Source, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The record as the public JSON has it."""
        return _record(self.source, self.facts) | {"also": [one.to_dict() for one in self.also]}


def _record(source: Source, facts: Facts) -> dict[str, Any]:
    return {
        "doc_id": source.doc_id,
        "title": source.title,
        "issuer": source.issuer,
        "published": iso(source.published),
        "event_date": iso(facts.event_date),
        "event_end": iso(facts.event_end),
        "kind": facts.kind.value,
        "diplomatic": facts.diplomatic,
        "place": facts.place,
        "parties": [party.to_dict() for party in facts.parties],
        "participants": [party.to_dict() for party in facts.participants],
        "url": source.url,
        "path": source.path,
        "language": source.language,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class StageScore:
    """The score that one stage of the ranking gave a passage.

    Attributes:
        stage: Name of a weight of ``index.fusion.Weights`` ("full_text", "paragraph", "date" …), or "fused" for their sum.
        score: Score by this stage alone, higher is better.
        rank: 1-based rank by this stage alone; None if the stage did not rank the passage.
    """

    stage: str
    score: float
    rank: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage found by one query.

    Attributes:
        passage: The paragraph.
        facts: Facts of its readout.
        rank: 1-based.
        score: Fused score, higher is better.
        best_sentence: Span in ``passage.text`` of the sentence nearest to the query.
        trail: Each stage's score, in the order of the stages.
        terms: Terms of the query that the passage or its title holds, as typed.
        sentence_scores: Cosine of each sentence of the passage with the query, in [-1, 1]; empty if full text ranked alone.
        also: Other postings of the text of its readout.
    """

    passage: Passage
    facts: Facts
    rank: int
    score: float
    best_sentence: Span
    trail: tuple[StageScore, ...]
    terms: tuple[str, ...] = ()
    sentence_scores: tuple[float, ...] = ()
    also: tuple[Source, ...] = ()

    def _repr_html_(self) -> str:
        """The passage as a notebook shows it, with its best sentence marked."""
        source, best = self.passage.source, self.best_sentence
        pages = self.passage.page_range(best.start, best.end)
        days = iso(self.facts.event_date) or "", iso(source.published) or ""
        page = page_words(*pages) if pages else ""
        where = source_words(source.title, source.issuer, *days, source.doc_id, page=page)
        return html_quote(self.passage.text, f"[{self.rank}]", where, source.url, (best.start, best.end))

    def to_dict(self) -> dict[str, Any]:
        """The hit as the public JSON has it."""
        source = self.passage.source
        return {
            "rank": self.rank,
            "doc_id": source.doc_id,
            "title": source.title,
            "issuer": source.issuer,
            "published": iso(source.published),
            "event_date": iso(self.facts.event_date),
            "url": source.url,
            "path": source.path,
            "paragraph": self.passage.paragraph,
            **page_fields(self.passage.page_range()),
            "passage": self.passage.text,
            "score": self.score,
            "best_sentence": {"start": self.best_sentence.start, "end": self.best_sentence.end},
            "also": [one.to_dict() for one in self.also],
            "terms": list(self.terms),
            "trail": [{"stage": t.stage, "score": t.score, "rank": t.rank} for t in self.trail],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is sent to the index.

    Attributes:
        text: The question to rank by, in words.
        expansions: Further words for full-text search only (``Japan`` for ``Tokyo``).
        phrases: Exact words that a passage or its title must hold.
        filters: Exclude every readout that does not fit.
        preferred: Raise readouts that fit and exclude nothing.
        topic: What the question is about, without its parties, dates and kinds; empty for all its words.
        places: Where the event may have been held; raise readouts that fit and exclude nothing.
        wants: Whether the event itself is asked about (who met whom, when, where), or a number.
    """

    text: str
    expansions: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    filters: Filters = field(default_factory=Filters)
    preferred: Filters = field(default_factory=Filters)
    topic: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    wants: frozenset[Want] = frozenset()
