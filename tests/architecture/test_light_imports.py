"""What is loaded when: heavy libraries only when they are needed."""

import subprocess
import sys

import pytest

HEAVY = ("torch", "sentence_transformers", "transformers", "sklearn", "faiss", "textual", "pycountry", "babel")


def loaded_by(code: str, names: tuple[str, ...] = HEAVY) -> set[str]:
    """Which of the heavy libraries (or of other modules) a fresh process has loaded after ``code``."""
    watch = f"import sys; {code}; print(*[name for name in {names!r} if name in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", watch], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def test_importing_the_packages_loads_no_heavy_library() -> None:
    assert loaded_by("import assistant, index") == set()


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["ask", "--help"], ["config"]])
def test_help_version_and_settings_load_no_heavy_library(arguments: list[str]) -> None:
    code = f"from assistant.cli import main; main({arguments!r}, standalone_mode=False)"
    assert loaded_by(code) == set()


def test_the_screen_is_painted_before_anything_that_answers_is_loaded() -> None:
    late = ("assistant.api", "assistant.understanding", "index.facts.reading", "index.search", "numpy")
    opened = "import assistant.cli, assistant.tui.app, assistant.tui.late"
    assert loaded_by(opened) == {"textual"}
    assert loaded_by(opened, late) == set()


def test_the_watch_would_see_a_heavy_library() -> None:
    assert loaded_by("import faiss") == {"faiss"}
