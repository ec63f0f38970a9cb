"""The import rules of pyproject.toml hold, and a file's size says when a room gets too full."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: Where alone a library is imported.
ONLY = {
    "textual": "assistant/tui/",
    "textual_serve": "assistant/cli/web_server.py",
    "mcp": "assistant/mcp/",
    "faiss": "index/vectors/",
    "onnxruntime": "index/encoder/",
    "sentence_transformers": "index/encoder/",
    "torch": "index/encoder/",
}


def test_the_import_contracts_are_kept() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports"))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("library", ONLY)
def test_a_library_that_one_part_is_for_is_imported_there_alone(library: str) -> None:
    importing = {
        path.relative_to(ROOT).as_posix()
        for package in ("assistant", "index")
        for path in (ROOT / package).rglob("*.py")
        if library in libraries_of(path.read_text(encoding="utf-8"))
    }
    assert importing
    assert {path for path in importing if not path.startswith(ONLY[library])} == set()


def libraries_of(code: str) -> set[str]:
    """The first names of all that a file imports, wherever it does."""
    found = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_no_module_of_ours_is_longer_than_a_person_reads_at_once() -> None:
    sizes = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for package in ("assistant", "index", "benchmarks", "supply")
        for path in (ROOT / package).rglob("*.py")
    }
    assert sizes
    assert {name: lines for name, lines in sizes.items() if lines > 350} == {}


def test_our_own_modules_are_loaded_late_only_where_it_is_said() -> None:
    hidden = {
        path.relative_to(ROOT).as_posix()
        for package in ("assistant", "index")
        for path in (ROOT / package).rglob("*.py")
        if loads_late(path.read_text(encoding="utf-8"))
    }
    # assistant/__init__.py and the table of readouts name types for the checker, and fetch what they need when it is used.
    # assistant/api.py loads the document path with the first readouts that are added;
    # index/encoder/fast.py imports the engine that needs PyTorch only for many texts;
    # assistant/datatypes.py and assistant/results.py load the forms of export when one is asked for;
    # assistant/tui/app.py takes the driver of a terminal that Windows does not have;
    # the commands take assistant/cli/late.py.
    opening = {"assistant/cli/group.py", "assistant/cli/late.py", "assistant/cli/opening.py"}
    exporting = {"assistant/datatypes.py", "assistant/results.py"}
    fetching = {"assistant/__init__.py", "assistant/tui/browse.py", "assistant/api.py", "index/encoder/fast.py"}
    assert hidden == fetching | exporting | opening | {"assistant/tui/app.py"}


def loads_late(code: str) -> bool:
    """Whether a file imports a module of ours anywhere but at its head, where types for the checker may stand, too."""
    late = ("from assistant", "from index", "import assistant", "import index")
    for_checkers = False
    for line in code.splitlines():
        for_checkers = line == "if TYPE_CHECKING:" or (for_checkers and line.startswith(" "))
        if "import_module(" in line or (not for_checkers and line.startswith("    ") and line.strip().startswith(late)):
            return True
    return False
