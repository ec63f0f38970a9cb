"""Facts, filters and support in words, as the command line, the screen and exported files show them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from index.datatypes import Facts, Filters, Party, Readout, Source, iso
from index.markup import one_line, printable, source_words
from index.pages import page_words

_SUPPORT = ((0.75, "well supported"), (0.5, "supported"), (0.0, "weakly supported"))


def counted(count: int, thing: str) -> str:
    """``1 readout``, ``2,531 readouts``, ``2 searches``."""
    ending = "" if count == 1 else "es" if thing.endswith(("ch", "sh", "s", "x")) else "s"
    return f"{count:,} {thing}{ending}"


def support_words(support: float) -> str:
    """How well an answer is supported, in words."""
    return next(words for bound, words in _SUPPORT if support >= bound)


def describe(filters: Filters, preferred: Filters) -> str:
    """What is excluded and what is preferred, on one line; empty for neither."""
    parts = [f"only {part}" for part in filter_parts(filters)] + [
        f"preferring {part}" for part in filter_parts(replace(preferred, date_to=meant_end(preferred)))
    ]
    return printable("; ".join(parts))


def meant_end(preferred: Filters) -> dt.date | None:
    """Last day read from a question, as a person means it.

    A month or a year named in it extends a day into the next, so that a call reported a day later counts; but nobody
    said so.
    """
    first, last = preferred.date_from, preferred.date_to
    if isinstance(first, dt.date) and isinstance(last, dt.date) and first < last and last.day == 1:
        return last - dt.timedelta(days=1)
    return last if isinstance(last, dt.date) else None


def filter_parts(filters: Filters) -> list[str]:
    """Each part of the filters as a person would type it."""
    parts = [f"from:{filters.date_from}"] if filters.date_from else []
    parts += [f"to:{filters.date_to}"] if filters.date_to else []
    # A guessed party is a key in small letters; a person reads names.
    parties = [name.title() if name.islower() else name for name in filters.parties]
    for word, values in (("party", parties), ("issuer", filters.issuers), ("kind", filters.kinds)):
        parts += [f'{word}:"{value}"' if " " in value else f"{word}:{value}" for value in values]
    return parts


def source_line(source: Source, facts: Facts, pages: tuple[int, int] | None = None) -> str:
    """Title, page, issuer and dates of a readout, and its id."""
    return source_words(
        source.title,
        source.issuer,
        iso(facts.event_date) or "",
        iso(source.published) or "",
        source.doc_id,
        page=page_words(*pages) if pages else "",
    )


def also_line(also: Sequence[Source]) -> str:
    """Where else the text of a readout was posted: ids and days."""
    posted = (f"{one.doc_id} ({one.published})" if one.published else one.doc_id for one in also)
    return one_line(f"also posted as {', '.join(posted)}")


def fact_lines(readout: Readout) -> list[tuple[str, str]]:
    """Facts of a readout as labels and values; only those that are known."""
    source, facts = readout.source, readout.facts
    dates = f"{facts.event_date or ''}{f' to {facts.event_end}' if facts.event_end else ''}"
    lines = [
        ("id", source.doc_id),
        ("issuer", source.issuer),
        ("event", dates),
        ("published", str(source.published or "")),
        ("kind", f"{facts.kind}, {'diplomatic' if facts.diplomatic else 'domestic'}"),
        ("place", facts.place),
        ("language", source.language),
        ("parties", "; ".join(map(party_words, facts.parties))),
        ("also present", "; ".join(map(party_words, facts.participants))),
        ("address", source.url),
        ("file", source.path),
        ("note", readout.note),
    ]
    return [(label, value) for label, value in lines if value]


def party_words(party: Party) -> str:
    """A party on one line: name, office, country."""
    behind = ", ".join(part for part in (party.office, party.country) if part)
    return f"{party.name} ({behind})" if party.name and behind else party.name or behind
