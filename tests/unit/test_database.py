"""The connection to the catalogue: what fails says what to do, and a change is whole or not at all."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest

from index import schema
from index.database import FILE_NAME, Database, translate
from index.errors import CatalogueError, MismatchError, NoIndexError

PLACE = Path("/somewhere/built/catalogue.sqlite")


@pytest.mark.parametrize(
    ("error", "mend"),
    [
        (sqlite3.OperationalError("database or disk is full"), "Free some space"),
        (sqlite3.OperationalError("disk I/O error"), "Check that disk"),
        (OSError(errno.ENOSPC, "No space left on device"), "Free some space"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "--index DIR"),
        (OSError(errno.EIO, "Input/output error"), "Check that disk"),
        (OSError(errno.EROFS, "Read-only file system"), "--index DIR"),
        (PermissionError(errno.EACCES, "Permission denied"), "--index DIR"),
        (sqlite3.OperationalError("database is locked"), "try again"),
        (sqlite3.DatabaseError("file is not a database"), "readouts doctor --repair --index /somewhere/built"),
        (
            sqlite3.DatabaseError("database disk image is malformed"),
            "readouts doctor --repair --index /somewhere/built",
        ),
        (sqlite3.OperationalError("something of its own"), "readouts doctor"),
    ],
)
def test_what_the_disk_and_sqlite_say_comes_with_its_mend(error: Exception, mend: str) -> None:
    with pytest.raises(CatalogueError) as caught, translate(PLACE):
        raise error
    assert "/somewhere/built" in caught.value.message
    assert mend in caught.value.mend
    assert caught.value.__cause__ is error


def test_errors_of_others_pass_as_they_are() -> None:
    with pytest.raises(ZeroDivisionError), translate(PLACE):
        raise ZeroDivisionError


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path, write=True)


def change(database: Database, *statements: str, then: Exception | None = None) -> None:
    with database.transaction():
        for statement in statements:
            database.run(statement)
        if then is not None:
            raise then


def rows(database: Database) -> list[tuple[str, str]]:
    return database.run("SELECT key, value FROM meta ORDER BY key")


def test_the_changes_of_a_transaction_are_made_together_or_not_at_all(database: Database) -> None:
    change(database, "INSERT INTO meta VALUES ('a', '1')")
    with pytest.raises(ZeroDivisionError):
        change(database, "INSERT INTO meta VALUES ('b', '2')", then=ZeroDivisionError())
    with pytest.raises(CatalogueError):
        change(database, "INSERT INTO meta VALUES ('c', '3')", "INSERT INTO meta VALUES ('a', '4')")
    assert rows(database) == [("a", "1")]


def test_where_sqlite_has_undone_a_transaction_by_itself_its_reason_is_told(database: Database) -> None:
    with pytest.raises(CatalogueError, match="the reason"):
        change(database, "ROLLBACK", then=sqlite3.OperationalError("the reason"))
    change(database, "INSERT INTO meta VALUES ('a', '1')")
    assert rows(database) == [("a", "1")]


def test_what_is_read_in_a_snapshot_is_of_one_moment(database: Database, tmp_path: Path) -> None:
    reader = Database(tmp_path)
    with reader.snapshot():
        before = rows(reader)
        with database.transaction():
            database.run("INSERT INTO meta VALUES ('a', '1')")
        assert rows(reader) == before == []
    assert rows(reader) == [("a", "1")]
    reader.close()


def test_a_reader_cannot_write(database: Database, tmp_path: Path) -> None:
    reader = Database(tmp_path)
    with pytest.raises(CatalogueError):
        reader.run("INSERT INTO meta VALUES ('a', '1')")
    reader.close()


class TestSchema:
    def test_an_older_catalogue_is_brought_up_to_date_in_one_go(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Database(tmp_path, write=True).close()
        later = schema.SCHEMA_VERSION + 1
        monkeypatch.setattr(schema, "SCHEMA_VERSION", later)
        monkeypatch.setitem(schema.MIGRATIONS, later, "ALTER TABLE meta ADD COLUMN note TEXT NOT NULL DEFAULT 'new';")
        newer = Database(tmp_path, write=True)
        with newer.transaction():
            newer.run("INSERT INTO meta (key, value) VALUES ('a', '1')")
        assert newer.run("SELECT note FROM meta") == [("new",)]
        assert newer.run("PRAGMA user_version") == [(later,)]
        newer.close()

    def test_a_step_that_fails_leaves_the_older_catalogue(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Database(tmp_path, write=True).close()
        was = schema.SCHEMA_VERSION
        with monkeypatch.context() as patch:
            patch.setattr(schema, "SCHEMA_VERSION", was + 1)
            patch.setitem(schema.MIGRATIONS, was + 1, "CREATE TABLE half (a); CREATE TABLE meta (a);")
            with pytest.raises(CatalogueError):
                Database(tmp_path, write=True)
        kept = Database(tmp_path, write=True)
        assert kept.run("PRAGMA user_version") == [(was,)]
        assert kept.run("SELECT name FROM sqlite_master WHERE name = 'half'") == []
        kept.close()

    def test_a_newer_catalogue_is_refused(self) -> None:
        schema.check_version(schema.SCHEMA_VERSION)
        with pytest.raises(MismatchError, match="newer"):
            schema.check_version(schema.SCHEMA_VERSION + 1)


@pytest.mark.parametrize("begun", [False, True])
def test_a_catalogue_of_which_no_more_was_made_than_its_name_is_no_index(tmp_path: Path, begun: bool) -> None:
    path = tmp_path / FILE_NAME
    path.touch()
    if begun:
        made = sqlite3.connect(path)
        made.execute("PRAGMA journal_mode = WAL")
        made.close()
    with pytest.raises(NoIndexError):
        Database(tmp_path)
    Database(tmp_path, write=True).close()
    Database(tmp_path).close()


def test_what_may_not_be_written_to_is_read_as_it_lies_unless_its_last_changes_are_beside_it(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = Database._connect

    def refusing(uri: str) -> sqlite3.Connection:
        if "immutable" not in uri:
            raise sqlite3.OperationalError("unable to open database file")
        return plain(uri)

    change(database, "INSERT INTO meta VALUES ('a', '1')")
    monkeypatch.setattr(Database, "_connect", staticmethod(refusing))
    with pytest.raises(CatalogueError) as caught:
        Database(tmp_path)
    assert "--index" in caught.value.mend
    database.close()
    assert rows(Database(tmp_path)) == [("a", "1")]


def test_a_commit_has_reached_the_disk(database: Database) -> None:
    assert database.run("PRAGMA synchronous") == [(2,)]


def test_a_snapshot_within_another_is_of_the_moment_of_the_outer_one(database: Database, tmp_path: Path) -> None:
    reader = Database(tmp_path)
    with reader.snapshot():
        with reader.snapshot():
            change(database, "INSERT INTO meta VALUES ('a', '1')")
            assert reader.meta("a") is None
        assert rows(reader) == []
    assert reader.meta("a") == "1"


def test_what_describes_the_index_is_of_the_snapshot_and_afterwards_of_now(database: Database, tmp_path: Path) -> None:
    database.set_meta("a", "1")
    reader = Database(tmp_path)
    with reader.snapshot():
        database.set_meta("a", "2")
        database.set_meta("b", "3")
        assert (reader.meta("a"), reader.meta("b")) == ("1", None)
    assert (reader.meta("a"), reader.meta("b")) == ("2", "3")
    with reader.snapshot():
        assert reader.meta("b") == "3"
    reader.close()
