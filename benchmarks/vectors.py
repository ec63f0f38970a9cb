"""Kinds of vector index by size: milliseconds, recall@10, memory and build, with and without filters.

    python -m benchmarks.vectors POOL [--most ROWS] [--output FILE]

Rows are the embeddings of the index ``POOL``, jittered (``benchmarks/synthetic.py``); queries are rows of the pool, jittered
differently, one at a time on one thread. Recall is against plain products of the same half-precision rows. A filter leaves a
random share of the rows, and is applied within the search; "ours" is what the program searches with at that size. The
thresholds in ``index/vectors/`` were read from this table.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from benchmarks.synthetic import SyntheticEncoder
from index.protocols import Ids, Vectors
from index.vectors import FlatIndex, InvertedIndex, Rows
from index.vectors.inverted import make_lists
from index.vectors.rows import exactly, products, write_rows
from index.vectors.segmented import kind_for

SIZES = (10_000, 100_000, 1_000_000)
SHARES = (1.0, 0.1, 0.01, 0.005)
QUERIES, TOP = 50, 10
#: Proposed by quantised codes and ranked again exactly.
AGAIN = 600
_BATCH = 50_000

Search = Callable[[Vectors, Ids | None], Ids]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of index.

    Attributes:
        name: What the table says.
        most: Rows beyond which it is left out, for it takes too long to build.
        make: Builds it over rows.
    """

    name: str
    most: int
    make: Callable[[Rows], tuple[Search, float]]


def main() -> None:
    """Measure every kind at every size, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pool", type=Path)
    parser.add_argument("--most", type=int, default=SIZES[-1])
    parser.add_argument("--output", type=Path)
    given = parser.parse_args()
    encoder = SyntheticEncoder(given.pool)
    lines = []
    heads = [f"{share:.1%} of the rows: ms, recall@{TOP}" for share in SHARES]
    print(f"| rows | kind | {' | '.join(heads)} | MB | built, s |\n|{'---|' * (len(heads) + 4)}")
    for size in (size for size in SIZES if size <= given.most):
        for line in measure(encoder, size):
            lines.append(line)
            cells = [f"{ms:.2f}, {recall:.3f}" for ms, recall in line["shares"]]
            print(
                f"| {size:,} | {line['kind']} | {' | '.join(cells)} | {line['MB']:.0f} | {line['built']:.0f} |",
                flush=True,
            )
    if given.output:
        given.output.write_text(json.dumps(lines, indent=1) + "\n")


def measure(encoder: SyntheticEncoder, size: int) -> Iterator[dict[str, Any]]:
    """Every kind over so many rows."""
    queries = encoder.by_number(np.random.default_rng(5).integers(0, 1 << 63, QUERIES, dtype=np.uint64))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.rows"
        rows = Rows.open(path, size, encoder.dimension, write_rows(path, _batches(encoder, size))[1])
        filters = [None if share == 1.0 else _drawn(size, share) for share in SHARES]
        true = [_truth(rows, queries, allowed) for allowed in filters]
        for kind in KINDS:
            if size > kind.most:
                continue
            started = time.perf_counter()
            search, megabytes = kind.make(rows)
            built = time.perf_counter() - started
            faiss.omp_set_num_threads(1)
            shares = [_timed(search, queries, allowed, nearest) for allowed, nearest in zip(filters, true, strict=True)]
            yield {"rows": size, "kind": kind.name, "shares": shares, "MB": megabytes, "built": built}


def _batches(encoder: SyntheticEncoder, size: int) -> Iterator[tuple[Ids, Ids, Vectors]]:
    numbers = np.random.default_rng(3).integers(0, 1 << 63, size, dtype=np.uint64)
    for start in range(0, size, _BATCH):
        part = numbers[start : start + _BATCH]
        ids = np.arange(start, start + len(part), dtype=np.int64)
        yield ids, ids, encoder.by_number(part)


def _drawn(size: int, share: float) -> Ids:
    return np.sort(np.random.default_rng(9).choice(size, int(size * share), replace=False)).astype(np.int64)


def _truth(rows: Rows, queries: Vectors, allowed: Ids | None) -> Ids:
    """The nearest by plain products, ``(Q, TOP)``."""
    places = np.arange(len(rows.ids)) if allowed is None else rows.places(allowed)
    best_scores = np.empty((len(queries), 0), dtype=np.float32)
    best_ids = np.empty((len(queries), 0), dtype=np.int64)
    for start in range(0, len(places), _BATCH):
        part = places[start : start + _BATCH]
        scores = np.concatenate([best_scores, queries @ rows.take(part).T], axis=1)
        ids = np.concatenate([best_ids, np.broadcast_to(rows.ids[part], (len(queries), len(part)))], axis=1)
        order = np.argsort(-scores, axis=1, kind="stable")[:, :TOP]
        best_scores, best_ids = np.take_along_axis(scores, order, 1), np.take_along_axis(ids, order, 1)
    return best_ids


def _timed(search: Search, queries: Vectors, allowed: Ids | None, nearest: Ids) -> tuple[float, float]:
    """Median milliseconds of a query, and mean recall."""
    taken, right = [], []
    search(queries[:1], allowed)
    for query, expected in zip(queries, nearest, strict=True):
        started = time.perf_counter()
        found = search(query[None], allowed)
        taken.append((time.perf_counter() - started) * 1000)
        right.append(len(set(found.tolist()) & set(expected.tolist())) / len(expected))
    return float(np.median(taken)), float(np.mean(right))


def _of_faiss(factory: str, *, again: bool = False, **parameters: int) -> Callable[[Rows], tuple[Search, float]]:
    """A kind that FAISS builds, its codes ranked again by exact rows where that is wanted."""

    def make(rows: Rows) -> tuple[Search, float]:
        lists = max(1, round(4 * len(rows.ids) ** 0.5))
        index = faiss.index_factory(rows.dimension, factory.format(lists=lists), faiss.METRIC_INNER_PRODUCT)
        faiss.omp_set_num_threads(2)
        index.train(rows.take(np.arange(0, len(rows.ids), max(1, len(rows.ids) // 100_000))))
        for start in range(0, len(rows.ids), _BATCH):
            index.add(rows.halves[start : start + _BATCH].astype(np.float32))
        kind: Any = faiss.SearchParameters
        if "IVF" in factory:
            kind = faiss.SearchParametersIVF
        elif "HNSW" in factory:
            kind = faiss.SearchParametersHNSW  # type: ignore[attr-defined]

        def search(query: Vectors, allowed: Ids | None) -> Ids:
            more: dict[str, Any] = dict(parameters)
            mask = rows.mask(allowed)
            if mask is not None:
                bits = np.packbits(mask, bitorder="little")
                more["sel"] = faiss.IDSelectorBitmap(len(rows.ids), faiss.swig_ptr(bits))
            found: Ids = index.search(query, AGAIN if again else TOP, params=kind(**more))[1][0]
            found = found[found >= 0]
            return exactly(rows, np.sort(found), query, TOP)[1][0] if again else found

        return search, len(faiss.serialize_index(index)) / 1e6

    return make


def _gathered(rows: Rows) -> tuple[Search, float]:
    """Allowed rows gathered and multiplied, without FAISS."""

    def search(query: Vectors, allowed: Ids | None) -> Ids:
        places = np.arange(len(rows.ids)) if allowed is None else rows.places(allowed)
        scores = products(query, rows.take(places))[0]
        return rows.ids[places[np.argsort(-scores, kind="stable")[:TOP]]]

    return search, rows.halves.nbytes / 1e6


def _ours(rows: Rows) -> tuple[Search, float]:
    if kind_for(len(rows.ids)) is FlatIndex:
        flat = FlatIndex(rows)
        return lambda query, allowed: flat.search(query, TOP, allowed)[1][0], rows.halves.nbytes / 1e6
    return _lists(rows)


def _lists(rows: Rows) -> tuple[Search, float]:
    lists = make_lists(rows)
    inverted = InvertedIndex(rows, lists)
    return lambda query, allowed: inverted.search(query, TOP, allowed)[1][0], len(faiss.serialize_index(lists)) / 1e6


KINDS = (
    Kind(name="gathered", most=100_000, make=_gathered),
    Kind(name="flat float32", most=100_000, make=_of_faiss("Flat")),
    Kind(name="flat fp16", most=1_000_000, make=_of_faiss("SQfp16")),
    Kind(name="flat SQ8, again", most=1_000_000, make=_of_faiss("SQ8", again=True)),
    Kind(name="flat RaBitQ, again", most=1_000_000, make=_of_faiss("RaBitQ", again=True)),
    Kind(name="HNSW 32, ef 128", most=100_000, make=_of_faiss("HNSW32,SQfp16", efSearch=128)),
    Kind(name="IVF fp16, 64 probed", most=1_000_000, make=_of_faiss("IVF{lists},SQfp16", nprobe=64)),
    Kind(name="IVF RaBitQ, again", most=1_000_000, make=_lists),
    Kind(name="ours", most=1_000_000, make=_ours),
)


if __name__ == "__main__":
    main()
