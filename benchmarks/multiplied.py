"""An index of any size made from a smaller one: its readouts repeated, with other days, parties, issuers and vectors.

It writes what ``index.build`` writes, straight into the tables: texts repeat (so words keep their frequencies), every
passage and sentence has an embedding of its own, and filters leave shares of the whole as they do in a real corpus.
"""

from __future__ import annotations

import datetime as dt
import itertools
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.synthetic import SyntheticEncoder
from index import full_text
from index.catalogue import Catalogue
from index.keeping import remake_vectors, tidy
from index.people import keep_people
from index.rows import party_names
from index.schema import SEALED_DOCUMENT
from index.selection import party_words

#: Days by which each repetition lies before the one before it: a year and a bit, so that days do not coincide.
SHIFT = 389
BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Base:
    """What is repeated, as rows of the tables."""

    documents: list[sqlite3.Row]
    parties: dict[int, list[sqlite3.Row]]
    passages: dict[int, list[sqlite3.Row]]
    sentences: dict[int, list[sqlite3.Row]]
    words: dict[int, tuple[str, str]]
    names: list[str]
    countries: list[str]
    places: dict[str, int]


def multiply(source: Path, folder: Path, passages: int, encoder: SyntheticEncoder) -> None:
    """Write an index of at least so many passages.

    Args:
        source: Folder of the index that is repeated.
        folder: Folder to write; must not exist.
        passages: How many.
        encoder: Returns the vectors.
    """
    base = _read(source)
    catalogue = Catalogue(folder, write=True)
    connection = catalogue._connection
    # Nothing of a benchmark's index is worth a journal.
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -200000")
    with catalogue.transaction():
        for key, value in (("model", encoder.name), ("revision", encoder.revision)):
            catalogue.set_meta(key, value)
        catalogue.set_meta("dimension", str(encoder.dimension))
        catalogue.set_meta("generation", "1")
        _write(connection, base, passages)
        connection.execute(f"UPDATE documents SET seal = seal({SEALED_DOCUMENT})")
        rows = sum(catalogue.last_ids())
        for start in range(0, rows, BATCH):
            numbers = np.arange(start, min(start + BATCH, rows), dtype=np.uint64)
            mixed = (numbers + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
            halves = encoder.by_number(mixed).astype(np.float16)
            connection.executemany(
                "INSERT INTO embeddings (key, vector) VALUES (?, ?)",
                [(_key(int(n)), half.tobytes()) for n, half in zip(numbers, halves, strict=True)],
            )
    connection.execute("PRAGMA journal_mode = WAL")
    with catalogue.transaction():
        catalogue.count()
        keep_people(catalogue)
        remake_vectors(catalogue)
    tidy(catalogue)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    catalogue.close()


def _key(number: int) -> bytes:
    return number.to_bytes(16)


def _read(source: Path) -> Base:
    connection = sqlite3.connect(source / "catalogue.sqlite")
    connection.row_factory = sqlite3.Row
    documents = connection.execute("SELECT * FROM documents ORDER BY id").fetchall()
    texts = {row["id"]: row["text"] for row in documents}
    passages = connection.execute("SELECT * FROM passages ORDER BY id").fetchall()
    titles = {row["id"]: full_text.plain(row["title"]) for row in documents}
    named = connection.execute("SELECT DISTINCT name FROM parties WHERE name LIKE '% %' ORDER BY name").fetchall()
    countries = connection.execute(
        "SELECT DISTINCT country FROM parties WHERE country != '' ORDER BY country"
    ).fetchall()
    names = [row["name"] for row in named]
    base = Base(
        documents=documents,
        parties=_by(connection.execute("SELECT * FROM parties ORDER BY document, position"), "document"),
        passages=_by(passages, "document"),
        sentences=_by(connection.execute("SELECT * FROM sentences ORDER BY id"), "passage"),
        words={
            row["id"]: (titles[row["document"]], full_text.plain(texts[row["document"]][row["first"] : row["last"]]))
            for row in passages
        },
        names=names,
        countries=[row["country"] for row in countries],
        places={name: place for place, name in enumerate(names)},
    )
    connection.close()
    return base


def _by(rows: Iterator[sqlite3.Row] | list[sqlite3.Row] | sqlite3.Cursor, column: str) -> dict[int, list[sqlite3.Row]]:
    grouped: dict[int, list[sqlite3.Row]] = {}
    for row in rows:
        grouped.setdefault(row[column], []).append(row)
    return grouped


def _write(connection: sqlite3.Connection, base: Base, passages: int) -> None:
    document = passage = sentence = 0
    columns = list(base.documents[0].keys())
    places = f"INSERT INTO documents ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    for time in itertools.count():
        for row in base.documents:
            if passage >= passages:
                return
            document += 1
            connection.execute(places, _document(row, document, time))
            parties = [_party(p, document, time, base) for p in base.parties.get(row["id"], ())]
            connection.executemany("INSERT INTO parties VALUES (?, ?, ?, ?, ?, ?, ?, ?)", parties)
            connection.executemany(
                "INSERT OR IGNORE INTO party_words VALUES (?, ?)",
                [(word, p[-1]) for p in parties for word in str(p[-1]).split()],
            )
            names = party_names(connection, document)
            for old in base.passages.get(row["id"], ()):
                passage += 1
                connection.execute(
                    "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?)",
                    (passage, document, old["paragraph"], old["first"], old["last"], _key(passage + sentence - 1)),
                )
                connection.execute(
                    "INSERT INTO full_text (rowid, title, body, names) VALUES (?, ?, ?, ?)",
                    (passage, *base.words[old["id"]], names),
                )
                spans = base.sentences.get(old["id"], ())
                connection.executemany(
                    "INSERT INTO sentences VALUES (?, ?, ?, ?, ?)",
                    [
                        (sentence + n, passage, s["first"], s["last"], _key(passage + sentence + n - 1))
                        for n, s in enumerate(spans, start=1)
                    ],
                )
                sentence += len(spans)


def _document(row: sqlite3.Row, document: int, time: int) -> list[object]:
    """A document's columns with another id, day and, from the second time on, now and then another issuer."""
    values = dict(row)
    values["id"] = document
    if time:
        values["doc_id"] = f"{row['doc_id']}-{time + 1}"
        for column in ("published", "event_date", "event_end", "day"):
            if values[column]:
                values[column] = (dt.date.fromisoformat(values[column]) - dt.timedelta(SHIFT * time)).isoformat()
        if time % 3 == 0:
            values["issuer"] = f"Ministry {time} (Norway)"
    return list(values.values())


def _party(row: sqlite3.Row, document: int, time: int, base: Base) -> tuple[object, ...]:
    """A party's columns, from the second time on with another name and country, the same for the same party."""
    name, country = row["name"], row["country"]
    if time and country and row["side"] == "counterpart":
        country = base.countries[(base.countries.index(country) + time) % len(base.countries)]
    if time % 2 and " " in name:
        place = base.places[name]
        given = base.names[(place + 13 * time) % len(base.names)].split()[0]
        family = base.names[(place + 29 * time) % len(base.names)].split()[-1]
        name = f"{given} {family}"
    return (
        document, row["position"], row["main"], name, row["office"], country, row["side"],
        party_words(name, row["office"], country),
    )  # fmt: skip
