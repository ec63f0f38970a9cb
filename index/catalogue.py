"""The source of truth of an index: documents, facts, passages, embeddings and full text."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import full_text, rows
from index.checksums import mend
from index.database import of_one_moment, translate
from index.datatypes import Document, Facts, Filters, Listed, Party, Passage, Readout, Record, Source
from index.errors import DamagedError, DocumentError
from index.file_rows import FileDatabase
from index.protocols import Ids, Vectors
from index.seals import seal
from index.textforms import storable

#: Texts from which on embeddings stay for a while once nothing has them, and the share of texts gone that ends it.
MANY, UNUSED = 100_000, 0.05
#: Rows whose vectors are read at once.
_BATCH = 20_000
#: Records kept from question to question, some 2 kB each: a list question looks at all of a party or a year.
RECORDS_KEPT = 20_000


class Catalogue(FileDatabase):
    """What the tables of an index hold, read and written as documents, facts and passages.

    Methods that change something must be called within a transaction.
    """

    def __init__(self, folder: Path, *, write: bool = False) -> None:
        super().__init__(folder, write=write)
        self._records: dict[int, Record] = {}

    # What describes the whole

    @property
    def dimension(self) -> int:
        """Length of the vectors; 1 if there are none yet."""
        return int(self.meta("dimension") or 1)

    def counts(self) -> tuple[int, int, int]:
        """How many documents, passages and sentences there are."""
        kept = self.meta("counts")
        if kept is not None:
            documents, passages, sentences = map(int, kept.split())
            return documents, passages, sentences
        documents, passages, sentences = (
            int(self.run(f"SELECT count(*) FROM {table}")[0][0]) for table in ("documents", "passages", "sentences")
        )
        return documents, passages, sentences

    def count(self) -> None:
        """Store the counts that a question needs, as counting a million rows takes too long; last in a transaction."""
        self.run("DELETE FROM meta WHERE key = 'counts'")
        counts = self.counts()
        self.set_meta("counts", " ".join(map(str, counts)))
        self.count_common(counts[1])

    def issuers(self) -> tuple[str, ...]:
        """Every issuer named, in alphabetical order."""
        return tuple(r[0] for r in self.run("SELECT DISTINCT issuer FROM documents WHERE issuer != '' ORDER BY issuer"))

    def languages(self) -> dict[str, int]:
        """How many readouts are in each language, the most frequent first; the empty code stands for an unknown language."""
        return dict(
            self.run("SELECT ifnull(language, '') AS code, count(*) FROM documents GROUP BY code ORDER BY 2 DESC, code")
        )

    def days(self) -> tuple[str | None, str | None]:
        """First and last day of an event, as ISO dates; None if there is no document with a date."""
        return self.run("SELECT min(day), max(day) FROM documents")[0]  # type: ignore[no-any-return]

    # Files and documents

    def all_documents(self) -> Iterator[tuple[str, Document]]:
        """For every document, the file's own id for it and the document as it was read, in order of adding."""
        for (row,) in self.run("SELECT id FROM documents ORDER BY id"):
            found = self.run(f"SELECT record_id, note, text, given, {rows.SOURCE} FROM documents WHERE id = ?", (row,))[
                0
            ]
            record, note, text, given, *source = found
            pages = rows.read_pages(self._connection, [row]).get(row, ())
            yield (
                record,
                Document(source=rows.source(source), text=text, given=json.loads(given), note=note, pages=pages),
            )

    def doc_ids_like(self, doc_id: str) -> set[str]:
        """Ids that are ``doc_id`` or ``doc_id`` followed by a number."""
        found = self.run(
            "SELECT doc_id FROM documents WHERE doc_id = ? OR doc_id GLOB ?", (doc_id, _glob(doc_id) + "-[0-9]*")
        )
        return {r[0] for r in found}

    def row_of(self, doc_id: str) -> int:
        """Row of a document.

        Raises:
            DocumentError: There is none with this id.
        """
        found = self.run("SELECT id FROM documents WHERE doc_id = ?", (storable(doc_id),))
        if not found:
            raise DocumentError(f"No readout has the id “{doc_id}”.", mend="See the ids with: readouts list")
        return int(found[0][0])

    def add_document(
        self,
        record_id: str,
        document: Document,
        facts: Facts,
        passages: Sequence[Passage],
        digest: bytes,
        keys: Iterator[bytes],
    ) -> None:
        """Write one document with its facts, passages and full text; within a transaction.

        Args:
            record_id: The file's own id for it.
            document: What was read; its doc_id must be free.
            facts: Its facts.
            passages: Its passages, in order.
            digest: Of the document, to detect a later change.
            keys: Keys of the embeddings: for each passage its own, followed by those of its sentences.
        """
        row = rows.insert_document(self._connection, record_id, document, facts, digest)
        names = rows.insert_parties(self._connection, row, facts)
        for passage in passages:
            span = passage.span
            passage_row = self._connection.execute(
                "INSERT INTO passages (document, paragraph, first, last, embedding) VALUES (?, ?, ?, ?, ?)",
                (row, passage.paragraph, span.start, span.end, next(keys)),
            ).lastrowid
            self._connection.executemany(
                "INSERT INTO sentences (passage, first, last, embedding) VALUES (?, ?, ?, ?)",
                [(passage_row, sentence.start, sentence.end, next(keys)) for sentence in passage.sentences],
            )
            self._connection.execute(
                "INSERT INTO full_text (rowid, title, body, names) VALUES (?, ?, ?, ?)",
                (passage_row, full_text.plain(document.source.title), full_text.plain(passage.text), names),
            )

    def remove_document(self, row: int) -> None:
        """Remove one document and everything that belongs to it; within a transaction."""
        title, text = self.run("SELECT title, text FROM documents WHERE id = ?", (row,))[0]
        names = rows.party_names(self._connection, row)
        for passage, first, last in self.run("SELECT id, first, last FROM passages WHERE document = ?", (row,)):
            self._connection.execute(
                "INSERT INTO full_text (full_text, rowid, title, body, names) VALUES ('delete', ?, ?, ?, ?)",
                (passage, full_text.plain(title), full_text.plain(text[first:last]), names),
            )
        self._connection.execute("DELETE FROM documents WHERE id = ?", (row,))

    # Embeddings

    def known_embeddings(self, keys: Iterable[bytes]) -> set[bytes]:
        """Which of these keys have an embedding."""
        wanted = list(keys)
        known: set[bytes] = set()
        for part in _parts(wanted, 500):
            marks = ", ".join("?" * len(part))
            known.update(r[0] for r in self.run(f"SELECT key FROM embeddings WHERE key IN ({marks})", part))
        return known

    def add_embeddings(self, keys: Sequence[bytes], vectors: Vectors) -> None:
        """Store embeddings under their keys, in half precision; existing ones stay."""
        halves = vectors.astype(np.float16)
        with self.transaction():
            self._connection.executemany(
                "INSERT OR IGNORE INTO embeddings VALUES (?, ?, ?)",
                [(key, one, seal(key, one)) for key, one in zip(keys, map(bytes, halves), strict=True)],
            )

    def texts_of(self, documents: Sequence[int]) -> int:
        """How many passages and sentences these documents have together, by their rows."""
        theirs = "SELECT id FROM passages WHERE document IN (SELECT value FROM json_each(?1))"
        both = (
            f"SELECT (SELECT count(*) FROM ({theirs})) + (SELECT count(*) FROM sentences WHERE passage IN ({theirs}))"
        )
        return int(self.run(both, (rows.as_json(documents),))[0][0])

    def drop_unused_embeddings(self, removed: int) -> None:
        """Drop embeddings that no passage or sentence uses; within a transaction.

        All of them must be looked through, which takes some ten seconds for millions: if there are many, they stay until a
        share of the texts is gone.

        Args:
            removed: How many passages and sentences are removed in this transaction.
        """
        removed += int(self.meta("unused") or 0)
        texts = sum(self.counts()[1:])
        if texts >= MANY and removed < UNUSED * texts:
            self.set_meta("unused", str(removed))
            return
        self.run(
            "DELETE FROM embeddings WHERE key NOT IN (SELECT embedding FROM passages UNION SELECT embedding FROM sentences)"
        )
        self.set_meta("unused", "0")

    def last_ids(self) -> tuple[int, int]:
        """The last ids of passages and of sentences; 0 if there are none."""
        passages, sentences = (
            int(self.run(f"SELECT ifnull(max(id), 0) FROM {table}")[0][0]) for table in ("passages", "sentences")
        )
        return passages, sentences

    def count_above(self, table: str, above: int) -> int:
        """How many passages or sentences have an id above ``above``."""
        return int(self.run(f"SELECT count(*) FROM {table} WHERE id > ?", (above,))[0][0])

    def vectors_of(self, table: str, above: int = 0) -> Iterator[tuple[Ids, Ids, Vectors]]:
        """Vectors of all passages or sentences whose id is above ``above``, by id.

        Args:
            table: ``passages`` or ``sentences``.
            above: Skip ids up to this one.

        Yields:
            Batches: ids, owners (the document of a passage, the passage of a sentence), and ``(N, D)`` float32.

        Raises:
            DamagedError: An embedding is not as it was written.
        """
        owner = {"passages": "document", "sentences": "passage"}[table]
        joined = f"{table} JOIN embeddings ON key = embedding"
        statement = f"SELECT id, {owner}, vector, key, seal FROM {joined} WHERE id > ? ORDER BY id LIMIT ?"
        while found := self.run(statement, (above, _BATCH)):
            above = found[-1][0]
            if any(sealed is not None and sealed != seal(key, one) for *_, one, key, sealed in found):
                raise DamagedError(
                    f"The embeddings in {self.path} are damaged: one is not as it was written.", mend=mend(self.folder)
                )
            numbers = np.array([r[:2] for r in found], dtype=np.int64)
            halves = np.frombuffer(b"".join(r[2] for r in found), dtype=np.float16).reshape(len(found), -1)
            yield numbers[:, 0], numbers[:, 1], halves.astype(np.float32)

    # Reading

    def _forget(self) -> None:
        super()._forget()
        self._records = {}

    def passages_of(self, documents: NDArray[np.int64]) -> Ids:
        """Ids of all passages of these documents, ascending."""
        found = self.run(
            "SELECT id FROM passages WHERE document IN (SELECT value FROM json_each(?)) ORDER BY id",
            (rows.as_json(documents),),
        )
        return np.fromiter((r[0] for r in found), dtype=np.int64, count=len(found))

    def documents_with(self, passages: Ids) -> NDArray[np.int64]:
        """Rows of the documents of these passages (ascending ids), in the same order."""
        found = self.run(
            "SELECT document FROM passages WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
            (rows.as_json(passages),),
        )
        return np.fromiter((r[0] for r in found), dtype=np.int64, count=len(found))

    def doc_ids_of(self, documents: NDArray[np.int64]) -> frozenset[str]:
        """Ids of these documents, by their rows."""
        found = self.run(
            "SELECT doc_id FROM documents WHERE id IN (SELECT value FROM json_each(?))", (rows.as_json(documents),)
        )
        return frozenset(doc_id for (doc_id,) in found)

    @of_one_moment
    def records(self, filters: Filters, *, limit: int | None, latest_first: bool = True) -> tuple[Record, ...]:
        """Readouts that fit, by day (ties by id), without their text."""
        condition, values = self.condition(filters)
        order = "DESC" if latest_first else "ASC"
        found = self.run(
            f"SELECT id FROM documents WHERE {condition} ORDER BY day {order}, doc_id {order} LIMIT ?",
            [*values, -1 if limit is None else limit],
        )
        return self._records_in_order([row for (row,) in found])

    def records_of(self, documents: NDArray[np.int64]) -> tuple[Record, ...]:
        """Readouts by their rows, the earliest first (ties by id), without their text."""
        found = self.run(
            "SELECT id FROM documents WHERE id IN (SELECT value FROM json_each(?)) ORDER BY day, doc_id",
            (rows.as_json(documents),),
        )
        return self._records_in_order([row for (row,) in found])

    def _records_in_order(self, ids: Sequence[int]) -> tuple[Record, ...]:
        with self._lock, translate(self.path):
            self._refresh()
            missing = [row for row in ids if row not in self._records]
            found = rows.read_records(self._connection, missing, self.also(missing)) if missing else {}
            if len(self._records) + len(found) <= RECORDS_KEPT:
                self._records |= found
            return tuple(found.get(row) or self._records[row] for row in ids)

    @of_one_moment
    def listed(self, filters: Filters, limit: int | None = None) -> tuple[Listed, ...]:
        """Readouts that fit, at most ``limit`` of them, the latest first (ties by id), as plain strings."""
        condition, values = self.condition(filters)
        tail = f"WHERE {condition} ORDER BY day DESC, doc_id DESC LIMIT {-1 if limit is None else int(limit)}"
        with self._lock, translate(self.path):
            return rows.read_listed(self._connection, tail, values)

    def everybody(self) -> Iterator[tuple[Party, dt.date | None, str]]:
        """Every party and participant of every readout, with its day and the readout's id."""
        with self._lock, translate(self.path):
            return rows.read_everybody(self._connection)

    @of_one_moment
    def readout(self, doc_id: str) -> Readout:
        """One readout, whole.

        Raises:
            DocumentError: There is none with this id.
        """
        row = self.row_of(doc_id)
        with self._lock, translate(self.path):
            return rows.read_readout(self._connection, row)

    @of_one_moment
    def also_of(self, doc_id: str) -> tuple[Source, ...]:
        """The other postings of a readout's text, the leader first.

        Raises:
            DocumentError: There is none with this id.
        """
        row = self.row_of(doc_id)
        return self.also([row]).get(row, ())

    def passages(self, ids: Sequence[int]) -> dict[int, tuple[Passage, Facts]]:
        """Passages with the facts of their readouts, by id."""
        with self._lock, translate(self.path):
            return rows.read_passages(self._connection, ids)


def _glob(text: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in text)


def _parts(values: list[bytes], size: int) -> Iterator[list[bytes]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
