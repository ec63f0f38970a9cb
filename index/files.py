"""Which files an index is made of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from index import checksums, older, private
from index.database import FILE_NAME
from index.readers.origins import FETCHED
from index.vectors.store import SUFFIXES

#: Locked by whoever writes to an index.
LOCK = ".lock"


def files_of(folder: Path) -> Iterator[Path]:
    """The files of an index and the folders of fetched pages; anything else in its folder belongs to somebody else.

    Some of them may not exist.
    """
    yield from private.database_files(folder / FILE_NAME)
    yield folder / (FILE_NAME + checksums.SUFFIX)
    yield from older.copies_of(folder / FILE_NAME)
    yield folder / LOCK
    yield folder / FETCHED
    yield from (folder / FETCHED).rglob("*")
    yield from (path for path in folder.glob("*") if path.suffix in SUFFIXES)
