"""The wheel works from any folder: everything that the program reads at run time travels in it."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from e2e_helpers import clean_environment, run

import assistant
from assistant.bundled import SAMPLE_QUESTION

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("assistant", "index", "docs_corpus")


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, so that nothing is left in the tree and nothing of an earlier build gets in."""
    if importlib.util.find_spec("setuptools") is None:
        pytest.skip("setuptools is not installed, and nothing is fetched here")
    place = tmp_path_factory.mktemp("wheel")
    source = place / "source"
    source.mkdir()
    for name in PACKAGES:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ROOT.iterdir():
        if file.is_file() and not file.name.startswith("."):
            shutil.copy(file, source)
    pip(place, "wheel", str(source), "--no-deps", "--no-build-isolation", "--wheel-dir", str(place / "built"))
    (built,) = (place / "built").glob("readouts-*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("installed")
    pip(target, "install", str(wheel), "--no-deps", "--target", str(target))
    return target


def pip(home: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "--no-input", *arguments]
    environment = clean_environment(home / "home") | {"PIP_NO_INDEX": "1"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=home, env=environment, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_all_code_and_data_of_the_packages_are_in_the_wheel(wheel: Path) -> None:
    expected = {
        path.relative_to(ROOT).as_posix()
        for name in PACKAGES
        for path in (ROOT / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert {Path(name).suffix for name in expected} >= {".py", ".md", ".tcss", ".toml", ".typed"}
    assert held == expected


def test_the_wheel_names_its_command_and_its_licence(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    info = f"readouts-{assistant.__version__}.dist-info"
    assert "readouts = assistant.cli:main" in archive.read(f"{info}/entry_points.txt").decode()
    assert f"Version: {assistant.__version__}\n" in archive.read(f"{info}/METADATA").decode()
    assert any(name.startswith(f"{info}/licenses/LICENSE") for name in archive.namelist())


@pytest.mark.model
def test_the_demo_of_an_installed_wheel_answers_from_any_folder(installed: Path, tmp_path: Path) -> None:
    environment = clean_environment(tmp_path / "home") | {"PYTHONPATH": str(installed)}
    ran = run([sys.executable, "-P", "-m", "assistant", "demo"], cwd=tmp_path, environment=environment)
    assert ran.code == 0, ran.err
    assert ran.out.startswith(f"> {SAMPLE_QUESTION}\n")
    assert "[1] “" in ran.out
    assert "bayramov-lavrov" in ran.out
    assert "To open the chat, run this on a terminal:" in ran.out.splitlines()[-1]
    assert "First start: indexing the bundled readouts" in ran.err
    shown = run(
        [sys.executable, "-P", "-m", "assistant", "list", "--json", "-n", "1"], cwd=tmp_path, environment=environment
    )
    assert Path(shown.json()["path"]).parent == installed / "docs_corpus"
    again = run([sys.executable, "-P", "-m", "assistant", "status", "--json"], cwd=tmp_path, environment=environment)
    assert again.json()["path"].startswith(str(tmp_path / "home"))
