"""Conversations whose file is damaged, older, newer, or none: what is refused, and what is shown all the same."""

from __future__ import annotations

import contextlib
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from turns import answer

from assistant import storage
from assistant.errors import DamagedHistoryError, HistoryError
from assistant.history import FILE_NAME, History
from benchmarks.older import OLDER_WORDS
from index.errors import OlderFormatWarning


@pytest.fixture
def filed(tmp_path: Path) -> Iterator[History]:
    opened = History(tmp_path / "talks")
    yield opened
    opened.close()


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


@pytest.mark.parametrize("version", [1, 2, 3, 4])
def test_an_older_history_is_brought_up_to_date_and_a_copy_is_kept(tmp_path: Path, version: int) -> None:
    history = History(tmp_path)
    talk = history.start()
    history.add_turn(talk, answer("Who spoke?"))
    for question in ("Of salt?", "Of barges?"):
        history.add_turn("other", answer(question))
    history.close()
    database = sqlite3.connect(tmp_path / FILE_NAME)
    with database:
        database.executescript(OLDER_WORDS)
        if version == 1:
            database.execute("ALTER TABLE turns DROP COLUMN seal")
        for column in ("count", "seal") if version < 3 else ():
            database.execute(f"ALTER TABLE conversations DROP COLUMN {column}")
        database.execute(f"PRAGMA user_version = {version}")
        database.execute(f"PRAGMA application_id = {storage.seal_of_tables(database) if version == 4 else 0}")
    database.close()
    with pytest.warns(OlderFormatWarning, match=f"history-{version}.sqlite"):
        (turn,) = history.turns(talk)
    assert turn.answer.question == "Who spoke?"
    history.check()
    assert history.conversation(talk).count == 1
    assert [[one.id for one in history.conversations(query)] for query in ("spoke", "barge", "whale")] == [
        [talk],
        ["other"],
        [],
    ]
    history.close()
    kept = sqlite3.connect(tmp_path / f"history-{version}.sqlite")
    assert len(kept.execute("SELECT * FROM conversations").fetchone()) == (6 if version >= 3 else 4)
    kept.close()
    with contextlib.closing(sqlite3.connect(tmp_path / FILE_NAME)) as database:
        assert database.execute("PRAGMA application_id").fetchone()[0] == storage.seal_of_tables(database)


def test_an_older_history_whose_words_are_damaged_is_not_taken_for_whole(tmp_path: Path) -> None:
    history = History(tmp_path)
    history.add_turn("talk", answer("Who spoke?"))
    history.close()
    with contextlib.closing(sqlite3.connect(tmp_path / FILE_NAME)) as database, database:
        database.executescript(OLDER_WORDS)
        database.execute("UPDATE turn_words_content SET c1 = replace(c1, 'spoke', 'spake')")
        database.execute("PRAGMA user_version = 4")
        database.execute(f"PRAGMA application_id = {storage.seal_of_tables(database)}")
    with pytest.raises(DamagedHistoryError), pytest.warns(OlderFormatWarning):
        history.conversations("spoke")
    history.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE conversations SET title = 'Who spake?'",
        "UPDATE conversations SET started_at = replace(started_at, '2', '3')",
        "UPDATE conversations SET count = 1",
        "DELETE FROM turns WHERE number = 2",
        "DELETE FROM said WHERE number = 1",
        "UPDATE said SET words = replace(words, 'spoke', 'spake')",
        "UPDATE said SET conversation = 'another' WHERE number = 1",
        # The words are the same, but the bytes are not.
        "UPDATE said SET words = upper(words)",
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
    with pytest.raises(DamagedHistoryError):
        history.conversations("spoke") if " said " in statement else history.turns(talk)
    if " said " not in statement and "DELETE" not in statement:
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
    database.execute(f"PRAGMA application_id = {storage.seal_of_tables(database)}")
    database.close()
    with pytest.raises(HistoryError, match="newer"):
        filed.turns("a")


@pytest.mark.parametrize("torn", ["DELETE FROM said", "DROP TABLE said"])
def test_a_search_through_conversations_whose_tables_are_torn_is_damage(tmp_path: Path, torn: str) -> None:
    history = History(tmp_path)
    history.add_turn(history.start(), answer("Who spoke?"))
    history.close()
    with contextlib.closing(sqlite3.connect(tmp_path / FILE_NAME)) as database, database:
        database.execute(torn)
    with pytest.raises(DamagedHistoryError):
        history.conversations("spoke")
    history.close()


def test_whatever_byte_of_the_file_is_damaged_it_is_found_or_holds_nothing(tmp_path: Path) -> None:
    history = History(tmp_path)
    for question in ("Who spoke?", "When?"):
        history.add_turn("talk", answer(question))
    history.add_turn("other", answer("Where?"))
    history.check()
    history.close()
    path = tmp_path / FILE_NAME
    whole, held = path.read_bytes(), _held(path)
    drawn = random.Random(1)
    for place in [place for place, byte in enumerate(whole) if byte][::5]:
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << drawn.randrange(8)]) + whole[place + 1 :])
        try:
            history.check()
        except HistoryError:
            continue
        finally:
            history.close()
        assert _held(path) == held, place


def _held(path: Path) -> list[list[tuple[object, ...]]]:
    """Every row of every table."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return [database.execute(f'SELECT * FROM "{name}"').fetchall() for name in names]
