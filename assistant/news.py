"""What is new to a saved search: readouts that match it and that it has not reported yet."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from assistant.results import Hits
from assistant.saved_searches import SavedSearch, SavedSearches
from index import full_text
from index.datatypes import Filters, Hit, Readout


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is new to one search.

    Attributes:
        search: The search.
        hits: One passage of each new readout, the latest readout first.
        matching: How many readouts match, new or not.
        reported: Call it once the hits have reached their reader: it records, in one step, that they have. If the program
            is stopped before, the same hits are news again.
    """

    search: SavedSearch
    hits: Hits
    matching: int
    reported: Callable[[], None]

    def to_dict(self) -> dict[str, Any]:
        """The news as the public JSON has it."""
        return {
            "name": self.search.name,
            "query": self.search.query,
            "filters": self.search.filters.to_dict(),
            "matching": self.matching,
            "new": [hit.to_dict() for hit in self.hits],
        }


class Readouts(Protocol):
    """What saved searches run on: an ``Assistant``."""

    @property
    def folder(self) -> Path:
        """Folder of the index."""

    def matching(self, query: str, *, filters: Filters | None = None, near: bool = False) -> Hits:
        """Every readout that matches a query."""

    def readout(self, doc_id: str) -> Readout:
        """One readout, whole."""


class Saved:
    """Saved searches over one index.

    Args:
        readouts: What they are run on.
        kept: Folder where they are kept; None for memory.
    """

    def __init__(self, readouts: Readouts, kept: Path | None) -> None:
        self._readouts, self._store = readouts, SavedSearches(kept)

    def close(self) -> None:
        """Close the file in which they are kept; a later call opens it again."""
        self._store.close()

    def add(
        self, name: str, query: str, *, filters: Filters | None = None, near: bool = False, from_now: bool = False
    ) -> News:
        """Save a search and return what matches now, all of it new.

        Args:
            name: Name of the search.
            query: Words that a single passage must all hold; typed filters and quoted phrases count.
            filters: Further filters.
            near: Passages of similar meaning match too; see ``Assistant.matching``.
            from_now: What matches now counts as reported.

        Raises:
            SavedSearchError: The name is empty or taken.
            QuestionError, FilterError: The query is invalid.
        """
        made = SavedSearch(
            name=name,
            query=query,
            filters=Filters() if filters is None else filters,
            near=near,
            created_at=dt.datetime.now(dt.UTC),
        )
        found = self._readouts.matching(query, filters=made.filters, near=near)
        self._store.add(made)
        news = self._news(made, found)
        if from_now:
            news.reported()
        return news

    def all(self) -> tuple[SavedSearch, ...]:
        """All of them, by name."""
        return self._store.all()

    def remove(self, *names: str) -> None:
        """Forget searches and what they reported, all or none.

        Raises:
            SavedSearchError: One of the names is unknown.
        """
        self._store.remove(names)

    def news(self, name: str) -> News:
        """What is new to a search.

        Raises:
            SavedSearchError: There is none with this name.
        """
        (search,) = self._store.all([name])
        return self._news(search, self._readouts.matching(search.query, filters=search.filters, near=search.near))

    def _news(self, search: SavedSearch, found: Hits) -> News:
        known = set(self._store.reported(search.name))
        marks: list[str] = []
        fresh: list[Hit] = []
        for hit in found:
            theirs = self._ids(hit)
            # The text is read only where no id tells: of what a search has reported already there may be thousands.
            seen = not known.isdisjoint(theirs)
            if not seen:
                theirs.append(self._words(hit))
                seen = theirs[-1] in known
            if not seen:
                fresh.append(hit)
            # Two readouts of one text are one piece of news; and a readout that is known stays known under a new id.
            known.update(theirs)
            marks += theirs
        store = self._store
        return News(
            search=search,
            hits=Hits(fresh, title=search.name),
            matching=len(found),
            reported=lambda: store.report(search.name, marks, dt.datetime.now(dt.UTC)),
        )

    def _ids(self, hit: Hit) -> list[str]:
        """Marks by which a readout is known when it is reworded, or when another posting of it takes the lead."""
        ids = [hit.passage.source.doc_id, *(source.doc_id for source in hit.also)]
        return [f"id {self._readouts.folder.absolute()} {doc_id}" for doc_id in ids]

    def _words(self, hit: Hit) -> str:
        """The mark by which it is known when its file is renamed or indexed elsewhere."""
        text = self._readouts.readout(hit.passage.source.doc_id).text
        return f"words {hashlib.sha256(full_text.plain(text).encode()).hexdigest()}"
