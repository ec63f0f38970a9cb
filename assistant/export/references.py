"""The readouts that a sheet cites as works in a list of references, each once, under a key that stays the same."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.export.sheet import Sheet
from index import full_text
from index.datatypes import Facts, Kind, Source
from index.markup import address, one_line
from index.pages import page_words
from index.textforms import fold

#: What a work is called where a style shows its sort; a text of no known kind is called nothing, unless its title does.
_GENRES = {Kind.STATEMENT: "Statement", Kind.ANNOUNCEMENT: "Announcement", Kind.OTHER: ""}
_READOUT = "Readout"
#: Words of titles that tell no readout from another.
_COMMON = full_text.STOP_WORDS | frozenset(
    """readout readouts statement remarks press release call calls phone telephone conversation meeting meetings meets met
    visit visits travel joint secretary president vice prime minister foreign national security advisor adviser council
    january february march april may june july august september october november december""".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One readout as a work.

    Attributes:
        key: Issuer, year, a word of the title, and five digits derived from the id: the same in every export, unique in one.
        genre: "Readout", "Statement", "Announcement", or empty.
        title: On one line.
        issuer: Who published it; may be empty.
        issued: Day of publication, otherwise of the event; None if neither is known.
        event: What is known about the event's day, in words; may be empty.
        language: ISO 639-1 code; may be empty.
        url: Its address, safe to link to; may be empty.
        doc_id: Its id in the index.
        quotes: What is quoted from it, in quotation marks, verbatim except for line breaks, with its page if there is one;
            each once, in order.
    """

    key: str
    genre: str
    title: str
    issuer: str
    issued: dt.date | None
    event: str
    language: str
    url: str
    doc_id: str
    quotes: tuple[str, ...]


def references(sheet: Sheet) -> tuple[Reference, ...]:
    """Every readout of a sheet, each once, in the order of first citation."""
    sources: dict[str, tuple[Source, Facts]] = {}
    quotes: dict[str, dict[str, None]] = {}
    for quoted in (quoted for part in sheet.parts for quoted in part.quotes):
        sources.setdefault(quoted.source.doc_id, (quoted.source, quoted.facts))
        page = f" ({page_words(*quoted.pages)})" if quoted.pages else ""
        quotes.setdefault(quoted.source.doc_id, {})[f"“{one_line(quoted.quote)}”{page}"] = None
    for record in sheet.records:
        sources.setdefault(record.source.doc_id, (record.source, record.facts))
    keys = _unique(_key(source, facts) for source, facts in sources.values())
    return tuple(
        Reference(
            key=key,
            genre=_genre(source, facts),
            title=one_line(source.title),
            issuer=one_line(source.issuer),
            issued=_issued(source, facts),
            event=_event(facts),
            language=source.language,
            url=address(source.url),
            doc_id=one_line(doc_id),
            quotes=tuple(quotes.get(doc_id, ())),
        )
        for key, (doc_id, (source, facts)) in zip(keys, sources.items(), strict=True)
    )


def _genre(source: Source, facts: Facts) -> str:
    return _READOUT if _READOUT.lower() in fold(source.title) else _GENRES.get(facts.kind, _READOUT)


def _issued(source: Source, facts: Facts) -> dt.date | None:
    return source.published or facts.event_date


def _event(facts: Facts) -> str:
    if facts.event_date is None:
        return ""
    return f"{facts.event_date}{f' to {facts.event_end}' if facts.event_end else ''}"


def _key(source: Source, facts: Facts) -> str:
    issuer = "-".join(_latin(source.issuer.partition("(")[0])[:4]) or "readout"
    issued = _issued(source, facts)
    named = set(_latin(source.issuer))
    # The last word that tells something: titles begin with who called and end with whom.
    telling = [word for word in _latin(source.title) if word not in _COMMON and word not in named and len(word) > 2]
    word = next((word for word in reversed(telling) if word.isalpha()), "readout")
    # Two readouts of one issuer, year and word are common; five hexadecimal digits part a hundred such in all but 1 of 200.
    made = hashlib.sha256(source.doc_id.encode(errors="replace")).hexdigest()[:5]
    return f"{issuer}-{issued.year if issued else 'undated'}-{word}-{made}"


def _latin(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", " ".join(full_text.words(fold(text))))


def _unique(keys: Iterable[str]) -> list[str]:
    """Unique keys; the second of two that are the same gets a number."""
    taken: dict[str, None] = {}
    for key in keys:
        number, free = 2, key
        while free in taken:
            number, free = number + 1, f"{key}-{number}"
        taken[free] = None
    return list(taken)
