"""Saving a damaged index: a new catalogue of everything that is as it was written; the damaged one is kept beside it.

Documents, earlier wordings and embeddings are taken over if their seal matches; everything else is made from these again. So
only what was damaged is encoded again.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index import build, checksums, rows
from index.catalogue import Catalogue
from index.database import FILE_NAME, translate
from index.datatypes import Document, IndexReport
from index.errors import DamagedError
from index.keeping import tidy
from index.locking import beside as place_beside
from index.locking import locked
from index.people import keep_people
from index.plan import Listener
from index.protocols import Encoder
from index.replacing import DAMAGED, replace_index
from index.schema import SEALED_VERSION
from index.seals import seal

#: Embeddings that are taken over at once.
_BATCH = 4096
#: What is read of a document, in the order of ``schema.SEALED_DOCUMENT``.
_COLUMNS = "doc_id, record_id, path, title, issuer, published, url, note, text, given, digest"
_PAGES = "(SELECT starts FROM pages WHERE document = documents.id)"
#: Each finds ids of documents in another way: what one tree has lost another may have kept.
_IDS = (
    "SELECT id FROM documents",
    "SELECT id FROM documents ORDER BY id DESC",
    "SELECT id FROM documents INDEXED BY documents_path ORDER BY path",
    "SELECT id FROM documents INDEXED BY documents_kind ORDER BY kind",
    "SELECT document FROM passages INDEXED BY passages_document ORDER BY document",
    "SELECT document FROM passages",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A readout that could not be saved.

    Attributes:
        doc_id: Its id; empty if that cannot be read.
        path: File that it was read from; empty if that cannot be read.
        is_there: Whether that file exists, so that it can be indexed again.
    """

    doc_id: str
    path: str
    is_there: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Salvaged:
    """The outcome for a damaged index.

    Attributes:
        kept: The damaged catalogue, under its new name.
        documents: How many readouts were saved.
        unsealed: How many of these are from before there were seals, so that they cannot be verified.
        versions: How many earlier wordings were saved.
        encoded: Texts that had to be encoded again.
        lost: Readouts that are lost.
        lost_versions: Earlier wordings that are lost, by their readout's id; an empty one means that there may be more.
    """

    kept: Path | None
    documents: int
    unsealed: int
    versions: int
    encoded: int
    lost: tuple[Lost, ...]
    lost_versions: tuple[str, ...]


def salvage(folder: Path, encoder: Callable[[], Encoder], *, listener: Listener | None = None) -> Salvaged:
    """Put a new catalogue in place of a damaged one.

    Args:
        folder: Folder of the index.
        encoder: Returns the encoder of the index.
        listener: Called with the progress.

    Raises:
        BusyError: Another process is writing to this index.
        DamagedError: Nothing of it can be read; it stays as it is.
        CatalogueError: The new one cannot be written; the damaged one then stays as it is.
    """
    with locked(folder):
        beside = place_beside(folder, "salvage")
        try:
            with contextlib.closing(_opened(folder / FILE_NAME)) as damaged:
                found = _Found(damaged)
                report = _made(beside, found, encoder, listener)
            # What no tree tells of any more.
            unknown = checksums.documents(folder / FILE_NAME) - report.documents - len(found.lost)
            found.lost += [Lost(doc_id="", path="", is_there=False)] * unknown
            with translate(folder / FILE_NAME):
                kept = replace_index(folder, beside, DAMAGED)
            with contextlib.closing(Catalogue(folder)) as catalogue:
                tidy(catalogue)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    return Salvaged(
        kept=kept,
        documents=report.documents,
        unsealed=found.unsealed,
        versions=len(found.versions),
        encoded=report.encoded,
        lost=tuple(found.lost),
        lost_versions=tuple(found.lost_versions),
    )


def readable(database: sqlite3.Connection, statement: str, values: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
    """Rows of a statement up to the first that cannot be read."""
    # What SQLite says may quote a name that is no text any more.
    with contextlib.suppress(sqlite3.Error, UnicodeDecodeError):
        yield from database.execute(statement, values)


def is_sealed(database: sqlite3.Connection, table: str) -> bool:
    """Whether the rows of a table have seals; True if that cannot be read, lest damage pass for an older format."""
    columns = [row[1] for row in readable(database, f"PRAGMA table_info({table})")]
    return not columns or "seal" in columns


def _opened(path: Path) -> sqlite3.Connection:
    for mode in ("mode=ro", "immutable=1"):
        with contextlib.suppress(sqlite3.Error, UnicodeDecodeError):
            database = sqlite3.connect(f"{path.as_uri()}?{mode}", uri=True)
            # A text that is none any more is a row that is not as it was written, and ends nothing.
            database.text_factory = lambda content: content.decode(errors="replace")
            database.execute("SELECT count(*) FROM sqlite_master").fetchone()
            return database
    raise DamagedError(
        f"Nothing can be read of the catalogue {path}.",
        mend=f"Move it away and index the readouts again: readouts index FOLDER --index {path.parent}",
    )


class _Found:
    """What is intact in a damaged catalogue."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._sealed = is_sealed(database, "documents")
        self.meta = dict(readable(database, "SELECT key, value FROM meta"))
        self.ids = sorted({row[0] for statement in _IDS for row in readable(database, statement) if _is_id(row[0])})
        self.lost: list[Lost] = []
        self.lost_versions: list[str] = []
        self.unsealed = 0
        self.paths: set[str] = set()
        self.versions = list(self._versions()) if self._sealed else []

    def documents(self) -> Iterator[tuple[str, Document, bytes]]:
        """For each intact document, the file's own id, the document and its digest."""
        sealed = "seal" if self._sealed else "NULL"
        statement = f"SELECT {_COLUMNS}, language, {_PAGES}, {sealed} FROM documents WHERE id = ?"
        for row in self.ids:
            found = next(readable(self._database, statement, (row,)), None)
            document = None if found is None else self._document(*found)
            if document is None:
                self._lose(row)
            else:
                self.paths.add(document[1].source.path)
                yield document

    def _document(self, *columns: Any) -> tuple[str, Document, bytes] | None:
        *values, language, starts, expected = columns
        if self._sealed and seal(*values, starts) != expected:
            return None
        doc_id, record_id, path, title, issuer, published, url, note, text, given, digest = values
        try:
            source = rows.source((doc_id, title, issuer, published, url, path, language))
            pages = tuple(json.loads(starts)) if starts else ()
            document = Document(source=source, text=text, given=json.loads(given), note=note, pages=pages)
        except (ValueError, TypeError):
            return None
        self.unsealed += expected is None
        return record_id, document, digest

    def _lose(self, row: int) -> None:
        # Column by column: what one of them has lost, others may tell.
        doc_id, path = (
            next(
                (
                    str(found)
                    for (found,) in readable(self._database, f"SELECT {c} FROM documents WHERE id = ?", (row,))
                ),
                "",
            )
            for c in ("doc_id", "path")
        )
        self.lost.append(Lost(doc_id=doc_id, path=path, is_there=bool(path) and Path(path).is_file()))

    def _versions(self) -> Iterator[tuple[Any, ...]]:
        try:
            for *values, expected in self._database.execute(f"SELECT {SEALED_VERSION}, seal FROM versions NOT INDEXED"):
                if expected is not None and seal(*values) == expected:
                    yield *values, expected
                else:
                    self.lost_versions.append(str(values[0]))
        except (sqlite3.Error, UnicodeDecodeError):
            self.lost_versions.append("")

    def seen(self) -> Iterator[tuple[str, str]]:
        """When each readout's present wording was first seen: its id, and the time."""
        statement = "SELECT doc_id, at FROM seen JOIN documents ON documents.id = document"
        for doc_id, at in readable(self._database, statement):
            with contextlib.suppress(ValueError, TypeError):
                dt.datetime.fromisoformat(at)
                yield doc_id, at

    def embeddings(self) -> Iterator[tuple[bytes, bytes]]:
        """Keys and vectors of the intact embeddings."""
        if not self._sealed:
            return
        last = b""
        while True:
            # Behind a page that cannot be read others may follow: the next key is looked for by a step.
            for key, vector, expected in readable(
                self._database, "SELECT key, vector, seal FROM embeddings WHERE key > ? ORDER BY key", (last,)
            ):
                # Of a row that is zeroed not even the key is one.
                if isinstance(key, bytes) and key > last:
                    last = key
                    if expected is not None and seal(key, vector) == expected:
                        yield key, vector
            step = int.from_bytes(last[:2].ljust(2, b"\0"), "big") + 1
            if step > 0xFFFF:
                return
            last = step.to_bytes(2, "big")

    def files(self) -> list[tuple[Any, ...]]:
        """Files that need not be read again: all their readouts were saved."""
        gone = {one.path for one in self.lost}
        statement = "SELECT path, digest, reader_version, fields FROM files"
        known = list(readable(self._database, statement))
        if not gone <= {row[0] for row in known}:
            # A path that cannot be read, or is damaged itself: whichever file it was, all are read again.
            return []
        return [row for row in known if row[0] not in gone]


def _made(beside: Path, found: _Found, encoder: Callable[[], Encoder], listener: Listener | None) -> IndexReport:
    def first(catalogue: Catalogue) -> None:
        part: list[tuple[bytes, bytes]] = []
        for one in found.embeddings():
            part.append(one)
            if len(part) == _BATCH:
                _keep(catalogue, part)
                part = []
        _keep(catalogue, part)

    report = build.fill(beside, encoder, found.documents(), first=first, listener=listener)
    catalogue = Catalogue(beside, write=True)
    try:
        with catalogue.transaction():
            known = {doc_id for (doc_id,) in catalogue.run("SELECT doc_id FROM documents")}
            catalogue.run_many(
                f"INSERT OR IGNORE INTO versions ({SEALED_VERSION}, seal) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (row for row in found.versions if row[0] in known),
            )
            catalogue.run("DELETE FROM seen")
            catalogue.run_many(
                "INSERT OR IGNORE INTO seen SELECT id, ?2 FROM documents WHERE doc_id = ?1", found.seen()
            )
            catalogue.run_many("INSERT OR IGNORE INTO files VALUES (?, ?, ?, ?)", found.files())
            generation = str(found.meta.get("generation", ""))
            catalogue.set_meta("generation", str(int(generation) + 1 if generation.isdigit() else 1_000_000))
            keep_people(catalogue)
    finally:
        catalogue.close()
    return report


def _keep(catalogue: Catalogue, part: Sequence[tuple[bytes, bytes]]) -> None:
    lengths = {len(vector) for _, vector in part}
    if len(lengths) == 1:
        halves = np.frombuffer(b"".join(vector for _, vector in part), dtype=np.float16)
        catalogue.add_embeddings([key for key, _ in part], halves.reshape(len(part), -1).astype(np.float32))


def _is_id(value: object) -> bool:
    return isinstance(value, int) and 0 < value < 1 << 40
