"""The assistant's vocabulary as types: frozen, slotted, keyword-only."""

from __future__ import annotations

import datetime as dt
import importlib
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from index.datatypes import Facts, Filters, Hit, Source, Span, iso
from index.facts.date_mention import DateMention
from index.pages import page_fields

if TYPE_CHECKING:
    from pandas import DataFrame


#: A number in brackets, and the same in wide ones.
_NUMBER, _WIDE = re.compile(r"\[(\d+)\]"), r"［\1］"


class Status(StrEnum):
    """How far an answer answers its question."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    ABSTAINED = "abstained"


class Intent(StrEnum):
    """The sort of answer a question wants."""

    QUOTE = "quote"
    LIST = "list"
    COUNT = "count"
    FIRST = "first"
    LATEST = "latest"
    BEFORE = "before"
    AFTER = "after"
    WHEN = "when"
    WHERE = "where"
    WHO = "who"
    KIND = "kind"


#: Intents answered by all the readouts that fit, and those answered by one of them, chosen by its day.
LISTING = frozenset({Intent.LIST, Intent.COUNT})
MOMENTS = frozenset({Intent.FIRST, Intent.LATEST, Intent.BEFORE, Intent.AFTER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """The days from which "before" and "after" count.

    Attributes:
        first: First day; "before" ends here.
        last: Last day; "after" begins here.
        own: True if another readout is meant whose day lies somewhere in this range ("after their May 2023 call").
    """

    first: dt.date
    last: dt.date
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """What was read out of a question.

    Attributes:
        text: The question to rank by: without filter words, misspelt names corrected.
        filters: Filters that were typed; they exclude.
        preferred: Guesses (dates, parties, kinds mentioned in passing); they raise, and never exclude.
        phrases: Quoted words.
        expansions: Words of the same meaning for full-text search (``Japan`` for ``Tokyo``).
        intent: The sort of answer that is wanted.
        speaker: Whose words are wanted, as written ("Erdogan" in "what did Erdogan raise"); empty if no single person's.
        people: People named or meant by their office, as the readouts name them, in order.
        countries: Countries and bodies named, whether parties or not, in order.
        dates: Days named.
        aside: Where the question names world events that only date it ("after the fall of Kabul").
        anchor: What "before" and "after" count from.
        topic: What the question is about: words that are neither party, date, kind nor question words.
        places: What follows "in" or "at" and may be where the event was held.
        mended: Misspelt names, each as typed and as corrected.
    """

    text: str
    filters: Filters = field(default_factory=Filters)
    preferred: Filters = field(default_factory=Filters)
    phrases: tuple[str, ...] = ()
    expansions: tuple[str, ...] = ()
    intent: Intent = Intent.QUOTE
    speaker: str = ""
    people: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    dates: tuple[DateMention, ...] = ()
    aside: tuple[Span, ...] = ()
    anchor: Anchor | None = None
    topic: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    mended: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A numbered pointer to a quote.

    Attributes:
        number: 1-based, without gaps, in order of first use in the answer.
        source: The readout.
        facts: Its facts.
        paragraph: 0-based paragraph of the readout.
        passage: The whole paragraph.
        span: Where the quote is in ``passage``.
        score: How well it answers the question, higher is better.
        pages: First and last page of the quote; None if the readout has no pages.
        also: Other postings of the readout's text.
    """

    number: int
    source: Source
    facts: Facts
    paragraph: int
    passage: str
    span: Span
    score: float
    pages: tuple[int, int] | None = None
    also: tuple[Source, ...] = ()

    @property
    def quote(self) -> str:
        """The verbatim words."""
        return self.passage[self.span.start : self.span.end]

    def to_dict(self) -> dict[str, Any]:
        """The citation as the public JSON has it."""
        return {
            "number": self.number,
            "doc_id": self.source.doc_id,
            "title": self.source.title,
            "issuer": self.source.issuer,
            "published": iso(self.source.published),
            "event_date": iso(self.facts.event_date),
            "url": self.source.url,
            "path": self.source.path,
            "paragraph": self.paragraph,
            **page_fields(self.pages),
            "quote": self.quote,
            "start": self.span.start,
            "end": self.span.end,
            "passage": self.passage,
            "score": self.score,
            "also": [one.to_dict() for one in self.also],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the readouts say on one question; every word of it is quoted.

    Attributes:
        question: As typed.
        standalone_question: As asked of the index: a follow-up is rewritten to stand on its own.
        understanding: What was read out of the question.
        status: Answered, partly answered, or not answered.
        support: Calibrated share, in [0, 1], of answers like this one that hold.
        missing: Terms of the question that no quoted passage covers.
        citations: Quotes, numbered from 1.
        hits: Passages found, best first.
        documents: Ids of every readout that a list question counts, by date; otherwise empty.
        conversation: Id of the conversation, or None.
        seconds: From question to answer.
        id: Id that the caller gave to the question, or None.
        unkept: Why the turn has not been written to its conversation (yet); empty if it has, or if there is none.
    """

    question: str
    standalone_question: str
    understanding: Understanding
    status: Status
    support: float
    missing: tuple[str, ...]
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    documents: tuple[str, ...] = ()
    conversation: str | None = None
    seconds: float = 0.0
    id: str | None = None
    unkept: str = ""

    @property
    def text(self) -> str:
        """The quotes with their numbers: ``“…” [1] “…” [2]``; empty when abstaining.

        A number in brackets that a quote itself holds stands in wide brackets here, so that it is taken for none of these.
        """
        if self.status is Status.ABSTAINED:
            return ""
        return " ".join(f"“{_NUMBER.sub(_WIDE, one.quote)}” [{one.number}]" for one in self.citations)

    def export(self, form: str) -> str:
        """The answer in one form: markdown, html, json, csv, csl-json, bibtex or ris.

        Raises:
            ExportError: There is no such form.
        """
        return str(_alone(self).export(form))

    def to_frame(self) -> DataFrame:
        """A pandas data frame with a row for each quote; see ``Results.to_frame``.

        Raises:
            ExportError: pandas is not installed.
        """
        return _alone(self).to_frame()

    def _repr_html_(self) -> str:
        return str(_alone(self)._repr_html_())

    def _repr_markdown_(self) -> str:
        return str(_alone(self)._repr_markdown_())

    def to_dict(self) -> dict[str, Any]:
        """The answer as the public JSON has it."""
        return {
            "id": self.id,
            "question": self.question,
            "standalone_question": self.standalone_question,
            "conversation": self.conversation,
            "filters": self.understanding.filters.to_dict(),
            "preferred": self.understanding.preferred.to_dict(),
            "status": self.status.value,
            "support": round(self.support, 4),
            "missing": list(self.missing),
            "text": self.text,
            "citations": [citation.to_dict() for citation in self.citations],
            "hits": [hit.to_dict() for hit in self.hits],
            "documents": list(self.documents),
            "seconds": round(self.seconds, 4),
        }


def _alone(answer: Answer) -> Any:
    """An answer as ``Answers``, which can be exported; the code for that is loaded only now."""
    return importlib.import_module("assistant.results").Answers([answer])


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A question and its answer, in a conversation.

    Attributes:
        number: 1-based.
        asked_at: When it was asked; timezone-aware.
        answer: The answer, which holds the question.
    """

    number: int
    asked_at: dt.datetime
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Ordered turns.

    Attributes:
        id: Short unique id.
        title: The first question, or the name the user gave it.
        started_at: When it began; timezone-aware.
        turns: In order; empty in listings.
        count: How many turns it has in all.
    """

    id: str
    title: str
    started_at: dt.datetime
    turns: tuple[Turn, ...] = ()
    count: int = 0

    def export(self, form: str) -> str:
        """The conversation in one form; see ``Answer.export``.

        Raises:
            ExportError: There is no such form.
        """
        sheet = importlib.import_module("assistant.export.sheet").of_conversation(self)
        return str(importlib.import_module("assistant.export").export(sheet, form))
