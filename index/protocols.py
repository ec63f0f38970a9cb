"""What can be swapped: how texts become vectors, and how vectors are searched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Ids = NDArray[np.int64]


@runtime_checkable
class Encoder(Protocol):
    """Turns texts into unit vectors.

    Attributes:
        name: Model as the user names it.
        revision: Identifies the state of the weights (a checksum).
        dimension: Length of a vector.
        engine: What computes it ("sentence-transformers").
    """

    name: str
    revision: str
    dimension: int
    engine: str

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode a batch.

        Returns:
            ``(len(texts), dimension)`` float32, rows of length 1, in the order of ``texts``; ``(0, dimension)`` for none.
        """
        ...

    def encode_stream(self, texts: Sequence[str]) -> Iterator[tuple[NDArray[np.intp], Vectors]]:
        """Encode many texts in the order that is fastest.

        Yields:
            Positions in ``texts`` and their vectors, batch by batch; every position exactly once.
        """
        ...


@runtime_checkable
class VectorIndex(Protocol):
    """Unit vectors under integer ids, searched by inner product; what is on disk is mapped, not read."""

    def __len__(self) -> int: ...

    def search(self, queries: Vectors, k: int, allowed: Ids | None = None) -> tuple[Vectors, Ids]:
        """The nearest rows.

        Args:
            queries: ``(Q, D)`` unit vectors.
            k: How many rows per query.
            allowed: Search only among these ids, ascending (the filter comes before the ranking); None for all.

        Returns:
            ``(Q, k)`` inner products, best first, and ``(Q, k)`` ids; if there are fewer than ``k`` rows, the rest is
            ``-inf`` and ``-1``. Ties: the smaller id first.
        """
        ...

    def reconstruct(self, ids: Ids) -> Vectors:
        """The stored vectors of these ids, ``(len(ids), D)``.

        Raises:
            KeyError: An id is unknown.
        """
        ...
