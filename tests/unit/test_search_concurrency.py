"""Searching at the same time: full text beside the vectors, ahead of a vector, several threads, passages read ahead."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from searching import ids, search
from small_index import HashEncoder

from index import build
from index.datatypes import Filters, Query
from index.pending import Pending
from index.protocols import Vectors
from index.recent import ReadPassage
from index.reranking import Terms
from index.search import PassageIndex


@pytest.mark.parametrize("filters", [Filters(), Filters(kinds=("call",))])
def test_full_text_and_vectors_searched_at_the_same_time_find_the_same(
    passages: PassageIndex, filters: Filters, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "the ceasefire and grain"
    expected = search(passages, text, filters=filters)
    monkeypatch.setattr("index.search.TOGETHER_FROM", 0)
    assert search(passages, text, filters=filters) == expected
    monkeypatch.setattr("index.nearness.Scan", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        search(passages, text, filters=filters)


@pytest.mark.parametrize("question", ["grain barges", "Who spoke of herring quotas?"])
def test_what_is_held_against_a_question_before_its_vector_is_there_changes_no_hit(
    passages: PassageIndex, monkeypatch: pytest.MonkeyPatch, question: str
) -> None:
    vector = HashEncoder().encode([question])[0]
    at_once = passages.search(Query(text=question), vector)
    held: list[bool] = []
    coverage = Terms.coverage

    def late() -> Vectors:
        assert told.wait(timeout=60)
        return vector

    def holding(terms: Terms, one: ReadPassage) -> tuple[float, float, float]:
        held.append(told.is_set())
        told.set()
        return coverage(terms, one)

    told = threading.Event()
    monkeypatch.setattr(Terms, "coverage", holding)
    assert passages.search(Query(text=question), Pending(late)) == at_once
    assert held[0] is False


def test_several_threads_may_ask_at_once(passages: PassageIndex) -> None:
    questions = ["grain barges", "Caspian pipeline", "undersea cables", "mobile bridges"] * 6
    expected = [ids(search(passages, question)) for question in questions]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda question: ids(search(passages, question)), questions)) == expected


def test_opening_reads_no_vectors_before_they_are_needed(built: Path) -> None:
    for path in built.glob("*.rows"):
        path.unlink()
    opened = PassageIndex(built)
    assert ids(opened.search(Query(text="grain"), None)) == ["germany-meeting"]
    assert not opened._opened
    opened.close()


def test_what_was_read_ahead_is_not_read_again_until_the_index_changes(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(ids: Sequence[int]) -> None:
        raise AssertionError(f"{ids} were read")

    opened = PassageIndex(built)
    for _ in range(2):
        opened.read_ahead()
        assert opened.reading_ahead is not None
        opened.reading_ahead.join()
        with monkeypatch.context() as patch:
            patch.setattr(opened._recent, "_read", refuse)
            assert search(opened, "grain barges")
        build.remove(built, [ids(search(opened, "grain barges"))[0]])
    opened.close()


def test_reading_ahead_ends_where_the_index_is_closed(built: Path) -> None:
    opened = PassageIndex(built)
    opened.read_ahead()
    assert opened.reading_ahead is not None
    opened.close()
    opened.reading_ahead.join()
