"""Every row compared with every query: exact, and fast enough to some hundred thousand rows."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np

from index.protocols import Ids, Vectors
from index.vectors.rows import Rows, best, exactly

#: Up to so many allowed rows, gathering them and multiplying beats FAISS with a selector.
GATHER = 4096


class FlatIndex:
    """Exact inner products over rows in half precision.

    The error of an inner product of unit vectors is then below 1e-3, and half the memory moves.
    """

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.dimension = rows.dimension
        self._index: Any = None
        self._making = threading.Lock()

    def __len__(self) -> int:
        return len(self.rows)

    def search(self, queries: Vectors, k: int, allowed: Ids | None = None) -> tuple[Vectors, Ids]:
        """The nearest rows; see ``VectorIndex.search``."""
        queries = np.ascontiguousarray(queries, dtype=np.float32)
        if allowed is not None and len(allowed) <= GATHER:
            return exactly(self.rows, self.rows.places(allowed), queries, k)
        if not len(self.rows.ids):
            return exactly(self.rows, np.empty(0, dtype=np.intp), queries, k)
        scores, places = self._made().search(queries, k, params=selecting(self.rows, allowed))
        return best(scores, np.where(places < 0, -1, self.rows.ids[places]), k)

    def reconstruct(self, ids: Ids) -> Vectors:
        """The stored vectors; see ``VectorIndex.reconstruct``."""
        return reconstructed(self.rows, ids)

    def _made(self) -> Any:
        """FAISS over the rows, made with the first search that scans them."""
        import faiss

        with self._making:
            if self._index is None:
                index = faiss.IndexScalarQuantizer(
                    self.dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
                )
                index.add_sa_codes(np.ascontiguousarray(self.rows.halves).view(np.uint8))
                self._index = index
        # One query is one thread's work: a second one, beside a busy process, costs far more than it brings.
        faiss.omp_set_num_threads(1)
        return self._index


def selecting(rows: Rows, allowed: Ids | None, **more: int) -> Any:
    """Search parameters that let only the allowed rows be found; None where all may and nothing else is set."""
    import faiss

    kind: Any = faiss.IVFRaBitQSearchParameters if more else faiss.SearchParameters
    mask = rows.mask(allowed)
    if mask is None:
        return kind(**more) if more else None
    bits = np.packbits(mask, bitorder="little")
    selector = faiss.IDSelectorBitmap(len(mask), faiss.swig_ptr(bits))
    parameters = kind(sel=selector, **more)
    parameters.bits = bits  # FAISS reads them during the search and keeps no reference of its own.
    return parameters


def reconstructed(rows: Rows, ids: Ids) -> Vectors:
    """Stored vectors by id, ``(len(ids), D)``, in the order of the ids.

    Raises:
        KeyError: An id is not there.
    """
    places = rows.places(ids)
    if len(places) != len(ids):
        raise KeyError(f"{len(ids) - len(places)} of {len(ids)} ids are not in this index")
    return rows.take(places)
