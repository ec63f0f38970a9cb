"""One writer at a time: the lock that keeps others out of an index."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from index import private
from index.database import translate
from index.errors import BusyError
from index.files import LOCK


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """The folder of an index, made where there is none, with all other writers kept out.

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
        yield
    finally:
        lock.release()
