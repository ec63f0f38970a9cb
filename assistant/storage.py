"""What the program keeps for one user: a SQLite file for each concern, opened when first needed, safe from any thread."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from assistant.errors import ReadoutsError
from index import private
from index.database import is_damage
from index.older import clear_unfinished, keep_copy, write_copy
from index.seals import seal

#: 2: turns and saved searches have seals (``index.seals``). 3: so have conversations, with how many turns they have, and what
#: saved searches have reported. 4: so have the tables themselves. 5: so has what was said in turns, which is no full text.
VERSION = 5
#: The version from which on tables are sealed.
_SEALED = 4
#: Seconds that one waits for another's transaction.
PATIENCE = 10.0
_HOW: dict[str, Any] = {"timeout": PATIENCE, "isolation_level": None, "check_same_thread": False}

#: Bytes of the smallest database; SQLite takes a file of one byte for one that nothing is in yet.
_LEAST = 512


class Storage:
    """One such file.

    Args:
        folder: Where it is; None keeps everything in memory, for as long as this object lives.
        name: Of the file.
        tables: The statements that make its tables.
        migrations: Version reached → those that lead there from the version before.
        holds: What it holds, for error messages ("conversations").
        error: Class of its errors.
        damaged: Class of the error that says that the file is not as it was written.
        functions: Functions of one argument that its statements use, by name.
    """

    def __init__(
        self,
        folder: Path | None,
        name: str,
        tables: str,
        migrations: Mapping[int, str],
        *,
        holds: str,
        error: type[ReadoutsError],
        damaged: type[ReadoutsError],
        functions: Mapping[str, Callable[[Any], Any]] | None = None,
    ) -> None:
        self.folder = folder
        self._path = None if folder is None else folder / name
        self._migrations = migrations
        self._tables, self._holds, self._error, self._functions = tables, holds, error, functions or {}
        self._damaged = damaged
        self._lock = threading.RLock()
        self._open: sqlite3.Connection | None = None
        #: The file that is open, by its place on the disk.
        self._place: tuple[int, int] | None = None
        #: Whether what killed processes left beside the file was removed.
        self._swept = False

    def close(self) -> None:
        """Close the file; a later call opens it again."""
        with self._lock:
            if self._open is not None:
                self._open.close()
                self._open = None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The open file, for one statement; reading creates no file, and if there is none, nothing is found.

        Raises:
            The class of its errors: It cannot be opened or read.
        """
        with self._using(make=False) as database:
            yield database

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The open file in a transaction: everything inside is done, or nothing.

        Raises:
            The class of its errors: It cannot be created, opened or written.
        """
        with self._using(make=True) as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
            except BaseException:
                # A full disk makes SQLite undo by itself, and a second undoing would hide the reason.
                if database.in_transaction:
                    database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")

    @contextmanager
    def _using(self, *, make: bool) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                place = self._placed()
                if self._open is not None and place != self._place and not self._open.in_transaction:
                    # Another file was put there, as by a restore: what is kept from now on belongs to that.
                    self.close()
                if self._open is None:
                    self._open, self._place = self._connect(make), place or self._placed()
                if make and self._path is not None and not self._swept:
                    # Also where it was opened to be read.
                    private.clear_beside(self._path)
                    clear_unfinished(self._path)
                    self._swept = True
                yield self._open or self._as_it_lies()
            except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
                if is_damage(error) or self._is_said_to_be_read_only(error):
                    raise self.damage(f"The {self._holds} in {self._path} are damaged: {error}.") from error
                raise self._error(
                    f"The {self._holds} in {self._path or 'memory'} cannot be used: {error}.",
                    mend="Check the folder and the space on its disk; READOUTS_HISTORY names another folder.",
                ) from error

    def _begin_to_write(self, database: sqlite3.Connection) -> None:
        """See whether the file could be written; what is begun is undone."""
        try:
            database.execute("BEGIN IMMEDIATE")
            try:
                database.execute(f"PRAGMA user_version = {VERSION}")
            finally:
                database.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            # It is no damage that somebody else writes, or that the place may only be read.
            if self._is_said_to_be_read_only(error):
                raise

    def _is_said_to_be_read_only(self, error: Exception) -> bool:
        """Whether SQLite takes a file that may be written for one that may only be read, as a byte of its head can say."""
        if self._open is None or self._path is None or getattr(error, "sqlite_errorname", "") != "SQLITE_READONLY":
            return False
        return all(os.access(place, os.W_OK) for place in (self._path, self._path.parent))

    def _placed(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat() if self._path is not None else None
        except OSError:
            return None
        return (found.st_dev, found.st_ino) if found else None

    def check(self, *statements: str) -> None:
        """Check the whole file.

        Args:
            statements: Each finds names of what is not as it was written.

        Raises:
            The class of errors that say it is damaged.
        """
        with self.reading() as database:
            faults = [str(row[0]) for row in database.execute("PRAGMA integrity_check(1)")]
            torn = [str(row[0]) for statement in statements for row in database.execute(f"{statement} LIMIT 1")]
            self._begin_to_write(database)
        if torn:
            faults = [f"{torn[0]} is not as it was written"]
        if faults != ["ok"]:
            raise self.damage(f"The {self._holds} in {self._path} are damaged: {faults[0]}.")

    def damage(self, message: str) -> ReadoutsError:
        """The error that says that the file is not as it was written, and what to do about it."""
        return self._damaged(message, mend="Save what can be saved with: readouts doctor --repair")

    def copy_to(self, path: Path) -> None:
        """Write a copy of the whole file, of one moment, into a new one."""
        with self.reading() as database:
            write_copy(database, path)

    def _connect(self, make: bool) -> sqlite3.Connection | None:
        """The file opened; None where there is nothing yet, or nothing can be written, and it is only to be read."""
        if self._path is None:
            return self._filled(sqlite3.connect(":memory:", **_HOW))
        if self._path.is_dir():
            raise sqlite3.DatabaseError("there is a folder in its place, and not a database")
        if self._path.exists():
            if self._path.stat().st_size < _LEAST:
                raise sqlite3.DatabaseError("the file is cut and malformed")
        elif make:
            private.make_folder(self._path.parent)
            self._make(self._path)
        else:
            return None
        private.narrow(private.database_files(self._path))
        database = sqlite3.connect(self._path, **_HOW)
        try:
            version = self._version(database)
        except sqlite3.OperationalError:
            # The journal needs a file beside this one, which a full disk refuses.
            database.close()
            journal = self._path.with_name(f"{self._path.name}-wal")
            if make or (journal.is_file() and journal.stat().st_size):
                raise
            return None
        if make:
            _write_ahead(database)
        elif not version:
            database.close()
            return None
        return self._filled(database, version)

    def _make(self, path: Path) -> None:
        """Make the file with its tables, whole or not at all: so one that is empty is known to be damaged."""
        with private.beside(path) as beside:
            beside.mkdir(mode=0o700)
            private.make_database(beside / path.name)
            with closing(sqlite3.connect(beside / path.name, isolation_level=None)) as database:
                _change_tables(database, self._tables)
            # Another process may be quicker.
            with suppress(FileExistsError):
                private.place(beside / path.name, path)

    def _version(self, database: sqlite3.Connection) -> int:
        # All of it of one moment: another process may be bringing the tables up to date.
        database.execute("BEGIN")
        version, sealed = (int(database.execute(f"PRAGMA {name}").fetchone()[0]) for name in _HEAD)
        # No version has tables and no number.
        has_tables = bool(database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
        expected = seal_of_tables(database) if sealed or version >= _SEALED or (has_tables and not version) else 0
        database.execute("COMMIT")
        if sealed != expected:
            raise sqlite3.DatabaseError("its tables are malformed")
        if version > VERSION:
            raise self._error(
                f"The {self._holds} were written by a newer version of readouts.", mend="Update the program."
            )
        return version

    def _as_it_lies(self) -> sqlite3.Connection:
        """What there is, to be read once without writing anything: the file, or where there is none, nothing."""
        if self._path is not None and self._path.is_file() and self._path.stat().st_size:
            database = sqlite3.connect(f"{self._path.absolute().as_uri()}?immutable=1", uri=True, **_HOW)
            version = self._version(database)
            if version:
                return self._filled(database, version)
        return self._filled(sqlite3.connect(":memory:", **_HOW))

    def _filled(self, database: sqlite3.Connection, version: int = 0) -> sqlite3.Connection:
        """A connection with functions and tables."""
        database.create_function("seal", -1, seal, deterministic=True)
        for name, function in self._functions.items():
            database.create_function(name, 1, function, deterministic=True)
        database.execute("PRAGMA foreign_keys = ON")
        # Tables that go with the connection are of what is its user's own, and nobody else's on the disk.
        database.execute("PRAGMA temp_store = MEMORY")
        # An answer that was given outlasts a loss of power.
        database.execute("PRAGMA synchronous = FULL")
        if version < VERSION:
            self._bring_up_to_date(database, version)
        return database

    def _bring_up_to_date(self, database: sqlite3.Connection, version: int) -> None:
        if version and self._path is not None:
            keep_copy(database, self._path, version)
        later = range(version + 1, VERSION + 1)
        steps = "".join(self._migrations[reached] for reached in later) if version else self._tables
        try:
            _change_tables(database, steps)
        except sqlite3.OperationalError:
            # Another process may have done it meanwhile.
            if database.in_transaction:
                database.execute("ROLLBACK")
            if database.execute("PRAGMA user_version").fetchone()[0] != VERSION:
                raise


def refuse_missing(database: sqlite3.Connection, table: str) -> None:
    """Refuse a table that has more or fewer rows than its primary key lists, as after damage of a page that holds either.

    Raises:
        sqlite3.DatabaseError: It is damaged.
    """
    rows = f"SELECT count(*) FROM {table} NOT INDEXED"
    listed = f"SELECT count(*) FROM {table} INDEXED BY sqlite_autoindex_{table}_1"
    if database.execute(f"SELECT ({rows}) != ({listed})").fetchone()[0]:
        raise sqlite3.DatabaseError(f"rows of {table} are missing: the file is malformed")


#: Where SQLite keeps the version of the tables, and a number of the program's own: their seal.
_HEAD = ("user_version", "application_id")


def _change_tables(database: sqlite3.Connection, statements: str) -> None:
    """Make tables, or bring them up to date, in one transaction, with version and seal."""
    database.executescript(f"BEGIN IMMEDIATE; {statements} PRAGMA user_version = {VERSION};")
    database.execute(f"PRAGMA application_id = {seal_of_tables(database)}")
    database.execute("COMMIT")


def seal_of_tables(database: sqlite3.Connection) -> int:
    """Seal of the tables and of their version, a positive number of 31 bits."""
    version = database.execute("PRAGMA user_version").fetchone()[0]
    tables = database.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY rowid").fetchall()
    return seal(version, *(value for row in tables for value in row)) % 0x7FFFFFFF + 1


def _write_ahead(database: sqlite3.Connection) -> None:
    """Let readers and writers not wait for each other; the file keeps this setting.

    The change needs the file to itself, and here SQLite does not wait for others.
    """
    until = time.monotonic() + PATIENCE
    while True:
        try:
            database.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > until:
                raise
        time.sleep(0.01)
