"""Damage made good: what is made again, what is saved, what is named as lost; nothing is deleted."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sqlite3
from pathlib import Path

import pytest
from small_index import HashEncoder, write_corpus
from turns import answer

from assistant.errors import DamagedHistoryError, DamagedSearchesError, HistoryError
from assistant.history import FILE_NAME as HISTORY_FILE
from assistant.history import History
from assistant.repairing import Repair, repair
from assistant.saved_searches import FILE_NAME as SAVED_FILE
from assistant.saved_searches import SavedSearch, SavedSearches
from assistant.settings import Settings
from index import build
from index.catalogue import Catalogue
from index.checksums import SUFFIX
from index.database import FILE_NAME
from index.datatypes import Filters, Query
from index.errors import CatalogueError, DamagedError
from index.keeping import whole
from index.salvage import is_sealed
from index.search import PassageIndex
from index.versions import versions_of


@pytest.fixture
def settings(built: Path, tmp_path: Path) -> Settings:
    return Settings(index=built, history=tmp_path / "talks")


def repaired(settings: Settings) -> list[Repair]:
    return list(repair(settings, encoder=HashEncoder))


def change(path: Path, statement: str) -> None:
    """Change a database behind the program's back."""
    database = sqlite3.connect(path)
    with database:
        database.execute(statement)
    database.close()


def found(folder: Path) -> list[tuple[str, float]]:
    opened = PassageIndex(folder)
    try:
        hits = opened.search(Query(text="grain barges"), HashEncoder().encode(["grain barges"])[0])
        return [(hit.passage.source.doc_id, hit.score) for hit in hits]
    finally:
        opened.close()


def test_what_is_whole_is_left_alone(settings: Settings) -> None:
    def content() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in settings.index.iterdir() if "-" not in path.suffix}

    before = content()
    assert repaired(settings) == []
    assert content() == before


def test_without_an_index_there_is_nothing_to_repair(tmp_path: Path) -> None:
    assert repaired(Settings(index=tmp_path / "none", history=tmp_path)) == []
    assert not (tmp_path / "none").exists()


def test_vectors_are_made_again(settings: Settings) -> None:
    expected = found(settings.index)
    for path in settings.index.glob("*.rows"):
        os.truncate(path, 7)
    (done,) = repaired(settings)
    assert (done.name, done.lost, done.kept) == ("vectors", (), None)
    catalogue = Catalogue(settings.index)
    assert whole(catalogue)
    catalogue.close()
    assert found(settings.index) == expected


def test_a_readout_that_is_not_as_it_was_written_is_named_and_the_others_are_saved(
    settings: Settings, corpus: Path
) -> None:
    path = settings.index / FILE_NAME
    build.add(
        settings.index,
        [write_corpus(corpus, {"japan-call.md": "# Call\n\n2 May 2023\n\nThey spoke of rice."})],
        HashEncoder,
    )
    kept_versions = Catalogue(settings.index).run("SELECT * FROM versions")
    assert kept_versions
    expected = found(settings.index)
    change(path, "UPDATE documents SET text = replace(text, 'ceasefire', 'armistice') WHERE doc_id = 'qatar-call'")
    with pytest.raises(DamagedError):
        found(settings.index)
    (done,) = repaired(settings)
    assert done.name == "index"
    assert done.lost == ("qatar-call",)
    assert done.again == (str(corpus / "qatar-call.md"),)
    assert done.kept is not None
    assert done.kept.is_file()
    opened = Catalogue(settings.index)
    assert [record.source.doc_id for record in opened.records(Filters(), limit=None)].count("qatar-call") == 0
    assert opened.counts()[0] == 7
    assert opened.run("SELECT * FROM versions") == kept_versions
    assert len(versions_of(opened, "japan-call")) == 2
    opened.close()
    report = build.add(settings.index, [corpus], HashEncoder)
    assert (report.added, report.unchanged, report.encoded) == (1, 7, 0)
    assert [doc_id for doc_id, _ in found(settings.index)] == [doc_id for doc_id, _ in expected]
    assert repaired(settings) == []


def test_an_embedding_that_is_not_as_it_was_written_is_computed_again(settings: Settings) -> None:
    expected = found(settings.index)
    path = settings.index / FILE_NAME
    change(path, "UPDATE embeddings SET vector = zeroblob(256) WHERE key = (SELECT embedding FROM passages LIMIT 1)")
    (settings.index / (FILE_NAME + SUFFIX)).unlink()
    for rows in settings.index.glob("*.rows"):
        rows.unlink()
    with pytest.raises(CatalogueError):
        found(settings.index)
    (done,) = repaired(settings)
    assert "1 text encoded again" in done.done
    assert done.lost == ()
    assert found(settings.index) == expected


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_of_a_catalogue_with_a_torn_page_all_that_can_be_read_is_saved(settings: Settings, share: float) -> None:
    path = settings.index / FILE_NAME
    content = bytearray(path.read_bytes())
    place = int(share * len(content)) // 4096 * 4096
    content[place : place + 4096] = bytes(4096)
    path.write_bytes(content)
    (done,) = repaired(settings)
    opened = Catalogue(settings.index)
    saved = {record.source.doc_id for record in opened.records(Filters(), limit=None)}
    assert len(saved) + len(done.lost) == 8
    opened.close()
    assert done.kept is not None
    assert done.kept.read_bytes() == bytes(content)


def test_of_a_file_that_is_no_catalogue_nothing_can_be_saved_and_it_stays(settings: Settings) -> None:
    path = settings.index / FILE_NAME
    path.write_bytes(b"no database" * 999)
    with pytest.raises(CatalogueError) as caught:
        repaired(settings)
    assert "index the readouts again" in caught.value.mend
    assert path.read_bytes() == b"no database" * 999
    assert not [left for left in settings.index.iterdir() if left.name.startswith(".salvage")]


def test_turns_that_are_as_they_were_written_are_saved_and_the_others_named(settings: Settings) -> None:
    history = History(settings.history)
    first, second = history.start(), history.start()
    for talk, question in ((first, "Who spoke?"), (first, "When?"), (second, "Where?")):
        history.add_turn(talk, answer(question))
    history.rename(first, "A name")
    history.close()
    change(settings.history / HISTORY_FILE, "UPDATE turns SET answer = replace(answer, 'When', 'Then')")
    with pytest.raises(DamagedHistoryError):
        history.check()
    history.close()
    (done,) = repaired(settings)
    assert (done.name, done.lost) == ("conversations", (f"{first} turn 2",))
    assert done.kept is not None
    assert done.kept.is_file()
    history.check()
    assert [turn.answer.question for turn in history.turns(first)] == ["Who spoke?"]
    assert [turn.answer.question for turn in history.turns(second)] == ["Where?"]
    assert history.conversation(first).title == "A name"
    assert [talk.id for talk in history.conversations("where")] == [second]
    history.close()


def test_of_conversations_with_a_torn_page_what_can_be_read_is_saved_and_that_more_may_be_lost_is_said(
    settings: Settings,
) -> None:
    history = History(settings.history)
    talk = history.start()
    for number in range(60):
        history.add_turn(talk, answer(f"Who spoke on day {number} of {'grain and barges, ' * 40}?"))
    history.close()
    path = settings.history / HISTORY_FILE
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(path.read_bytes())
    torn = content.index(b'"question": "Who spoke on day 30 of') // 4096 * 4096
    content[torn : torn + 4096] = b"\xa5" * 4096
    path.write_bytes(content)
    (done,) = repaired(settings)
    assert done.lost
    saved = [turn.answer.question.split(" of ")[0] for turn in history.turns(talk)]
    assert len(saved) > 1
    assert set(saved) < {f"Who spoke on day {number}" for number in range(60)}
    history.check()
    history.close()


def test_saved_searches_that_are_as_they_were_written_are_saved(settings: Settings) -> None:
    saved, now = SavedSearches(settings.history), dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
    for name in ("barges", "rice"):
        saved.add(SavedSearch(name=name, query=name, created_at=now))
    saved.report("barges", ["m1", "m2"], now)
    saved.close()
    change(settings.history / SAVED_FILE, "UPDATE searches SET query = 'mice' WHERE name = 'rice'")
    (done,) = repaired(settings)
    assert (done.name, done.lost) == ("saved searches", ("rice",))
    assert [one.name for one in saved.all()] == ["barges"]
    assert saved.reported("barges") == {"m1", "m2"}
    saved.close()


def test_conversations_that_cannot_be_written_anew_stay_as_they_are(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = History(settings.history)
    for question in ("Who spoke?", "When?"):
        history.add_turn("talk", answer(question))
    history.close()
    change(settings.history / HISTORY_FILE, "UPDATE turns SET seal = seal + 1 WHERE number = 2")

    def full(*_: object, **__: object) -> None:
        raise HistoryError("The disk is full.", mend="Free some space.")

    monkeypatch.setattr(History, "add_turn", full)
    with pytest.raises(HistoryError, match="full"):
        repaired(settings)
    assert {path.name.partition("-")[0] for path in settings.history.iterdir()} == {"history.sqlite"}


def test_what_a_repair_that_was_killed_left_beside_the_conversations_goes_with_the_next(settings: Settings) -> None:
    history = History(settings.history)
    history.add_turn("talk", answer("Who spoke?"))
    history.close()
    left = settings.history / f".{HISTORY_FILE}.{'a' * 16}"
    left.mkdir()
    os.utime(left, (1, 1))
    assert repaired(settings) == []
    assert not left.exists()


def test_where_nothing_tells_whether_there_are_seals_there_are(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "any.sqlite")
    database.execute("CREATE TABLE turns (answer TEXT)")
    assert not is_sealed(database, "turns")
    database.close()
    assert is_sealed(database, "turns")


def test_a_turn_that_is_gone_and_a_title_that_is_torn_are_named_and_all_else_is_saved(settings: Settings) -> None:
    history = History(settings.history)
    first, second = history.start(), history.start()
    for talk, question in ((first, "Who spoke?"), (first, "When?"), (second, "Where?"), (second, "Why?")):
        history.add_turn(talk, answer(question))
    history.close()
    path = settings.history / HISTORY_FILE
    change(path, f"DELETE FROM turns WHERE conversation = '{first}' AND number = 1")
    change(path, f"UPDATE conversations SET title = CAST(x'ff41' AS TEXT) WHERE id = '{second}'")
    (done,) = repaired(settings)
    assert sorted(done.lost) == sorted([f"{first} turn 1", f"{second} title"])
    assert [turn.answer.question for turn in history.turns(first)] == ["When?"]
    assert [turn.answer.question for turn in history.turns(second)] == ["Where?", "Why?"]
    assert history.conversation(second).title == "Where?"
    history.check()
    history.close()


@pytest.mark.parametrize(
    ("torn", "left"),
    [("mark = 'm3'", {"m2", "m3"}), ("mark = CAST(mark AS BLOB)", {"m2"}), ("name = 'bargez'", {"m2"})],
)
def test_a_saved_search_is_saved_where_what_it_has_reported_is_torn_and_that_is_named(
    settings: Settings, torn: str, left: set[str]
) -> None:
    saved, now = SavedSearches(settings.history), dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
    saved.add(SavedSearch(name="barges", query="barges", created_at=now))
    saved.report("barges", ["m1", "m2"], now)
    saved.close()
    change(settings.history / SAVED_FILE, f"UPDATE reported SET {torn} WHERE mark = 'm1'")
    for look in (saved.all, saved.check, lambda: saved.report("barges", ["m4"], now)):
        with pytest.raises(DamagedSearchesError):
            look()
    saved.close()
    (done,) = repaired(settings)
    assert [one.partition(":")[0] for one in done.lost] == ["barges"]
    assert [one.query for one in saved.all()] == ["barges"]
    assert saved.reported("barges") == left
    saved.close()


def test_earlier_wordings_that_are_lost_are_named_and_since_when_a_readout_says_what_it_says_stays(
    settings: Settings, corpus: Path
) -> None:
    for text in ("They spoke of rice.", "They spoke of salt."):
        write_corpus(corpus, {"japan-call.md": f"# Call\n\n2 May 2023\n\n{text}"})
        build.add(settings.index, [corpus], HashEncoder)
    path = settings.index / FILE_NAME
    change(path, "UPDATE seen SET at = '2021-02-03T04:05:06+00:00'")
    change(path, "UPDATE versions SET text = replace(text, 'rice', 'mice')")
    (done,) = repaired(settings)
    assert done.lost == ("an earlier wording of japan-call",)
    opened = Catalogue(settings.index)
    assert {at for (at,) in opened.run("SELECT at FROM seen")} == {"2021-02-03T04:05:06+00:00"}
    assert len(versions_of(opened, "japan-call")) == 2
    opened.close()


def test_embeddings_whose_rows_are_zeroed_are_computed_again(settings: Settings) -> None:
    expected = found(settings.index)
    path = settings.index / FILE_NAME
    content = bytearray(path.read_bytes())
    with contextlib.closing(sqlite3.connect(path)) as database:
        vectors = [row[0] for row in database.execute("SELECT vector FROM embeddings")]
    # Rows lie before one another in a page: what stands before a vector is its key and the head of its row.
    for vector in vectors[1:4]:
        place = content.index(vector)
        content[place - 30 : place + len(vector)] = bytes(30 + len(vector))
    path.write_bytes(content)
    (done,) = repaired(settings)
    assert done.lost == ()
    assert "encoded again" in done.done
    assert found(settings.index) == expected
