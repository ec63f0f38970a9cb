"""The words of the index as types: frozen, slotted, keyword-only.

A stored fact never carries a query's score: ``Passage`` and ``Facts`` are what the catalogue holds, ``Hit`` is what one
query made of them. ``Source`` is held by reference, so no field is copied by hand. Spans are half-open and count code points.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from index.errors import FilterError


class Kind(StrEnum):
    """What sort of event a readout tells of."""

    CALL = "call"
    VIDEO_CALL = "video call"
    MEETING = "meeting"
    VISIT = "visit"
    STATEMENT = "statement"
    ANNOUNCEMENT = "announcement"
    OTHER = "other"


#: What ``--kind`` takes, and the kinds each word stands for.
KIND_FILTERS: Mapping[str, frozenset[Kind]] = {
    "call": frozenset({Kind.CALL, Kind.VIDEO_CALL}),
    "video call": frozenset({Kind.VIDEO_CALL}),
    "meeting": frozenset({Kind.MEETING}),
    "visit": frozenset({Kind.VISIT}),
    "statement": frozenset({Kind.STATEMENT}),
    "announcement": frozenset({Kind.ANNOUNCEMENT}),
    "other": frozenset({Kind.OTHER}),
}


class Side(StrEnum):
    """Whose side a party is on: the issuer's own, or the other."""

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
        name: Person's name as it is best known from the text ("Jake Sullivan"); empty where only a country or body is known.
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
    """What a readout says of its own event, read by rule or given by the user.

    Attributes:
        event_date: Day of the event, else the day of publication, else None.
        event_end: Last day of an event of several days; None for one day.
        kind: What sort of event.
        diplomatic: False for domestic events (a meeting with governors, a task force).
        place: City, building or country as written; empty where the text does not say.
        parties: Those whom the readout is about, own side first.
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
class Source:
    """Where a text comes from.

    Attributes:
        doc_id: Unique in one index; the record's own id, else the file's name without its ending.
        title: Cleaned title; never empty (the file's name serves where there is none).
        issuer: Who published it ("White House (United States)"); empty where unknown.
        published: Day of publication, or None.
        url: Address of the official text; may be empty.
        path: File it was read from, as an absolute path.
    """

    doc_id: str
    title: str
    issuer: str = ""
    published: dt.date | None = None
    url: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One readout as a reader gives it: cleaned text, before any splitting.

    Attributes:
        source: Where it comes from.
        text: Cleaned text, paragraphs parted by one empty line; offsets elsewhere refer to this string.
        given: Facts that the file states itself (front matter, columns): keys ``event_date``, ``event_end``, ``kind``,
            ``diplomatic``, ``place``, ``parties``, ``participants``; values as written. They win over the rules.
        note: A remark of the file on itself ("summary in our own words …"), shown with the readout; may be empty.
    """

    source: Source
    text: str
    given: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A file or record that was not taken, and why.

    Attributes:
        path: The file, with ``:LINE`` for one record of it.
        reason: One sentence.
    """

    path: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One paragraph, the unit that is retrieved.

    Attributes:
        source: Its readout.
        paragraph: 0-based place in the readout.
        text: The paragraph, ``document.text[span.start:span.end]``.
        span: Where it stands in the readout's text.
        sentences: Spans of its sentences within ``text``, in order, without overlap.
    """

    source: Source
    paragraph: int
    text: str
    span: Span
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Readout:
    """A whole readout as the catalogue gives it back."""

    source: Source
    facts: Facts
    text: str
    passages: tuple[Passage, ...]
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The readout as the public JSON has it: its record, its text and its passages."""
        passages = [{"paragraph": p.paragraph, "start": p.span.start, "end": p.span.end, "text": p.text} for p in self.passages]
        return {**_record(self.source, self.facts), "note": self.note, "text": self.text, "passages": passages}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A line of a listing: a readout without its text."""

    source: Source
    facts: Facts

    def to_dict(self) -> dict[str, Any]:
        """The record as the public JSON has it."""
        return _record(self.source, self.facts)


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
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class StageScore:
    """What one stage of the ranking said of a passage.

    Attributes:
        stage: "full_text", "paragraph", "sentence", "preference", "fused" …
        score: That stage's score, higher is better.
        rank: 1-based place by this stage alone; None where the stage did not rank the passage.
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
        terms: Terms of the query that the passage (or its title) holds, as typed.
        sentence_scores: Cosine of every sentence of the passage with the query; empty where full text ranked alone.
    """

    passage: Passage
    facts: Facts
    rank: int
    score: float
    best_sentence: Span
    trail: tuple[StageScore, ...]
    terms: tuple[str, ...] = ()
    sentence_scores: tuple[float, ...] = ()

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
            "passage": self.passage.text,
            "score": self.score,
            "best_sentence": {"start": self.best_sentence.start, "end": self.best_sentence.end},
            "terms": list(self.terms),
            "trail": [{"stage": t.stage, "score": t.score, "rank": t.rank} for t in self.trail],
        }


def iso(day: dt.date | None) -> str | None:
    """``2023-05-18``, or None."""
    return day.isoformat() if day else None


_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?\Z")


def parse_bound(value: str | dt.date | None, *, last: bool) -> dt.date | None:
    """Read one end of a range of days.

    Args:
        value: A date, or ``2023``, ``2023-05``, ``2023-05-18``; None or empty for an open end.
        last: True for the end of the range: ``2023-05`` then means 31 May.

    Raises:
        FilterError: The words are no such date.
    """
    if value is None or isinstance(value, dt.date):
        return value
    text = value.strip()
    if not text:
        return None
    match = _DATE.match(text)
    try:
        if match is None:
            raise ValueError
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None
        month = month or (12 if last else 1)
        if day is None:
            day = calendar.monthrange(year, month)[1] if last else 1
        return dt.date(year, month, day)
    except (ValueError, calendar.IllegalMonthError):
        raise FilterError(f"“{value}” is not a date.", mend="Write 2023, 2023-05 or 2023-05-18.") from None


@dataclass(frozen=True, slots=True, init=False)
class Filters:
    """Which readouts a query may find at all; also, as a preference, which it should favour.

    A readout fits when each part that is not empty fits: its event date (else its date of publication) lies in the range,
    ends included; every name in ``parties`` is one of its parties or participants (person, country, body or office); its
    issuer is one of ``issuers``; its kind is one of ``kinds``; its id is one of ``doc_ids``.

    Args:
        date_from: First day; a date or ``2023``, ``2023-05``, ``2023-05-18``.
        date_to: Last day, the same.
        parties: Names; all must fit.
        issuers: Issuers; one must fit. A part of the name will do ("White House", "Kremlin").
        kinds: Of ``call``, ``video call``, ``meeting``, ``visit``, ``statement``, ``announcement``, ``other``.
        doc_ids: Only these readouts.

    Raises:
        FilterError: A date or a kind means nothing, or the range is empty.
    """

    date_from: dt.date | None
    date_to: dt.date | None
    parties: tuple[str, ...]
    issuers: tuple[str, ...]
    kinds: tuple[str, ...]
    doc_ids: tuple[str, ...]

    def __init__(
        self,
        *,
        date_from: str | dt.date | None = None,
        date_to: str | dt.date | None = None,
        parties: tuple[str, ...] | list[str] = (),
        issuers: tuple[str, ...] | list[str] = (),
        kinds: tuple[str, ...] | list[str] = (),
        doc_ids: tuple[str, ...] | list[str] = (),
    ) -> None:
        first, last = parse_bound(date_from, last=False), parse_bound(date_to, last=True)
        if first and last and first > last:
            raise FilterError(f"The range from {first} to {last} is empty.", mend="Swap the two dates.")
        names = tuple(str(kind).lower().strip() for kind in kinds)
        for name in names:
            if name not in KIND_FILTERS:
                raise FilterError(f"“{name}” is not a kind of readout.", mend=f"Choose from: {', '.join(KIND_FILTERS)}.")
        object.__setattr__(self, "date_from", first)
        object.__setattr__(self, "date_to", last)
        object.__setattr__(self, "parties", tuple(parties))
        object.__setattr__(self, "issuers", tuple(issuers))
        object.__setattr__(self, "kinds", names)
        object.__setattr__(self, "doc_ids", tuple(doc_ids))

    def __bool__(self) -> bool:
        return bool(self.date_from or self.date_to or self.parties or self.issuers or self.kinds or self.doc_ids)

    def __and__(self, other: Filters) -> Filters:
        """Both at once: the narrower range, all parties, the issuers and kinds of either where only one names any.

        Raises:
            FilterError: The two ranges of dates do not meet.
        """
        starts = [day for day in (self.date_from, other.date_from) if day]
        ends = [day for day in (self.date_to, other.date_to) if day]
        return Filters(
            date_from=max(starts, default=None),
            date_to=min(ends, default=None),
            parties=tuple(dict.fromkeys(self.parties + other.parties)),
            issuers=_narrower(self.issuers, other.issuers),
            kinds=_narrower(self.kinds, other.kinds),
            doc_ids=_narrower(self.doc_ids, other.doc_ids),
        )

    def to_dict(self) -> dict[str, Any]:
        """The filters as the public JSON has them."""
        return {
            "from": iso(self.date_from),
            "to": iso(self.date_to),
            "parties": list(self.parties),
            "issuers": list(self.issuers),
            "kinds": list(self.kinds),
        }


def _narrower(ours: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, ...]:
    if ours and theirs:
        return tuple(name for name in ours if name in theirs) or ours
    return ours or theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is sent to the index.

    Attributes:
        text: The question to rank by, in words.
        expansions: Further words for full-text search alone (``Japan`` for ``Tokyo``).
        phrases: Exact words that a passage or its title must hold.
        filters: What excludes.
        preferred: What raises readouts that fit and excludes nothing.
    """

    text: str
    expansions: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    filters: Filters = field(default_factory=Filters)
    preferred: Filters = field(default_factory=Filters)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a long job is.

    Attributes:
        stage: "reading", "encoding" or "writing".
        done: Units finished (files for reading, texts for encoding).
        total: Units in all, as far as is known.
        note: What is being worked on.
    """

    stage: str
    done: int
    total: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexReport:
    """What one run of indexing changed.

    Attributes:
        added: Readouts that are new.
        updated: Readouts whose text, title, date or facts changed.
        unchanged: Readouts found as they were.
        removed: Readouts whose file or record is gone.
        skipped: What could not be taken.
        documents: Readouts in the index now.
        passages: Passages in the index now.
        encoded: Texts that had to be encoded.
        seconds: Wall time.
    """

    added: int
    updated: int
    unchanged: int
    removed: int
    skipped: tuple[Skipped, ...]
    documents: int
    passages: int
    encoded: int
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        """The report as the public JSON has it."""
        return {
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "removed": self.removed,
            "skipped": [{"path": s.path, "reason": s.reason} for s in self.skipped],
            "documents": self.documents,
            "passages": self.passages,
            "encoded": self.encoded,
            "seconds": self.seconds,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexStatus:
    """What an index holds.

    Attributes:
        documents: Readouts.
        passages: Paragraphs.
        sentences: Sentences.
        issuers: In alphabetical order.
        date_from: First day of an event, or None.
        date_to: Last day of an event, or None.
        model: Model the index was made with.
        revision: Its revision.
        dimension: Length of its vectors.
        engine: What computes the embeddings.
        path: Folder of the index.
    """

    documents: int
    passages: int
    sentences: int
    issuers: tuple[str, ...]
    date_from: dt.date | None
    date_to: dt.date | None
    model: str
    revision: str
    dimension: int
    engine: str
    path: str

    def to_dict(self) -> dict[str, Any]:
        """The status as the public JSON has it."""
        return {
            "documents": self.documents,
            "passages": self.passages,
            "sentences": self.sentences,
            "issuers": list(self.issuers),
            "from": iso(self.date_from),
            "to": iso(self.date_to),
            "model": self.model,
            "revision": self.revision,
            "dimension": self.dimension,
            "engine": self.engine,
            "path": self.path,
        }
