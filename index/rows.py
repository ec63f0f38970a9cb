"""Rows of the catalogue turned into types, and types into rows."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from index import full_text
from index.datatypes import Document, Facts, Kind, Listed, Party, Passage, Readout, Record, Side, Source, Span, iso
from index.pages import pages_of
from index.schema import SEALED_DOCUMENT
from index.selection import party_words

#: Columns that make a ``Source``, and those that make ``Facts`` but for the parties.
SOURCE = "doc_id, title, issuer, published, url, path, language"
#: Other postings that are named beside one: of a text that a file holds 10,000 times all would be a hundred million.
MOST_ALSO = 20
_FACTS = "event_date, event_end, kind, diplomatic, place"
_SIDES = {side.value: side for side in Side}
_KINDS = {kind.value: kind for kind in Kind}


def source(columns: Sequence[Any]) -> Source:
    """A source from the columns of ``SOURCE``."""
    doc_id, title, issuer, published, url, path, language = columns
    day = _day(published)
    return Source(doc_id=doc_id, title=title, issuer=issuer, published=day, url=url, path=path, language=language or "")


def as_json(values: Iterable[int]) -> str:
    """Integers for ``json_each``."""
    return json.dumps([int(value) for value in values])


def insert_document(
    connection: sqlite3.Connection, record_id: str, document: Document, facts: Facts, digest: bytes
) -> int:
    """Write the row of a document; returns its id."""
    origin = document.source
    day = facts.event_date or origin.published
    cursor = connection.execute(
        "INSERT INTO documents (record_id, doc_id, title, issuer, published, url, path, note, text, given, digest, "
        "event_date, event_end, day, kind, diplomatic, place, language) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            record_id, origin.doc_id, origin.title, origin.issuer, iso(origin.published), origin.url, origin.path,
            document.note, document.text, json.dumps(dict(document.given), default=str), digest,
            iso(facts.event_date), iso(facts.event_end), iso(day), facts.kind.value, int(facts.diplomatic), facts.place,
            origin.language,
        ),
    )  # fmt: skip
    assert cursor.lastrowid is not None
    if document.pages:
        connection.execute("INSERT INTO pages VALUES (?, ?)", (cursor.lastrowid, as_json(document.pages)))
    connection.execute(f"UPDATE documents SET seal = seal({SEALED_DOCUMENT}) WHERE id = ?", (cursor.lastrowid,))
    return cursor.lastrowid


def read_pages(connection: sqlite3.Connection, documents: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """Offsets at which the pages of these documents begin, by row; none for a document without pages."""
    found = connection.execute(
        "SELECT document, starts FROM pages WHERE document IN (SELECT value FROM json_each(?))", (as_json(documents),)
    )
    return {document: tuple(json.loads(starts)) for document, starts in found}


def insert_parties(connection: sqlite3.Connection, row: int, facts: Facts) -> str:
    """Write the parties and participants of a document; returns their names as full text has them."""
    everybody = [(True, party) for party in facts.parties] + [(False, party) for party in facts.participants]
    folded = [party_words(party.name, party.office, party.country) for _, party in everybody]
    connection.executemany(
        "INSERT INTO parties VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (row, i, int(main), p.name, p.office, p.country, p.side.value, words)
            for i, ((main, p), words) in enumerate(zip(everybody, folded, strict=True))
        ],
    )
    connection.executemany(
        "INSERT OR IGNORE INTO party_words VALUES (?, ?)", [(word, words) for words in folded for word in words.split()]
    )
    return party_names(connection, row)


def party_names(connection: sqlite3.Connection, row: int) -> str:
    """Names of the main parties of a document, folded, as full text has them."""
    found = connection.execute(
        "SELECT name, office, country FROM parties WHERE document = ? AND main ORDER BY position", (row,)
    )
    return full_text.plain(" ".join(" ".join(columns) for columns in found))


def read_records(
    connection: sqlite3.Connection, documents: Sequence[int], also: Mapping[int, tuple[Source, ...]]
) -> dict[int, Record]:
    """Records of these documents, by row, with what ``read_also`` returned."""
    parties = _parties(connection, documents)
    found = connection.execute(
        f"SELECT id, {_FACTS}, {SOURCE} FROM documents WHERE id IN (SELECT value FROM json_each(?))",
        (as_json(documents),),
    )
    return {
        r[0]: Record(source=source(r[6:]), facts=_facts(r[1:6], parties[r[0]]), also=also.get(r[0], ())) for r in found
    }


def read_also(connection: sqlite3.Connection, documents: Sequence[int]) -> dict[int, tuple[Source, ...]]:
    """Other postings of the text of each of these documents, by row, the leader first; only of those that have any.

    For a text posted very often, the first ``MOST_ALSO`` others are returned.
    """
    leaders = dict(
        connection.execute(
            "SELECT document, leader FROM postings WHERE document IN (SELECT value FROM json_each(?))",
            (as_json(documents),),
        )
    )
    # One query a group: joined in one, every posting would be read for every other.
    groups = {
        leader: [
            (row, source(columns))
            for row, *columns in connection.execute(
                f"SELECT documents.id, {SOURCE} FROM postings JOIN documents ON documents.id = document "
                "WHERE leader = ? ORDER BY postings.place LIMIT ?",
                (leader, MOST_ALSO + 1),
            )
        ]
        for leader in set(leaders.values())
    }
    return {
        row: tuple([other for theirs, other in groups[leader] if theirs != row][:MOST_ALSO])
        for row, leader in leaders.items()
    }


def read_listed(connection: sqlite3.Connection, tail: str, values: Sequence[object]) -> tuple[Listed, ...]:
    """Readouts of ``documents`` selected by a ``WHERE … ORDER …`` tail, in its order, as plain strings."""
    found = connection.execute(f"SELECT id, doc_id, day, kind, issuer, title FROM documents {tail}", values).fetchall()
    sides: dict[int, tuple[list[str], list[str], list[str]]] = {}
    for document, name, office, country, side in connection.execute(
        "SELECT document, name, office, country, side FROM parties WHERE main "
        f"AND document IN (SELECT id FROM documents {tail}) ORDER BY document, position",
        values,
    ):
        own, others, abroad = sides.setdefault(document, ([], [], []))
        if side == Side.OWN:
            own.append(name or country or office)
        elif side == Side.COUNTERPART:
            others.append(name or country or office)
            abroad.append(country or name or office)
    nobody: tuple[list[str], ...] = ([], [], [])
    return tuple(Listed(*row, *map(tuple, sides.get(i, nobody))) for i, *row in _dated(found))


def _dated(found: Iterable[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    for i, doc_id, day, *rest in found:
        yield i, doc_id, day or "", *rest


def read_everybody(connection: sqlite3.Connection) -> Iterator[tuple[Party, dt.date | None, str]]:
    """Every party and participant with the day and the doc_id of its readout, readout by readout."""
    # Each from an index that holds it: the rows of documents carry their texts, and reading past these takes seconds. The same
    # party stands in many readouts, and is made once.
    doc_ids = dict(connection.execute("SELECT id, doc_id FROM documents"))
    days = {row: _day(day) for row, day in connection.execute("SELECT id, day FROM documents ORDER BY day")}
    known: dict[tuple[str, str, str, str], Party] = {}
    for document, *columns in connection.execute(
        "SELECT document, name, office, country, side FROM parties ORDER BY document, position"
    ).fetchall():
        name, office, country, side = key = tuple(columns)
        party = known.get(key)
        if party is None:
            known[key] = party = Party(name=name, office=office, country=country, side=Side(side))
        yield party, days[document], doc_ids[document]


def read_readout(connection: sqlite3.Connection, row: int) -> Readout:
    """One readout, whole, by its row."""
    found = connection.execute(f"SELECT note, text, {_FACTS}, {SOURCE} FROM documents WHERE id = ?", (row,)).fetchone()
    note, text = found[:2]
    ids = [r[0] for r in connection.execute("SELECT id FROM passages WHERE document = ? ORDER BY paragraph", (row,))]
    passages = read_passages(connection, ids)
    return Readout(
        source=source(found[7:]),
        facts=_facts(found[2:7], _parties(connection, [row])[row]),
        text=text,
        passages=tuple(passages[i][0] for i in ids),
        note=note,
    )


def read_passages(connection: sqlite3.Connection, ids: Sequence[int]) -> dict[int, tuple[Passage, Facts]]:
    """Passages with the facts of their readouts, by id; a constant number of statements."""
    wanted = as_json(ids)
    found = connection.execute(
        "SELECT passages.id, document, paragraph, first, last, substr(text, first + 1, last - first), "
        f"{_FACTS}, {SOURCE} FROM passages JOIN documents ON documents.id = document "
        "WHERE passages.id IN (SELECT value FROM json_each(?))",
        (wanted,),
    ).fetchall()
    spans: defaultdict[int, list[Span]] = defaultdict(list)
    for passage, first, last in connection.execute(
        "SELECT passage, first, last FROM sentences WHERE passage IN (SELECT value FROM json_each(?)) ORDER BY id",
        (wanted,),
    ):
        spans[passage].append(Span(start=first, end=last))
    documents = sorted({r[1] for r in found})
    parties, pages = _parties(connection, documents), read_pages(connection, documents)
    sources: dict[int, tuple[Source, Facts]] = {}
    passages: dict[int, tuple[Passage, Facts]] = {}
    for row, document, paragraph, first, last, text, *rest in found:
        if document not in sources:
            sources[document] = source(rest[5:]), _facts(rest[:5], parties[document])
        origin, facts = sources[document]
        passage = Passage(
            source=origin,
            paragraph=paragraph,
            text=text,
            span=Span(start=first, end=last),
            sentences=tuple(spans[row]),
            pages=pages_of(pages.get(document, ()), first, last),
        )
        passages[row] = passage, facts
    return passages


def _parties(connection: sqlite3.Connection, documents: Sequence[int]) -> defaultdict[int, list[tuple[bool, Party]]]:
    parties: defaultdict[int, list[tuple[bool, Party]]] = defaultdict(list)
    for document, main, name, office, country, side in connection.execute(
        "SELECT document, main, name, office, country, side FROM parties "
        "WHERE document IN (SELECT value FROM json_each(?)) ORDER BY document, position",
        (as_json(documents),),
    ):
        parties[document].append((bool(main), Party(name=name, office=office, country=country, side=_SIDES[side])))
    return parties


def _facts(columns: Sequence[Any], parties: list[tuple[bool, Party]]) -> Facts:
    event_date, event_end, kind, diplomatic, place = columns
    return Facts(
        event_date=_day(event_date),
        event_end=_day(event_end),
        kind=_KINDS[kind],
        diplomatic=bool(diplomatic),
        place=place,
        parties=tuple(party for main, party in parties if main),
        participants=tuple(party for main, party in parties if not main),
    )


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
