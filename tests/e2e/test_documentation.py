"""The pages of the documentation: their examples run and print what they say, the site builds, and nothing is left out."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from e2e_helpers import Command, clean_environment

import assistant.api
from assistant.bundled import bundled_corpus
from assistant.cli import main
from assistant.settings import KEYS
from index.protocols import Encoder

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(path.name for path in DOCS.glob("*.md"))
FENCE = re.compile(r"^```(\w+)\n(.*?)^```(?:\n\n```text\n(.*?)^```)?", re.MULTILINE | re.DOTALL)


def blocks(page: str, language: str) -> list[tuple[str, str]]:
    """Blocks of a language with what is said, right behind each, to be printed."""
    found = FENCE.findall((DOCS / page).read_text(encoding="utf-8"))
    return [(body, printed) for name, body, printed in found if name == language]


def pages_with(language: str) -> list[str]:
    return [page for page in PAGES if blocks(page, language)]


def assert_printed(said: str, printed: str) -> None:
    """What was printed is what the page says; ``…`` stands for anything, on a line of its own for any lines."""
    lines = [".*?".join(map(re.escape, line.split("…"))) for line in said.rstrip().split("\n")]
    wanted = "\n".join(r"(?s:.*?)" if line == ".*?" else line for line in lines)
    assert re.fullmatch(wanted, "\n".join(line.rstrip() for line in printed.rstrip().split("\n"))), printed


def steps(body: str) -> Iterator[tuple[list[str], str]]:
    """Commands of a console block with what each is said to print."""
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        typed, _, said = part.partition("\n")
        words = shlex.split(typed)
        assert words[0] == "readouts", typed
        yield words[1:], said


@pytest.mark.model
@pytest.mark.parametrize("page", pages_with("console"))
def test_every_command_shown_with_its_output_prints_that(page: str, bundled: Command) -> None:
    for body, _ in blocks(page, "console"):
        for words, said in steps(body):
            ran = bundled(*words)
            assert ran.code == 0, ran.err
            assert_printed(said, ran.out)


@pytest.mark.model
@pytest.mark.parametrize("page", pages_with("python"))
def test_every_python_example_runs_and_prints_what_is_said(
    page: str, environment: dict[str, str], tmp_path: Path, model: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(assistant.api, "load_encoder", lambda model_, **_: model)
    (tmp_path / "readouts").symlink_to(bundled_corpus(), target_is_directory=True)
    for body, said in blocks(page, "python"):
        printed = io.StringIO()
        names: dict[str, Any] = {"__name__": "example"}
        with contextlib.redirect_stdout(printed):
            exec(compile(body, page, "exec"), names)
        assert_printed(said, printed.getvalue())


def test_an_example_that_prints_something_else_would_be_seen() -> None:
    assert_printed("a … c\n…\nz", "a b c\nsome\nlines\nz")
    with pytest.raises(AssertionError):
        assert_printed("a … c\n…\nz", "a b c\nsome\nlines\ny")
    with pytest.raises(AssertionError):
        assert_printed("one", "one\ntwo")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as ``make docs`` builds it."""
    home = tmp_path_factory.mktemp("site")
    recipe = re.search(
        r"^\t\$\(BIN\)/sphinx-build (.*) docs build/docs$", (ROOT / "Makefile").read_text(), re.MULTILINE
    )
    assert recipe is not None
    command = [
        sys.executable,
        "-m",
        "sphinx",
        *shlex.split(recipe[1]),
        "-d",
        str(home / "kept"),
        str(DOCS),
        str(home / "site"),
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, env=clean_environment(home), timeout=600, check=False, cwd=ROOT
    )
    assert (done.returncode, done.stderr) == (0, "")
    return home / "site"


def test_the_site_builds_without_a_warning_and_has_every_page(site: Path) -> None:
    assert {path.stem for path in site.glob("*.html")} >= {Path(page).stem for page in PAGES}


def test_the_site_asks_nobody_else(site: Path) -> None:
    asked = re.compile(r"<(?:script|img|iframe|source)\b[^>]*\bsrc=[\"']([^\"']+)|<link\b[^>]*\bhref=[\"']([^\"']+)")
    found = {a or b for path in site.rglob("*.html") for a, b in asked.findall(path.read_text(encoding="utf-8"))}
    assert found
    assert [address for address in found if re.match(r"(?:https?:)?//", address)] == []
    styles = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert re.findall(r"(?:@import|url\()\s*[\"']?(?:https?:)?//[^)]*", styles) == []


def every_command(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        for child, inner in command.commands.items():
            yield from every_command(f"{name} {child}", inner)


def test_every_command_and_every_option_says_what_it_does() -> None:
    for name, command in every_command("readouts", main):
        assert command.help, f"give {name} a docstring: it is its help and its section on the page of commands"
        for param in command.params:
            if isinstance(param, click.Option):
                assert param.help, f"give {param.opts} of {name} a help: the page of commands shows it"


def test_every_command_option_setting_and_key_is_on_the_site(site: Path) -> None:
    text = {page: words_of(site / f"{page}.html") for page in ("commands", "settings", "keys", "scripts", "python")}
    for name, command in every_command("readouts", main):
        section = text["commands"].partition(f" {name} {first_sentence(command)}")[2]
        assert section, name
        for param in command.params:
            for option in param.opts if isinstance(param, click.Option) else ():
                assert option in section, (name, option)
    assert [key for key in KEYS if f"READOUTS_{key.upper()}" not in text["settings"]] == []
    made = load_made()
    assert [action.id for action in made.ACTIONS if action.id not in text["keys"]] == []
    assert [
        name for name in assistant.__all__ if name != "__version__" and f"assistant. {name}" not in text["python"]
    ] == []


def first_sentence(command: click.Command) -> str:
    return " ".join((command.help or "").split())[:40]


def words_of(page: Path) -> str:
    """The text of a page, white space as one space."""
    import html

    text = re.sub(r"<[^>]+>", " ", page.read_text(encoding="utf-8").partition("<article")[2])
    return " ".join(html.unescape(text).replace("¶", " ").split())


def load_made() -> Any:
    spec = importlib.util.spec_from_file_location("made", DOCS / "made.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_part_that_a_page_asks_for_is_one_that_the_program_tells_and_all_are_asked_for() -> None:
    asked = [name for page in PAGES for name in re.findall(r"<!-- made: (\w+) -->", (DOCS / page).read_text())]
    assert sorted(asked) == sorted(load_made().PARTS)


def test_every_page_is_reached_from_the_first() -> None:
    first = (DOCS / "index.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^([\w-]+)$", first, re.MULTILINE))
    assert {Path(page).stem for page in PAGES} - listed == {"index"}, "add the page to a toctree of docs/index.md"
