"""Names that complete what somebody has begun to type; read from the database only, so that a shell need not wait."""

from __future__ import annotations

from pathlib import Path

from index.database import Database
from index.textforms import fold

#: No shell shows more in a useful way.
AT_MOST = 200
_LAST = "\U0010ffff"


def doc_ids(folder: Path, start: str) -> list[tuple[str, str]]:
    """Ids of readouts with their titles, by id.

    Raises:
        NoIndexError, CatalogueError: As ``Database``.
    """
    statement = "SELECT doc_id, title FROM documents WHERE doc_id >= ? AND doc_id < ? ORDER BY doc_id LIMIT ?"
    return [(doc_id, title) for doc_id, title in _asked(folder, statement, (start, start + _LAST, AT_MOST))]


def issuers(folder: Path, start: str) -> list[str]:
    """Issuers by name, whatever the case and accents of what was typed."""
    return _beginning(_asked(folder, "SELECT DISTINCT issuer FROM documents", ()), start)


def parties(folder: Path, start: str) -> list[str]:
    """Countries, bodies and people who took part, the same way."""
    statement = "SELECT DISTINCT country FROM parties UNION SELECT DISTINCT name FROM parties"
    return _beginning(_asked(folder, statement, ()), start)


def _beginning(rows: list[tuple[str, ...]], start: str) -> list[str]:
    wanted = fold(start)
    return sorted(name for (name,) in rows if name and fold(name).startswith(wanted))[:AT_MOST]


def _asked(folder: Path, statement: str, values: tuple[object, ...]) -> list[tuple[str, ...]]:
    database = Database(folder)
    try:
        return database.run(statement, values)
    finally:
        database.close()
