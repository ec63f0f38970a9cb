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


def test_our_own_modules_are_loaded_late_only_where_it_is_said() -> None:
    late = ("from assistant", "from index", "import assistant", "import index")
    hidden = {
        str(path.relative_to(ROOT))
        for package in ("assistant", "index")
        for path in (ROOT / package).rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if "import_module(" in line or (line.startswith("    ") and line.strip().startswith(late))
    }
    # assistant/__init__.py and the table of readouts name types for the checker, and fetch what they need when it is used.
    # assistant/api.py loads the document path with the first readouts that are added;
    # index/encoder/fast.py imports the engine that needs PyTorch only for many texts.
    opening = {"assistant/cli/group.py", "assistant/cli/opening.py"}
    assert (
        hidden
        == {"assistant/__init__.py", "assistant/tui/browse.py", "assistant/api.py", "index/encoder/fast.py"} | opening
    )
