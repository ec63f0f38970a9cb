"""Saved searches on disk: what each asks for, and which readouts it has reported."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.errors import DamagedSearchesError, SavedSearchError
from assistant.storage import Storage, refuse_missing
from index import codec
from index.datatypes import Filters
from index.textforms import storable

FILE_NAME = "saved.sqlite"
_TABLES = """
CREATE TABLE searches (
    name TEXT PRIMARY KEY,
    query TEXT NOT NULL,
    filters TEXT NOT NULL,
    near INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    run_at TEXT,
    seal INTEGER,
    told INTEGER
);
CREATE TABLE reported (
    name TEXT NOT NULL REFERENCES searches (name) ON DELETE CASCADE,
    mark TEXT NOT NULL,
    PRIMARY KEY (name, mark)
) WITHOUT ROWID;
"""
#: What the seal of a search is of, and that of what it has reported, ``told``.
SEALED = "name, query, filters, near, created_at"
_MARKS = "SELECT mark FROM reported WHERE reported.name = searches.name ORDER BY mark"
SEALED_TOLD = f"name, run_at, (SELECT group_concat(mark) FROM ({_MARKS}))"
_MIGRATIONS = {
    2: f"""
ALTER TABLE searches ADD COLUMN seal INTEGER;
UPDATE searches SET seal = seal({SEALED});
""",
    3: f"""
ALTER TABLE searches ADD COLUMN told INTEGER;
UPDATE searches SET told = seal({SEALED_TOLD});
""",
    4: "",  # Seals the tables alone.
    5: "",  # Of conversations alone.
}
#: Whether both are as they were written.
_SOUND = (
    f"(seal IS seal({SEALED})) AND (told IS seal({SEALED_TOLD})) "
    # The text of a mark is the same where it is taken for bytes.
    "AND NOT EXISTS (SELECT 1 FROM reported WHERE reported.name = searches.name AND typeof(mark) != 'text')"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSearch:
    """A search that is run repeatedly for what is new.

    Attributes:
        name: Its name.
        query: As typed.
        filters: Filters besides those typed in the query.
        near: Whether passages of similar meaning match, as well as those that hold the words.
        created_at: When it was saved; timezone-aware.
        run_at: When its news was last reported, timezone-aware; None if never.
    """

    name: str
    query: str
    filters: Filters = field(default_factory=Filters)
    near: bool = False
    created_at: dt.datetime
    run_at: dt.datetime | None = None

    def to_dict(self) -> dict[str, Any]:
        """The search as the public JSON has it."""
        return {
            "name": self.name,
            "query": self.query,
            "filters": self.filters.to_dict(),
            "near": self.near,
            "created_at": self.created_at.isoformat(),
            "run_at": self.run_at.isoformat() if self.run_at else None,
        }


class SavedSearches:
    """The saved searches of one user, in one file beside the conversations; safe from any thread.

    Args:
        folder: Where the file is; None keeps them in memory.
    """

    def __init__(self, folder: Path | None) -> None:
        self._storage = Storage(
            folder,
            FILE_NAME,
            _TABLES,
            _MIGRATIONS,
            holds="saved searches",
            error=SavedSearchError,
            damaged=DamagedSearchesError,
        )

    def close(self) -> None:
        """Close the file; a later call opens it again."""
        self._storage.close()

    def copy_to(self, path: Path) -> None:
        """Write a copy of everything, of one moment, into a new file."""
        self._storage.copy_to(path)

    def check(self) -> None:
        """Check everything.

        Raises:
            DamagedSearchesError: Something is not as it was written.
        """
        self._storage.check(f"SELECT name FROM searches WHERE NOT ({_SOUND})")

    def add(self, search: SavedSearch) -> None:
        """Keep a search.

        Raises:
            SavedSearchError: The name is empty or taken.
        """
        if not search.name.strip():
            raise SavedSearchError("A saved search needs a name.", mend="Choose a word.")
        row = (
            storable(search.name),
            storable(search.query),
            json.dumps(codec.encode(search.filters)),
            search.near,
            search.created_at.isoformat(),
        )
        with self._storage.writing() as database:
            made = database.execute(
                "INSERT OR IGNORE INTO searches "
                "VALUES (?1, ?2, ?3, ?4, ?5, NULL, seal(?1, ?2, ?3, ?4, ?5), seal(?1, NULL, NULL))",
                row,
            ).rowcount
        if not made:
            raise SavedSearchError(
                f"There is a saved search called {search.name} already.",
                mend=f"Choose another name, or first: readouts watch remove {search.name}",
            )

    def all(self, names: Sequence[str] = ()) -> tuple[SavedSearch, ...]:
        """All of them by name, or those with these names in the given order.

        Raises:
            SavedSearchError: There is none of a name.
        """
        with self._storage.reading() as database:
            refuse_missing(database, "searches")
            rows = database.execute(
                f"SELECT {SEALED}, run_at, {_SOUND} FROM searches NOT INDEXED ORDER BY name"
            ).fetchall()
        self._refuse(str(row[0]) for row in rows if not row[-1])
        found = {row[0]: search_of(*row[:-1]) for row in rows}
        _known(names, found)
        return tuple(found[name] for name in names or found)

    def remove(self, names: Sequence[str]) -> None:
        """Forget searches and what they reported, all or none.

        Raises:
            SavedSearchError: There is none of a name.
        """
        with self._storage.writing() as database:
            refuse_missing(database, "searches")
            _known(names, {row[0] for row in database.execute("SELECT name FROM searches")})
            database.executemany("DELETE FROM searches WHERE name = ?", [(name,) for name in names])

    def reported(self, name: str) -> frozenset[str]:
        """Marks of the readouts that a search has reported."""
        with self._storage.reading() as database:
            return frozenset(row[0] for row in database.execute("SELECT mark FROM reported WHERE name = ?", (name,)))

    def report(self, name: str, marks: Iterable[str], at: dt.datetime) -> None:
        """Record that readouts with these marks were reported, in one step; does nothing if the search is gone."""
        with self._storage.writing() as database:
            self._refuse(
                str(row[0])
                for row in database.execute(
                    f"SELECT name FROM searches NOT INDEXED WHERE name = ? AND NOT ({_SOUND})", (name,)
                )
            )
            update, this = "UPDATE searches NOT INDEXED SET", "WHERE name = ?"
            if database.execute(f"{update} run_at = ? {this}", (at.isoformat(), name)).rowcount:
                database.executemany("INSERT OR IGNORE INTO reported VALUES (?, ?)", [(name, mark) for mark in marks])
                database.execute(f"{update} told = seal({SEALED_TOLD}) {this}", (name,))

    def _refuse(self, names: Iterable[str]) -> None:
        if torn := list(names):
            raise self._storage.damage(f"Saved searches are damaged and not as they were written: {', '.join(torn)}.")


def search_of(name: str, query: str, filters: str, near: int, created_at: str, run_at: str | None) -> SavedSearch:
    """A search from its row."""
    return SavedSearch(
        name=name,
        query=query,
        filters=codec.decode(Filters, json.loads(filters)),
        near=bool(near),
        created_at=dt.datetime.fromisoformat(created_at),
        run_at=dt.datetime.fromisoformat(run_at) if run_at else None,
    )


def _known(names: Sequence[str], there: Iterable[str]) -> None:
    known = list(there)
    for name in names:
        if name not in known:
            raise SavedSearchError(
                f"There is no saved search called {name}.", mend="See them with: readouts watch list"
            )
