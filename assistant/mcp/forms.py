"""What the tools return, as the SDK describes it to an assistant: the public JSON of the program, field by field.

A field that the program has and these forms do not is passed on all the same.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Form(BaseModel):
    """An object of the public JSON."""

    model_config = ConfigDict(extra="allow", use_attribute_docstrings=True)


class FiltersForm(Form):
    """Which readouts counted."""

    first: str | None = Field(alias="from")
    to: str | None
    parties: list[str]
    issuers: list[str]
    kinds: list[str]


class SourceForm(Form):
    """Another posting of the same text."""

    doc_id: str
    title: str
    issuer: str
    published: str | None
    url: str
    path: str


class CitationForm(Form):
    """A verbatim quote and where it is."""

    number: int
    doc_id: str
    title: str
    issuer: str
    published: str | None
    event_date: str | None
    url: str
    path: str
    paragraph: int
    """0-based."""
    page: int | None
    """Page of the source, from 1; null if it has no pages."""
    page_end: int | None
    quote: str
    """Verbatim; passage[start:end], counted in code points."""
    start: int
    end: int
    passage: str
    score: float
    also: list[SourceForm]
    """Where else the same text was posted."""


class SentenceForm(Form):
    """A sentence of a passage, as a range of code points."""

    start: int
    end: int


class StageForm(Form):
    """The score that one stage of the ranking gave a passage."""

    stage: str
    score: float
    rank: int | None


class HitForm(Form):
    """A passage that was found."""

    rank: int
    doc_id: str
    title: str
    issuer: str
    published: str | None
    event_date: str | None
    url: str
    path: str
    paragraph: int
    """0-based."""
    page: int | None
    """Page of the source, from 1; null if it has no pages."""
    page_end: int | None
    passage: str
    """The whole paragraph, verbatim."""
    score: float
    best_sentence: SentenceForm
    terms: list[str]
    trail: list[StageForm]
    also: list[SourceForm]
    """Where else the same text was posted."""


class AnswerForm(Form):
    """The answer to a question; every word of it is quoted."""

    id: str | None
    question: str
    standalone_question: str
    """What was asked of the index: a follow-up rewritten to stand on its own."""
    conversation: str | None
    filters: FiltersForm
    preferred: FiltersForm
    """What was guessed from the question; it raised readouts and excluded none."""
    status: str
    """answered, partial, or abstained: the readouts do not say."""
    support: float
    """The share, from 0 to 1, of answers like this one that hold."""
    missing: list[str]
    """Terms of the question that no quoted passage covers."""
    text: str
    """The quotes with their numbers; empty when it abstains."""
    citations: list[CitationForm]
    hits: list[HitForm]
    documents: list[str]
    """Ids of all readouts that a list or a count includes, by date; otherwise empty."""
    seconds: float


class SearchForm(Form):
    """Passages for a query, best first."""

    query: str
    filters: FiltersForm
    hits: list[HitForm]
    seconds: float


class PartyForm(Form):
    """One who took part."""

    name: str
    office: str
    country: str
    side: str
    """own for the issuer's side, or counterpart."""


class RecordForm(Form):
    """A readout without its text."""

    doc_id: str
    title: str
    issuer: str
    published: str | None
    event_date: str | None
    event_end: str | None
    kind: str
    diplomatic: bool
    place: str
    parties: list[PartyForm]
    participants: list[PartyForm]
    url: str
    path: str
    language: str
    """ISO 639-1, such as en; empty if it could not be determined."""
    also: list[SourceForm]
    """Where else the same text was posted."""


class PassageForm(Form):
    """A paragraph of a readout."""

    paragraph: int
    """0-based."""
    page: int | None
    """Page of the source, from 1; null if it has no pages."""
    page_end: int | None
    start: int
    end: int
    text: str


class ReadoutForm(RecordForm):
    """A readout, or some paragraphs of it, verbatim."""

    note: str
    text: str
    """The paragraphs asked for; start and end of the passages are offsets in the whole text of the readout."""
    passages: list[PassageForm]
    paragraphs: int
    """How many paragraphs the whole readout has."""
    next_paragraph: int | None
    """Where to continue reading; null at the end."""


class ListForm(Form):
    """Readouts that fit, by day."""

    total: int
    """How many fit in all."""
    readouts: list[RecordForm]
    next_offset: int | None
    """Where the list continues; null at its end."""
