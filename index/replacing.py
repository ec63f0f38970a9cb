"""A database put in place of another, which is kept: whenever the process or the power ends, one of them is there, whole.

The old one gets a second name first, and then the new one takes its place, in one step. SQLite's journal is beside a database
and would be taken for that of the new one, so it is first brought into the old one, and moved away.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import secrets
import sqlite3
from pathlib import Path

from index import checksums, private
from index.database import FILE_NAME, PATIENCE
from index.errors import BusyError
from index.vectors.store import SUFFIXES

#: What is replaced is called by: it was damaged, or is whole and something else was wanted in its place.
DAMAGED, REPLACED = "damaged", "replaced"


def replace_index(folder: Path, beside: Path, why: str) -> Path | None:
    """Put an index in place of another: its vectors first, its catalogue last.

    Args:
        folder: Folder of the index; nobody may be writing to it.
        beside: Folder of the new one, on the same disk, all of it synchronised.
        why: ``DAMAGED`` or ``REPLACED``.

    Returns:
        The old catalogue; None if there was none.

    Raises:
        BusyError: Somebody reads the old one and does not let its journal be brought in.
        OSError: It cannot be done; the old one is in its place.
    """
    path = folder / FILE_NAME
    new = alone(beside / FILE_NAME)
    checksum = beside / (FILE_NAME + checksums.SUFFIX)
    for file in beside.iterdir():
        if file.suffix in SUFFIXES:
            file.rename(folder / file.name)
    kept = _kept(path, why)
    if why == DAMAGED and checksum.is_file():
        # It does not fit the damaged one either: that is not taken for whole at any moment.
        checksum.replace(folder / checksum.name)
    else:
        checksums.forget(path)
    private.settle(folder)
    new.replace(path)
    private.settle(folder)
    if checksum.is_file():
        checksum.replace(folder / checksum.name)
        private.settle(folder)
    return kept


def replace_database(path: Path, new: Path | None, why: str) -> Path | None:
    """Put a SQLite file, or nothing, in place of another.

    Args:
        path: The place.
        new: The new one, on the same disk, synchronised; None for none.
        why: ``DAMAGED`` or ``REPLACED``.

    Returns:
        The old one; None if there was none.

    Raises:
        BusyError: Somebody reads the old one and does not let its journal be brought in.
        OSError: It cannot be done; the old one is in its place.
    """
    whole = None if new is None else alone(new)
    kept = _kept(path, why)
    private.settle(path.parent)
    if whole is not None:
        whole.replace(path)
    else:
        path.unlink(missing_ok=True)
    private.settle(path.parent)
    return kept


def alone(new: Path) -> Path:
    """Check that all of a database is in its one file; whoever closed it may have silently failed to bring its journal in.

    Raises:
        OSError: A part of it is in its journal.
    """
    journal = new.with_name(f"{new.name}-wal")
    if journal.exists() and journal.stat().st_size:
        raise OSError(errno.EIO, "its journal could not be written into it", str(new))
    return new


def aside(path: Path, why: str) -> Path:
    """An unused name, with the time in it, for what is kept, in the same folder."""
    return path.with_name(f"{path.name}.{why}-{dt.datetime.now(dt.UTC):%Y-%m-%dT%H-%M-%S}-{secrets.token_hex(2)}")


def bring_in(path: Path, why: str) -> None:
    """Bring a database's journal into it, so that the file is complete by itself; a damaged one as far as possible.

    Raises:
        BusyError: Somebody reads it, and not only for a moment.
    """
    if not path.is_file():
        return
    busy = 0
    with (
        # What SQLite says may quote a name that is no text any more.
        contextlib.suppress(sqlite3.Error, UnicodeDecodeError),
        contextlib.closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as database,
    ):
        busy = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy and why == REPLACED:
        raise BusyError(f"Another process is reading {path}.", mend="Close the program that does, then try again.")


def _kept(path: Path, why: str) -> Path | None:
    """Keep a database under another name; it stays in its place as well, without its journal."""
    kept = aside(path, why)
    bring_in(path, why)
    there = path.exists()
    if there:
        try:
            kept.hardlink_to(path)
        except OSError:
            # A disk that knows no second names, or a folder in the place of a file.
            path.rename(kept)
    for file in private.database_files(path):
        if file != path:
            with contextlib.suppress(FileNotFoundError):
                file.rename(kept.with_name(kept.name + file.name.removeprefix(path.name)))
    return kept if there else None
