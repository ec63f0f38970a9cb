"""Which documents fit a filter, and which of them are shown: one for each text, however often it was posted."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import rows, selection
from index.database import of_one_moment, translate
from index.datatypes import Filters, Source
from index.lexical import LexicalDatabase

#: Conditions whose documents are kept until the index changes.
CLAUSES_KEPT = 64

Documents = NDArray[np.int64]


class Postings:
    """Documents of texts that were posted more than once.

    Args:
        table: ``(N, 3)``: document, leader and place, leader by leader.

    Attributes:
        documents: All of them.
        folded: All but the first of each leader, ascending; not to be changed.
    """

    def __init__(self, table: NDArray[np.int64]) -> None:
        self._table = table
        self.documents = frozenset(table[:, 0].tolist())
        self.folded: Documents = np.sort(table[1:, 0][table[1:, 1] == table[:-1, 1]])

    def among(self, documents: Documents) -> Postings:
        """Those that are among these documents."""
        return Postings(self._table[np.isin(self._table[:, 0], documents)])


class MatchingDatabase(LexicalDatabase):
    """The part of a catalogue that determines which documents count."""

    def __init__(self, folder: Path, *, write: bool = False) -> None:
        super().__init__(folder, write=write)
        self._matched: dict[tuple[str, tuple[object, ...]], Documents] = {}
        self._postings: Postings | None = None
        self._kept_at = -1

    @property
    def generation(self) -> int:
        """Number that each change of documents increments; the vectors on disk carry the number they were made for."""
        return int(self.meta("generation") or 0)

    def matching(self, filters: Filters) -> Documents:
        """Rows of the documents that fit, ascending; not to be changed."""
        with self._lock:
            self._refresh()
            # Each clause by its own index, and kept: a question asks for its parties and days together and one by one.
            found = [self._clause(*clause) for clause in selection.clauses(filters) or (("1", ()),)]
        return functools.reduce(lambda ours, theirs: np.intersect1d(ours, theirs, assume_unique=True), found)

    @of_one_moment
    def shown(self, filters: Filters) -> Documents:
        """``matching``, but for each text posted more than once only the leading one of the postings that fit."""
        found = self.matching(filters)
        return found if filters.copies else np.setdiff1d(found, self.folded(found), assume_unique=True)

    def folded(self, documents: Documents | None = None) -> Documents:
        """Rows that are shown under another of these documents (of all of them, by default), ascending; not to be changed."""
        posted = self._posted()
        return posted.folded if documents is None else posted.among(documents).folded

    def copies(self) -> int:
        """How many documents are shown under another."""
        return len(self.folded())

    def hidden(self, filters: Filters) -> Documents:
        """Rows of the documents that fit and are not shown; none if nothing was posted more than once."""
        if filters.copies or not self.copies():
            return np.empty(0, dtype=np.int64)
        return self.folded(self.matching(filters) if filters else None)

    @of_one_moment
    def condition(self, filters: Filters) -> tuple[str, list[object]]:
        """What ``shown`` returns, as a condition on ``documents`` with its parameters."""
        condition, values = selection.where(filters)
        hidden = self.hidden(filters)
        if not len(hidden):
            return condition, values
        return f"{condition} AND documents.id NOT IN (SELECT value FROM json_each(?))", [*values, rows.as_json(hidden)]

    def also(self, documents: Sequence[int]) -> dict[int, tuple[Source, ...]]:
        """The other postings of the text of each of these documents, the leader first; only for those that have any."""
        there = self._posted().documents
        posted = [document for document in documents if document in there]
        if not posted:
            return {}
        with self._lock, translate(self.path):
            return rows.read_also(self._connection, posted)

    def _posted(self) -> Postings:
        with self._lock:
            self._refresh()
            if self._postings is None:
                found = self.run("SELECT document, leader, place FROM postings ORDER BY leader, place")
                self._postings = Postings(np.array(found, dtype=np.int64).reshape(len(found), 3))
            return self._postings

    def _refresh(self) -> None:
        """Forget what was kept for an earlier generation."""
        generation = self.generation
        if generation != self._kept_at:
            self._forget()
            self._kept_at = generation

    def _forget(self) -> None:
        self._matched, self._postings = {}, None

    def _clause(self, condition: str, values: tuple[object, ...]) -> Documents:
        key = condition, values
        if key not in self._matched:
            # As one text: a row for each of a hundred thousand takes three times as long.
            statement = f"WITH found (id) AS ({selection.statement(condition)}) SELECT group_concat(id) FROM found"
            text = self.run(statement, values)[0][0]
            if len(self._matched) >= CLAUSES_KEPT:
                self._matched.pop(next(iter(self._matched)))
            ids = np.sort(np.fromstring(text or "", dtype=np.int64, sep=","))
            self._matched[key] = ids[np.diff(ids, prepend=-1) > 0]
            self._matched[key].flags.writeable = False
        return self._matched[key]
