"""Short, fixed parts of ``python -m benchmarks.together``, with an encoder that needs no model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from e2e_helpers import HASHED
from small_index import HashEncoder

from assistant.evaluation.questions import read_questions
from benchmarks.together import kept
from benchmarks.together.__main__ import prepared, readers
from benchmarks.together.processes import LEAST, Place
from benchmarks.together.threads import threads

QUESTIONS = """
{"type": "content", "question": "Who agreed on the Vistula protocol?", "gold": [{"doc": "germany-meeting"}]}
{"type": "list", "question": "Which calls were there in 2023?", "gold_docs": ["japan-call"]}
{"type": "unanswerable", "question": "How long does rice boil?", "why": "off topic"}
{"type": "followup", "turns": [{"question": "When did Tolliver call Moriyama?", "gold": [{"doc": "japan-call"}]}, \
{"question": "and what about tariffs?", "gold": [{"doc": "japan-call"}]}]}
"""


@pytest.fixture
def place(tmp_path: Path, corpus: Path) -> Place:
    """An index of the small corpus and of marked readouts."""
    (tmp_path / "questions.jsonl").write_text(QUESTIONS.strip(), encoding="utf-8")
    lines = read_questions([tmp_path / "questions.jsonl"])
    return prepared(tmp_path / "work", corpus, lines, 8, None, 1, make=HashEncoder, command=tuple(HASHED))


def test_readers_see_whole_commits_while_one_process_writes_and_another_watches(place: Place) -> None:
    what, counted, faults = readers(place, seconds=2, count=2)
    assert not faults
    assert what.startswith("2 readers")
    looks, commits = (int(words.split()[0].replace(",", "")) for words in counted.split(", ")[:2])
    assert looks > 10
    assert commits >= LEAST


def test_several_processes_begin_to_keep_conversations_at_once_and_no_turn_is_lost(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kept.conversations(place, 3) == (2 * 3 * kept.TURNS, [])


def test_of_two_that_write_at_once_the_second_is_told_to_wait_and_both_are_whole(place: Place) -> None:
    waited, faults = kept.writers(place, 2)
    assert not faults
    assert waited <= 1


def test_news_that_two_processes_ask_for_are_told_by_one_of_them(place: Place) -> None:
    told, faults = kept.searches(place, rounds=4)
    assert not faults
    assert told >= 4


def test_threads_that_share_an_assistant_answer_as_one_does_while_a_readout_comes_and_goes(place: Place) -> None:
    conversations = [["Who agreed on the Vistula protocol?"], ["Which calls were there in 2023?"]] * 4
    conversations += [["When did Tolliver call Moriyama?", "and what about tariffs?"]] * 4
    compared, faults = threads(replace(place), conversations)
    assert not faults
    assert compared == 2 * (8 + 8)
