"""One segment's rows: ids, what each belongs to, and the exact vectors in half precision.

The file holds ``(N, D)`` float16, then ``N`` ids and ``N`` owners as int64 and a sum of each row's bytes as uint64. Whoever
writes it is told a checksum of these numbers: so the file is known to be whole without all of it being read, and each row when
it is read.
"""

from __future__ import annotations

import copy
import mmap
import os
import weakref
import zlib
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import memory, private
from index.errors import DamagedError
from index.protocols import Ids, Vectors

Halves = NDArray[np.float16]
Mask = NDArray[np.bool_]
Sums = NDArray[np.uint64]
#: Ids, owners and vectors, as they are added.
Batch = tuple[Ids, Ids, Vectors]

#: Bytes up to which rows are read into memory when they are opened, and verified all at once: 15 MB in 3 ms. Of a larger file
#: those rows are read that are wanted, where the system can (Windows cannot), and verified then. They are not mapped: with a
#: mapped row come the sixteen pages around it (a third of the time for 1,350 rows of a file that the system has cached), some
#: thousand questions would hold gigabytes, and a file that is cut while it is mapped ends the process.
LARGE = 100_000_000
#: Rows that are made float32 and multiplied at once: they stay in the processor's cache, which halves the time.
_NEAR = 512
#: Where a half's sign, exponent and fraction stand once it is shifted to the place they have in single precision; the sign was
#: spread over the bits between.
_SIGN_AND_NUMBER, _SCALE = np.int32(-0x70002000), np.float32(2.0**112)


class Rows:
    """Rows in order of id.

    Args:
        ids: ``(N,)``, ascending.
        owners: ``(N,)``, ascending: the document of a passage, the passage of a sentence.
        halves: ``(N, D)`` float16.

    Attributes:
        gone: ``(N,)``, rows that were removed; None where none was.
    """

    def __init__(self, ids: Ids, owners: Ids, halves: Halves) -> None:
        self.ids, self.owners, self.halves = ids, owners, halves
        #: Sums of rows that are verified when they are taken; None where all were, or where none are known.
        self._sums: Sums | None = None
        self.gone: Mask | None = None
        self._there = len(ids)
        self._gapless = bool(len(ids)) and int(ids[-1] - ids[0]) == len(ids) - 1
        self._file: int | None = None
        #: Of the rows of a file, the first that were made of it: these close it.
        self._first: Rows | None = None
        #: The file; None for rows that are of none.
        self.path: Path | None = None

    @classmethod
    def of(cls, batches: Iterable[Batch], dimension: int) -> Rows:
        """Rows in memory, from batches in order of id."""
        parts = [(ids, owners, vectors.astype(np.float16)) for ids, owners, vectors in batches]
        nothing = np.empty(0, dtype=np.int64)
        return cls(
            np.concatenate([nothing, *(ids for ids, _, _ in parts)]),
            np.concatenate([nothing, *(owners for _, owners, _ in parts)]),
            np.concatenate([np.empty((0, dimension), dtype=np.float16), *(halves for _, _, halves in parts)]),
        )

    @classmethod
    def open(cls, path: Path, count: int, dimension: int, check: int | None = None) -> Rows:
        """Open a file that ``write_rows`` wrote.

        Args:
            path: The file.
            count: How many rows it has.
            dimension: Length of a vector.
            check: What ``write_rows`` gave; None for a file that was written before there were sums, and is not verified.

        Raises:
            DamagedError: It is missing, not of the length that so many rows have, or damaged.
        """
        vectors, tail = count * 2 * dimension, count * (16 if check is None else 24)
        try:
            with path.open("rb") as file:
                if os.fstat(file.fileno()).st_size != vectors + tail:
                    raise damaged(path, "they are of the wrong length")
                if not count:
                    return cls.of((), dimension)
                file.seek(vectors)
                numbers = file.read(tail)
                if check is not None and zlib.crc32(numbers) != check:
                    raise damaged(path)
                file.seek(0)
                large = vectors + tail > LARGE
                read = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if large else memory.room(vectors)
                if not large and file.readinto(read) != vectors:
                    raise damaged(path, "they are of the wrong length")
                kept = os.dup(file.fileno()) if large and hasattr(os, "pread") else None
        except (OSError, ValueError) as error:
            raise damaged(path, "they cannot be read") from error
        halves = np.frombuffer(read, np.float16, count * dimension).reshape(count, dimension)
        halves.flags.writeable = False
        ids, owners = np.frombuffer(numbers, np.int64, 2 * count).reshape(2, count)
        rows = cls(ids, owners, halves)
        rows.path = path
        if kept is not None:
            rows._file = kept
            weakref.finalize(rows, os.close, kept)
        if check is not None:
            rows._sums = np.frombuffer(numbers, np.uint64, count, offset=16 * count)
            if not large:
                rows._verify(halves, slice(None))
                rows._sums = None
        return rows

    def __len__(self) -> int:
        return self._there

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self.halves.shape[1])

    def places(self, ids: Ids) -> NDArray[np.intp]:
        """Places of those of the ids that are here and not gone, in their order."""
        if not len(self.ids):
            return np.empty(0, dtype=np.intp)
        if self._gapless:
            places: NDArray[np.intp] = ids[(ids >= self.ids[0]) & (ids <= self.ids[-1])] - self.ids[0]
        else:
            places = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
            places = places[self.ids[places] == ids]
        return places if self.gone is None else places[~self.gone[places]]

    def owned(self, owners: Ids) -> NDArray[np.intp]:
        """Places of the rows that belong to these owners (ascending), in order, without those that are gone."""
        if not len(self.owners):
            return np.empty(0, dtype=np.intp)
        lowest, highest = self.owners[0], self.owners[-1]
        numbers = owners[(owners >= lowest) & (owners <= highest)] - lowest
        first = self._firsts[numbers]
        counts = self._firsts[numbers + 1] - first
        ends = np.cumsum(counts)
        places = np.repeat(first - (ends - counts), counts) + np.arange(ends[-1] if len(ends) else 0)
        return places if self.gone is None else places[~self.gone[places]]

    @cached_property
    def _firsts(self) -> NDArray[np.int64]:
        """Place of the first row of each owner from the lowest on: a look-up, where searching takes ten times as long."""
        counts = np.bincount(self.owners - self.owners[0])
        return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)])

    def drop(self, places: NDArray[np.intp]) -> None:
        """Mark rows as gone."""
        if len(places):
            self.gone = np.zeros(len(self.ids), dtype=np.bool_) if self.gone is None else self.gone
            self.gone[places] = True
            self._there = len(self.ids) - int(self.gone.sum())

    def again(self, gone: NDArray[np.intp]) -> Rows:
        """These rows with others of them gone: all that was read and made of them is shared."""
        other = copy.copy(self)
        other._first = self._first or self
        other.gone, other._there = None, len(self.ids)
        other.drop(gone)
        return other

    @cached_property
    def wide(self) -> Vectors:
        """Every row in single precision, in memory, those that are gone too."""
        count = len(self.ids)
        wide = np.frombuffer(memory.room(4 * count * self.dimension), np.float32, count * self.dimension)
        wide = wide.reshape(count, self.dimension)
        for start in range(0, count, _NEAR):
            wide[start : start + _NEAR] = self.take(np.arange(start, min(start + _NEAR, count)))
        return wide

    def take(self, places: NDArray[np.intp]) -> Vectors:
        """Exact vectors, ``(len(places), D)`` float32.

        Raises:
            DamagedError: A row is not as it was written.
        """
        if self._sums is None and (self._file is None or not len(places)):
            return widened(self.halves, places)
        halves = self.halves[places] if self._file is None else self._read(self._file, places)
        self._verify(halves, places)
        return widened(halves, np.arange(len(places)))

    def _verify(self, halves: Halves, places: NDArray[np.intp] | slice) -> None:
        if self._sums is not None and not np.array_equal(sums(halves), self._sums[places]):
            raise damaged(self.path or Path())

    def _read(self, file: int, places: NDArray[np.intp]) -> Halves:
        """Rows from the file, in order; neighbours at once."""
        width = 2 * self.dimension
        first = np.flatnonzero(np.diff(places, prepend=-2) != 1)
        counts = np.diff(first, append=len(places))
        spans = zip((width * counts).tolist(), (width * places[first]).tolist(), strict=True)
        read = b"".join([os.pread(file, length, start) for length, start in spans])
        if len(read) != width * len(places):
            raise damaged(self.path or Path())
        return np.frombuffer(read, dtype=np.float16).reshape(len(places), self.dimension)

    def everywhere(self) -> NDArray[np.intp]:
        """Places of all rows that are not gone."""
        return np.arange(len(self.ids)) if self.gone is None else np.flatnonzero(~self.gone)

    def mask(self, allowed: Ids | None) -> Mask | None:
        """Which rows may be found; None for all of them."""
        if allowed is None:
            return None if self.gone is None else ~self.gone
        if not len(self.ids):
            return np.zeros(0, dtype=np.bool_)
        # By way of a mask over ids: for many rows far quicker than to look each of them up.
        first, last = int(self.ids[0]), int(self.ids[-1])
        by_id = np.zeros(last - first + 1, dtype=np.bool_)
        by_id[allowed[(allowed >= first) & (allowed <= last)] - first] = True
        mask = by_id if len(by_id) == len(self.ids) else by_id[self.ids - first]
        return mask if self.gone is None else mask & ~self.gone


def write_rows(path: Path, batches: Iterable[Batch]) -> tuple[int, int]:
    """Write rows, given in order of id, batch by batch; returns how many, and what ``Rows.open`` verifies them by."""
    ids: list[bytes] = []
    owners: list[bytes] = []
    added: list[bytes] = []
    count = check = 0
    with private.writing(path) as file:
        for batch_ids, batch_owners, vectors in batches:
            halves = np.ascontiguousarray(vectors, dtype=np.float16)
            file.write(halves.tobytes())
            ids.append(np.asarray(batch_ids, dtype=np.int64).tobytes())
            owners.append(np.asarray(batch_owners, dtype=np.int64).tobytes())
            added.append(sums(halves).tobytes())
            count += len(batch_ids)
        for part in (*ids, *owners, *added):
            file.write(part)
            check = zlib.crc32(part, check)
        file.flush()
        os.fsync(file.fileno())
    return count, check


def sums(halves: Halves) -> Sums:
    """What the bytes of each row sum up to, taken as long words: no single bit changes without it.

    A tenth of the time of a checksum, which a million rows would take a second for.
    """
    word = next(
        word for word in (np.uint64, np.uint32, np.uint16) if halves.shape[1] * 2 % np.dtype(word).itemsize == 0
    )
    if not len(halves):
        return np.empty(0, dtype=np.uint64)
    found: Sums = np.add.reduce(np.ascontiguousarray(halves).view(word), axis=1, dtype=np.uint64)
    return found


def damaged(path: Path, why: str = "they are not as they were written") -> DamagedError:
    """What a person is told of vectors that are missing or damaged."""
    return DamagedError(
        f"The vectors {path} are damaged: {why}.",
        mend=f"They are made again by: readouts doctor --repair --index {path.parent}",
    )


def widened(halves: Halves, places: NDArray[np.intp]) -> Vectors:
    """Rows in single precision, exactly; finite ones.

    By shifting bits, as the exponents differ by 112: a quarter of the time of ``astype``, which NumPy does number by number.
    """
    wide = np.empty((len(places), halves.shape[1]), dtype=np.float32)
    for start in range(0, len(places), _NEAR):
        part = wide[start : start + _NEAR]
        bits = part.view(np.int32)
        bits[:] = halves[places[start : start + _NEAR]].view(np.int16)
        bits <<= 13
        bits &= _SIGN_AND_NUMBER
        part *= _SCALE
    return wide


def products(queries: Vectors, vectors: Vectors) -> Vectors:
    """Inner products, ``(Q, N)``.

    Row by row, so that equal rows have equal products; of a product of matrices they may differ in the last bit, with their
    place in it, and a tie would not be one.
    """
    return np.asarray(np.vecdot(queries[:, None], vectors), dtype=np.float32)


def products_with(rows: Rows, places: NDArray[np.intp], queries: Vectors) -> Vectors:
    """``products`` with the rows at these places, which are not in memory all at once."""
    scores = np.empty((len(queries), len(places)), dtype=np.float32)
    for start in range(0, len(places), _NEAR):
        scores[:, start : start + _NEAR] = products(queries, rows.take(places[start : start + _NEAR]))
    return scores


def best(scores: Vectors, ids: Ids, k: int) -> tuple[Vectors, Ids]:
    """The ``k`` best of each line, filled up with ``-inf`` and ``-1``; ties by the smaller id.

    Args:
        scores: ``(Q, N)``.
        ids: ``(Q, N)``; -1 where there is none.
        k: How many.
    """
    scores = np.where(ids < 0, np.float32(-np.inf), scores)
    order = np.lexsort((np.where(ids < 0, np.iinfo(np.int64).max, ids), -scores), axis=1)[:, :k]
    scores, ids = np.take_along_axis(scores, order, 1), np.take_along_axis(ids, order, 1)
    missing = k - scores.shape[1]
    if missing > 0:
        scores = np.pad(scores, ((0, 0), (0, missing)), constant_values=-np.inf)
        ids = np.pad(ids, ((0, 0), (0, missing)), constant_values=-1)
    return scores.astype(np.float32), ids.astype(np.int64)


def exactly(rows: Rows, places: NDArray[np.intp], queries: Vectors, k: int) -> tuple[Vectors, Ids]:
    """The best of these rows by plain products."""
    scores = products_with(rows, places, queries)
    ids = rows.ids[places]
    if len(queries) == 1 and len(ids) > k:
        among = scores[0] >= np.partition(scores[0], -k)[-k]
        scores, ids = scores[:, among], ids[among]
    return best(scores, np.broadcast_to(ids, scores.shape), k)
