"""One writer at a time: the lock that keeps others out of an index."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from index import older, private
from index.database import FILE_NAME, translate
from index.errors import BusyError
from index.files import LOCK

#: What folders beside an index are made for.
BESIDE = ("salvage", "restore")


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder of an index, created if there is none, with all other writers kept out.

    Raises:
        BusyError: Another process is writing to it.
        CatalogueError: The folder cannot be written to.
    """
    with translate(folder / "lock"):
        private.make_folder(folder)
        lock = FileLock(folder / LOCK, timeout=0, mode=0o600)
        try:
            lock.acquire()
        except Timeout:
            raise BusyError(
                f"Another process is writing to the index {folder}.",
                mend="Wait until it is done, then try again.",
            ) from None
    try:
        # What is put beside an index to take its place is there while somebody has the lock.
        for kind in BESIDE:
            for left in folder.glob(f".{kind}-{'[0-9a-f]' * 16}"):
                shutil.rmtree(left, ignore_errors=True)
        older.clear_unfinished(folder / FILE_NAME)
        yield
    finally:
        lock.release()


def beside(folder: Path, kind: str) -> Path:
    """A name for the folder of another index that whoever has the lock will create to replace this one.

    Args:
        folder: Folder of the index.
        kind: One of ``BESIDE``.
    """
    return folder / f".{kind}-{secrets.token_hex(8)}"
