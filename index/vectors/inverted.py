"""Millions of rows: inverted lists of one-bit codes propose, the exact rows decide.

RaBitQ (Gao and Long, SIGMOD 2024) keeps a bit a number and two factors a row: 56 bytes at 384 dimensions. What it proposes is
ranked again by the exact rows, of which only these few are read from disk.
"""

from __future__ import annotations

import io
import math
import os
import weakref
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from index import private
from index.protocols import Ids, Vectors
from index.vectors.flat import reconstructed, selecting
from index.vectors.rows import Rows, damaged, exactly

#: Lists that are looked into for a query where nothing is left out; where a filter leaves a share of the rows, more by that
#: share to the power of ``DEEPER``. Over 14,087 real sentences in 119 lists, where 8 lists hold 0.992 of the nearest ten, 0.5
#: would keep at least 0.987 whatever the share, 0.75 at least 0.988 and more the less is left.
PROBES, DEEPER = 64, 0.75
#: Rows that the codes propose for each that is wanted, and at least. Of 450 wanted among 2.9 million this finds 0.978, and all
#: of the nearest ten; each more is read from the file.
PROPOSED, PROPOSED_LEAST = 1.5, 600
#: Up to so many allowed rows, gathering them and multiplying is faster than looking through the lists, and exact.
GATHER = 16_384
#: Rows a list that the centroids are learned from, and rounds of learning.
TRAINED_ON, ROUNDS = 50, 6
#: Bytes of lists up to which they are read into memory when they are opened, 1.5 million rows: a million take 43 ms of the
#: processor and 63 MB so, and 17 ms and 11 MB mapped, but a file that is cut while it is mapped ends the process.
LARGE = 100_000_000
_BATCH = 50_000
_PART = 1 << 20


class _Mapped:
    """A file that is mapped, for as long as anything searches it: a segment, or a copy of it with other rows gone.

    Args:
        path: The file.
        descriptor: Of it, open; a copy of that is kept.
        size: Its length in bytes.
    """

    def __init__(self, path: Path, descriptor: int, size: int) -> None:
        self._path, self._descriptor, self._size = path, os.dup(descriptor), size
        weakref.finalize(self, os.close, self._descriptor)

    def verify(self) -> None:
        """Refuse a file that was cut: to read behind the end of a mapped one ends the process.

        Raises:
            DamagedError: It was.
        """
        if os.fstat(self._descriptor).st_size < self._size:
            raise damaged(self._path, "they are of the wrong length")


class InvertedIndex:
    """Inverted lists over rows, with the nearest ranked exactly.

    Args:
        rows: The exact rows.
        lists: FAISS's index of the same rows, by place.
    """

    def __init__(self, rows: Rows, lists: Any) -> None:
        self.rows, self._lists = rows, lists
        self.dimension = rows.dimension
        #: The file that is mapped; None if the lists are in memory.
        self._mapped: _Mapped | None = None

    @classmethod
    def open(cls, rows: Rows, path: Path, check: int | None = None) -> InvertedIndex:
        """Read the lists that ``write_lists`` wrote, or map them, where they are many.

        Args:
            rows: Whose lists.
            path: Their file.
            check: What ``write_lists`` returned; None for a file of before there were checksums.

        Raises:
            DamagedError: They are missing, damaged, or not of these rows.
        """
        try:
            with path.open("rb", buffering=0) as file:
                size = os.fstat(file.fileno()).st_size
                lists = _read(path, file.readall(), check) if size <= LARGE else _map(path, check)
                mapped = None if size <= LARGE else _Mapped(path, file.fileno(), size)
        except (OSError, RuntimeError) as error:
            raise damaged(path, "they cannot be read") from error
        opened = cls(rows, lists)
        opened._mapped = mapped
        if (lists.ntotal, lists.d) != rows.halves.shape:
            raise damaged(path)
        return opened

    def __len__(self) -> int:
        return len(self.rows)

    def search(self, queries: Vectors, k: int, allowed: Ids | None = None) -> tuple[Vectors, Ids]:
        """The nearest rows; see ``VectorIndex.search``.

        Exact where the filter leaves few rows; otherwise the lists looked into grow as the share that it leaves falls.

        Raises:
            DamagedError: A row is not as it was written, or the lists were cut while they were open.
        """
        import faiss

        if self._mapped is not None:
            self._mapped.verify()
        queries = np.ascontiguousarray(queries, dtype=np.float32)
        if allowed is not None and len(allowed) <= GATHER:
            return exactly(self.rows, self.rows.places(allowed), queries, k)
        left = len(self) if allowed is None else len(allowed)
        share = max(left, 1) / len(self.rows.ids)
        probes = min(self._lists.nlist, math.ceil(PROBES / share**DEEPER))
        faiss.omp_set_num_threads(1)
        parameters = selecting(self.rows, allowed, nprobe=probes, qb=8)
        _, places = self._lists.search(queries, max(round(PROPOSED * k), PROPOSED_LEAST), params=parameters)
        found = [exactly(self.rows, np.sort(p[p >= 0]), q[None], k) for q, p in zip(queries, places, strict=True)]
        return np.concatenate([scores for scores, _ in found]), np.concatenate([ids for _, ids in found])

    def reconstruct(self, ids: Ids) -> Vectors:
        """The stored vectors; see ``VectorIndex.reconstruct``."""
        return reconstructed(self.rows, ids)


def _read(path: Path, content: bytes, check: int | None) -> Any:
    import faiss

    library: Any = faiss
    if check is not None and zlib.crc32(content) != check:
        raise damaged(path)
    return library.read_index(library.PyCallbackIOReader(io.BytesIO(content).read, _PART))


def _map(path: Path, check: int | None) -> Any:
    import faiss

    if check is not None and checksum(path) != check:
        raise damaged(path)
    return faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)


def lists_for(count: int) -> int:
    """How many inverted lists so many rows are shared out among: the root of their number."""
    return max(1, round(math.sqrt(count)))


def make_lists(rows: Rows) -> Any:
    """Learn centroids from a sample of rows, and enter every row's code; takes seconds a hundred thousand rows."""
    import faiss

    count, dimension = rows.halves.shape
    wanted = lists_for(count)
    drawn = np.random.default_rng(0).choice(count, min(count, wanted * TRAINED_ON), replace=False)
    sample = rows.take(np.sort(drawn))
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    means: Any = faiss.Kmeans(dimension, wanted, niter=ROUNDS, spherical=True, seed=1, min_points_per_centroid=1)
    means.train(sample)
    nearest = faiss.IndexFlatIP(dimension)
    nearest.add(means.centroids)
    lists = faiss.IndexIVFRaBitQ(nearest, dimension, wanted, faiss.METRIC_INNER_PRODUCT)
    lists.train(sample)
    for start in range(0, count, _BATCH):
        lists.add(rows.take(np.arange(start, min(start + _BATCH, count))))
    return lists


def write_lists(rows: Rows, path: Path) -> int:
    """Make the lists of rows and write them to a file; returns its checksum.

    Raises:
        OSError, RuntimeError: They cannot be written.
    """
    import faiss

    library: Any = faiss
    # Through a file of ours: FAISS would ask the umask who may read it, and pass over what fails when a file is closed.
    with private.writing(path) as file:
        library.write_index(make_lists(rows), library.PyCallbackIOWriter(file.write, _PART))
        file.flush()
        os.fsync(file.fileno())
    return checksum(path)


def checksum(path: Path) -> int:
    """Checksum of a whole file; 0.2 GB, the lists of four million rows, in some 0.1 s.

    Raises:
        OSError: It cannot be read.
    """
    check = 0
    with path.open("rb", buffering=0) as file:
        while part := file.read(_PART):
            check = zlib.crc32(part, check)
    return check
