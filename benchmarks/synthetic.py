"""An encoder without a model, for measuring at sizes that take hours to encode: real embeddings, jittered.

Every text is given one of the embeddings of a real index, chosen by the text's hash, with noise of the same length added: rows
lie in clusters, as real ones do, and the same text always has the same embedding.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.catalogue import Catalogue
from index.protocols import Vectors

#: Length of the noise beside a unit vector, drawn between these: cosines of 0.77 to 0.96 with the real embedding.
NOISE = (0.3, 0.8)
BATCH = 4096


class SyntheticEncoder:
    """Real embeddings of an index, jittered by the hash of the text.

    Args:
        folder: An index whose embeddings are the pool; its model's name, revision and dimension are taken over.
    """

    engine = "synthetic"

    def __init__(self, folder: Path) -> None:
        catalogue = Catalogue(folder)
        self.name = catalogue.meta("model") or ""
        self.revision = catalogue.meta("revision") or ""
        self.dimension = int(catalogue.meta("dimension") or 0)
        self._pool = np.concatenate(
            [vectors for table in ("passages", "sentences") for _, _, vectors in catalogue.vectors_of(table)]
        )
        catalogue.close()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Embeddings of texts; see ``Encoder.encode``."""
        hashes = [hashlib.blake2b(text.encode(), digest_size=8).digest() for text in texts]
        return self.by_number(np.frombuffer(b"".join(hashes), dtype=np.uint64))

    def by_number(self, numbers: NDArray[np.uint64]) -> Vectors:
        """Embeddings by a number in place of a text, ``(len(numbers), D)``."""
        return jitter(self._pool, numbers)

    def encode_stream(self, texts: Sequence[str]) -> Iterator[tuple[NDArray[np.intp], Vectors]]:
        """Embeddings of many texts; see ``Encoder.encode_stream``."""
        for start in range(0, len(texts), BATCH):
            part = texts[start : start + BATCH]
            yield np.arange(start, start + len(part)), self.encode(part)


def jitter(pool: Vectors, numbers: NDArray[np.uint64]) -> Vectors:
    """Rows of a pool chosen by number, with noise added, of length 1; the same number gives the same row."""
    if not len(numbers):
        return np.empty((0, pool.shape[1]), dtype=np.float32)
    bank = _bank()
    width = pool.shape[1]
    starts = (numbers >> np.uint64(20)) % np.uint64(len(bank) - width)
    noise = np.lib.stride_tricks.sliding_window_view(bank, width)[starts.astype(np.int64)]
    share = (numbers >> np.uint64(40)).astype(np.float64) / float(1 << 24)
    length = (NOISE[0] + share % 1.0 * (NOISE[1] - NOISE[0])).astype(np.float32) / np.sqrt(np.float32(width))
    rows = pool[(numbers % np.uint64(len(pool))).astype(np.int64)] + noise * length[:, None]
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@cache
def _bank() -> Vectors:
    """Noise, of which each row takes a stretch: drawing anew for each would take longer than all the rest."""
    return np.random.default_rng(0).standard_normal(1 << 20, dtype=np.float32)
