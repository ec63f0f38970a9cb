"""A database put in the place of another: at every moment one of the two is there, with all that was committed."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from index import private, replacing
from index.errors import BusyError
from index.locking import locked
from index.replacing import DAMAGED, REPLACED, replace_database


def made(path: Path, *words: str) -> Path:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE words (word TEXT)")
        database.executemany("INSERT INTO words VALUES (?)", [(word,) for word in words])
    return path


def killed(path: Path, word: str) -> None:
    """Add a word as one does who is killed then: it is in the journal alone."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("INSERT INTO words VALUES (?)", (word,))
        there = private.database_files(path)[:2]
        copies = [file.read_bytes() for file in there]
    for file, content in zip(there, copies, strict=True):
        file.write_bytes(content)


def words(path: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(path)) as database:
        return [word for (word,) in database.execute("SELECT word FROM words")]


@pytest.mark.parametrize("why", [DAMAGED, REPLACED])
def test_wherever_replacing_ends_the_old_is_there_with_its_journal_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    found = []
    for number in range(20):
        folder = tmp_path / str(number)
        folder.mkdir()
        old, new = made(folder / "old.sqlite", "old"), made(folder / "new.sqlite", "new")
        killed(old, "in the journal")
        with monkeypatch.context() as patch:
            calls = iter(range(number))

            def step(*_: object, calls: object = calls) -> None:
                if next(calls, None) is None:
                    raise KeyboardInterrupt

            for owner, name in ((Path, "hardlink_to"), (Path, "rename"), (Path, "replace"), (private, "settle")):
                plain = getattr(owner, name)
                patch.setattr(owner, name, lambda *a, plain=plain, step=step: (step(), plain(*a))[1])
            with contextlib.suppress(KeyboardInterrupt):
                replace_database(old, new, why)
                found.append("done")
        found.append(words(old))
        kept = [path for path in folder.glob("old.sqlite.*") if not path.name.endswith(("-wal", "-shm"))]
        assert found[-1] in (["old", "in the journal"], ["new"])
        assert all(words(path) == ["old", "in the journal"] for path in kept)
        if found[-2:] == ["done", ["new"]]:
            assert len(kept) == 1
            break
    assert found[0] == ["old", "in the journal"]
    assert found[-2] == "done"


def test_a_database_that_somebody_reads_on_and_on_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replacing, "PATIENCE", 0.05)
    old, new = made(tmp_path / "old.sqlite", "old"), made(tmp_path / "new.sqlite", "new")
    with contextlib.closing(sqlite3.connect(old, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM words").fetchone() == (1,)
        killed(old, "in the journal")
        with pytest.raises(BusyError):
            replace_database(old, new, REPLACED)
    assert (words(old), words(new)) == (["old", "in the journal"], ["new"])


def test_a_new_database_whose_journal_did_not_get_into_it_is_not_put_in_place(tmp_path: Path) -> None:
    old, new = made(tmp_path / "old.sqlite", "old"), made(tmp_path / "new.sqlite", "new")
    killed(new, "in the journal")
    with pytest.raises(OSError, match="journal"):
        replace_database(old, new, DAMAGED)
    assert sorted(path.name for path in tmp_path.glob("old*")) == ["old.sqlite"]


def test_where_there_was_none_a_journal_that_lies_there_is_not_taken_for_that_of_the_new(tmp_path: Path) -> None:
    old, new = made(tmp_path / "old.sqlite", "old"), made(tmp_path / "new.sqlite", "new")
    killed(old, "in the journal")
    old.unlink()
    assert replace_database(old, new, REPLACED) is None
    assert words(old) == ["new"]


def test_what_was_begun_beside_an_index_and_killed_goes_with_the_next_that_writes(tmp_path: Path) -> None:
    left, other = tmp_path / f".restore-{'a' * 16}", tmp_path / ".restore-mine"
    for folder in (left, other):
        folder.mkdir()
        (folder / "catalogue.sqlite").touch()
    with locked(tmp_path):
        assert (left.exists(), other.exists()) == (False, True)


def test_what_a_killed_backup_left_beside_its_file_goes_with_the_next(tmp_path: Path) -> None:
    path, old, young = tmp_path / "all.zip", tmp_path / f".all.zip.{'a' * 16}", tmp_path / f".all.zip.{'b' * 16}"
    for left in (old, young):
        left.mkdir()
        (left / "backup").write_bytes(b"half")
    for file in (old / "backup", old):
        os.utime(file, (1, 1))
    os.utime(young, (1, 1))  # Its file is still written.
    with private.beside(path) as beside:
        shutil.copy(young / "backup", beside)
    assert (old.exists(), young.exists(), beside.exists()) == (False, True, False)


def test_of_a_copy_of_a_database_whose_writer_was_killed_the_journal_goes_too_with_the_next(tmp_path: Path) -> None:
    path = tmp_path / "catalogue-1.sqlite"
    left = tmp_path / f".{path.name}.{'a' * 16}-journal"
    left.touch()
    os.utime(left, (1, 1))
    with private.beside(path) as beside:
        journal = beside.with_name(f"{beside.name}-journal")
        for file in (beside, journal):
            file.touch()
        assert not left.exists()
    assert not list(tmp_path.iterdir())
