from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from small_index import HashEncoder

from assistant import citations
from assistant.datatypes import Answer, Status, Understanding
from assistant.errors import DamagedHistoryError, HistoryError
from assistant.history import FILE_NAME, TITLE_LENGTH, History
from index.datatypes import Filters, Query
from index.errors import OlderFormatWarning
from index.search import PassageIndex

ROOT = Path(__file__).parents[2]


def answer(question: str, **parts: object) -> Answer:
    plain = Answer(
        question=question,
        standalone_question=question,
        understanding=Understanding(text=question),
        status=Status.ABSTAINED,
        support=0.0,
        missing=(),
        citations=(),
        hits=(),
    )
    return replace(plain, **parts)  # type: ignore[arg-type]


@pytest.fixture(params=["file", "memory"])
def history(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[History]:
    opened = History(tmp_path / "talks" if request.param == "file" else None)
    yield opened
    opened.close()


@pytest.fixture
def filed(tmp_path: Path) -> Iterator[History]:
    opened = History(tmp_path / "talks")
    yield opened
    opened.close()


def whole_answer(passages: PassageIndex) -> Answer:
    """An answer with every field filled, from a real search."""
    question = "What was said of the Caspian pipeline?"
    vector = HashEncoder().encode([question])[0]
    wanted = Query(text=question, preferred=Filters(parties=("France",), date_from="2023"))
    hits = passages.search(wanted, vector, top_k=5)
    return answer(
        question,
        understanding=Understanding(text=question, filters=Filters(kinds=("call",)), topic=("pipeline",)),
        status=Status.ANSWERED,
        support=0.8125,
        missing=("valve",),
        citations=citations.number([(hit, hit.best_sentence, hit.score) for hit in hits[:2]]),
        hits=hits,
        documents=("kremlin-call", "elysee-statement"),
        conversation="c1",
        seconds=0.123,
        id="q7",
    )


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
        "from test_history import answer; from assistant.history import History\n"
        f"history = History(Path({str(tmp_path)!r}))\n"
        "history.add_turn('a', answer('first')); history.add_turn('a', answer('second')); os._exit(9)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert done.returncode == 9
    assert [turn.answer.question for turn in History(tmp_path).turns("a")] == ["first", "second"]


def test_a_turn_that_cannot_be_written_leaves_the_others(filed: History, monkeypatch: pytest.MonkeyPatch) -> None:
    filed.add_turn("a", answer("first"))
    with monkeypatch.context() as patch:
        patch.setattr("assistant.history.plain", lambda text: object())
        with pytest.raises(HistoryError):
            filed.add_turn("a", answer("unwritable"))
    assert [turn.answer.question for turn in filed.turns("a")] == ["first"]
    filed.add_turn("a", answer("second"))


@pytest.mark.parametrize(
    "damage", ["{}", "null, ", "[1]", '{"question": 1}', '{"understanding": {"filters": {"kinds": ["phone"]}}}']
)
def test_a_damaged_turn_is_told_and_the_other_conversations_stay(filed: History, damage: str) -> None:
    filed.add_turn("a", answer("first"))
    filed.add_turn("b", answer("second"))
    with filed._storage.reading() as database:
        database.execute("UPDATE turns SET answer = ? WHERE conversation = 'a'", (damage,))
    with pytest.raises(HistoryError) as caught:
        filed.turns("a")
    assert caught.value.mend
    assert len(filed.turns("b")) == 1


def test_a_turn_that_is_not_as_it_was_written_is_named_and_not_shown(tmp_path: Path) -> None:
    history = History(tmp_path)
    talk = history.start()
    for question in ("Who spoke?", "When?"):
        history.add_turn(talk, answer(question))
    history.close()
    database = sqlite3.connect(tmp_path / FILE_NAME)
    with database:
        database.execute("UPDATE turns SET answer = replace(answer, 'When', 'Then') WHERE number = 2")
    database.close()
    with pytest.raises(DamagedHistoryError, match="turn 2") as caught:
        history.turns(talk)
    assert "readouts doctor --repair" in caught.value.mend


def test_a_turn_that_is_no_text_any_more_is_damage(tmp_path: Path) -> None:
    history = History(tmp_path)
    talk = history.start()
    history.add_turn(talk, answer("Who spoke?"))
    history.close()
    database = sqlite3.connect(tmp_path / FILE_NAME)
    with database:
        database.execute("UPDATE turns SET answer = CAST(x'7bff80fe' AS TEXT)")
    database.close()
    for look in (history.check, lambda: history.turns(talk)):
        with pytest.raises(DamagedHistoryError):
            look()
    history.close()


@pytest.mark.parametrize("version", [1, 2])
def test_an_older_history_is_brought_up_to_date_and_a_copy_is_kept(tmp_path: Path, version: int) -> None:
    history = History(tmp_path)
    talk = history.start()
    history.add_turn(talk, answer("Who spoke?"))
    history.close()
    database = sqlite3.connect(tmp_path / FILE_NAME)
    with database:
        if version == 1:
            database.execute("ALTER TABLE turns DROP COLUMN seal")
        for column in ("count", "seal"):
            database.execute(f"ALTER TABLE conversations DROP COLUMN {column}")
        database.execute(f"PRAGMA user_version = {version}")
    database.close()
    with pytest.warns(OlderFormatWarning, match=f"history-{version}.sqlite"):
        (turn,) = history.turns(talk)
    assert turn.answer.question == "Who spoke?"
    history.check()
    assert history.conversation(talk).count == 1
    history.close()
    kept = sqlite3.connect(tmp_path / f"history-{version}.sqlite")
    assert len(kept.execute("SELECT * FROM conversations").fetchone()) == 4
    kept.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE conversations SET title = 'Who spake?'",
        "UPDATE conversations SET started_at = replace(started_at, '2', '3')",
        "UPDATE conversations SET count = 1",
        "DELETE FROM turns WHERE number = 2",
        "DELETE FROM turn_words WHERE rowid = 1",
        "UPDATE turn_words_content SET c1 = replace(c1, 'spoke', 'spake')",
    ],
)
def test_what_was_changed_behind_the_programs_back_is_found_and_what_cannot_be_trusted_is_not_shown(
    tmp_path: Path, statement: str
) -> None:
    history = History(tmp_path)
    talk = history.start()
    for question in ("Who spoke?", "When?", "Where?"):
        history.add_turn(talk, answer(question))
    history.check()
    history.close()
    with contextlib.closing(sqlite3.connect(tmp_path / FILE_NAME)) as database, database:
        database.execute(statement)
    with pytest.raises(DamagedHistoryError):
        history.check()
    if "turn_words" not in statement:
        with pytest.raises(DamagedHistoryError):
            history.turns(talk)
        if "DELETE" not in statement:
            for look in (history.conversations, lambda: history.add_turn(talk, answer("Why?"))):
                with pytest.raises(DamagedHistoryError):
                    look()
    history.close()


def test_of_turns_asked_for_from_their_end_one_that_is_gone_is_missed(tmp_path: Path) -> None:
    history = History(tmp_path)
    talk = history.start()
    for question in ("Who?", "When?", "Where?", "Why?"):
        history.add_turn(talk, answer(question))
    history.close()
    with contextlib.closing(sqlite3.connect(tmp_path / FILE_NAME)) as database, database:
        database.execute("DELETE FROM turns WHERE number = 2")
    assert [turn.number for turn in history.turns(talk, last=2)] == [3, 4]
    for asked in ({"last": 3}, {"last": 1, "before": 3}, {"before": 3}):
        with pytest.raises(DamagedHistoryError, match="turn 2"):
            history.turns(talk, **asked)
    assert [turn.number for turn in history.turns(talk, before=2)] == [1]
    history.close()


def test_a_file_that_is_no_history_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("not a database at all, " * 100, encoding="utf-8")
    with pytest.raises(HistoryError, match=FILE_NAME) as caught:
        History(tmp_path).conversations()
    assert "readouts doctor --repair" in caught.value.mend


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HistoryError):
        History(tmp_path / "file" / "talks").add_turn("a", answer("first"))


def test_a_history_of_a_newer_program_is_refused(filed: History, tmp_path: Path) -> None:
    filed.add_turn("a", answer("first"))
    filed.close()
    database = sqlite3.connect(tmp_path / "talks" / FILE_NAME)
    database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(HistoryError, match="newer"):
        filed.turns("a")


def test_opening_makes_no_file_before_it_is_needed(tmp_path: Path) -> None:
    History(tmp_path / "talks").close()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("torn", ["DELETE FROM turn_words_config", "DROP TABLE turn_words_data"])
def test_a_search_through_conversations_whose_tables_are_torn_is_damage(tmp_path: Path, torn: str) -> None:
    history = History(tmp_path)
    history.add_turn(history.start(), answer("Who spoke?"))
    history.close()
    with contextlib.closing(sqlite3.connect(tmp_path / FILE_NAME)) as database, database:
        database.execute(torn)
    with pytest.raises(DamagedHistoryError):
        history.conversations("spoke")
    history.close()
