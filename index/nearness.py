"""What is near to a question's embedding, and how near each passage and its sentences are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from index.fusion import Scores
from index.ordered import among
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
    """

    def __init__(self, index: SegmentedIndex, query: Vectors, allowed: Ids | None) -> None:
        self._index, self._query, self._allowed = index, query, allowed
        few = allowed is not None and len(allowed) <= FEW
        #: Products with every row, in order of id; None where they are not computed.
        self._all = None if few or len(index) > WHOLE else index.products(query)

    def nearest(self, k: int) -> Ids:
        """The ``k`` nearest rows, in any order, of equals the smaller ids; -1 where there are no more."""
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
        passages: Vectors of the passages.
        sentences: Vectors of their sentences.
        vector: ``(D,)`` embedding of the question, of the length that these have.
        allowed: Only these passages, ascending, are proposed; None for all.
    """

    def __init__(
        self, passages: SegmentedIndex, sentences: SegmentedIndex, vector: Vectors, allowed: Ids | None
    ) -> None:
        self._sentences = sentences
        self._of_passages = Scan(passages, vector, allowed)
        self._of_sentences = Scan(sentences, vector, None if allowed is None else sentences.owned(allowed))

    def proposed(self, passages: int, sentences: int) -> Ids:
        """The nearest passages and those of the nearest sentences; in any order, some more than once, -1 for none."""
        said = np.sort(self._of_sentences.nearest(sentences))
        return np.concatenate([self._of_passages.nearest(passages), self._sentences.owners(said)])

    def paragraphs(self, passages: Ids) -> Scores:
        """Cosine of each passage (ids ascending)."""
        return self._of_passages.products(passages).astype(np.float64)

    def sentences(self, passages: Ids) -> Cosines:
        """Cosines of the sentences of each passage (ids ascending), in their order."""
        rows = self._sentences.owned(passages)
        first = np.searchsorted(self._sentences.owners(rows), passages)
        return Cosines(self._of_sentences.products(rows), first)
