"""What the program keeps for one person: a SQLite file a concern, opened when first needed, safe from any thread."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.errors import ReadoutsError
from index import private

_VERSION = 1


class Storage:
    """One such file.

    Args:
        folder: Where it is; None keeps everything in memory, for as long as this object lives.
        name: Of the file.
        tables: The statements that make its tables.
        holds: What it holds, for errors ("conversations").
        error: Class of its errors.
        functions: Functions of one argument that its statements use, by name.
    """

    def __init__(
        self,
        folder: Path | None,
        name: str,
        tables: str,
        *,
        holds: str,
        error: type[ReadoutsError],
        functions: Mapping[str, Callable[[Any], Any]] | None = None,
    ) -> None:
        self.folder = folder
        self._path = None if folder is None else folder / name
        self._tables, self._holds, self._error, self._functions = tables, holds, error, functions or {}
        self._lock = threading.RLock()
        self._open: sqlite3.Connection | None = None

    def close(self) -> None:
        """Close the file; a later call opens it again."""
        with self._lock:
            if self._open is not None:
                self._open.close()
                self._open = None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The open file, for one statement.

        Raises:
            The class of its errors: It cannot be opened, read or written.
        """
        with self._lock:
            try:
                if self._open is None:
                    self._open = self._connect()
                yield self._open
            except (sqlite3.Error, OSError) as error:
                raise self._error(
                    f"The {self._holds} in {self._path or 'memory'} cannot be used: {error}.",
                    mend="Check the folder and the space on its disk; READOUTS_HISTORY names another folder.",
                ) from error

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The same in a transaction: what is done inside is there as a whole, or not at all."""
        with self.reading() as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
            except BaseException:
                # A full disk makes SQLite undo by itself, and a second undoing would hide the reason.
                if database.in_transaction:
                    database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")

    def _connect(self) -> sqlite3.Connection:
        if self._path is None:
            database = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        else:
            private.make_folder(self._path.parent)
            private.make_database(self._path)
            database = sqlite3.connect(self._path, timeout=10, isolation_level=None, check_same_thread=False)
            database.execute("PRAGMA journal_mode = WAL")
        for name, function in self._functions.items():
            database.create_function(name, 1, function, deterministic=True)
        database.execute("PRAGMA foreign_keys = ON")
        version = database.execute("PRAGMA user_version").fetchone()[0]
        if version > _VERSION:
            raise self._error(
                f"The {self._holds} were written by a newer version of readouts.", mend="Update the program."
            )
        if version < _VERSION:
            database.executescript(f"BEGIN IMMEDIATE; {self._tables} PRAGMA user_version = {_VERSION}; COMMIT;")
        return database
