"""What can be looked up in an index without asking it a question."""

from __future__ import annotations

import threading
from pathlib import Path

from assistant.results import Records
from index.database import FILE_NAME
from index.datatypes import Filters, Listed, Readout
from index.facts.directory import Directory
from index.people import known_people
from index.search import PassageIndex
from index.versions import Version, versions_of


class Lookup:
    """Readouts of one index by their facts and ids; safe to use from several threads. Opening reads nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index: PassageIndex | None = None
        self._directory: tuple[int, Directory] | None = None
        self._lock = threading.RLock()

    def close(self) -> None:
        """Close the index; a second call does nothing."""
        with self._lock:
            if self._index is not None:
                self._index.close()
                self._index = None
                self._directory = None

    def exists(self) -> bool:
        """Whether there is an index in the folder."""
        return (self.folder / FILE_NAME).is_file()

    def records(
        self, filters: Filters | None = None, *, limit: int | None = None, latest_first: bool = True
    ) -> Records:
        """Readouts that fit, without their text, the latest (or the earliest) first."""
        found = self._opened().catalogue.records(_given(filters), limit=limit, latest_first=latest_first)
        return Records(found)

    def count(self, filters: Filters | None = None) -> int:
        """How many readouts fit."""
        return len(self._opened().catalogue.shown(_given(filters)))

    def listed(self, filters: Filters | None = None, *, limit: int | None = None) -> tuple[Listed, ...]:
        """Readouts that fit, as plain strings, at most ``limit`` of them, the latest first; for long lists."""
        return self._opened().catalogue.listed(_given(filters), limit)

    def readout(self, doc_id: str) -> Readout:
        """One readout, whole.

        Raises:
            DocumentError: There is none with this id.
        """
        return self._opened().catalogue.readout(doc_id)

    def versions(self, doc_id: str) -> tuple[Version, ...]:
        """Every known wording of a readout, the present one last; see ``index.versions``."""
        return versions_of(self._opened().catalogue, doc_id)

    def _opened(self) -> PassageIndex:
        """The index; opened again if another one was put in its place, as by ``readouts restore``."""
        with self._lock:
            if self._index is not None and not self._index.catalogue.is_current():
                # Not closed: threads may be asking it. Its file is closed when the last of them is done.
                self._index = self._directory = None
            if self._index is None:
                self._index = PassageIndex(self.folder)
            return self._index

    def _known(self) -> Directory:
        """Everybody the readouts name, as of the index's present generation."""
        with self._lock:
            catalogue = self._opened().catalogue
            generation = catalogue.generation
            if self._directory is None or self._directory[0] != generation:
                self._directory = generation, Directory(known_people(catalogue), catalogue.is_word)
            return self._directory[1]


def _given(filters: Filters | None) -> Filters:
    """Filters that narrow nothing still count: they may ask for every posting of a text."""
    return Filters() if filters is None else filters
