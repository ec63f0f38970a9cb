"""A database in an older format: a copy of it is kept before it is changed."""

from __future__ import annotations

import contextlib
import re
import sqlite3
import warnings
from collections.abc import Iterator
from pathlib import Path

from index import private
from index.errors import OlderFormatWarning


def keep_copy(connection: sqlite3.Connection, path: Path, version: int) -> Path:
    """Keep a whole copy of a database beside it before its tables change, removing older such copies, and say so.

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
    with private.beside(copy) as beside:
        write_copy(connection, beside)
        with contextlib.closing(sqlite3.connect(beside)) as written:
            if written.execute("PRAGMA user_version").fetchone()[0] != version:
                # Another process has brought it up to date meanwhile, and kept its copy.
                return copy
        beside.replace(copy)
        private.settle(copy.parent)
    for other in copies_of(path):
        if other != copy:
            with contextlib.suppress(OSError):
                other.unlink()
    warnings.warn(f"{path} was in an older format; a copy as it was before is kept in {copy}.", OlderFormatWarning, 2)
    return copy


def clear_unfinished(path: Path) -> None:
    """Remove copies of a database that killed processes did not finish: once it is up to date nobody writes that copy again."""
    name = re.compile(rf"\.({re.escape(path.stem)}-\d+{re.escape(path.suffix)})\.")
    for copy in {found[1] for left in path.parent.glob(f".{path.stem}-*") if (found := name.match(left.name))}:
        private.clear_beside(path.with_name(copy))


def write_copy(connection: sqlite3.Connection, path: Path) -> None:
    """Write a consistent copy of a whole database to a new file, with no journal beside it.

    Raises:
        OSError, sqlite3.Error: It cannot be written.
    """
    private.make_database(path)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as target:
        connection.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Say nothing about what is brought up to date inside, which is itself a copy."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OlderFormatWarning)
        yield


def copies_of(path: Path) -> list[Path]:
    """The copies that are kept of a database."""
    return [
        found for found in path.parent.glob(f"{path.stem}-*{path.suffix}") if found.stem[len(path.stem) + 1 :].isdigit()
    ]
