"""Conversations kept on disk: numbered, titled, searched, read from their end, shared by several processes."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from turns import answer, whole_answer

from assistant.errors import HistoryError
from assistant.history import TITLE_LENGTH, History
from index.search import PassageIndex

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["file", "memory"])
def history(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[History]:
    opened = History(tmp_path / "talks" if request.param == "file" else None)
    yield opened
    opened.close()


def test_a_whole_answer_is_the_same_after_the_program_was_closed(passages: PassageIndex, tmp_path: Path) -> None:
    given = whole_answer(passages)
    assert given.hits
    assert given.citations
    now = dt.datetime(2026, 5, 18, 12, 30, tzinfo=dt.UTC)
    first = History(tmp_path)
    kept = first.add_turn("c1", given, asked_at=now)
    first.close()
    (turn,) = History(tmp_path).turns("c1")
    assert turn == kept
    assert turn.answer == given
    assert turn.answer.hits == given.hits
    assert turn.answer.to_dict() == given.to_dict()
    assert (turn.number, turn.asked_at) == (1, now)


def test_turns_are_numbered_from_one_in_order(history: History) -> None:
    talk = history.start()
    for number, question in enumerate(("one", "two", "three"), start=1):
        assert history.add_turn(talk, answer(question)).number == number
    assert [(turn.number, turn.answer.question) for turn in history.turns(talk)] == [
        (1, "one"),
        (2, "two"),
        (3, "three"),
    ]


def test_the_end_of_a_conversation_is_read_alone_and_so_is_what_comes_before_a_turn(history: History) -> None:
    for question in ("one", "two", "three", "four"):
        history.add_turn("a", answer(question))

    def asked(**wanted: int) -> list[tuple[int, str]]:
        return [(turn.number, turn.answer.question) for turn in history.turns("a", **wanted)]

    assert asked(last=2) == [(3, "three"), (4, "four")]
    assert asked(last=9) == asked()
    assert asked(before=3) == [(1, "one"), (2, "two")]
    assert asked(before=4, last=1) == [(3, "three")]
    assert asked(before=1) == []


def test_times_are_aware(history: History) -> None:
    turn = history.add_turn("a", answer("when?"))
    assert turn.asked_at.tzinfo is not None
    assert history.conversation("a").started_at == turn.asked_at


def test_ids_of_new_conversations_differ_and_a_conversation_without_turns_is_not_kept(history: History) -> None:
    ids = {history.start() for _ in range(50)}
    assert len(ids) == 50
    assert history.conversations() == ()
    assert history.turns(ids.pop()) == ()


def test_the_conversation_talked_in_last_comes_first(history: History) -> None:
    for minute, talk in enumerate(("a", "b", "c", "a")):
        history.add_turn(talk, answer(f"{talk}?"), asked_at=dt.datetime(2026, 1, 1, 0, minute, tzinfo=dt.UTC))
    assert [(talk.id, talk.count, talk.turns) for talk in history.conversations()] == [
        ("a", 2, ()),
        ("c", 1, ()),
        ("b", 1, ()),
    ]


def test_the_first_question_is_the_title_on_one_line_and_cut(history: History) -> None:
    history.add_turn("a", answer("Who\n  met   whom? " + "x" * 200))
    history.add_turn("a", answer("and then?"))
    title = history.conversation("a").title
    assert title.startswith("Who met whom? xxx")
    assert len(title) == TITLE_LENGTH


class TestSearching:
    @pytest.fixture
    def talks(self, history: History, passages: PassageIndex) -> History:
        history.add_turn("glass", answer("What of tariffs on optical glass?"))
        history.add_turn("glass", answer("and the U.S. side, Côte d’Ivoire?"))
        history.add_turn("pipe", replace(whole_answer(passages), question="And that?"))
        return history

    def found(self, talks: History, query: str) -> set[str]:
        return {talk.id for talk in talks.conversations(query)}

    @pytest.mark.parametrize(
        "query", ["glass", "GLASS", "tariff optical", "glas", "U.S.", "cote d'ivoire", "optical side", "tariffs on"]
    )
    def test_all_the_words_of_a_query_stand_in_one_turn_or_begin_a_word_there(self, talks: History, query: str) -> None:
        expected = set() if query == "optical side" else {"glass"}
        assert self.found(talks, query) == expected

    def test_quotes_are_searched_too(self, talks: History) -> None:
        assert self.found(talks, "inspection") == {"pipe"}

    def test_no_query_finds_all_and_a_foreign_word_none(self, talks: History) -> None:
        assert self.found(talks, "") == self.found(talks, " ?! ") == {"glass", "pipe"}
        assert self.found(talks, "submarine") == set()

    def test_titles_of_quoted_readouts_are_searched_too(self, talks: History, passages: PassageIndex) -> None:
        given = whole_answer(passages)
        source = replace(given.citations[0].source, title="Sullivan and Rinchen on zirconium")
        talks.add_turn("rare", replace(given, citations=(replace(given.citations[0], source=source),)))
        assert self.found(talks, "zirconium") == {"rare"}

    def test_a_new_title_is_found_whatever_its_accents_and_case(self, talks: History) -> None:
        talks.rename("pipe", "ÉLYSÉE palace")
        for query in ("élysée", "Elysee pal", "PALACE"):
            assert self.found(talks, query) == {"pipe"}

    @pytest.mark.parametrize(
        "query", ['"', "AND", "glass OR", "NEAR(", "*", "words:glass", "\x00", "\udcff", "glass*", "'"]
    )
    def test_operators_typed_by_a_person_do_no_harm(self, talks: History, query: str) -> None:
        assert self.found(talks, query) <= {"glass", "pipe"}


def test_a_conversation_gets_another_title(history: History) -> None:
    history.add_turn("a", answer("Who?"))
    history.rename("a", "  Caspian\n pipeline ")
    assert history.conversation("a").title == "Caspian pipeline"
    history.add_turn("a", answer("And then?"))
    assert history.conversation("a").title == "Caspian pipeline"
    with pytest.raises(HistoryError):
        history.rename("a", "  ")


def test_a_deleted_conversation_is_gone_with_its_turns_and_words(history: History) -> None:
    history.add_turn("a", answer("tariffs?"))
    history.add_turn("b", answer("tariffs too?"))
    history.delete("a")
    assert history.turns("a") == ()
    assert [talk.id for talk in history.conversations("tariffs")] == ["b"]
    assert history.add_turn("a", answer("anew")).number == 1


def test_what_is_said_in_the_place_of_what_was_deleted_is_found_and_what_was_deleted_is_not(history: History) -> None:
    history.add_turn("a", answer("salt?"))
    history.add_turn("b", answer("tariffs?"))
    assert [talk.id for talk in history.conversations("tariffs")] == ["b"]
    history.delete("b")
    history.add_turn("b", answer("grain?"))
    assert [[talk.id for talk in history.conversations(query)] for query in ("tariffs", "grain", "salt")] == [
        [],
        ["b"],
        ["a"],
    ]


def test_an_unknown_conversation_is_named(history: History) -> None:
    for action in (history.conversation, history.delete, lambda talk: history.rename(talk, "x")):
        with pytest.raises(HistoryError, match="nowhere"):
            action("nowhere")


def test_questions_of_odd_characters_are_kept(history: History) -> None:
    for place, question in enumerate(("\x00?", "👩‍🚀 é 東京", "\udcff who?", '"; DROP TABLE turns; --')):
        history.add_turn(f"t{place}", answer(question))
        (turn,) = history.turns(f"t{place}")
        assert turn.answer.question == question.replace("\udcff", "?")


def test_what_two_programs_say_in_one_conversation_is_all_kept(tmp_path: Path) -> None:
    one, other = History(tmp_path), History(tmp_path)
    one.add_turn("a", answer("first"))
    other.add_turn("a", answer("second"))
    one.add_turn("a", answer("third"))
    assert [turn.answer.question for turn in other.turns("a")] == ["first", "second", "third"]


def test_a_process_killed_after_an_answer_has_kept_it(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; sys.path[:0] = ['tests', 'tests/unit']\n"
        "from turns import answer; from assistant.history import History\n"
        f"history = History(Path({str(tmp_path)!r}))\n"
        "history.add_turn('a', answer('first')); history.add_turn('a', answer('second')); os._exit(9)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert done.returncode == 9
    assert [turn.answer.question for turn in History(tmp_path).turns("a")] == ["first", "second"]


def test_opening_makes_no_file_before_it_is_needed(tmp_path: Path) -> None:
    History(tmp_path / "talks").close()
    assert not list(tmp_path.iterdir())
