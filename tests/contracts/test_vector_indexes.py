"""What every index of vectors promises, against a plain oracle; scores are compared, not only order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index import vectors as ours
from index.errors import CatalogueError
from index.protocols import Ids, VectorIndex, Vectors
from index.vectors import FlatIndex

DIMENSION = 24
#: Rows are kept in half precision, whose relative error is at most 2**-11 a number: below 1e-3 in a product of unit vectors.
TOLERANCE = 1e-3
Make = Callable[[int], VectorIndex]


def unit(rows: int, seed: int) -> Vectors:
    drawn = np.random.default_rng(seed).normal(size=(rows, DIMENSION))
    return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


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


@pytest.fixture(params=[FlatIndex])
def make(request: pytest.FixtureRequest) -> Make:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(params=[ours.GATHER, 10], ids=["allowed rows gathered", "allowed rows selected"])
def gather(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(ours, "GATHER", request.param)
    return int(request.param)


IDS: NDArray[np.int64] = np.arange(200, dtype=np.int64) * 7 + 3
ROWS = unit(200, seed=1)
QUERIES = unit(4, seed=2)


class TestVectorIndex:
    def test_it_is_an_index_of_vectors_that_counts_its_rows(self, make: Make) -> None:
        index_ = make(DIMENSION)
        assert isinstance(index_, VectorIndex)
        assert len(index_) == 0
        index_.add(IDS, ROWS)
        assert len(index_) == len(IDS)
        index_.add(IDS[:0], ROWS[:0])
        assert len(index_) == len(IDS)

    def test_scores_and_ids_are_those_of_plain_products(self, make: Make) -> None:
        index_ = make(DIMENSION)
        index_.add(IDS, ROWS)
        scores, ids = index_.search(QUERIES, 12)
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
        index_ = make(DIMENSION)
        index_.add(IDS, ROWS)
        allowed = np.sort(np.random.default_rng(count).choice(IDS, size=count, replace=False))
        scores, ids = index_.search(QUERIES, 5, allowed)
        for line, query in enumerate(QUERIES):
            expected, _ = oracle(ROWS, IDS, query, 5, allowed)
            np.testing.assert_allclose(scores[line][: len(expected)], expected, atol=TOLERANCE)
            assert set(ids[line][: len(expected)]) <= set(allowed)
            assert (ids[line][len(expected) :] == -1).all()

    def test_no_allowed_row_finds_nothing(self, make: Make, gather: int) -> None:
        index_ = make(DIMENSION)
        index_.add(IDS, ROWS)
        scores, ids = index_.search(QUERIES, 3, np.array([], dtype=np.int64))
        assert (ids == -1).all()
        assert np.isneginf(scores).all()

    def test_where_rows_are_fewer_than_asked_the_rest_is_empty(self, make: Make, gather: int) -> None:
        index_ = make(DIMENSION)
        index_.add(IDS[:3], ROWS[:3])
        for allowed, there in ((None, 3), (IDS[:2], 2)):
            scores, ids = index_.search(QUERIES, 6, allowed)
            assert (ids[:, there:] == -1).all()
            assert np.isneginf(scores[:, there:]).all()
            assert (ids[:, :there] >= 0).all()
            assert np.isfinite(scores[:, :there]).all()

    def test_an_index_without_rows_finds_nothing(self, make: Make) -> None:
        scores, ids = make(DIMENSION).search(QUERIES, 2)
        assert (ids == -1).all()
        assert np.isneginf(scores).all()

    def test_of_equal_rows_the_smaller_id_comes_first(self, make: Make, gather: int) -> None:
        index_ = make(DIMENSION)
        same = np.repeat(unit(1, seed=5), 30, axis=0)
        index_.add(np.arange(30, dtype=np.int64), same)
        assert index_.search(same[:1], 4)[1].tolist() == [[0, 1, 2, 3]]
        assert index_.search(same[:1], 4, np.arange(12, 30, dtype=np.int64))[1].tolist() == [[12, 13, 14, 15]]

    def test_removed_rows_are_found_no_more_and_unknown_ids_are_passed_over(self, make: Make) -> None:
        index_ = make(DIMENSION)
        index_.add(IDS, ROWS)
        gone = IDS[:50]
        assert index_.remove(np.concatenate([gone, np.array([1, 2], dtype=np.int64)])) == 50
        assert index_.remove(gone) == 0
        assert index_.remove(gone[:0]) == 0
        assert len(index_) == 150
        scores, ids = index_.search(QUERIES, 150)
        assert not set(ids.ravel()) & set(gone)
        expected, _ = oracle(ROWS[50:], IDS[50:], QUERIES[0], 150)
        np.testing.assert_allclose(scores[0], expected, atol=TOLERANCE)

    def test_stored_vectors_come_back_by_id_in_the_order_asked(self, make: Make) -> None:
        index_ = make(DIMENSION)
        index_.add(IDS, ROWS)
        index_.remove(IDS[:5])
        asked = np.array([150, 20, 77])
        np.testing.assert_allclose(index_.reconstruct(IDS[asked]), ROWS[asked], atol=TOLERANCE)
        assert index_.reconstruct(IDS[:0]).shape == (0, DIMENSION)

    def test_an_id_that_is_not_there_has_no_vector(self, make: Make) -> None:
        index_ = make(DIMENSION)
        index_.add(IDS, ROWS)
        with pytest.raises(KeyError):
            index_.reconstruct(np.array([IDS[0], 1], dtype=np.int64))

    def test_rows_need_not_lie_in_one_piece_of_memory(self, make: Make) -> None:
        index_ = make(DIMENSION)
        index_.add(IDS[::2], ROWS[::2])
        wide = np.repeat(QUERIES, 2, axis=1)[:, ::2]
        np.testing.assert_array_equal(index_.search(wide, 5)[1], index_.search(QUERIES, 5)[1])


class TestFlatIndexFile:
    def test_what_is_saved_is_loaded_the_same(self, tmp_path: Path) -> None:
        index_ = FlatIndex(DIMENSION)
        index_.add(IDS, ROWS)
        index_.save(tmp_path / "rows.faiss")
        loaded = FlatIndex.load(tmp_path / "rows.faiss")
        assert (len(loaded), loaded.dimension) == (len(IDS), DIMENSION)
        for mine, theirs in zip(index_.search(QUERIES, 9), loaded.search(QUERIES, 9), strict=True):
            np.testing.assert_array_equal(mine, theirs)
        loaded.remove(IDS[:1])
        assert len(loaded) == len(IDS) - 1

    def test_saving_leaves_no_other_file_beside(self, tmp_path: Path) -> None:
        FlatIndex(DIMENSION).save(tmp_path / "rows.faiss")
        assert [path.name for path in tmp_path.iterdir()] == ["rows.faiss"]

    def test_a_save_that_fails_keeps_the_old_file_and_says_so(self, tmp_path: Path) -> None:
        (tmp_path / "rows.faiss").mkdir()
        (tmp_path / "rows.faiss" / "old").touch()
        with pytest.raises(CatalogueError) as caught:
            FlatIndex(DIMENSION).save(tmp_path / "rows.faiss")
        assert caught.value.mend
        assert (tmp_path / "rows.faiss" / "old").exists()
        assert [path.name for path in tmp_path.iterdir()] == ["rows.faiss"]

    @pytest.mark.parametrize("content", [None, b"", b"not vectors", b"IxM2" + b"\xff" * 40])
    def test_a_missing_or_damaged_file_cannot_be_loaded(self, tmp_path: Path, content: bytes | None) -> None:
        if content is not None:
            (tmp_path / "rows.faiss").write_bytes(content)
        with pytest.raises(CatalogueError):
            FlatIndex.load(tmp_path / "rows.faiss")

    def test_half_a_file_cannot_be_loaded(self, tmp_path: Path) -> None:
        index_ = FlatIndex(DIMENSION)
        index_.add(IDS, ROWS)
        index_.save(tmp_path / "rows.faiss")
        whole = (tmp_path / "rows.faiss").read_bytes()
        (tmp_path / "rows.faiss").write_bytes(whole[: len(whole) // 2])
        with pytest.raises(CatalogueError):
            FlatIndex.load(tmp_path / "rows.faiss")
