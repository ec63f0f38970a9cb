"""A short part of ``python -m benchmarks.hostile_questions``: odd questions through every door, over the invented readouts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from e2e_helpers import clean_environment
from small_index import HashEncoder

from assistant.api import Assistant
from assistant.errors import FilterError, QuestionError
from assistant.history import History
from benchmarks import hostile_outside
from benchmarks.hostile_questions import Doors, Trial, Watched, campaign, tried
from benchmarks.odd_questions import Odd, odd_questions
from index.datatypes import Filters
from index.filters import LONGEST_NAME, MOST_NAMES


@pytest.fixture
def assistant(built: Path, tmp_path: Path) -> Iterator[Assistant]:
    with Assistant(built, history=History(tmp_path / "talks"), encoder=HashEncoder()) as opened:
        yield opened


def test_odd_questions_are_answered_or_refused_in_words_and_are_no_more_than_words(assistant: Assistant) -> None:
    trials, others = campaign(assistant, odd_questions(180, seed=11))
    assert [(trial.door, trial.fault, trial.odd.text[:200]) for trial in trials if trial.fault] == []
    assert others == set()
    answered = {trial.odd.family for trial in trials if trial.door == "ask" and not trial.refused}
    assert answered == {odd.family for odd in odd_questions(12, seed=1)}


async def test_odd_questions_typed_into_the_chat_are_words(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.api.find_model", lambda name, **_: name)
    monkeypatch.setattr("assistant.api.load_encoder", lambda model, **_: HashEncoder())
    for name, value in clean_environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    told = [one async for one in hostile_outside.in_the_chat(built, tmp_path, list(odd_questions(12, seed=3)))]
    assert [(odd.text[:200], fault) for _, odd, _, _, fault in told if fault] == []
    assert sum(refused for _, _, _, refused, _ in told) < 6


def test_the_same_seed_gives_the_same_questions() -> None:
    assert list(odd_questions(50, seed=5)) == list(odd_questions(50, seed=5))
    assert list(odd_questions(50, seed=5)) != list(odd_questions(50, seed=6))


def test_what_is_not_as_it_should_be_is_seen(assistant: Assistant) -> None:
    odd = Odd(family="x", text="grain")
    assert "is shown" in tried("door", odd, lambda: ["a\x1b[31m"]).fault
    assert "no such column" in tried("door", odd, lambda: [str(sqlite3.connect(":memory:").execute("SELECT x"))]).fault
    operators = Odd(family="operators", text="barges AND cables", plain="zeppelins")
    trials: list[Trial] = list(islice(Doors(assistant).through(0, operators), 2))
    assert "operators count" in trials[1].fault
    database = sqlite3.connect(":memory:")
    watched = Watched(database)
    database.execute("SELECT 1")
    assert watched.others == set()
    database.execute("CREATE TABLE x (y)")
    assert watched.others


@pytest.mark.parametrize("text", ["grain" * 20_000, "a b c party: " * 3_000, '"a"' * 5_000])
def test_what_nobody_types_is_refused_at_every_door_before_it_is_read(assistant: Assistant, text: str) -> None:
    for door in (assistant.ask, assistant.search_text, assistant.matching, assistant.history.conversations):
        with pytest.raises(QuestionError) as told:
            door(text)
        assert told.value.mend


def test_names_in_a_filter_that_are_too_many_or_too_long_are_refused_before_the_database_has_them(
    assistant: Assistant,
) -> None:
    long = " ".join(f"{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(LONGEST_NAME // 3))
    for most in (Filters(parties=[long]), Filters(parties=[f"w {n}" for n in range(MOST_NAMES)])):
        assert assistant.count(most) == 0
    assert assistant.count(Filters(parties=["a " * (LONGEST_NAME // 2)])) == 0
    assert assistant.count(Filters(issuers=[f"w{n}" for n in range(MOST_NAMES)])) == 0
    for given in ({"parties": ["x" * (LONGEST_NAME + 1)]}, {"issuers": ["x"] * (MOST_NAMES + 1)}):
        with pytest.raises(FilterError) as told:
            Filters(**given)  # type: ignore[arg-type]
        assert told.value.mend
