"""Quotes and readouts as rows of a table: plain values under the names of columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.export.sheet import Part, Quoted, Sheet
from assistant.wording import party_words
from index.datatypes import Facts, Source
from index.pages import page_fields

#: Columns of a readout. Its file is left out: where it lies on one machine is nobody else's business.
READOUT = (
    "doc_id",
    "title",
    "issuer",
    "published",
    "event_date",
    "event_end",
    "kind",
    "diplomatic",
    "place",
    "parties",
    "participants",
    "language",
    "url",
)
#: Columns of a passage found, before those of its readout.
FOUND = ("rank", "score", "quote", "passage", "paragraph", "page", "page_end")
#: Columns of a quote of an answer, before those of its readout.
ANSWERED = ("question", "status", "support", "number", "score", "quote", "passage", "paragraph", "page", "page_end")


def readout_row(source: Source, facts: Facts) -> dict[str, Any]:
    """The columns of ``READOUT``."""
    return {
        "doc_id": source.doc_id,
        "title": source.title,
        "issuer": source.issuer,
        "published": source.published,
        "event_date": facts.event_date,
        "event_end": facts.event_end,
        "kind": facts.kind.value,
        "diplomatic": facts.diplomatic,
        "place": facts.place,
        "parties": "; ".join(map(party_words, facts.parties)),
        "participants": "; ".join(map(party_words, facts.participants)),
        "language": source.language,
        "url": source.url,
    }


def columns_and_rows(sheet: Sheet) -> tuple[tuple[str, ...], Iterator[dict[str, Any]]]:
    """The columns of a sheet, and its rows; a listing has a row for each readout, anything else a row for each quote.

    An answer that quotes nothing has one row, so that its silence is reported too.
    """
    if sheet.kind == "records":
        return READOUT, (readout_row(record.source, record.facts) for record in sheet.records)
    if sheet.kind == "answers":
        return ANSWERED + READOUT, (row for part in sheet.parts for row in _answered(part))
    return FOUND + READOUT, (_found(quoted) for part in sheet.parts for quoted in part.quotes)


def _answered(part: Part) -> Iterator[dict[str, Any]]:
    head = {"question": part.question, "status": part.status, "support": round(part.support or 0.0, 4)}
    for quoted in part.quotes:
        yield head | {"number": quoted.number} | _quote(quoted)
    if not part.quotes:
        yield head


def _found(quoted: Quoted) -> dict[str, Any]:
    return {"rank": quoted.number} | _quote(quoted)


def _quote(quoted: Quoted) -> dict[str, Any]:
    told = {
        "score": round(quoted.score, 4),
        "quote": quoted.quote,
        "passage": quoted.passage,
        "paragraph": quoted.paragraph,
    }
    return told | page_fields(quoted.pages) | readout_row(quoted.source, quoted.facts)
