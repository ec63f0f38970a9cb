"""Questions that follow each other: understood in the light of the turns before, kept, and kept later where that fails."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from leaders import open_assistant
from small_index import HashEncoder

from assistant.api import Assistant
from assistant.datatypes import Answer, Turn
from assistant.errors import QuestionError
from assistant.history import History

FIRST, THEN = "What did Tolliver and Brandt inspect in Bremen?", "and what about the toll?"


def untimed(answer: Answer) -> Answer:
    return replace(answer, seconds=0.0)


def test_a_follow_up_is_asked_in_the_light_of_the_turn_before(leaders: Assistant) -> None:
    talk = leaders.talk()
    assert talk.ask(FIRST).standalone_question == FIRST
    answer = talk.ask(THEN)
    assert answer.question == THEN
    assert answer.standalone_question.startswith(THEN)
    assert {"Lena Brandt"} <= set(answer.understanding.people)
    assert leaders.ask(THEN).understanding.people == ()


def test_a_talk_in_memory_is_not_kept(leaders: Assistant) -> None:
    talk = leaders.talk()
    assert talk.ask(FIRST).conversation is None
    assert leaders.history.conversations() == ()


def test_turns_given_by_hand_count_as_a_conversation_and_are_not_kept(leaders: Assistant) -> None:
    talk = leaders.conversation()
    talk.ask(FIRST)
    turns = leaders.history.turns(talk.id or "")
    answer = leaders.answer_next(THEN, turns)
    assert answer.standalone_question != THEN
    assert len(leaders.history.turns(talk.id or "")) == 1


def test_every_turn_of_a_conversation_is_kept_as_it_was_answered(leaders: Assistant) -> None:
    talk = leaders.conversation()
    answers = [talk.ask(FIRST), talk.ask(THEN)]
    assert {answer.conversation for answer in answers} == {talk.id}
    assert [turn.answer for turn in leaders.history.turns(talk.id or "")] == answers


def test_a_question_reads_back_no_more_of_its_conversation_than_it_leans_on(
    leaders: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = leaders.conversation()
    for _ in range(3):
        talk.ask(FIRST)
    read: list[int] = []
    turns = leaders.history.turns

    def noted(conversation: str, **wanted: int) -> tuple[Turn, ...]:
        found = turns(conversation, **wanted)
        read.extend(turn.number for turn in found)
        return found

    monkeypatch.setattr(leaders.history, "turns", noted)
    assert talk.ask(THEN).standalone_question != THEN
    assert read == [3]


def test_another_assistant_continues_a_conversation_that_was_saved(leaders_index: Path, tmp_path: Path) -> None:
    with open_assistant(leaders_index, tmp_path) as first:
        talk = first.conversation("bremen")
        talk.ask(FIRST)
        expected = first.answer_next(THEN, first.history.turns("bremen"))
    with open_assistant(leaders_index, tmp_path) as second:
        answer = second.ask(THEN, conversation="bremen")
        assert untimed(answer) == replace(untimed(expected), conversation="bremen")
        assert answer.standalone_question != THEN
        assert [turn.number for turn in second.history.turns("bremen")] == [1, 2]


def test_two_conversations_know_nothing_of_each_other(leaders: Assistant) -> None:
    leaders.ask(FIRST, conversation="one")
    assert leaders.ask(THEN, conversation="two").standalone_question == THEN


def test_an_answer_that_cannot_be_kept_is_given_counts_as_a_turn_and_is_kept_once_it_can_be(
    leaders_index: Path, tmp_path: Path
) -> None:
    (tmp_path / "talks").write_text("no folder")
    with Assistant(leaders_index, history=History(tmp_path / "talks"), encoder=HashEncoder()) as assistant:
        talk = assistant.conversation()
        first, then = talk.ask(FIRST), talk.ask(THEN)
        assert "talks" in first.unkept
        assert first.citations
        assert then.standalone_question != THEN
        (tmp_path / "talks").unlink()
        third = talk.ask(THEN)
        assert third.unkept == ""
        kept = assistant.history.turns(talk.id or "")
    assert [turn.number for turn in kept] == [1, 2, 3]
    assert [turn.answer for turn in kept] == [replace(first, unkept=""), replace(then, unkept=""), third]


def test_what_could_not_be_kept_is_tried_once_more_at_the_end(leaders_index: Path, tmp_path: Path) -> None:
    (tmp_path / "talks").write_text("no folder")
    with Assistant(leaders_index, history=History(tmp_path / "talks"), encoder=HashEncoder()) as assistant:
        talk = assistant.conversation("named")
        assert talk.ask(FIRST).unkept
        (tmp_path / "talks").unlink()
    assert len(History(tmp_path / "talks").turns("named")) == 1


def test_a_question_that_was_refused_is_no_turn(leaders: Assistant) -> None:
    talk = leaders.conversation()
    with pytest.raises(QuestionError):
        talk.ask(" ")
    assert leaders.history.turns(talk.id or "") == ()
