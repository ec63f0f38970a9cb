"""Several segments searched as one index: rows are added as a segment of their own, and removed by being marked as gone."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.protocols import Ids, Vectors
from index.vectors.flat import FlatIndex
from index.vectors.inverted import InvertedIndex, write_lists
from index.vectors.rows import Batch, Rows, best, products, products_with, write_rows

Segment = FlatIndex | InvertedIndex
#: Checksums of a segment's rows, and of its lists where it has any.
Checks = tuple[int, int | None]

#: Rows from which a segment has inverted lists. Below, an exact search takes 2 ms at most (``python -m benchmarks.vectors``).
INVERTED_FROM = 100_000
#: Segments of fewer rows always join the next one; a larger one does once what follows has a share of its rows.
SMALL, SHARE = 4096, 0.25
#: A segment of which so much is gone is written again.
MOSTLY = 0.25
_BATCH = 20_000


class SegmentedIndex:
    """The rows of all segments; ids ascend from each segment to the next.

    Args:
        dimension: Length of a vector.
        segments: In order of their ids.
    """

    def __init__(self, dimension: int, segments: Iterable[Segment] = ()) -> None:
        self.dimension = dimension
        self.segments = tuple(segments)
        self._asked_whole = False

    def __len__(self) -> int:
        return sum(map(len, self.segments))

    def search(self, queries: Vectors, k: int, allowed: Ids | None = None) -> tuple[Vectors, Ids]:
        """The nearest rows; see ``VectorIndex.search``."""
        found = [segment.search(queries, k, allowed) for segment in self.segments]
        if len(found) == 1:
            return found[0]
        nothing = np.empty((len(queries), 0))
        scores = np.concatenate([nothing.astype(np.float32), *(scores for scores, _ in found)], axis=1)
        ids = np.concatenate([nothing.astype(np.int64), *(ids for _, ids in found)], axis=1)
        # Kinds sum up in different orders: what differs by less than that is a tie.
        return best(np.round(scores, 6), ids, k)

    @cached_property
    def ids(self) -> Ids:
        """Every id, ascending."""
        return self._gathered(rows.ids[rows.everywhere()] for rows in self._rows())

    def products(self, query: Vectors) -> Vectors:
        """Inner products with every row, in the order of ``ids``.

        From the second query on in memory in single precision: making it so takes ten times as long as multiplying, and a
        process that asks once needs it once.
        """
        again, self._asked_whole = self._asked_whole, True
        parts = [np.empty(0, dtype=np.float32)]
        for rows in self._rows():
            if again or "wide" in vars(rows):
                found = products(query[None], rows.wide)[0]
                parts.append(found if rows.gone is None else found[~rows.gone])
            else:
                parts.append(products_with(rows, rows.everywhere(), query[None])[0])
        return np.concatenate(parts)

    def reconstruct(self, ids: Ids) -> Vectors:
        """The stored vectors; see ``VectorIndex.reconstruct``."""
        if len(self.segments) == 1:
            return self.segments[0].reconstruct(ids)
        vectors = np.empty((len(ids), self.dimension), dtype=np.float32)
        missing = np.ones(len(ids), dtype=np.bool_)
        for segment in self.segments:
            places = segment.rows.places(ids)
            here = np.isin(ids, segment.rows.ids[places])
            vectors[here] = segment.rows.take(places)
            missing &= ~here
        if missing.any():
            raise KeyError(f"{int(missing.sum())} of {len(ids)} ids are not in this index")
        return vectors

    def verify(self) -> None:
        """Read every row.

        Raises:
            CatalogueError: One is not as it was written.
        """
        for rows in self._rows():
            for _ in kept(rows):
                pass

    def owned(self, owners: Ids) -> Ids:
        """Ids of the rows that belong to these owners (ascending), ascending."""
        return self._gathered(rows.ids[rows.owned(owners)] for rows in self._rows())

    def owners(self, ids: Ids) -> Ids:
        """What each of these ids (ascending) belongs to; ids that are not there are skipped."""
        return self._gathered(rows.owners[rows.places(ids)] for rows in self._rows())

    def _rows(self) -> Iterator[Rows]:
        return (segment.rows for segment in self.segments)

    @staticmethod
    def _gathered(parts: Iterable[Ids]) -> Ids:
        return np.concatenate([np.empty(0, dtype=np.int64), *parts])


def kind_for(count: int) -> type[Segment]:
    """Which kind of index so many rows have."""
    return InvertedIndex if count >= INVERTED_FROM else FlatIndex


def open_segment(path: Path, count: int, dimension: int, checks: Checks | None) -> Segment:
    """A segment from its files.

    Args:
        path: Of its files, without their endings.
        count: How many rows it has.
        dimension: Length of a vector.
        checks: What ``write_segment`` returned; None for files of before there were any.

    Raises:
        CatalogueError: They are missing or damaged.
    """
    rows_check, lists_check = checks or (None, None)
    rows = Rows.open(path.with_suffix(".rows"), count, dimension, rows_check)
    if kind_for(count) is FlatIndex:
        return FlatIndex(rows)
    return InvertedIndex.open(rows, path.with_suffix(".lists"), lists_check)


def opened_again(segment: Segment, gone: NDArray[np.intp]) -> Segment:
    """A segment of which others are gone, without its files being read again."""
    other = copy.copy(segment)
    other.rows = segment.rows.again(gone)
    return other


def write_segment(path: Path, batches: Iterable[Batch], dimension: int) -> tuple[int, Checks]:
    """Write a segment's files, with the lists that so many rows need; returns how many rows it has, and how to verify it."""
    count, check = write_rows(path.with_suffix(".rows"), batches)
    if kind_for(count) is FlatIndex:
        return count, (check, None)
    rows = Rows.open(path.with_suffix(".rows"), count, dimension, check)
    return count, (check, write_lists(rows, path.with_suffix(".lists")))


def joined(sizes: Sequence[int], fresh: int) -> int:
    """How many of the last segments are written again together with fresh rows, so that few segments stay.

    Sizes fall from segment to segment by ``SHARE`` at least, so there are at most some ten of them, and over time a row is
    written about as often as there are segments before it.

    Args:
        sizes: Rows of each segment.
        fresh: Rows to be added.
    """
    count = 0
    for size in reversed(sizes):
        if size >= SMALL and fresh < SHARE * size:
            break
        count += 1
        fresh += size
    return count


def kept(rows: Rows) -> Iterator[Batch]:
    """The rows that are not gone, in batches, as ``write_segment`` takes them."""
    for start in range(0, len(rows.ids), _BATCH):
        part = slice(start, start + _BATCH)
        here = slice(None) if rows.gone is None else ~rows.gone[part]
        vectors = rows.take(np.arange(len(rows.ids))[part])
        yield rows.ids[part][here], rows.owners[part][here], vectors[here]
