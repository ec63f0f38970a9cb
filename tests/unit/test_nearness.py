"""What is near, and how near, is the same whether all is multiplied at once or looked up in an index of vectors."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest

from index import nearness
from index.nearness import Scan, begin
from index.pending import Pending
from index.protocols import Ids, Vectors
from index.vectors import FlatIndex, Rows, SegmentedIndex, products

DIMENSION = 16


def unit(rows: int, seed: int) -> Vectors:
    drawn = np.random.default_rng(seed).normal(size=(rows, DIMENSION))
    return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


IDS = np.arange(120, dtype=np.int64) * 3 + 2
ROWS = unit(120, seed=1)
#: Of equal rows the one of the smaller id is nearer.
ROWS[40] = ROWS[90]
QUERY = unit(1, seed=2)[0]
ALLOWED = IDS[10:70:2]


def index() -> SegmentedIndex:
    """Two segments, each with a row that is gone and would be the nearest."""
    segments = []
    for part in (slice(0, 50), slice(50, 120)):
        gone = IDS[part][-1:] + 1
        rows = Rows.of(
            [(IDS[part], IDS[part] // 10, ROWS[part]), (gone, gone // 10, QUERY[None])],
            DIMENSION,
        )
        rows.drop(np.array([len(IDS[part])], dtype=np.intp))
        segments.append(FlatIndex(rows))
    return SegmentedIndex(DIMENSION, segments)


@pytest.mark.parametrize("allowed", [None, ALLOWED], ids=["all", "some"])
@pytest.mark.parametrize("few", [0, 1000])
@pytest.mark.parametrize("k", [5, 29, 500])
def test_the_nearest_are_those_that_the_index_finds(
    k: int, few: int, allowed: Ids | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearness, "FEW", few)
    found = Scan(index(), QUERY, allowed, k).nearest
    expected = index().search(QUERY[None], k, allowed)[1][0]
    assert sorted(found[found >= 0].tolist()) == sorted(expected[expected >= 0].tolist())


@pytest.mark.parametrize("place", [40, 90])
def test_of_equals_at_the_end_the_smaller_id_is_found(place: int) -> None:
    assert Scan(index(), ROWS[place], None, 1).nearest.tolist() == [IDS[40]]


@pytest.mark.parametrize("whole", [0, 1000])
def test_products_are_those_of_the_rows_alone_at_the_first_question_and_later(
    whole: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearness, "WHOLE", whole)
    asked = index()
    some = IDS[5:115:4]
    for _ in range(3):
        expected = products(QUERY[None], asked.reconstruct(some))[0]
        assert Scan(asked, QUERY, None, 1).products(some).tolist() == expected.tolist()


def at_once() -> Vectors:
    return ROWS[25]


def late() -> Pending[Vectors]:
    return Pending(lambda: (time.sleep(0.05), ROWS[25])[1])


def there() -> Pending[Vectors]:
    vector = Pending(at_once)
    vector.result()
    return vector


@pytest.mark.parametrize("beside", [True, False])
@pytest.mark.parametrize("vector", [at_once, late, there])
def test_a_passage_is_proposed_for_itself_or_for_a_sentence_and_knows_the_cosines_of_its_sentences(
    vector: Callable[[], Vectors | Pending[Vectors]], beside: bool
) -> None:
    passages = SegmentedIndex(
        DIMENSION, [FlatIndex(Rows.of([(np.arange(10), np.zeros(10, dtype=np.int64), ROWS[:10])], DIMENSION))]
    )
    sentences = SegmentedIndex(
        DIMENSION, [FlatIndex(Rows.of([(np.arange(30), np.repeat(np.arange(10), 3), ROWS[10:40])], DIMENSION))]
    )
    near = begin(passages, sentences, vector(), None, (1, 1), beside=beside)()
    assert 5 in near.proposed.tolist()
    cosines = near.sentences(np.array([2, 5]))
    assert cosines.of(1)[0] == pytest.approx(1, abs=1e-3)
    assert cosines.best[1] == pytest.approx(max(cosines.of(1)))
    assert cosines.mean[0] == pytest.approx(sum(cosines.of(0)) / 3)
    assert near.paragraphs(np.array([2, 5]))[1] == pytest.approx(float(ROWS[5] @ ROWS[25]), abs=1e-3)
