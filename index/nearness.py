"""What is near to a question's embedding, and how near each passage and its sentences are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from index.errors import MismatchError
from index.fusion import Scores
from index.ordered import among
from index.pending import Pending
from index.protocols import Ids, Vectors
from index.vectors import SegmentedIndex, best, products

#: Up to so many rows, all are multiplied with a question once, which gives what is near and every product that the ranking asks
#: for: 17,750 take 0.9 ms. Finding what is near by FAISS, then reading those rows again and multiplying them, took 1.9 ms. And
#: FAISS, which takes 32 ms to import, is not needed.
WHOLE = 32_768
#: Up to so many allowed rows, these alone are multiplied.
FEW = 4096


class Scan:
    """One query over an index.

    Args:
        index: The rows.
        query: ``(D,)``.
        allowed: Only these ids, ascending, are found; None for all.
        k: How many are found.

    Attributes:
        nearest: The ``k`` nearest rows, in any order, of equals the smaller ids; -1 where there are no more.

    Raises:
        MismatchError: The query has the length of another model.
    """

    def __init__(self, index: SegmentedIndex, query: Vectors, allowed: Ids | None, k: int) -> None:
        if len(query) != index.dimension:
            raise MismatchError(
                f"The question has {len(query)} dimensions and the index {index.dimension}: "
                "it was made again with another model.",
                mend="Start the program again.",
            )
        self._index, self._query, self._allowed = index, query, allowed
        few = allowed is not None and len(allowed) <= FEW
        #: Products with every row, in order of id; None where they are not computed.
        self._all = None if few or len(index) > WHOLE else index.products(query)
        self.nearest = self._nearest(k)

    def _nearest(self, k: int) -> Ids:
        if self._all is None:
            found: Ids = self._index.search(self._query[None], k, self._allowed)[1][0]
            return found
        ids, scores = self._index.ids, self._all
        if self._allowed is not None:
            here = among(ids, self._allowed)
            ids, scores = ids[here], scores[here]
        if len(ids) <= k:
            return ids
        high = scores >= np.partition(scores, -k)[-k]
        near: Ids = ids[high]
        if len(near) > k:
            near = best(scores[None, high], near[None], k)[1][0]
        return near

    def products(self, ids: Ids) -> Vectors:
        """Inner products with these rows (ids ascending)."""
        if self._all is None:
            found: Vectors = products(self._query[None], self._index.reconstruct(ids))[0]
            return found
        return self._all[np.searchsorted(self._index.ids, ids)]


@dataclass(frozen=True, slots=True)
class Cosines:
    """Cosines of the question with sentences, passage by passage.

    Attributes:
        scores: Of all sentences, passage after passage.
        first: Place of each passage's first sentence; every passage has one.
    """

    scores: Vectors
    first: Ids

    @property
    def best(self) -> Scores:
        """The best of each passage."""
        return np.maximum.reduceat(self.scores, self.first).astype(np.float64)

    @property
    def mean(self) -> Scores:
        """The mean of each passage's own."""
        counts = np.diff(self.first, append=len(self.scores))
        return np.add.reduceat(self.scores, self.first, dtype=np.float64) / counts

    def of(self, place: int) -> tuple[float, ...]:
        """Those of the passage at a place."""
        end = self.first[place + 1] if place + 1 < len(self.first) else None
        return tuple(self.scores[self.first[place] : end].tolist())


class Nearness:
    """Passages and sentences as near as they are to a question.

    Args:
        sentences: Vectors of the sentences.
        of_passages: The question over the passages.
        of_sentences: The same over the sentences.
        saying: The passages of the nearest sentences.

    Attributes:
        proposed: The nearest passages and those of the nearest sentences; in any order, some more than once, -1 for none.
    """

    def __init__(self, sentences: SegmentedIndex, of_passages: Scan, of_sentences: Scan, saying: Ids) -> None:
        self._sentences = sentences
        self._of_passages = of_passages
        self._of_sentences = of_sentences
        self.proposed: Ids = np.concatenate([of_passages.nearest, saying])

    def paragraphs(self, passages: Ids) -> Scores:
        """Cosine of each passage (ids ascending)."""
        return self._of_passages.products(passages).astype(np.float64)

    def sentences(self, passages: Ids) -> Cosines:
        """Cosines of the sentences of each passage (ids ascending), in their order."""
        rows = self._sentences.owned(passages)
        first = np.searchsorted(self._sentences.owners(rows), passages)
        return Cosines(self._of_sentences.products(rows), first)


def begin(
    passages: SegmentedIndex,
    sentences: SegmentedIndex,
    vector: Vectors | Pending[Vectors],
    allowed: Ids | None,
    pool: tuple[int, int],
    *,
    beside: bool,
) -> Callable[[], Nearness]:
    """Begin to look for what is near to a question; returns how to wait for it.

    Where the question is still being encoded, that thread goes on to the sentences at once; the one that waits for it takes its
    time to wake, and sees to the passages.

    Args:
        passages: Vectors of the passages.
        sentences: Vectors of their sentences.
        vector: ``(D,)`` embedding of the question, or one still being computed.
        allowed: Only these passages, ascending, are proposed; None for all.
        pool: How many passages and how many sentences are proposed.
        beside: Look for all of it in another thread.

    Raises:
        MismatchError: When waited for: ``vector`` has the length of another model.
    """
    owned = None if allowed is None else sentences.owned(allowed)
    pending = vector if isinstance(vector, Pending) and not vector.is_there else None

    def query() -> Vectors:
        return vector.result() if isinstance(vector, Pending) else vector

    def over_passages() -> Scan:
        return Scan(passages, query(), allowed, pool[0])

    def over_sentences() -> tuple[Scan, Ids]:
        scan = Scan(sentences, query(), owned, pool[1])
        return scan, sentences.owners(np.sort(scan.nearest))

    of_passages, of_sentences = over_passages, over_sentences
    if beside or pending:
        of_sentences = (said := Pending(over_sentences, after=pending)).result
        if beside:
            of_passages = Pending(over_passages, after=said).result
    return lambda: Nearness(sentences, of_passages(), *of_sentences())
