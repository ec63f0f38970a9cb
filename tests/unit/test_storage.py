"""What is kept for one person: made by whoever writes first, and by several at once."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from turns import answer

from assistant import saved_searches, storage
from assistant.errors import DamagedHistoryError, DamagedSearchesError, HistoryError
from assistant.history import FILE_NAME, History
from assistant.saved_searches import SavedSearch, SavedSearches
from assistant.storage import Storage
from index import private

ROOT = Path(__file__).parents[2]
ADD = """
import datetime as dt, sys
from pathlib import Path
from assistant.saved_searches import SavedSearch, SavedSearches
folder, name = Path(sys.argv[1]), sys.argv[2]
saved = SavedSearches(folder)
print("ready", flush=True)
sys.stdin.readline()
saved.add(SavedSearch(name=name, query="kelp", created_at=dt.datetime.now(dt.UTC)))
"""


TALK = (
    "INSERT INTO conversations VALUES ('a', 'A', '2024-01-01', '2024-01-01', 0, "
    "seal('a', 'A', '2024-01-01', '2024-01-01', 0))"
)


@pytest.mark.parametrize("round_", range(3))
def test_a_file_that_several_processes_make_at_once_is_made_once_and_holds_what_each_wrote(
    tmp_path: Path, round_: int
) -> None:
    names = [f"search-{number}" for number in range(4)]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", ADD, str(tmp_path / "kept"), name],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in names
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    told = [process.communicate(timeout=60)[1] for process in processes]
    assert [process.returncode for process in processes] == [0] * 4, told
    assert [search.name for search in SavedSearches(tmp_path / "kept").all()] == names


def test_one_who_takes_the_file_for_himself_while_it_is_made_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history, waited = History(tmp_path), []
    other = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        if other.in_transaction:
            other.execute("ROLLBACK")

    monkeypatch.setattr(storage.time, "sleep", sleep)
    storage._write_ahead(sqlite3.connect(tmp_path / FILE_NAME, timeout=0))
    assert waited
    assert history.conversations() == ()


def test_reading_makes_no_file_and_finds_nothing(tmp_path: Path) -> None:
    history = History(tmp_path / "kept")
    assert history.conversations() == ()
    assert history.turns("any") == ()
    assert not list(tmp_path.iterdir())


def test_a_file_of_which_no_more_was_made_than_its_name_reads_as_nothing(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / FILE_NAME)
    database.execute("PRAGMA journal_mode = WAL")
    database.close()
    history = History(tmp_path)
    assert history.conversations() == ()
    with history._storage.writing() as database:
        database.execute(TALK)
    history.close()
    assert [talk.id for talk in History(tmp_path).conversations()] == ["a"]


def test_a_commit_of_a_turn_has_reached_the_disk(tmp_path: Path) -> None:
    history = History(tmp_path)
    with history._storage.writing() as database:
        assert database.execute("PRAGMA synchronous").fetchone() == (2,)
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_what_is_kept_is_read_as_it_lies_where_nothing_can_be_written_unless_its_last_changes_are_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = History(tmp_path)
    with writer._storage.writing() as database:
        database.execute(TALK)
    plain, looked = Storage._version, []

    def refusing(self: Storage, database: sqlite3.Connection) -> int:
        looked.append(database)
        if len(looked) % 2:
            raise sqlite3.OperationalError("unable to open database file")
        return plain(self, database)

    monkeypatch.setattr(Storage, "_version", refusing)
    with pytest.raises(HistoryError):
        History(tmp_path).conversations()
    writer.close()
    looked.clear()
    assert [talk.id for talk in History(tmp_path).conversations()] == ["a"]


def test_what_a_killed_process_left_is_swept_by_whoever_writes_though_the_file_was_opened_to_be_read(
    tmp_path: Path,
) -> None:
    history = History(tmp_path)
    with history._storage.writing() as database:
        database.execute(TALK)
    history.close()
    lefts = [tmp_path / f".{name}.{'a' * 16}" for name in ("history-2.sqlite", "history.sqlite")]
    long_ago = time.time() - 2 * private.LEFT
    for left in lefts:
        left.write_bytes(b"a part")
        os.utime(left, (long_ago, long_ago))
    history = History(tmp_path)
    assert [talk.id for talk in history.conversations()] == ["a"]
    assert all(left.exists() for left in lefts)
    with history._storage.writing() as database:
        database.execute("DELETE FROM conversations")
    assert not any(left.exists() for left in lefts)


@pytest.mark.parametrize("length", [0, 1, 100, 511])
def test_a_file_that_is_cut_short_is_damaged_and_does_not_read_as_nothing(tmp_path: Path, length: int) -> None:
    history = History(tmp_path)
    with history._storage.writing() as database:
        database.execute(TALK)
    history.close()
    os.truncate(tmp_path / FILE_NAME, length)
    with pytest.raises(DamagedHistoryError):
        History(tmp_path).conversations()


def test_a_bit_that_flips_anywhere_in_the_tables_or_their_version_is_damage(tmp_path: Path) -> None:
    searches = SavedSearches(tmp_path)
    searches.add(SavedSearch(name="kelp", query="kelp", created_at=dt.datetime.now(dt.UTC)))
    searches.close()
    path = tmp_path / saved_searches.FILE_NAME
    content = path.read_bytes()
    with contextlib.closing(sqlite3.connect(path)) as database:
        tables = [sql.encode() for (sql,) in database.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
    places = {place for sql in tables for place in range(content.index(sql), content.index(sql) + len(sql))}
    for place in (*sorted(places), *range(60, 64), *range(68, 72)):
        # Capitals and small letters are one word to SQLite; a letter with its highest bit is no text.
        for bit in {0x20, 0x80, 1 << place % 8}:
            path.write_bytes(content[:place] + bytes([content[place] ^ bit]) + content[place + 1 :])
            with pytest.raises(DamagedSearchesError), contextlib.closing(SavedSearches(tmp_path)) as damaged:
                damaged.all()


def test_a_file_whose_version_and_seal_are_zeroed_is_damaged_and_not_empty(tmp_path: Path) -> None:
    searches = SavedSearches(tmp_path)
    searches.add(SavedSearch(name="kelp", query="kelp", created_at=dt.datetime.now(dt.UTC)))
    searches.close()
    path = tmp_path / saved_searches.FILE_NAME
    content = path.read_bytes()
    path.write_bytes(content[:60] + bytes(12) + content[72:])
    for look in (searches.all, searches.check):
        with pytest.raises(DamagedSearchesError):
            look()
    searches.close()


@pytest.mark.parametrize("page", ["searches", "sqlite_autoindex_searches_1"])
def test_where_rows_are_missing_that_the_key_lists_nothing_is_shown_and_nothing_written(
    tmp_path: Path, page: str
) -> None:
    searches = SavedSearches(tmp_path)
    for name in ("kelp", "salt"):
        searches.add(SavedSearch(name=name, query=name, created_at=dt.datetime.now(dt.UTC)))
    searches.close()
    path = tmp_path / saved_searches.FILE_NAME
    with contextlib.closing(sqlite3.connect(path)) as database:
        (root,) = database.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (page,)).fetchone()
    content, cells = path.read_bytes(), (root - 1) * 4096 + 3
    path.write_bytes(content[:cells] + bytes(2) + content[cells + 2 :])
    for use in (searches.all, searches.check, lambda: searches.remove(["kelp"])):
        with pytest.raises(DamagedSearchesError):
            use()
    searches.close()


def test_where_conversations_are_missing_that_the_key_lists_none_are_shown(tmp_path: Path) -> None:
    history = History(tmp_path)
    history.add_turn("talk", answer("Who spoke?"))
    history.close()
    path = tmp_path / FILE_NAME
    content = path.read_bytes()
    path.write_bytes(content[: 4096 + 3] + bytes(2) + content[4096 + 5 :])
    for use in (
        history.conversations,
        lambda: history.turns("talk"),
        lambda: history.add_turn("talk", answer("When?")),
    ):
        with pytest.raises(DamagedHistoryError):
            use()
    history.close()


@pytest.mark.parametrize(("place", "value"), [(18, 3), (18, 6), (19, 3), (47, 9)])
def test_a_head_of_a_file_that_sqlite_does_not_write_or_read_is_damage(tmp_path: Path, place: int, value: int) -> None:
    history = History(tmp_path)
    history.add_turn("talk", answer("Who spoke?"))
    history.close()
    path = tmp_path / FILE_NAME
    content = path.read_bytes()
    path.write_bytes(content[:place] + bytes([value]) + content[place + 1 :])
    for use in (history.check, lambda: history.add_turn("talk", answer("When?"))):
        with pytest.raises(DamagedHistoryError):
            use()
    history.close()


def test_conversations_that_may_only_be_read_are_not_taken_for_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = History(tmp_path)
    history.add_turn("talk", answer("Who spoke?"))
    with history._storage.reading() as database:
        database.execute("PRAGMA query_only = ON")
    monkeypatch.setattr("os.access", lambda path, mode: False)
    history.check()
    with pytest.raises(HistoryError, match="readonly") as caught:
        history.add_turn("talk", answer("When?"))
    assert not isinstance(caught.value, DamagedHistoryError)
    history.close()
