"""An index that an earlier version of the program wrote: brought up to date by a writer, read as it is by a reader."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import time
import warnings
from pathlib import Path

import pytest
from processes import first_of
from small_index import HashEncoder

from benchmarks.older import make_old
from index import build, older, private
from index.catalogue import Catalogue
from index.checksums import SUFFIX
from index.database import FILE_NAME
from index.datatypes import Filters, Query
from index.errors import CatalogueError, OlderFormatWarning
from index.facts.directory import Directory
from index.full_text import expression
from index.keeping import PAGE
from index.older import copies_of
from index.people import known_people, people_kept
from index.schema import SCHEMA_VERSION, SEALED_DOCUMENT
from index.versions import versions_of

pytestmark = pytest.mark.filterwarnings("ignore::index.errors.OlderFormatWarning")
FILTERS = (Filters(parties=("Tolliver",)), Filters(parties=("Mara Tolliver", "Japan")), Filters(kinds=("call",)))


def found(built: Path, *, write: bool = False) -> list[list[int]]:
    catalogue = Catalogue(built, write=write)
    try:
        return [catalogue.matching(filters).tolist() for filters in FILTERS]
    finally:
        catalogue.close()


def tables(built: Path) -> set[tuple[str, str]]:
    database = sqlite3.connect(built / FILE_NAME)
    kept = {row[:2] for row in database.execute("SELECT name, type FROM sqlite_master")}
    database.close()
    return kept


def test_a_copy_of_an_older_index_is_kept_the_last_alone_and_that_is_said(built: Path, corpus: Path) -> None:
    make_old(built)
    (built / "catalogue-0.sqlite").touch()
    before = tables(built)
    with pytest.warns(OlderFormatWarning, match="catalogue-1.sqlite"):
        build.add(built, [corpus], HashEncoder)
    copy = built / "catalogue-1.sqlite"
    assert copies_of(built / FILE_NAME) == [copy]
    kept = sqlite3.connect(copy)
    assert {row[:2] for row in kept.execute("SELECT name, type FROM sqlite_master")} == before
    assert kept.execute("PRAGMA user_version").fetchone() == (1,)
    assert kept.execute("SELECT count(*) FROM documents").fetchone() == (8,)
    kept.close()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        build.add(built, [corpus], HashEncoder)


def test_of_two_that_bring_one_file_up_to_date_at_once_the_copy_is_of_the_older_format(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_old(built)
    path, write = built / FILE_NAME, older.write_copy

    def meanwhile(connection: sqlite3.Connection, beside: Path) -> None:
        monkeypatch.undo()
        Catalogue(built, write=True).close()
        write(connection, beside)

    monkeypatch.setattr(older, "write_copy", meanwhile)
    with contextlib.closing(sqlite3.connect(path)) as mine, pytest.warns(OlderFormatWarning):
        copy = older.keep_copy(mine, path, 1)
    with contextlib.closing(sqlite3.connect(copy)) as kept:
        assert kept.execute("PRAGMA user_version").fetchone() == (1,)
    assert not [left for left in built.iterdir() if left.name.startswith(".catalogue")]


def test_a_copy_that_a_killed_process_did_not_finish_is_swept_an_hour_later_by_whoever_writes(
    built: Path, corpus: Path
) -> None:
    old, fresh = (built / f".catalogue-3.sqlite.{token * 16}" for token in "ab")
    for left in (old, fresh, old.with_name(f"{old.name}-journal")):
        left.write_bytes(b"a part")
    somebodys = built / ".catalogue-notes.sqlite.aaaaaaaaaaaaaaaa"
    somebodys.write_bytes(b"not ours")
    long_ago = time.time() - 2 * private.LEFT
    for path in (old, old.with_name(f"{old.name}-journal"), somebodys):
        os.utime(path, (long_ago, long_ago))
    build.add(built, [corpus], HashEncoder)
    assert sorted(path.name for path in built.glob(".catalogue-*")) == [fresh.name, somebodys.name]


def test_where_the_copy_cannot_be_written_nothing_of_an_older_index_changes(
    built: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    make_old(built)
    before = (built / FILE_NAME).read_bytes()
    monkeypatch.setattr(older.private, "make_database", lambda path: full(path) if "-1" in path.name else None)
    with pytest.raises(CatalogueError, match="No space left") as caught:
        build.add(built, [corpus], HashEncoder)
    assert "Free some space" in caught.value.mend
    assert (built / FILE_NAME).read_bytes() == before
    assert not copies_of(built / FILE_NAME)


def test_an_older_index_is_sealed_as_a_fresh_one_is(built: Path, corpus: Path) -> None:
    def seals() -> list[tuple[str, int]]:
        catalogue = Catalogue(built)
        found = catalogue.run("SELECT doc_id, seal FROM documents ORDER BY doc_id")
        assert found == catalogue.run(f"SELECT doc_id, seal({SEALED_DOCUMENT}) FROM documents ORDER BY doc_id")
        catalogue.close()
        return found

    fresh = seals()
    make_old(built)
    build.add(built, [corpus], HashEncoder)
    assert seals() == fresh


def test_a_reader_answers_from_an_older_index_and_changes_nothing(built: Path) -> None:
    expected = found(built)
    assert all(expected)
    make_old(built)
    before = (built / FILE_NAME).read_bytes()
    assert found(built) == expected
    reader = Catalogue(built)
    assert Directory(known_people(reader)).lookup("What did Moriyama say?")[0].people[0].name == "Kenji Moriyama"
    reader.close()
    assert first_of(built, "grain barges") == "germany-meeting"
    assert (built / FILE_NAME).read_bytes() == before


def test_the_next_run_of_indexing_brings_it_up_to_date_and_encodes_nothing(built: Path, corpus: Path) -> None:
    expected, made = found(built), tables(built)
    make_old(built)
    encoder = HashEncoder()
    report = build.add(built, [corpus], lambda: encoder)
    assert (report.unchanged, report.encoded, encoder.encoded) == (8, 0, [])
    assert tables(built) == made
    catalogue = Catalogue(built)
    assert catalogue.run("PRAGMA user_version") == [(SCHEMA_VERSION,)]
    assert catalogue.meta("counts") == "8 10 {}".format(catalogue.run("SELECT count(*) FROM sentences")[0][0])
    assert catalogue.meta(PAGE)
    assert people_kept(catalogue)
    catalogue.close()
    assert found(built) == expected
    assert not list(built.glob("*.faiss"))
    assert first_of(built, "grain barges") == "germany-meeting"


def test_an_older_index_knows_the_present_wording_alone_and_keeps_it_once_it_is_replaced(
    built: Path, corpus: Path
) -> None:
    make_old(built)
    reader = Catalogue(built)
    (only,) = versions_of(reader, "qatar-call")
    reader.close()
    assert (only.number, only.seen, only.superseded) == (1, None, None)
    path = corpus / "qatar-call.md"
    path.write_text(path.read_text(encoding="utf-8").replace("ceasefire", "truce"), encoding="utf-8")
    build.add(built, [corpus], HashEncoder)
    reader = Catalogue(built)
    before, after = versions_of(reader, "qatar-call")
    reader.close()
    assert (before.text, before.seen) == (only.text, None)
    assert before.superseded == after.seen
    assert "truce" in after.text


def test_the_words_of_parties_are_those_that_a_fresh_index_has(built: Path) -> None:
    def words() -> list[tuple[str, str]]:
        catalogue = Catalogue(built, write=True)
        kept = catalogue.run("SELECT * FROM party_words ORDER BY word, folded")
        catalogue.close()
        return kept

    expected = words()
    make_old(built)
    assert words() == expected


def test_an_older_index_learns_the_languages_of_its_readouts_and_the_words_of_scripts_with_signs(
    tmp_path: Path,
) -> None:
    corpus, built = tmp_path / "corpus", tmp_path / "built"
    corpus.mkdir()
    (corpus / "si.txt").write_text("ජනාධිපතිවරයා අද අගමැතිවරයා හමුවිය. ඔවුහු වෙළඳාම ගැන කතා කළහ.", encoding="utf-8")
    (corpus / "en.txt").write_text(
        "The President met the Prime Minister today and they spoke of trade.", encoding="utf-8"
    )
    build.add(built, [corpus], HashEncoder)
    make_old(built)
    database = sqlite3.connect(built / FILE_NAME)
    # As the first rules had it: a word parted at the signs of its vowels.
    database.execute("INSERT INTO full_text (full_text) VALUES ('delete-all')")
    (built / (FILE_NAME + SUFFIX)).unlink(missing_ok=True)
    database.execute("INSERT INTO full_text (rowid, title, body, names) VALUES (1, '', 'ජන ධ පත', '')")
    database.commit()
    database.close()
    reader = Catalogue(built)
    assert reader.languages() == {"": 2}
    assert {record.source.language for record in reader.records(Filters(), limit=None)} == {""}
    reader.close()
    assert build.add(built, [corpus], HashEncoder).unchanged == 2
    reader = Catalogue(built)
    assert reader.languages() == {"en": 1, "si": 1}
    found = [len(reader.full_text(expression(Query(text=word)), None, None)) for word in ("අගමැතිවරයා", "trade", "ජන")]
    reader.close()
    assert found == [1, 1, 0]
