"""What every index of vectors promises, against a plain oracle; scores are compared, not only order."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.errors import CatalogueError
from index.protocols import Ids, VectorIndex, Vectors
from index.vectors import FlatIndex, InvertedIndex, Rows, SegmentedIndex, flat, inverted
from index.vectors import rows as rows_module
from index.vectors.inverted import make_lists, write_lists
from index.vectors.rows import widened, write_rows
from index.vectors.segmented import opened_again

DIMENSION = 24
#: Rows are kept in half precision, whose relative error is at most 2**-11 a number: below 1e-3 in a product of unit vectors.
TOLERANCE = 1e-3
Make = Callable[[Ids, Vectors], VectorIndex]
IDS: NDArray[np.int64] = np.arange(200, dtype=np.int64) * 7 + 3


def unit(rows: int, seed: int) -> Vectors:
    drawn = np.random.default_rng(seed).normal(size=(rows, DIMENSION))
    return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


ROWS = unit(200, seed=1)
QUERIES = unit(4, seed=2)


def oracle(
    vectors: Vectors, ids: Ids, query: Vectors, k: int, allowed: Ids | None = None
) -> tuple[list[float], list[int]]:
    pairs = [
        (-float(product), int(row))
        for product, row in zip(vectors.astype(np.float64) @ query.astype(np.float64), ids, strict=True)
        if allowed is None or row in set(allowed.tolist())
    ]
    best = sorted(pairs)[:k]
    return [-score for score, _ in best], [row for _, row in best]


def rows_of(ids: Ids, vectors: Vectors) -> Rows:
    return Rows.of([(ids, ids // 10, vectors)], DIMENSION)


def in_lists(ids: Ids, vectors: Vectors) -> InvertedIndex:
    rows = rows_of(ids, vectors)
    return InvertedIndex(rows, make_lists(rows))


def in_segments(ids: Ids, vectors: Vectors) -> SegmentedIndex:
    """Two flat segments around one with lists; the first holds a row more, which is gone."""
    first, last = len(ids) // 3, len(ids) - len(ids) // 3
    extra = np.array([-5], dtype=np.int64)
    begin = rows_of(np.concatenate([extra, ids[:first]]), np.concatenate([QUERIES[:1], vectors[:first]]))
    begin.drop(np.array([0], dtype=np.intp))
    middle = in_lists(ids[first:last], vectors[first:last])
    end = FlatIndex(rows_of(ids[last:], vectors[last:]))
    return SegmentedIndex(DIMENSION, [FlatIndex(begin), middle, end])


KINDS: dict[str, Make] = {
    "flat": lambda ids, vectors: FlatIndex(rows_of(ids, vectors)),
    "inverted": in_lists,
    "segmented": in_segments,
}


@pytest.fixture(params=KINDS.values(), ids=KINDS)
def make(request: pytest.FixtureRequest) -> Make:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(params=[4096, 0], ids=["allowed rows gathered", "allowed rows selected"])
def gather(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    for module in (flat, inverted):
        monkeypatch.setattr(module, "GATHER", request.param)
    return int(request.param)


class TestVectorIndex:
    def test_it_is_an_index_of_vectors_that_counts_its_rows(self, make: Make) -> None:
        index_ = make(IDS, ROWS)
        assert isinstance(index_, VectorIndex)
        assert len(index_) == len(IDS)

    def test_scores_and_ids_are_those_of_plain_products(self, make: Make) -> None:
        scores, ids = make(IDS, ROWS).search(QUERIES, 12)
        assert scores.shape == ids.shape == (len(QUERIES), 12)
        assert (scores.dtype, ids.dtype) == (np.float32, np.int64)
        for line, query in enumerate(QUERIES):
            expected, _ = oracle(ROWS, IDS, query, 12)
            np.testing.assert_allclose(scores[line], expected, atol=TOLERANCE)
            own = [float(ROWS[np.flatnonzero(row == IDS)[0]] @ query) for row in ids[line]]
            np.testing.assert_allclose(scores[line], own, atol=TOLERANCE)

    @pytest.mark.parametrize("count", [1, 8, 60, 199])
    def test_only_allowed_rows_are_found_with_the_scores_of_plain_products(
        self, make: Make, gather: int, count: int
    ) -> None:
        allowed = np.sort(np.random.default_rng(count).choice(IDS, size=count, replace=False))
        scores, ids = make(IDS, ROWS).search(QUERIES, 5, allowed)
        for line, query in enumerate(QUERIES):
            expected, _ = oracle(ROWS, IDS, query, 5, allowed)
            np.testing.assert_allclose(scores[line][: len(expected)], expected, atol=TOLERANCE)
            assert set(ids[line][: len(expected)]) <= set(allowed)
            assert (ids[line][len(expected) :] == -1).all()

    def test_allowed_ids_that_are_not_there_are_passed_over(self, make: Make, gather: int) -> None:
        allowed = np.array([-9, 1, IDS[4], IDS[5] + 1, IDS[150], IDS[-1] + 500])
        scores, ids = make(IDS, ROWS).search(QUERIES[:1], 4, allowed)
        expected, order = oracle(ROWS, IDS, QUERIES[0], 4, allowed)
        assert ids[0].tolist() == [*order, -1, -1]
        np.testing.assert_allclose(scores[0, :2], expected, atol=TOLERANCE)

    def test_no_allowed_row_finds_nothing(self, make: Make, gather: int) -> None:
        scores, ids = make(IDS, ROWS).search(QUERIES, 3, np.array([], dtype=np.int64))
        assert (ids == -1).all()
        assert np.isneginf(scores).all()

    def test_where_rows_are_fewer_than_asked_the_rest_is_empty(self, make: Make, gather: int) -> None:
        index_ = make(IDS[:30], ROWS[:30])
        for allowed, there in ((None, 30), (IDS[:2], 2)):
            scores, ids = index_.search(QUERIES, 36, allowed)
            assert (ids[:, there:] == -1).all()
            assert np.isneginf(scores[:, there:]).all()
            assert (ids[:, :there] >= 0).all()
            assert np.isfinite(scores[:, :there]).all()

    def test_of_equal_rows_the_smaller_id_comes_first(self, make: Make, gather: int) -> None:
        index_ = make(np.arange(30, dtype=np.int64), np.repeat(unit(1, seed=5), 30, axis=0))
        query = unit(1, seed=5)
        assert index_.search(query, 4)[1].tolist() == [[0, 1, 2, 3]]
        assert index_.search(query, 4, np.arange(12, 30, dtype=np.int64))[1].tolist() == [[12, 13, 14, 15]]

    def test_stored_vectors_come_back_by_id_in_the_order_asked(self, make: Make) -> None:
        index_ = make(IDS, ROWS)
        asked = np.array([150, 20, 77])
        np.testing.assert_allclose(index_.reconstruct(IDS[asked]), ROWS[asked], atol=TOLERANCE)
        assert index_.reconstruct(IDS[:0]).shape == (0, DIMENSION)

    @pytest.mark.parametrize("missing", [-5, 1, 5000])
    def test_an_id_that_is_not_there_has_no_vector(self, make: Make, missing: int) -> None:
        with pytest.raises(KeyError):
            make(IDS, ROWS).reconstruct(np.array([IDS[0], missing], dtype=np.int64))

    def test_rows_need_not_lie_in_one_piece_of_memory(self, make: Make) -> None:
        index_ = make(IDS[::2], ROWS[::2])
        wide = np.repeat(QUERIES, 2, axis=1)[:, ::2]
        np.testing.assert_array_equal(index_.search(wide, 5)[1], index_.search(QUERIES, 5)[1])


class TestRows:
    def test_an_index_without_rows_finds_nothing(self) -> None:
        for index_ in (FlatIndex(Rows.of((), DIMENSION)), SegmentedIndex(DIMENSION)):
            scores, ids = index_.search(QUERIES, 2)
            assert (ids == -1).all()
            assert np.isneginf(scores).all()
            assert len(index_) == 0

    def test_rows_that_are_gone_are_neither_found_nor_counted_nor_owned(self, gather: int) -> None:
        for index_ in (KINDS["flat"](IDS, ROWS), in_lists(IDS, ROWS)):
            assert isinstance(index_, FlatIndex | InvertedIndex)
            index_.rows.drop(np.arange(50, dtype=np.intp))
            assert len(index_) == 150
            for allowed in (None, IDS[40:60]):
                scores, ids = index_.search(QUERIES, 5, allowed)
                expected, order = oracle(ROWS[50:], IDS[50:], QUERIES[0], 5, allowed)
                assert ids[0].tolist() == order
                np.testing.assert_allclose(scores[0], expected, atol=TOLERANCE)
            assert not index_.rows.owned(np.unique(IDS[:20] // 10)).size

    def test_owners_and_what_they_own_are_found_across_segments(self) -> None:
        index_ = in_segments(IDS, ROWS)
        owners = np.unique(IDS // 10)
        np.testing.assert_array_equal(index_.owned(owners), IDS)
        np.testing.assert_array_equal(index_.owned(owners[5:9]), IDS[np.isin(IDS // 10, owners[5:9])])
        np.testing.assert_array_equal(index_.owners(IDS), IDS // 10)
        assert index_.owned(np.array([-1, 99_999])).size == 0
        assert index_.owners(np.array([-1, 1])).size == 0

    def test_what_is_written_is_read_the_same(self, tmp_path: Path) -> None:
        halves = [(IDS[:70], IDS[:70] // 10, ROWS[:70]), (IDS[70:], IDS[70:] // 10, ROWS[70:])]
        count, check = write_rows(tmp_path / "a.rows", halves)
        assert count == len(IDS)
        rows = Rows.open(tmp_path / "a.rows", count, DIMENSION, check)
        lists_check = write_lists(rows, tmp_path / "a.lists")
        for mine, theirs in (
            (FlatIndex(rows), FlatIndex(rows_of(IDS, ROWS))),
            (InvertedIndex.open(rows, tmp_path / "a.lists", lists_check), in_lists(IDS, ROWS)),
        ):
            for one, other in zip(mine.search(QUERIES, 9), theirs.search(QUERIES, 9), strict=True):
                np.testing.assert_array_equal(one, other)
        np.testing.assert_array_equal(rows.owners, IDS // 10)
        assert not rows.halves.flags.writeable

    @pytest.mark.parametrize(
        "ids", [IDS, np.arange(7, 7 + len(IDS), dtype=np.int64)], ids=["with gaps", "without gaps"]
    )
    def test_rows_of_a_large_file_are_read_when_they_are_wanted(
        self, ids: Ids, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        count, check = write_rows(tmp_path / "a.rows", [(ids, ids // 10, ROWS)])
        mapped = Rows.open(tmp_path / "a.rows", count, DIMENSION, check)
        monkeypatch.setattr(rows_module, "LARGE", 0)
        read = Rows.open(tmp_path / "a.rows", count, DIMENSION, check)
        (tmp_path / "a.rows").unlink()  # As when a run sweeps it away: what is open stays readable.
        for wanted in (ids, ids[[0, 1, 2, 50, 51, 199]], ids[::3], ids[:0]):
            np.testing.assert_array_equal(read.take(read.places(wanted)), mapped.take(mapped.places(wanted)))
            np.testing.assert_array_equal(read.ids[read.places(np.append(wanted, [-1, ids[-1] + 1]))], wanted)

    def test_no_row_at_all_can_be_written_and_opened(self, tmp_path: Path) -> None:
        count, check = write_rows(tmp_path / "a.rows", ())
        assert count == len(Rows.open(tmp_path / "a.rows", 0, DIMENSION, check)) == 0

    def test_rows_of_before_there_were_sums_are_read_as_they_are(self, tmp_path: Path) -> None:
        write_rows(tmp_path / "a.rows", [(IDS, IDS // 10, ROWS)])
        path = tmp_path / "a.rows"
        path.write_bytes(path.read_bytes()[: -8 * len(IDS)])
        rows = Rows.open(path, len(IDS), DIMENSION)
        np.testing.assert_array_equal(rows.take(rows.places(IDS)), ROWS.astype(np.float16).astype(np.float32))

    @pytest.mark.parametrize("large", [False, True])
    def test_a_bit_that_flips_anywhere_in_a_file_of_rows_is_found_before_a_row_is_used(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: bool
    ) -> None:
        path = tmp_path / "a.rows"
        count, check = write_rows(path, [(IDS, IDS // 10, ROWS)])
        whole = path.read_bytes()
        monkeypatch.setattr(rows_module, "LARGE", 0 if large else len(whole))
        for place in np.random.default_rng(3).integers(0, 8 * len(whole), 200).tolist():
            torn = bytearray(whole)
            torn[place // 8] ^= 1 << place % 8
            path.write_bytes(torn)
            with pytest.raises(CatalogueError, match="damaged"):
                Rows.open(path, count, DIMENSION, check).take(np.arange(count))

    def test_a_large_file_that_is_cut_while_it_is_open_is_told(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rows_module, "LARGE", 0)
        count, check = write_rows(tmp_path / "a.rows", [(IDS, IDS // 10, ROWS)])
        rows = Rows.open(tmp_path / "a.rows", count, DIMENSION, check)
        os.truncate(tmp_path / "a.rows", 100)
        with pytest.raises(CatalogueError, match="damaged"):
            rows.take(np.arange(count))

    def test_lists_that_are_cut_while_they_are_open_are_in_memory_and_of_many_that_is_told(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rows = rows_of(IDS, ROWS)
        check = write_lists(rows, tmp_path / "a.lists")
        content = (tmp_path / "a.lists").read_bytes()
        monkeypatch.setattr(inverted, "GATHER", 0)
        opened = InvertedIndex.open(rows, tmp_path / "a.lists", check)
        expected = opened.search(QUERIES, 5)
        os.truncate(tmp_path / "a.lists", 100)
        for found, as_before in zip(opened.search(QUERIES, 5), expected, strict=True):
            np.testing.assert_array_equal(found, as_before)
        (tmp_path / "a.lists").write_bytes(content)
        monkeypatch.setattr(inverted, "LARGE", 0)
        mapped = InvertedIndex.open(rows, tmp_path / "a.lists", check)
        for found, as_before in zip(mapped.search(QUERIES, 5), expected, strict=True):
            np.testing.assert_array_equal(found, as_before)
        # What a change of the index leaves of a segment outlives it.
        again = opened_again(mapped, np.zeros(0, dtype=np.intp))
        del mapped
        gc.collect()
        mapped = again
        for found, as_before in zip(mapped.search(QUERIES, 5), expected, strict=True):
            np.testing.assert_array_equal(found, as_before)
        # In the place of the old file is another; the one that is mapped is there still.
        (tmp_path / "new.lists").write_bytes(b"others")
        (tmp_path / "a.lists").rename(tmp_path / "old.lists")
        (tmp_path / "new.lists").replace(tmp_path / "a.lists")
        mapped.search(QUERIES, 5)
        os.truncate(tmp_path / "old.lists", 100)
        with pytest.raises(CatalogueError, match="wrong length"):
            mapped.search(QUERIES, 5)

    def test_every_half_is_widened_exactly(self) -> None:
        every = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
        finite = every[np.isfinite(every)].reshape(-1, 8)
        places = np.random.default_rng(5).permutation(len(finite))
        np.testing.assert_array_equal(
            widened(finite, places).view(np.uint32), finite[places].astype(np.float32).view(np.uint32)
        )
