"""Vectors in the folder of an index: segments, and a page that says which of them belong to a state of the catalogue.

Files are written under names that nothing refers to yet, the page last, and have reached the disk before the catalogue names
the page in the transaction that it belongs to. A run that ends at any moment, by a kill or a loss of power, thus leaves the old
state, whole, or the new one; what nothing refers to is swept away by the next run.
"""

from __future__ import annotations

import base64
import errno
import json
import secrets
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from index import private
from index.errors import CatalogueError
from index.protocols import Ids
from index.vectors.rows import Batch, Mask, damaged
from index.vectors.segmented import (
    MOSTLY,
    Checks,
    Segment,
    SegmentedIndex,
    joined,
    kept,
    open_segment,
    opened_again,
    write_segment,
)

TABLES = ("passages", "sentences")
#: Batches of the rows of a table that are to be added, in order of id, and how many rows there are.
Fresh = Callable[[str], tuple[int, Iterable[Batch]]]
Entry = dict[str, Any]
PAGE = ".vectors"
#: What systems say of a disk that is full.
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
#: Endings of the files of vectors.
SUFFIXES = (".rows", ".lists", PAGE, ".faiss")


class Named(NamedTuple):
    """A segment with the name of its files, and what verifies them."""

    name: str
    segment: Segment
    checks: Checks | None


def read_vectors(
    folder: Path, name: str, dimension: int, before: Mapping[str, SegmentedIndex] | None = None
) -> dict[str, SegmentedIndex]:
    """The vectors of ``TABLES`` that a page names.

    Args:
        folder: Folder of the index.
        name: The page.
        dimension: Length of a vector.
        before: What was opened for a page before: of its files those that stay are not read again, and not held twice.

    Raises:
        CatalogueError: The page or a file that it names is missing, damaged, or of another length of vectors.
    """
    opened = [segment for index in (before or {}).values() for segment in index.segments]
    found = _read(folder, name, dimension, {one.rows.path: one for one in opened if one.rows.path})
    return {table: SegmentedIndex(dimension, (one.segment for one in found[table])) for table in TABLES}


def are_verified(folder: Path, name: str) -> bool:
    """Whether all that a page names is verified when it is opened and read, as it is by a page that this version wrote."""
    page = _unsealed((folder / name).read_bytes())
    return all(entry.get("checks") for table in TABLES for entry in page[table])


def change_vectors(folder: Path, name: str | None, dimension: int, *, gone: Sequence[int], fresh: Fresh) -> str:
    """Write the vectors of the next state beside those of the present one.

    Args:
        folder: Folder of the index.
        name: Page of the present state; None to begin with nothing.
        dimension: Length of a vector.
        gone: Rows of the documents that go.
        fresh: What comes.

    Returns:
        The name of the new page.

    Raises:
        CatalogueError: The present state cannot be read, or the disk is full.
    """
    present: dict[str, list[Named]] = _read(folder, name, dimension) if name else {table: [] for table in TABLES}
    owners = np.unique(np.asarray(gone, dtype=np.int64))
    page: dict[str, Any] = {"dimension": dimension}
    token = secrets.token_hex(8)
    with _written_whole(folder, token):
        for table in TABLES:
            owners = _mark(present[table], owners)
            page[table] = _entries(folder / f"{table}-{token}", present[table], fresh(table), dimension)
        path = folder / f"{token}{PAGE}"
        private.write(path, _sealed(json.dumps(page)).encode())
        private.settle(folder)
    return path.name


def sweep(folder: Path, name: str) -> None:
    """Remove the files of vectors that a page does not name; one that cannot go now, goes the next time."""
    page = _unsealed((folder / name).read_bytes())
    stems = {entry["name"] for table in TABLES for entry in page[table]} | {Path(name).stem}
    # Pages first: by them a reader sees that its moment is over.
    for path in sorted(folder.iterdir(), key=lambda path: path.suffix != PAGE):
        if path.suffix in SUFFIXES and path.stem not in stems:
            with suppress(OSError):
                path.unlink()


def _read(
    folder: Path, name: str, dimension: int, opened: Mapping[Path, Segment] | None = None
) -> dict[str, list[Named]]:
    try:
        page = _unsealed((folder / name).read_bytes())
        if page["dimension"] != dimension:
            raise ValueError("another length of vectors")
        return {table: [_open(folder, entry, dimension, opened or {}) for entry in page[table]] for table in TABLES}
    except (OSError, ValueError, KeyError, TypeError, zlib.error) as error:
        raise damaged(folder / name, "they cannot be read") from error


def _open(folder: Path, entry: Mapping[str, Any], dimension: int, opened: Mapping[Path, Segment]) -> Named:
    checks, path = entry.get("checks"), folder / entry["name"]
    # A name is given to a file once, and what it holds never changes.
    there = opened.get(path.with_suffix(".rows"))
    segment = open_segment(path, entry["rows"], dimension, checks) if there is None else there
    gone = np.empty(0, dtype=np.intp)
    if entry["gone"]:
        bits = np.frombuffer(zlib.decompress(base64.b64decode(entry["gone"])), dtype=np.uint8)
        gone = np.flatnonzero(np.unpackbits(bits, count=entry["rows"]))
    segment = opened_again(segment, gone)
    return Named(entry["name"], segment, checks)


def _mark(present: Sequence[Named], owners: Ids) -> Ids:
    """Mark the rows of these owners as gone; returns their ids, ascending."""
    ids = [np.empty(0, dtype=np.int64)]
    for one in present:
        rows = one.segment.rows
        places = rows.owned(owners)
        ids.append(rows.ids[places])
        rows.drop(places)
    return np.concatenate(ids)


def _entries(stem: Path, present: list[Named], fresh: tuple[int, Iterable[Batch]], dimension: int) -> list[Entry]:
    """Entries of a table on the next page; the segments that it takes are written."""
    count, batches = fresh
    stay = [one for one in present if len(one.segment)]
    last = joined([len(one.segment) for one in stay], count) if count else 0
    stay, join = stay[: len(stay) - last], stay[len(stay) - last :]
    entries = []
    for number, (name, segment, checks) in enumerate(stay):
        if len(segment) < (1 - MOSTLY) * len(segment.rows.ids):
            anew = stem.with_name(f"{stem.name}-{number}")
            entries.append(_entry(anew.name, *write_segment(anew, kept(segment.rows), dimension)))
        else:
            entries.append(_entry(name, len(segment.rows.ids), checks, segment.rows.gone))
    if count:
        old = chain.from_iterable(kept(one.segment.rows) for one in join)
        entries.append(_entry(stem.name, *write_segment(stem, chain(old, batches), dimension)))
    return entries


def _entry(name: str, rows: int, checks: Checks | None, gone: Mask | None = None) -> Entry:
    bits = "" if gone is None else base64.b64encode(zlib.compress(np.packbits(gone).tobytes())).decode()
    return {"name": name, "rows": rows, "checks": checks, "gone": bits}


def _sealed(page: str) -> str:
    """A page with its checksum in a line below."""
    return f"{page}\n{zlib.crc32(page.encode()):08x}\n"


def _unsealed(content: bytes) -> dict[str, Any]:
    """What a page says; one of before there were checksums has a single line.

    Raises:
        ValueError: It is not as it was written.
    """
    page, end, check = content.partition(b"\n")
    if end and check != b"%08x\n" % zlib.crc32(page):
        raise ValueError("another checksum")
    found = json.loads(page)
    if not isinstance(found, dict) or (not end and b'"checks"' in page):
        raise ValueError("no page")
    return found


@contextmanager
def _written_whole(folder: Path, token: str) -> Iterator[None]:
    """What is written under a token is written whole, or not at all."""
    try:
        yield
    except BaseException as error:
        for path in folder.glob(f"*{token}*"):
            path.unlink(missing_ok=True)
        if isinstance(error, OSError | RuntimeError):
            full = isinstance(error, OSError) and error.errno in _FULL
            first = "Free some space on that disk and" if full else "Check that disk and the space on it, then"
            raise CatalogueError(
                f"The vectors could not be written to {folder}: {getattr(error, 'strerror', None) or error}.",
                mend=f"{first} run the same command again; the index is as it was before.",
            ) from error
        raise
