"""What of a damaged database can be read, and what of it counts as known afterwards."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from pathlib import Path

import pytest
from small_index import HashEncoder
from turns import answer

from assistant import history, saved_searches
from assistant.repairing import repair
from assistant.settings import Settings
from index import database
from index.errors import DamagedError
from index.salvage import Lost, _Found


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("/notes/heron.md", ["/notes/barge.md"]),
        # Damaged itself, or not to be read: no file may pass for known, or what it held would not come back.
        ("/notes/herom.md", []),
        ("", []),
    ],
)
def test_the_file_of_a_lost_readout_is_read_again_whatever_became_of_its_path(path: str, known: list[str]) -> None:
    kept = sqlite3.connect(":memory:")
    kept.execute("CREATE TABLE files (path, digest, reader_version, fields)")
    kept.executemany("INSERT INTO files VALUES (?, x'00', 1, '{}')", [("/notes/heron.md",), ("/notes/barge.md",)])
    found = object.__new__(_Found)
    found._database, found.lost = kept, [Lost(doc_id="heron", path=path, is_there=False)]
    assert [row[0] for row in found.files()] == known
    kept.close()


@pytest.fixture
def settings(built: Path, tmp_path: Path) -> Settings:
    """An index, a conversation and a saved search."""
    talks, saved = history.History(tmp_path / "talks"), saved_searches.SavedSearches(tmp_path / "talks")
    talks.add_turn("talk", answer("Who spoke?"))
    saved.add(saved_searches.SavedSearch(name="salt", query="salt", created_at=dt.datetime.now(dt.UTC)))
    talks.close()
    saved.close()
    return Settings(index=built, history=tmp_path / "talks")


@pytest.mark.parametrize("file", [history.FILE_NAME, saved_searches.FILE_NAME, database.FILE_NAME])
def test_where_names_of_tables_are_no_text_any_more_the_repair_says_what_is_lost_and_keeps_the_file(
    settings: Settings, file: str
) -> None:
    path = (settings.index if file == database.FILE_NAME else settings.history) / file
    with contextlib.closing(sqlite3.connect(path)) as damaged, damaged:
        damaged.execute("PRAGMA writable_schema = ON")
        damaged.execute("UPDATE sqlite_master SET name = CAST(x'8988' AS TEXT), sql = 'CREATE' WHERE type = 'table'")
    with contextlib.closing(sqlite3.connect(path)) as damaged, pytest.raises(UnicodeDecodeError):
        damaged.execute("SELECT * FROM sqlite_master")
    if file == database.FILE_NAME:
        with pytest.raises(DamagedError, match="Nothing can be read"):
            list(repair(settings, encoder=HashEncoder))
        assert path.is_file()
    else:
        (one,) = repair(settings, encoder=HashEncoder)
        assert one.lost
        assert one.kept is not None
        assert one.kept.is_file()
