"""What is kept is its owner's alone, whatever the umask, and whatever others put in its way."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from e2e_helpers import Command

from assistant.tui import state
from assistant.tui.state import Remembered
from benchmarks.web_site import site
from index import private
from index.encoder.cache import Cache
from index.files import files_of
from index.vectors.inverted import write_lists
from index.vectors.rows import Rows

pytestmark = pytest.mark.skipif(os.name != "posix", reason="rights of files are those of POSIX")
OTHERS = 0o077


def rights(folder: Path) -> dict[str, str]:
    """Everything below a folder that others have access to, with its mode."""
    modes = {str(path.relative_to(folder)): stat.S_IMODE(path.lstat().st_mode) for path in folder.rglob("*")}
    return {name: oct(mode) for name, mode in modes.items() if mode & OTHERS}


@pytest.fixture(params=[0o000, 0o022, 0o777], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """What this process takes from files that it makes: nothing, the usual, everything."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@pytest.mark.parametrize("umask", [0o000, 0o777], ids=oct)
def test_nothing_that_the_program_keeps_can_be_read_by_others_whatever_the_umask(
    process: Command, corpus: Path, tmp_path: Path, umask: int
) -> None:
    with site() as here:
        assert process("index", corpus, here.give("/news/call"), umask=umask).code == 0
    question = {"type": "unanswerable", "question": "Who sold tulips?", "why": "off-topic"}
    (tmp_path / "questions.jsonl").write_text(json.dumps(question))
    for arguments in (
        ["ask", "Who promised barges?", "--conversation", "kept"],
        ["watch", "add", "barges", "barges"],
        ["remove", "japan-call"],
        ["index", "--rebuild"],
        ["config", "--init"],
        ["export", "kept", "--output", "kept.md"],
        ["ask", "Who promised barges?", "--output", "answer.csv"],
        ["evaluate", "questions.jsonl", "--output", "run.json"],
    ):
        ran = process(*arguments, umask=umask)
        assert ran.code == 0, ran.err
    kept = [*(tmp_path / "built").rglob("*"), *(tmp_path / "home").rglob("*")]
    endings = {path.suffix for path in kept if path.is_file()}
    assert endings >= {".sqlite", ".rows", ".vectors", ".json", ".toml", ".html"}
    assert rights(tmp_path / "built") == rights(tmp_path / "home") == {}
    named = [oct((tmp_path / name).stat().st_mode) for name in ("kept.md", "answer.csv", "run.json", "built")]
    assert named == ["0o100600", "0o100600", "0o100600", "0o40700"]


def test_what_the_screen_and_the_encoder_remember_is_for_nobody_else(umask: int, tmp_path: Path) -> None:
    assert state.write(tmp_path / "made" / "deep" / "screen.json", Remembered(questions=("who?",)))
    Cache(tmp_path / "cache").write("digests", {"a": 1})
    assert rights(tmp_path) == {}
    assert state.read(tmp_path / "made" / "deep" / "screen.json").questions == ("who?",)
    assert Cache(tmp_path / "cache").read("digests") == {"a": 1}


def test_lists_of_many_vectors_are_for_nobody_else(umask: int, tmp_path: Path, many_rows: Rows) -> None:
    write_lists(many_rows, tmp_path / "many.lists")
    assert (tmp_path / "many.lists").stat().st_size > 0
    assert rights(tmp_path) == {}


@pytest.fixture
def many_rows() -> Rows:
    numbers = np.arange(400, dtype=np.int64)
    return Rows(numbers, numbers, np.random.default_rng(1).normal(size=(400, 16)).astype(np.float16))


def test_an_index_and_conversations_that_others_could_read_are_kept_from_them_by_the_next_that_writes(
    process: Command, corpus: Path, tmp_path: Path
) -> None:
    assert process("index", corpus).code == 0
    assert process("ask", "Who promised barges?", "--conversation", "kept").code == 0
    (tmp_path / "built" / "notes.txt").write_text("The user's own.")
    for path in [*(tmp_path / "built").rglob("*"), *(tmp_path / "home").rglob("*.sqlite*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    told = process("doctor")
    assert (told.code, "FAIL privacy" in told.out, "chmod -R go= " in told.out) == (1, True, True)
    (corpus / "japan-call.md").write_text((corpus / "japan-call.md").read_text() + "\nThey parted as friends.\n")
    assert process("index", corpus).code == 0
    assert process("ask", "Who promised barges?", "--conversation", "kept").code == 0
    assert "ok   privacy" in process("doctor").out
    assert list(rights(tmp_path / "built")) == ["notes.txt"]


def test_every_file_of_an_index_is_known(process: Command, corpus: Path, tmp_path: Path) -> None:
    with site() as here:
        assert process("index", corpus, here.give("/news/call")).code == 0
    there = {path for path in (tmp_path / "built").rglob("*") if path.name != "lock"}
    assert there - set(files_of(tmp_path / "built")) == set()


def test_a_name_that_was_put_in_the_way_leads_nowhere(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("as it was")
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "digests.json").symlink_to(victim)
    (tmp_path / "cache" / f".digests.json.{os.getpid()}").symlink_to(victim)
    Cache(tmp_path / "cache").write("digests", {"a": 1})
    assert Cache(tmp_path / "cache").read("digests") == {"a": 1}
    (tmp_path / "new.md").symlink_to(victim)
    with pytest.raises(FileExistsError):
        private.create(tmp_path / "new.md", b"text")
    (tmp_path / "wide.sqlite").symlink_to(victim)
    victim.chmod(0o644)
    private.make_database(tmp_path / "wide.sqlite")
    assert (victim.read_text(), oct(victim.stat().st_mode)) == ("as it was", "0o100644")


def test_a_folder_that_is_there_keeps_its_rights_and_a_file_is_no_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    private.make_folder(tmp_path)
    private.make_folder(tmp_path / "a" / "b")
    assert [oct(p.stat().st_mode)[-3:] for p in (tmp_path, tmp_path / "a", tmp_path / "a" / "b")] == [
        "755",
        "700",
        "700",
    ]
    (tmp_path / "file").touch()
    with pytest.raises(FileExistsError):
        private.make_folder(tmp_path / "file")


def test_what_could_not_be_written_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kept.json").write_text("before")

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        private.replace(tmp_path / "kept.json", b"after")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"kept.json": "before"}


@pytest.mark.parametrize("number", [1, 2])
def test_a_new_file_whose_writing_fails_is_not_there_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    synchronise, calls = os.fsync, iter(range(1, 9))

    def full(descriptor: int) -> None:
        synchronise(descriptor)
        if next(calls) == number:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        private.create(tmp_path / "talk.md", b"text")
    assert not any(tmp_path.iterdir())


def test_a_folder_that_cannot_be_synchronised_is_no_reason_not_to_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synchronise = os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(22, "Invalid argument")
        synchronise(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    name = "long" * 60 + ".md"
    private.create(tmp_path / name, b"text")
    assert (tmp_path / name).read_bytes() == b"text"


def test_what_a_killed_writer_left_beside_a_file_goes_with_the_next_writing(tmp_path: Path) -> None:
    path, old, young = tmp_path / "kept.json", tmp_path / f".kept.json.{'a' * 16}", tmp_path / f".kept.json.{'b' * 16}"
    for left in (old, young):
        left.write_bytes(b"half")
    os.utime(old, (1, 1))
    private.replace(path, b"whole")
    assert sorted(tmp_path.iterdir()) == [young, path]
    assert path.read_bytes() == b"whole"
