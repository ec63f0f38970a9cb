"""What is loaded when: heavy libraries only when they are needed."""

import subprocess
import sys
from pathlib import Path

import pytest
from small_index import READOUTS, write_corpus

from assistant import Assistant
from assistant.cli import SUMMARIES, main
from assistant.history import History

HEAVY = (
    *("torch", "sentence_transformers", "transformers", "scipy", "sklearn", "faiss", "textual", "pycountry", "babel"),
    *("onnxruntime", "openvino", "mcp", "watchfiles", "lxml", "py3langid", "protego"),
)
#: What only answering needs.
ANSWERING = ("numpy", "tokenizers", "asyncio", "assistant.api", "index.search", "index.build")
#: What only training and many texts need.
HEAVIEST = {
    *("torch", "sentence_transformers", "transformers", "scipy", "sklearn", "textual", "pycountry", "babel", "lxml"),
    # Up to some ten thousand rows, the first search is done before it would be imported.
    "faiss",
    # The first question is encoded before it would be.
    "onnxruntime",
    # The document path with its readers, and the measuring.
    *("index.build", "index.readers", "index.facts.opening", "yaml", "asyncio", "assistant.evaluation"),
}


def loaded_by(code: str, names: tuple[str, ...] = HEAVY) -> set[str]:
    """Which of the heavy libraries (or of other modules) a fresh process has loaded after ``code``."""
    watch = f"import sys; {code}; print(*[name for name in {names!r} if name in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", watch], capture_output=True, text=True, check=True)
    # The last line is ours; commands write notes above it.
    return set(done.stderr.split("\n")[-2].split())


def test_importing_the_packages_loads_no_heavy_library() -> None:
    assert loaded_by("import assistant, index") == set()


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["config"]])
def test_help_version_and_settings_load_nothing_that_answers(arguments: list[str]) -> None:
    code = f"from assistant.cli import main; main({arguments!r}, standalone_mode=False)"
    assert loaded_by(code, (*HEAVY, *ANSWERING)) == set()


@pytest.mark.parametrize("command", main.commands)
def test_the_help_of_every_command_loads_nothing_that_answers(command: str) -> None:
    code = f"from assistant.cli import main; main([{command!r}, '--help'], standalone_mode=False)"
    assert loaded_by(code, (*HEAVY, *ANSWERING)) == set(), (
        f"load what {command} needs with assistant.cli.late.Late, so that help and completion stay quick"
    )


def test_the_page_of_all_commands_says_of_each_what_its_own_help_says() -> None:
    told = {name: command.get_short_help_str(limit=1000) for name, command in main.commands.items()}
    assert told == SUMMARIES, "give SUMMARIES in assistant/cli/__init__.py the first sentence of each command's help"


def run_of(built: Path, *arguments: str) -> str:
    """Code that runs a command over an index."""
    return f"from assistant.cli import main; main({[*arguments, '--index', str(built)]!r}, standalone_mode=False)"


@pytest.mark.parametrize("arguments", [["list"], ["show", "japan-call"], ["status"]])
def test_listing_and_status_load_no_model_and_no_faiss(arguments: list[str], built: Path) -> None:
    # The catalogue deals in NumPy's arrays of ids; all else that answers stays away.
    late = tuple(name for name in ANSWERING if name != "numpy")
    assert loaded_by(run_of(built, *arguments), (*HEAVY, *late)) == set()


def test_full_text_search_loads_no_model_and_no_faiss(built: Path) -> None:
    code = (
        "from pathlib import Path; from assistant.api import Assistant; from assistant.history import History; "
        f"assert Assistant(Path({str(built)!r}), history=History(None)).search_text('engineers')"
    )
    assert loaded_by(code, (*HEAVY, "tokenizers")) == set()


@pytest.mark.model
def test_asking_loads_neither_torch_nor_what_adding_and_measuring_need(bundled_readouts: Path) -> None:
    assert loaded_by(run_of(bundled_readouts, "ask", "Who spoke of energy?"), tuple(HEAVIEST)) == set()


@pytest.fixture(scope="module")
def bundled_readouts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index with the real model over two invented readouts."""
    folder = tmp_path_factory.mktemp("light")
    corpus = write_corpus(folder / "readouts", dict(list(READOUTS.items())[:2]))
    with Assistant(folder / "built", history=History(None)) as opened:
        opened.add([corpus])
    return folder / "built"


def test_the_screen_is_painted_before_anything_that_answers_is_loaded() -> None:
    late = ("assistant.api", "assistant.understanding", "index.facts.reading", "index.search", "numpy")
    opened = "import assistant.cli, assistant.tui.app, assistant.tui.late"
    assert loaded_by(opened) == {"textual"}
    assert loaded_by(opened, late) == set()


def test_reading_text_loads_no_library_of_other_formats() -> None:
    read = "from pathlib import Path; from index.readers import read_file; list(read_file(Path({!r}), {!r}))"
    assert loaded_by(read.format("a.txt", b"They met.")) == set()
    assert loaded_by(read.format("a.html", b"<p>They met.</p>")) == {"lxml"}


def test_the_watch_would_see_a_heavy_library() -> None:
    assert loaded_by("import faiss") == {"faiss"}


def test_a_file_of_another_format_loads_no_library_for_pdf() -> None:
    code = (
        "from pathlib import Path; from index.readers import read_file; "
        "assert list(read_file(Path('a.txt'), b'They met.'))"
    )
    assert loaded_by(code, ("pypdfium2",)) == set()
