"""Backup and restore: all of it back, verified before anything is touched, and nothing of a hostile file let in."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import zipfile
from pathlib import Path

import pytest
from small_index import HashEncoder, readout, write_corpus
from turns import answer

from assistant import backup
from assistant.backup import MANIFEST, back_up, is_ours
from assistant.errors import BackupError
from assistant.history import History
from assistant.restoring import restore
from assistant.settings import Settings
from benchmarks.older import make_old
from index import build
from index.catalogue import Catalogue
from index.checking import check
from index.checksums import SUFFIX
from index.database import FILE_NAME
from index.datatypes import Query
from index.errors import DamagedError
from index.keeping import whole
from index.readers.origins import FETCHED
from index.schema import SCHEMA_VERSION
from index.search import PassageIndex


@pytest.fixture
def settings(built: Path, tmp_path: Path) -> Settings:
    history = History(tmp_path / "talks")
    history.add_turn("talk", answer("Who spoke?"))
    history.close()
    page = built / FETCHED / "a-page" / "about.json"
    page.parent.mkdir(parents=True)
    page.write_text("{}")
    return Settings(index=built, history=tmp_path / "talks")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Settings:
    return Settings(index=tmp_path / "elsewhere" / "index", history=tmp_path / "elsewhere" / "talks")


def hits(folder: Path) -> list[tuple[str, float]]:
    opened = PassageIndex(folder)
    try:
        found = opened.search(Query(text="grain barges"), HashEncoder().encode(["grain barges"])[0])
        return [(hit.passage.source.doc_id, hit.score) for hit in found]
    finally:
        opened.close()


def content(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".sqlite-shm", ".sqlite-wal"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def test_all_of_it_comes_back_in_another_place(settings: Settings, elsewhere: Settings, tmp_path: Path) -> None:
    made = back_up(settings, tmp_path / "all.zip")
    assert (made.documents, made.conversations, made.searches) == (8, 1, 0)
    done = restore(elsewhere, tmp_path / "all.zip")
    assert (done.documents, done.conversations, done.kept) == (8, 1, ())
    assert hits(elsewhere.index) == hits(settings.index)
    catalogue = Catalogue(elsewhere.index)
    assert whole(catalogue)
    catalogue.close()
    history = History(elsewhere.history)
    assert [turn.answer.question for turn in history.turns("talk")] == ["Who spoke?"]
    history.close()
    assert (elsewhere.index / FETCHED / "a-page" / "about.json").read_text() == "{}"
    assert (elsewhere.index / (FILE_NAME + SUFFIX)).is_file()
    assert not [path for path in elsewhere.index.iterdir() if path.name.startswith((".restore", ".salvage"))]


@pytest.mark.filterwarnings("ignore::index.errors.OlderFormatWarning")
def test_a_backup_of_an_older_format_comes_back_up_to_date_and_the_older_index_is_left_as_it_is(
    settings: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    expected = hits(settings.index)
    make_old(settings.index)
    before = (settings.index / FILE_NAME).read_bytes()
    assert back_up(settings, tmp_path / "all.zip").documents == 8
    assert (settings.index / FILE_NAME).read_bytes() == before
    done = restore(elsewhere, tmp_path / "all.zip")
    assert (done.documents, done.conversations) == (8, 1)
    assert hits(elsewhere.index) == expected
    catalogue = Catalogue(elsewhere.index)
    assert catalogue.run("PRAGMA user_version") == [(SCHEMA_VERSION,)]
    assert check(catalogue)
    catalogue.close()


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_a_backup_is_its_owners_alone(settings: Settings, tmp_path: Path) -> None:
    back_up(settings, tmp_path / "all.zip")
    assert (tmp_path / "all.zip").stat().st_mode & 0o077 == 0


def test_it_is_of_one_moment_while_another_writes(settings: Settings, elsewhere: Settings, tmp_path: Path) -> None:
    writer = Catalogue(settings.index, write=True)
    with writer.transaction():
        writer.run("DELETE FROM documents")
        assert back_up(settings, tmp_path / "all.zip").documents == 8
    writer.close()
    assert restore(elsewhere, tmp_path / "all.zip").documents == 8


def test_what_is_there_is_replaced_only_when_that_is_asked_for_and_is_kept(settings: Settings, tmp_path: Path) -> None:
    back_up(settings, tmp_path / "all.zip")
    expected = hits(settings.index)
    build.add(
        settings.index, [write_corpus(tmp_path / "more", {"k.md": readout("Kelp", "Grain barges.")})], HashEncoder
    )
    before = content(settings.index)
    with pytest.raises(BackupError, match="There is") as caught:
        restore(settings, tmp_path / "all.zip")
    assert "--force" in caught.value.mend
    assert content(settings.index) == before
    done = restore(settings, tmp_path / "all.zip", force=True)
    assert hits(settings.index) == expected
    assert len(done.kept) == 3
    kept = next(path for path in done.kept if path.name.startswith(FILE_NAME))
    database = sqlite3.connect(kept)
    assert database.execute("SELECT count(*) FROM documents").fetchone() == (9,)
    database.close()


def test_a_file_that_is_there_is_not_overwritten_unasked(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "all.zip").write_text("mine")
    with pytest.raises(BackupError, match="There is a file"):
        back_up(settings, tmp_path / "all.zip")
    assert (tmp_path / "all.zip").read_text() == "mine"
    assert back_up(settings, tmp_path / "all.zip", force=True).documents == 8


def test_what_is_damaged_is_not_backed_up(settings: Settings, tmp_path: Path) -> None:
    os.truncate(settings.index / FILE_NAME, 9000)
    with pytest.raises(DamagedError):
        back_up(settings, tmp_path / "all.zip")
    assert not list(tmp_path.glob("*all.zip*"))


def test_where_there_is_nothing_that_is_told(elsewhere: Settings, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="nothing to back up"):
        back_up(elsewhere, tmp_path / "all.zip")


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("kind", ["bit", "cut"])
def test_a_damaged_backup_is_refused_and_nothing_is_touched(
    settings: Settings, elsewhere: Settings, tmp_path: Path, share: float, kind: str
) -> None:
    path = tmp_path / "all.zip"
    back_up(settings, path)
    torn = bytearray(path.read_bytes())
    place = int(share * len(torn))
    torn[place] ^= 4
    path.write_bytes(torn[:place] if kind == "cut" else torn)
    with pytest.raises(BackupError) as caught:
        restore(elsewhere, path)
    assert caught.value.mend
    assert not (elsewhere.index / FILE_NAME).exists()
    assert not elsewhere.history.exists()


def test_no_flipped_bit_anywhere_is_let_in_or_raises_anything_else(
    settings: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "all.zip"
    back_up(settings, path)
    sound = path.read_bytes()
    members = zipfile.ZipFile(path).infolist()
    headers = range(members[0].header_offset, members[0].header_offset + 60, 3)
    for place in [*range(0, len(sound), max(1, len(sound) // 120)), *headers, *range(len(sound) - 300, len(sound), 5)]:
        torn = bytearray(sound)
        torn[place] ^= 1 << place % 8
        path.write_bytes(torn)
        with contextlib.suppress(BackupError):
            restore(elsewhere, path)
            assert hits(elsewhere.index) == hits(settings.index), place
            shutil.rmtree(elsewhere.index)
            shutil.rmtree(elsewhere.history)


def forged(path: Path, members: dict[str, bytes], *, said: dict[str, bytes] | None = None) -> None:
    """A backup that fits its manifest, whatever it holds."""
    told = {
        name: {"size": len(held), "sha256": hashlib.sha256(held).hexdigest()}
        for name, held in (members if said is None else said).items()
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in members.items():
            archive.writestr(name, held)
        archive.writestr(MANIFEST, json.dumps({"format": 1, "files": told}))


@pytest.mark.parametrize(
    "name",
    [
        *("../evil", "/etc/evil", f"{FETCHED}/../../evil", f"{FETCHED}/a/../../evil", "C:\\evil", f"{FETCHED}\\a\\b"),
        *(
            f"{FETCHED}/a/b/c",
            f"{FETCHED}/evil",
            "evil",
            ".lock",
            f"{FETCHED}//a",
            f"{FETCHED}/a/c:d",
            "./history.sqlite",
        ),
    ],
)
def test_no_name_in_a_backup_leads_anywhere(elsewhere: Settings, tmp_path: Path, name: str) -> None:
    assert not is_ours(name)
    forged(tmp_path / "evil.zip", {name: b"evil"})
    before = set(tmp_path.rglob("*"))
    with pytest.raises(BackupError):
        restore(elsewhere, tmp_path / "evil.zip")
    assert {path for path in tmp_path.rglob("*") if path.is_file()} <= before


def test_a_backup_that_would_fill_the_disk_is_refused(elsewhere: Settings, tmp_path: Path) -> None:
    forged(tmp_path / "bomb.zip", {FILE_NAME: bytes(50_000_000)})
    with pytest.raises(BackupError, match="far more"):
        restore(elsewhere, tmp_path / "bomb.zip")
    assert not elsewhere.index.exists()


def test_a_database_that_could_act_or_is_none_is_refused(
    settings: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    with zipfile.ZipFile(back_up(settings, tmp_path / "all.zip").path) as archive:
        held = {name: archive.read(name) for name in (FILE_NAME, "history.sqlite")}
    database = sqlite3.connect(tmp_path / "acting")
    database.deserialize(held[FILE_NAME])
    database.execute("CREATE TRIGGER evil AFTER INSERT ON meta BEGIN DELETE FROM documents; END")
    acting = database.serialize()
    database.close()
    for content_ in (acting, b"no database" * 999, b"", held["history.sqlite"]):
        forged(tmp_path / "evil.zip", {FILE_NAME: content_})
        with pytest.raises(Exception) as caught:  # noqa: PT011 - what is raised is looked at
            restore(elsewhere, tmp_path / "evil.zip")
        assert isinstance(caught.value, BackupError | DamagedError), caught.value
        assert not (elsewhere.index / FILE_NAME).exists()


def test_members_that_the_manifest_does_not_name_are_refused(elsewhere: Settings, tmp_path: Path) -> None:
    forged(tmp_path / "more.zip", {FILE_NAME: b"x", "history.sqlite": b"y"}, said={FILE_NAME: b"x"})
    with pytest.raises(BackupError, match="manifest"):
        restore(elsewhere, tmp_path / "more.zip")


def test_a_backup_of_a_newer_program_is_refused(
    settings: Settings, elsewhere: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "FORMAT", 2)
    back_up(settings, tmp_path / "all.zip")
    monkeypatch.undo()
    with pytest.raises(BackupError, match="newer"):
        restore(elsewhere, tmp_path / "all.zip")
