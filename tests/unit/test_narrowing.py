"""Readouts that a list can be about at all: none is left out that would count."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant import narrowing
from index.datatypes import Filters
from index.search import PassageIndex


@pytest.fixture
def index(built: Path) -> Iterator[PassageIndex]:
    opened = PassageIndex(built)
    yield opened
    opened.close()


def everything(index: PassageIndex) -> np.ndarray:
    return index.catalogue.matching(Filters())


def ids(index: PassageIndex, rows: np.ndarray) -> set[str]:
    return {record.source.doc_id for record in index.catalogue.records_of(rows)}


def test_those_in_which_all_parties_can_take_part_are_left(index: PassageIndex) -> None:
    rows = everything(index)
    assert "japan-call" in ids(index, narrowing.with_parties(rows, ("Tolliver", "Japan"), (), index))
    assert "qatar-call" not in ids(index, narrowing.with_parties(rows, ("Tolliver", "Japan"), (), index))
    assert narrowing.with_parties(rows, (), (), index).tolist() == rows.tolist()


def test_of_the_one_or_the_other_one_is_enough(index: PassageIndex) -> None:
    left = ids(index, narrowing.with_parties(everything(index), ("Japan", "Qatar"), ("Japan", "Qatar"), index))
    assert {"japan-call", "qatar-call"} <= left
    assert "germany-meeting" not in left


def test_a_visit_may_be_one_to_any_country(index: PassageIndex) -> None:
    visits = set(index.catalogue.matching(Filters(kinds=("visit",))).tolist())
    left = narrowing.with_parties(everything(index), ("Norway",), (), index)
    assert visits <= set(left.tolist())


def test_few_are_left_as_they_are_and_many_are_asked_for_the_topic(
    index: PassageIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = everything(index)
    topic = [(("grain", "barges"), 0.9)]
    assert narrowing.about(rows, topic, index).tolist() == rows.tolist()
    monkeypatch.setattr(narrowing, "FEW", 2)
    assert ids(index, narrowing.about(rows, topic, index)) == {"germany-meeting"}
    assert narrowing.about(rows, [((), 0.9)], index).tolist() == rows.tolist()
    wider = ids(index, narrowing.about(rows, [*topic, (("convoys",), 0.5)], index))
    assert {"germany-meeting", "qatar-call"} <= wider
