"""A database of an older format: a copy of it is kept before it is changed."""

from __future__ import annotations

import contextlib
import sqlite3
import warnings
from pathlib import Path

from index import private
from index.errors import OlderFormatWarning


def keep_copy(connection: sqlite3.Connection, path: Path, version: int) -> Path:
    """Keep a whole copy of a database beside it before its tables change, the last such copy alone, and say so.

    Args:
        connection: To the database, no transaction begun.
        path: Its file.
        version: Of its tables.

    Returns:
        The copy's file: ``catalogue-8.sqlite`` for a catalogue of version 8.

    Raises:
        OSError, sqlite3.Error: The copy cannot be written; nothing has changed then.
    """
    copy = path.with_name(f"{path.stem}-{version}{path.suffix}")
    beside = copy.with_name(f".{copy.name}.part")
    try:
        beside.unlink(missing_ok=True)
        private.make_database(beside)
        with contextlib.closing(sqlite3.connect(beside)) as target:
            connection.backup(target)
        beside.replace(copy)
        private.settle(copy.parent)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
    for other in copies_of(path):
        if other != copy:
            with contextlib.suppress(OSError):
                other.unlink()
    warnings.warn(f"{path} was of an older format; as it was before, it is kept in {copy}.", OlderFormatWarning, 2)
    return copy


def copies_of(path: Path) -> list[Path]:
    """The copies that are kept of a database."""
    return [
        found for found in path.parent.glob(f"{path.stem}-*{path.suffix}") if found.stem[len(path.stem) + 1 :].isdigit()
    ]
