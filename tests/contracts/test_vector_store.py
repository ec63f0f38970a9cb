"""Vectors in a folder: adding and removing without writing all anew, and files that are damaged."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import CatalogueError
from index.protocols import Ids, Vectors
from index.vectors import InvertedIndex, SegmentedIndex, segmented
from index.vectors.rows import Batch
from index.vectors.segmented import joined
from index.vectors.store import TABLES, are_verified, change_vectors, read_vectors, sweep

DIMENSION = 16


def unit(rows: int, seed: int) -> Vectors:
    drawn = np.random.default_rng(seed).normal(size=(rows, DIMENSION))
    return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


class Oracle:
    """What a folder ought to hold: for each document a number of passages, each of two sentences."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.page: str | None = None
        #: As a reader has it that stays from change to change.
        self.opened: dict[str, SegmentedIndex] = {}
        self.rows: dict[str, dict[int, tuple[int, Vectors]]] = {table: {} for table in TABLES}

    def change(self, add: int, gone: Iterable[int] = (), each: int = 3) -> None:
        documents = owners = set(gone)
        for table, kept in self.rows.items():
            leaving = {row for row, (owner, _) in kept.items() if owner in owners}
            self.rows[table] = {row: found for row, found in kept.items() if row not in leaving}
            owners = leaving
        passages, sentences = self.rows["passages"], self.rows["sentences"]
        document = max((owner for owner, _ in passages.values()), default=0)
        fresh: dict[str, list[tuple[int, int]]] = {table: [] for table in TABLES}
        passage, sentence = max(passages, default=0), max(sentences, default=0)
        for number in range(add * each):
            fresh["passages"].append((passage + number + 1, document + number // each + 1))
            fresh["sentences"] += [(sentence + 2 * number + s, passage + number + 1) for s in (1, 2)]
        batches = {table: self._batches(table, numbers) for table, numbers in fresh.items()}
        self.page = change_vectors(
            self.folder,
            self.page,
            DIMENSION,
            gone=sorted(documents),
            fresh=lambda table: (len(fresh[table]), batches[table]),
        )

    def _batches(self, table: str, numbers: list[tuple[int, int]]) -> list[Batch]:
        vectors = unit(len(numbers), seed=len(self.rows[table]) + len(numbers))
        self.rows[table] |= {row: (owner, v) for (row, owner), v in zip(numbers, vectors, strict=True)}
        pairs = np.array(numbers, dtype=np.int64).reshape(-1, 2)
        return [(pairs[i : i + 7, 0], pairs[i : i + 7, 1], vectors[i : i + 7]) for i in range(0, len(pairs), 7)]

    def check(self) -> None:
        assert self.page is not None
        self._check(read_vectors(self.folder, self.page, DIMENSION))
        self.opened = read_vectors(self.folder, self.page, DIMENSION, self.opened)
        self._check(self.opened)

    def _check(self, found: Mapping[str, SegmentedIndex]) -> None:
        for table, rows in self.rows.items():
            ids: Ids = np.array(sorted(rows), dtype=np.int64)
            vectors = np.array([rows[row][1] for row in sorted(rows)]).reshape(-1, DIMENSION)
            assert len(found[table]) == len(ids)
            np.testing.assert_allclose(found[table].reconstruct(ids), vectors, atol=1e-3)
            np.testing.assert_array_equal(found[table].owners(ids), [rows[row][0] for row in sorted(rows)])
            query = unit(1, seed=99)
            for _ in range(2):
                np.testing.assert_allclose(found[table].products(query[0]), vectors @ query[0], atol=1e-3)
            scores, nearest = found[table].search(query, 5)
            best = np.sort(vectors @ query[0])[::-1][:5]
            np.testing.assert_allclose(scores[0, : len(best)], best, atol=1e-3)
            assert set(nearest[0, : len(best)].tolist()) <= set(rows)


@pytest.fixture
def oracle(tmp_path: Path) -> Oracle:
    return Oracle(tmp_path)


def test_what_is_added_and_removed_over_time_is_what_is_found(oracle: Oracle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segmented, "SMALL", 8)
    for add, gone in ((40, ()), (1, ()), (0, (3, 4, 41)), (2, (5,)), (1, (43,)), (30, range(6, 30)), (0, range(1, 99))):
        oracle.change(add, gone)
        oracle.check()
    oracle.change(3)
    oracle.check()


@given(steps=st.lists(st.tuples(st.integers(0, 6), st.sets(st.integers(1, 14), max_size=6)), min_size=1, max_size=7))
@settings(max_examples=30, deadline=None)
def test_any_history_of_changes_leaves_what_it_should(
    steps: list[tuple[int, set[int]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segmented, "SMALL", 4)
        patch.setattr(segmented, "INVERTED_FROM", 24)
        oracle = Oracle(tmp_path_factory.mktemp("store"))
        for add, gone in steps:
            oracle.change(add, gone)
            oracle.check()
            assert oracle.page is not None
            sweep(oracle.folder, oracle.page)
            oracle.check()


def test_adding_a_little_writes_little_and_leaves_the_large_segment_as_it_is(
    oracle: Oracle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segmented, "SMALL", 8)
    oracle.change(100)
    before = {path.name: path.stat().st_mtime_ns for path in oracle.folder.glob("*.rows")}
    oracle.change(1, gone=(7,))
    after = {path.name: path.stat().st_mtime_ns for path in oracle.folder.glob("*.rows")}
    assert before.items() <= after.items()
    fresh = [path for path in oracle.folder.glob("*.rows") if path.name not in before]
    assert sum(path.stat().st_size for path in fresh) == 9 * (2 * DIMENSION + 24)
    oracle.check()


def test_of_files_that_stay_a_reader_that_stays_has_one_copy(oracle: Oracle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segmented, "SMALL", 8)
    for add, gone in ((40, ()), (1, (3,))):
        oracle.change(add, gone)
        before = [segment.rows for segment in oracle.opened.get("sentences", SegmentedIndex(DIMENSION)).segments]
        oracle.check()
    first, _ = (segment.rows for segment in oracle.opened["sentences"].segments)
    assert first.halves is before[0].halves
    assert first.wide is before[0].wide
    assert (before[0].gone, len(before[0]), len(first)) == (None, 240, 234)


def test_a_segment_of_which_much_is_gone_is_written_anew(oracle: Oracle) -> None:
    oracle.change(100)
    oracle.change(0, gone=range(1, 60))
    assert oracle.page is not None
    sweep(oracle.folder, oracle.page)
    assert sum(path.stat().st_size for path in oracle.folder.glob("*.rows")) == 41 * 9 * (2 * DIMENSION + 24)
    oracle.check()


def test_from_a_number_of_rows_on_a_segment_has_lists(oracle: Oracle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segmented, "INVERTED_FROM", 400)
    oracle.change(100)
    assert oracle.page is not None
    found = read_vectors(oracle.folder, oracle.page, DIMENSION)
    assert [isinstance(found[table].segments[0], InvertedIndex) for table in TABLES] == [False, True]
    oracle.check()


def test_segments_stay_few_however_often_is_added() -> None:
    sizes: list[int] = []
    for _ in range(5000):
        last = joined(sizes, 100)
        sizes = [*sizes[: len(sizes) - last], sum(sizes[len(sizes) - last :]) + 100]
        assert len(sizes) <= 8
    assert sum(sizes) == 500_000


def test_sweeping_leaves_what_the_page_names_and_what_is_no_file_of_vectors(oracle: Oracle) -> None:
    oracle.change(4)
    for name in ("passages-1.faiss", "passages-old.rows", "old.vectors", "catalogue.sqlite", "notes.txt"):
        (oracle.folder / name).touch()
    assert oracle.page is not None
    sweep(oracle.folder, oracle.page)
    left = {path.name for path in oracle.folder.iterdir()}
    assert {"catalogue.sqlite", "notes.txt", oracle.page} <= left
    assert len(left) == 5
    oracle.check()


@pytest.mark.parametrize("content", [None, b"", b"no vectors", b"half"])
def test_a_file_that_is_missing_or_damaged_cannot_be_read(
    oracle: Oracle, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    monkeypatch.setattr(segmented, "INVERTED_FROM", 20)
    oracle.change(20)
    assert oracle.page is not None
    files = sorted(oracle.folder.iterdir())
    assert len(files) == 5
    for path in files:
        whole = path.read_bytes()
        path.unlink()
        if content is not None:
            path.write_bytes(whole[: len(whole) // 2] if content == b"half" else content)
        with pytest.raises(CatalogueError) as caught:
            read_vectors(oracle.folder, oracle.page, DIMENSION)
        assert caught.value.mend
        path.write_bytes(whole)
    oracle.check()


def test_a_bit_that_flips_in_any_file_is_found(oracle: Oracle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segmented, "INVERTED_FROM", 20)
    oracle.change(20)
    oracle.change(0, gone=[3])
    assert oracle.page is not None
    sweep(oracle.folder, oracle.page)
    drawn = np.random.default_rng(7)
    for path in sorted(oracle.folder.iterdir()):
        whole = path.read_bytes()
        for place in drawn.integers(0, 8 * len(whole), 40).tolist():
            torn = bytearray(whole)
            torn[place // 8] ^= 1 << place % 8
            path.write_bytes(torn)
            with pytest.raises(CatalogueError):
                read_vectors(oracle.folder, oracle.page, DIMENSION)
        path.write_bytes(whole)
    oracle.check()


def test_files_of_before_there_were_checksums_are_read_and_not_called_verified(oracle: Oracle) -> None:
    oracle.change(5)
    assert oracle.page is not None
    assert are_verified(oracle.folder, oracle.page)
    page = json.loads((oracle.folder / oracle.page).read_bytes().partition(b"\n")[0])
    for table in TABLES:
        for entry in page[table]:
            del entry["checks"]
            path = oracle.folder / f"{entry['name']}.rows"
            path.write_bytes(path.read_bytes()[: -8 * entry["rows"]])
    (oracle.folder / oracle.page).write_text(json.dumps(page))
    oracle.check()
    assert not are_verified(oracle.folder, oracle.page)


def test_vectors_of_another_length_are_not_taken(oracle: Oracle) -> None:
    oracle.change(2)
    assert oracle.page is not None
    with pytest.raises(CatalogueError):
        read_vectors(oracle.folder, oracle.page, DIMENSION + 1)


def test_what_cannot_be_written_leaves_nothing_behind(oracle: Oracle) -> None:
    def broken(table: str) -> tuple[int, Iterable[Batch]]:
        def batches() -> Iterable[Batch]:
            yield np.array([1]), np.array([1]), unit(1, seed=1)
            raise OSError(28, "No space left on device")

        return 2, batches()

    with pytest.raises(CatalogueError) as caught:
        change_vectors(oracle.folder, None, DIMENSION, gone=(), fresh=broken)
    assert "space" in caught.value.mend
    assert list(oracle.folder.iterdir()) == []
