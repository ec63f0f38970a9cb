"""The connection to an index's database: opened to read or to write, with transactions and errors that say what to do.

One writer at a time, any number of readers: the journal is write-ahead, a reader sees the last commit until it asks again.
"""

from __future__ import annotations

import functools
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from index import checksums, private, schema
from index.errors import CatalogueError, DamagedError, NoIndexError, ReadoutsError
from index.older import keep_copy, write_copy
from index.pending import Pending
from index.seals import seal
from index.textforms import fold

P = ParamSpec("P")
T = TypeVar("T")
D = TypeVar("D", bound="Database")

FILE_NAME = "catalogue.sqlite"
#: Seconds that a reader waits for a writer's commit.
PATIENCE = 10.0


def of_one_moment(read: Callable[Concatenate[D, P], T]) -> Callable[Concatenate[D, P], T]:
    """Wrap a method that reads with several statements in a snapshot, as another process may write between them."""

    @functools.wraps(read)
    def reading(self: D, /, *values: P.args, **named: P.kwargs) -> T:
        with self.snapshot():
            return read(self, *values, **named)

    return reading


class Database:
    """One connection to the database of an index; every method may be called from any thread.

    Args:
        folder: Folder of the index.
        write: Create the catalogue if there is none, and allow changes.

    Raises:
        NoIndexError: There is nothing to read.
        MismatchError: It was written by a newer version of the program.
        DamagedError: It is not as the last writer left it. If it is opened for reading, the first read may raise this: the file
            is verified in the background.
        CatalogueError: It cannot be opened.
    """

    def __init__(self, folder: Path, *, write: bool = False) -> None:
        self.folder = folder
        self.path = folder / FILE_NAME
        self._lock = threading.RLock()
        #: What describes the index, while a snapshot lasts.
        self._described: dict[str, str] | None = None
        self._writes = write
        if not write and not self.path.is_file():
            raise NoIndexError(folder)
        with translate(self.path):
            if write:
                private.make_folder(folder)
                private.make_database(self.path)
            self._whole = False
            #: Whether the file is read as it lies, so that SQLite itself does not see what others write.
            self._as_it_lies = False
            self._seen = self._look_at()
            self._held = checksums.Held(self.path)
            weakref.finalize(self, self._held.close)
            self._verified: Pending[bool] | None = Pending(lambda: checksums.verify(self._held))
            try:
                if write:
                    self._vouch()
                    checksums.forget(self.path)
                self._database = self._open(write)
            except BaseException:
                self.give_up()
                raise

    def _open(self, write: bool) -> sqlite3.Connection:
        if write:
            connection = self._connect(f"{self.path.as_uri()}?mode=rwc")
            connection.execute("PRAGMA journal_mode = WAL")
            # A commit outlasts a loss of power: the files of vectors that only the state before names are swept after it.
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            version = schema.version_of(connection)
            if 0 < version < schema.SCHEMA_VERSION:
                keep_copy(connection, self.path, version)
            schema.prepare(connection)
            return connection
        try:
            connection, version = self._look("mode=ro")
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise
            # A write-ahead journal needs a file beside the catalogue, which a read-only folder refuses; where nothing can
            # be written, nothing changes either, and the file can be read as it lies.
            journal = self.path.with_name(f"{FILE_NAME}-wal")
            if journal.is_file() and journal.stat().st_size:
                raise CatalogueError(
                    f"The catalogue {self.path} cannot be read where it lies: its last changes are in a journal beside it.",
                    mend=f"Copy {self.folder} to a place that you may write to, and name it with --index DIR.",
                ) from None
            connection, version = self._look("immutable=1")
            self._as_it_lies = True
        schema.stand_in(connection, version)
        return connection

    def is_current(self) -> bool:
        """Whether the opened file is still the one in its place and, if it is read without locks, unchanged since."""
        try:
            return self._look_at(written=self._as_it_lies) == self._seen[: None if self._as_it_lies else 2]
        except OSError:
            return False

    def _look_at(self, *, written: bool = True) -> tuple[int, ...]:
        """What identifies the file, and with ``written`` also its state."""
        found = self.path.stat()
        place = found.st_dev, found.st_ino
        if not written:
            return place
        journal = self.path.with_name(f"{FILE_NAME}-wal")
        waiting = journal.stat().st_size if journal.is_file() else 0
        return *place, found.st_size, found.st_mtime_ns, found.st_ctime_ns, waiting

    def _look(self, how: str) -> tuple[sqlite3.Connection, int]:
        """A connection for reading, and the version of the tables."""
        connection = self._connect(f"{self.path.as_uri()}?{how}")
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if not version and not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            connection.close()
            if any(self.folder.glob("*.vectors")):
                raise DamagedError(
                    f"The catalogue {self.path} is damaged: it is empty.", mend=checksums.mend(self.folder)
                )
            # The run that was to make it was stopped before it made the tables.
            raise NoIndexError(self.folder)
        connection.execute("SELECT 1 FROM meta LIMIT 1").fetchone()
        return connection, version

    @staticmethod
    def _connect(uri: str) -> sqlite3.Connection:
        connection = sqlite3.connect(uri, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        connection.create_function("fold", 1, fold, deterministic=True)
        connection.create_function("seal", -1, seal, deterministic=True)
        return connection

    @property
    def _connection(self) -> sqlite3.Connection:
        """The connection, once the file is verified; within a snapshot it is verified when the snapshot ends."""
        if self._verified is not None and self._described is None:
            self._vouch()
        return self._database

    def _vouch(self) -> None:
        """Wait until the file is verified."""
        if self._verified is not None:
            self._whole = self._verified.result()
            self._verified = None

    @property
    def whole(self) -> bool:
        """Whether the whole file was compared with a checksum; a large one often is not, nor is one that is being written."""
        self._vouch()
        return self._whole

    def compare(self) -> bool:
        """Compare the whole file with its checksum, however large it is; returns whether there was one.

        Raises:
            DamagedError: It is not as it was written.
        """
        self._vouch()
        with translate(self.path):
            return checksums.verify(self._held, whole=True)

    def give_up(self) -> None:
        """Release a file that could not be opened; raises if the reason is that it is damaged, whatever error came first."""
        try:
            self._vouch()
        finally:
            self._held.close()

    def close(self) -> None:
        """Close the connection; a second call does nothing."""
        with self._lock:
            with suppress(DamagedError):
                self._vouch()
            over = self._writes and self._checkpoint()
            documents = self._documents() if self._writes else 0
            self._database.close()
            if self._writes:
                self._writes = False
                checksums.keep(self._held, documents=documents, journal_is_over=over)
            self._held.close()

    def _documents(self) -> int:
        with suppress(sqlite3.Error):
            found = self._database.execute("SELECT value FROM meta WHERE key = 'counts'").fetchone()
            return int(found[0].split()[0]) if found else 0
        return 0

    def copy_to(self, path: Path) -> None:
        """Write a consistent copy of the whole catalogue to a new file; others may read and write meanwhile."""
        with self._lock, translate(self.path):
            write_copy(self._connection, path)

    def _checkpoint(self) -> bool:
        """Bring the journal into the file as far as readers allow now; returns whether all of it is."""
        with suppress(sqlite3.Error):
            _, frames, done = self._database.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            return bool(frames == done)
        return False

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all the changes inside, or none of them."""
        with self._lock, translate(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                # A full disk makes SQLite undo by itself, and a second undoing would hide the reason.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read everything inside at a single moment: that of the outer snapshot or transaction, if there is one."""
        with self._lock, translate(self.path):
            if self._described is not None or self._database.in_transaction:
                yield
                return
            self._database.execute("BEGIN")
            try:
                # A question asks for some of them thirty times.
                self._described = dict(self._database.execute("SELECT key, value FROM meta"))
                yield
            except (LookupError, ValueError, TypeError, ArithmeticError, AttributeError) as error:
                # Of a large catalogue that was not compared this may be how damage shows; then that is what is told.
                if not isinstance(error, ReadoutsError):
                    checksums.verify(self._held, whole=True)
                raise
            finally:
                self._described = None
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                self._vouch()
                if self._as_it_lies and not self.is_current():
                    raise CatalogueError(
                        f"The catalogue {self.path} was changed while it was read where it lies.", mend="Ask again."
                    )

    def run(self, statement: str, values: Sequence[object] = ()) -> list[Any]:
        """Run one statement and fetch all its rows."""
        with self._lock, translate(self.path):
            return self._connection.execute(statement, values).fetchall()

    def run_many(self, statement: str, values: Iterable[Sequence[object]]) -> None:
        """Run one statement with each of many values; within a transaction."""
        with self._lock, translate(self.path):
            self._connection.executemany(statement, values)

    def meta(self, key: str) -> str | None:
        """A value that describes the index, or None."""
        with self._lock:
            if self._described is not None:
                return self._described.get(key)
            found = self.run("SELECT value FROM meta WHERE key = ?", (key,))
            return str(found[0][0]) if found else None

    def set_meta(self, key: str, value: str) -> None:
        """Set a value that describes the index; within a transaction."""
        self.run("INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (key, value))


@contextmanager
def translate(path: Path) -> Iterator[None]:
    """Turn errors of SQLite and the file system into a ``CatalogueError`` that says what to do."""
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError) as error:
        reason = "a name in it is no text" if isinstance(error, UnicodeDecodeError) else str(error)
        if is_damage(error):
            raise DamagedError(
                f"The catalogue {path} is damaged: {reason}.", mend=checksums.mend(path.parent)
            ) from error
        raise CatalogueError(f"The catalogue {path} cannot be used: {reason}.", mend=_mend(reason)) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise CatalogueError(f"The index folder {path.parent} cannot be used: {reason}.", mend=_mend(reason)) from error


#: What SQLite says of a file that is not as it was written; the last, where a text is none any more that ours could read.
_DAMAGED = (
    "malformed",
    "not a database",
    "unsupported file format",
    "string or blob too big",
    "no such table",
    "no such column",
    "could not decode",
    "corrupt",
    "user-defined function",
    "vtable constructor failed",
    "invalid fts5 file",
)


def is_damage(error: Exception) -> bool:
    """Whether SQLite says that a file is not as it was written."""
    if isinstance(error, UnicodeDecodeError):
        # What it says holds names of the file's, which are no text any more.
        return True
    return isinstance(error, sqlite3.Error) and any(words in str(error).lower() for words in _DAMAGED)


#: What systems say of a place that cannot hold an index.
_NO_FOLDER = (
    "readonly", "read-only", "unable to open", "permission", "not permitted", "not a directory", "file exists",
    "no such file",
)  # fmt: skip


def _mend(reason: str) -> str:
    reason = reason.lower()
    if "i/o error" in reason or "input/output" in reason:
        # A commit that could not be synchronised may be on the disk all the same, and is then found whole.
        return (
            "Check that disk and the space on it, then run the same command again; "
            "the index is as it was before, or as it was to be."
        )
    if "full" in reason or "no space" in reason or "too large" in reason:
        return "Free some space on that disk and run the same command again; the index is as it was before."
    if any(words in reason for words in _NO_FOLDER):
        return "Choose a folder that you may write to with --index DIR."
    if "locked" in reason:
        return "Another program is writing to it; try again in a moment."
    return "Run: readouts doctor"
