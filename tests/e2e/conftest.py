"""Ways to run the command line: in this process or in one of its own, with the real model or without any."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from e2e_helpers import HASHED, REAL, Command, Ran, clean_environment, run
from small_index import HashEncoder, write_corpus

import assistant.api
from assistant import Assistant
from assistant.bundled import bundled_corpus
from assistant.cli import main
from index.encoder import find_model, load_encoder
from index.protocols import Encoder


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return clean_environment(tmp_path / "home") | {"READOUTS_INDEX": str(tmp_path / "built")}


@pytest.fixture
def cli(environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """``cli("ask", "…")`` in this process, with hashed words for embeddings."""
    return _in_process(environment, tmp_path, monkeypatch, HashEncoder())


@pytest.fixture
def process(environment: dict[str, str], tmp_path: Path) -> Command:
    """The same in a process of its own."""

    def command(*arguments: object, text: str | None = None, env: dict[str, str] | None = None, **options: Any) -> Ran:
        wanted = environment | (env or {})
        return run([*HASHED, *map(str, arguments)], cwd=tmp_path, environment=wanted, text=text, **options)

    return command


@pytest.fixture
def small(cli: Command, corpus: Path) -> Command:
    """``cli`` over an index of the invented readouts."""
    assert cli("index", corpus).code == 0
    return cli


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], tmp_path: Path) -> HashEncoder:
    """What every assistant of the test encodes with, in an environment of its own."""
    encoder = HashEncoder()
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(assistant.api, "find_model", lambda name, **_: name)
    monkeypatch.setattr(assistant.api, "load_encoder", lambda model, **_: encoder)
    return encoder


@pytest.fixture
def opened(hashed: HashEncoder, built: Path) -> Iterator[Assistant]:
    with Assistant.open(built) as found:
        yield found


@pytest.fixture(scope="session")
def bundled_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran]:
    """Folder of an index of the bundled readouts, made by the command line with the real model, and what it said."""
    home = tmp_path_factory.mktemp("bundled")
    command = [*REAL, "index", str(bundled_corpus()), "--json", "--index", str(home / "built")]
    return home / "built", run(command, cwd=home, environment=clean_environment(home / "home"))


@pytest.fixture(scope="session")
def bundled_index(bundled_run: tuple[Path, Ran]) -> Path:
    folder, ran = bundled_run
    assert ran.code == 0, ran.err
    return folder


@pytest.fixture(scope="session")
def model() -> Encoder:
    return load_encoder(find_model())


@pytest.fixture
def bundled(
    bundled_index: Path,
    environment: dict[str, str],
    tmp_path: Path,
    model: Encoder,
    monkeypatch: pytest.MonkeyPatch,
) -> Command:
    """``bundled("ask", "…")`` in this process over the bundled readouts, with the real model; not to be written to."""
    wanted = environment | {"READOUTS_INDEX": str(bundled_index)}
    return _in_process(wanted, tmp_path, monkeypatch, model)


@pytest.fixture
def bad_corpus(tmp_path: Path) -> Path:
    """The invented readouts with everything beside them that can be wrong with a file."""
    folder = write_corpus(tmp_path / "mixed")
    (folder / "binary.md").write_bytes(bytes(range(256)) * 16)
    (folder / "broken-front.md").write_text("---\ntitle: [never closed\n---\nThey met.\n")
    (folder / "no-such-day.md").write_text("---\ntitle: A day\npublished: soon\n---\nThey met.\n")
    (folder / "empty.md").touch()
    (folder / "huge.md").write_text("They met and spoke of many things. " * 1_500_000)
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n")
    (folder / "records.jsonl").write_text(
        '{"id": "first-record", "title": "One", "text": "Minister Oyelaran met Minister Quist."}\n'
        '{"id": "second-record", "title": broken\n'
        '{"id": "third-record", "title": "Three", "text": "Minister Quist thanked Minister Oyelaran."}\n'
    )
    return folder


def _in_process(
    environment: dict[str, str],
    cwd: Path,
    monkeypatch: pytest.MonkeyPatch,
    encoder: Encoder,
) -> Command:
    for name in [name for name in os.environ if name not in environment]:
        if not name.startswith("PYTEST_"):
            monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(cwd)
    monkeypatch.setattr(assistant.api, "find_model", lambda name, **_: name)
    monkeypatch.setattr(assistant.api, "load_encoder", lambda model, **_: encoder)

    def command(*arguments: object, text: str = "") -> Ran:
        done = CliRunner().invoke(
            main, list(map(str, arguments)), input=text, prog_name="readouts", catch_exceptions=False
        )
        return Ran(done.exit_code, done.stdout, done.stderr)

    return command
