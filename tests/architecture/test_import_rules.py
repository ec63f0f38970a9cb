"""The import rules of pyproject.toml hold, and a file's size says when a room gets too full."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_import_contracts_are_kept() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports"))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_module_of_ours_is_longer_than_a_person_reads_at_once() -> None:
    sizes = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for package in ("assistant", "index")
        for path in (ROOT / package).rglob("*.py")
    }
    assert sizes
    assert {name: lines for name, lines in sizes.items() if lines > 350} == {}


def test_our_own_modules_are_not_imported_inside_functions_but_for_the_screen() -> None:
    hidden = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for package in ("assistant", "index")
        for path in (ROOT / package).rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("    ") and line.strip().startswith(("from assistant", "from index", "import assistant"))
    ]
    allowed = ["assistant/cli/__init__.py: from assistant.tui.app import run"]
    assert [entry for entry in hidden if entry not in allowed] == []
