from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
import zlib
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner, Result
from leaders import open_assistant
from small_index import HashEncoder

from assistant import doctor
from assistant.cli import main
from assistant.doctor import Check, examine
from assistant.history import FILE_NAME as HISTORY_FILE
from assistant.saved_searches import FILE_NAME as SAVED_FILE
from assistant.settings import Settings
from index import build
from index.checksums import SUFFIX
from index.database import FILE_NAME, Database
from index.encoder import Model
from index.errors import EncoderError

NAMES = [
    *("model", "engine", "index", "agreement", "vectors", "pages"),
    *("conversations", "saved searches", "privacy", "disk"),
]


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the models that were looked for; each is found, and no file is read."""
    asked: list[str] = []

    def find(name: str, *, fetch: bool, noted: bool = True) -> Model:
        assert not fetch
        asked.append(name)
        return Model(name=name, folder=Path(), revision="first", dimension=128)

    monkeypatch.setattr(doctor, "find_model", find)
    monkeypatch.setattr(doctor, "describe_engine", lambda name, only_reference: ("an engine", "that serves"))
    return asked


@pytest.fixture
def settings(model: list[str], built: Path, tmp_path: Path) -> Settings:
    return Settings(index=built, history=tmp_path / "talks")


def checks(settings: Settings) -> dict[str, Check]:
    return {check.name: check for check in examine(settings)}


def bad(settings: Settings) -> dict[str, Check]:
    return {name: check for name, check in checks(settings).items() if not check.good}


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_what_is_in_order_is_told_with_what_was_found_and_needs_no_mend(settings: Settings) -> None:
    found = checks(settings)
    assert list(found) == NAMES
    assert [(check.good, check.mend) for check in found.values()] == [(True, "")] * len(NAMES)
    assert "8 readouts, 10 passages" in found["index"].found
    assert "revision first, 128 dimensions" in found["model"].found
    assert found["conversations"].found.startswith("0 kept in ")


def test_an_index_into_which_nothing_was_indexed_yet_is_in_order(settings: Settings, tmp_path: Path) -> None:
    Database(tmp_path / "begun", write=True).close()
    begun = Settings(index=tmp_path / "begun", history=settings.history)
    assert bad(begun) == {}
    assert "nothing was indexed yet" in checks(begun)["vectors"].found


def test_the_model_that_the_settings_name_is_looked_for_else_that_of_the_index_else_the_default(
    settings: Settings, model: list[str], built: Path, tmp_path: Path
) -> None:
    for folder, named, wanted in (
        (built, "another", "another"),
        (built, "", "hashed-words"),
        (tmp_path / "none", "", doctor.DEFAULT_MODEL),
    ):
        model.clear()
        checks(Settings(index=folder, history=settings.history, model=named))
        assert set(model) == {wanted}


def test_a_model_that_the_index_was_not_made_with_is_told_with_the_command_that_mends_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Model(name="another", folder=Path(), revision="second", dimension=128)
    monkeypatch.setattr(doctor, "find_model", lambda name, **_: found)
    told = bad(Settings(index=settings.index, history=settings.history, model="another"))
    assert list(told) == ["agreement"]
    assert "was made with the model hashed-words" in told["agreement"].found
    assert "readouts index --rebuild --model another" in told["agreement"].mend


def test_saved_searches_that_cannot_be_read_are_told(settings: Settings) -> None:
    settings.history.mkdir()
    (settings.history / SAVED_FILE).write_bytes(b"no database" * 1000)
    told = bad(settings)
    assert list(told) == ["saved searches"]
    assert told["saved searches"].mend


@pytest.mark.parametrize(
    ("least", "told"), [(0.9999995, "least cosine 1.0"), (None, "compared with the reference when")]
)
def test_the_fast_engine_is_tried_and_told_how_near_the_reference_it_is(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, least: float | None, told: str
) -> None:
    monkeypatch.setattr(doctor, "describe_engine", lambda name, only_reference: (doctor.FAST, ""))
    monkeypatch.setattr(doctor, "probe_engine", lambda model: least)
    assert told in checks(settings)["engine"].found


def test_a_model_that_cannot_be_used_is_named_with_its_mend(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(name: str, *, fetch: bool, noted: bool = True) -> Model:
        raise EncoderError("The weights are torn.", mend="Install them again.")

    monkeypatch.setattr(doctor, "find_model", refuse)
    assert bad(settings) == {
        "model": Check(name="model", good=False, found="The weights are torn.", mend="Install them again.")
    }


def test_without_an_index_the_command_that_makes_one_is_named(settings: Settings, tmp_path: Path) -> None:
    found = bad(Settings(index=tmp_path / "nowhere", history=settings.history))
    assert list(found) == ["index", "vectors"]
    assert all("readouts index" in check.mend for check in found.values())
    assert not (tmp_path / "nowhere").exists()


def test_a_file_that_is_no_catalogue_is_told(settings: Settings) -> None:
    (settings.index / FILE_NAME).write_bytes(b"not a database" * 500)
    assert list(bad(settings)) == ["index", "vectors"]
    assert bad(settings)["index"].mend


def test_a_catalogue_with_a_torn_page_is_told(settings: Settings) -> None:
    path = settings.index / FILE_NAME
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA journal_mode = DELETE")
        root, size = (
            database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'sentences'").fetchone()[0],
            database.execute("PRAGMA page_size").fetchone()[0],
        )
    database.close()
    content = bytearray(path.read_bytes())
    start = (root - 1) * size
    content[start : start + size] = b"\xff" * size
    path.write_bytes(bytes(content))
    for _ in range(2):
        check = bad(settings)["index"]
        assert "damaged" in check.found
        assert "readouts doctor --repair" in check.mend
        # Without its checksum, by what SQLite says.
        path.with_name(FILE_NAME + SUFFIX).unlink(missing_ok=True)


def test_vectors_that_are_missing_are_told(settings: Settings) -> None:
    next(settings.index.glob("sentences-*.rows")).unlink()
    found = bad(settings)
    assert list(found) == ["vectors"]
    assert "cannot be read" in found["vectors"].found
    assert found["vectors"].mend


def test_vectors_of_another_number_are_told_with_the_command_that_makes_them_again(settings: Settings) -> None:
    (path,) = settings.index.glob("*.vectors")
    page = json.loads(path.read_text().splitlines()[0])
    changed = json.dumps({**page, "passages": []})
    path.write_text(f"{changed}\n{zlib.crc32(changed.encode()):08x}\n")
    found = bad(settings)
    assert list(found) == ["vectors"]
    assert "0 vectors for 10 passages" in found["vectors"].found
    assert found["vectors"].mend.startswith("They are made again by: readouts doctor --repair")
    build.rebuild(settings.index, HashEncoder)
    assert bad(settings) == {}


def test_conversations_that_cannot_be_read_are_told(settings: Settings) -> None:
    settings.history.mkdir()
    (settings.history / HISTORY_FILE).write_bytes(b"no database" * 500)
    found = bad(settings)
    assert list(found) == ["conversations"]
    assert "readouts doctor --repair" in found["conversations"].mend


def test_a_disk_with_little_room_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda place: Usage(10**10, 10**10 - doctor.ROOM + 1, doctor.ROOM - 1))
    assert bad(settings)["disk"].found.startswith("0.2 GB free")
    monkeypatch.setattr(shutil, "disk_usage", lambda place: Usage(10**10, 10**10 - doctor.ROOM, doctor.ROOM))
    assert bad(settings) == {}


def test_a_folder_that_may_not_be_written_is_told_and_that_questions_still_work(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**options: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    found = bad(settings)
    assert list(found) == ["disk"]
    assert "Permission denied" in found["disk"].found
    assert "Questions still work" in found["disk"].mend


def test_the_index_is_left_as_it_was(settings: Settings) -> None:
    before = {
        path.name: path.read_bytes()
        for path in settings.index.iterdir()
        if path.suffix in (".sqlite", ".rows", ".vectors")
    }
    checks(settings)
    after = {
        path.name: path.read_bytes()
        for path in settings.index.iterdir()
        if path.suffix in (".sqlite", ".rows", ".vectors")
    }
    assert after == before


def test_where_nothing_was_ever_asked_no_file_of_conversations_is_made(settings: Settings) -> None:
    checks(settings)
    assert not settings.history.exists()


class TestCommand:
    def run(self, settings: Settings, *options: str) -> Result:
        environment = {
            "READOUTS_INDEX": str(settings.index), "READOUTS_HISTORY": str(settings.history), "COLUMNS": "300",
            "READOUTS_SETTINGS": str(settings.history.parent / "settings.toml"), "READOUTS_MODEL": "",
        }  # fmt: skip
        return CliRunner().invoke(main, ["doctor", *options], env=environment)

    def test_all_in_order_is_a_line_each_and_exit_code_0(self, settings: Settings) -> None:
        ran = self.run(settings)
        assert ran.exit_code == 0
        assert [line.split(":")[0] for line in ran.stdout.splitlines()] == [f"ok   {name}" for name in NAMES]

    def test_a_failure_is_told_with_its_mend_and_exit_code_1(self, settings: Settings) -> None:
        next(settings.index.glob("passages-*.rows")).unlink()
        ran = self.run(settings)
        assert ran.exit_code == 1
        (line,) = [line for line in ran.stdout.splitlines() if line.startswith("FAIL")]
        assert line.startswith("FAIL vectors: ")
        assert line.endswith(bad(settings)["vectors"].mend)

    def test_json_is_a_check_a_line(self, settings: Settings, tmp_path: Path) -> None:
        ran = self.run(settings, "--json", "--index", str(tmp_path / "nowhere"))
        said = [json.loads(line) for line in ran.stdout.splitlines()]
        assert ran.exit_code == 1
        assert [(check["name"], check["good"]) for check in said if not check["good"]] == [
            ("index", False), ("vectors", False),
        ]  # fmt: skip
        assert all(bool(check["mend"]) != check["good"] for check in said)

    def test_the_model_option_is_the_model_that_is_looked_at(self, settings: Settings, model: list[str]) -> None:
        self.run(settings, "--model", "another")
        assert set(model) == {"another"}


def test_kept_conversations_are_counted(settings: Settings) -> None:
    with open_assistant(settings.index, settings.history) as opened:
        opened.conversation().ask("Who promised barges?")
    assert checks(settings)["conversations"].found.startswith("1 kept in ")
