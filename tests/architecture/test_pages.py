"""The pages of the project name only what is there, and the examples in them run."""

from __future__ import annotations

import importlib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import pytest
from small_index import HashEncoder, write_corpus

import assistant
from assistant import answering
from assistant.cli import main
from assistant.cli.saving import NEWS
from assistant.datatypes import Answer, Status, Understanding
from assistant.errors import EXIT_CODES
from assistant.sentence_weights import SENTENCE
from assistant.support_weights import SUPPORT
from assistant.tui.keymap import COMMANDS, keys_of
from index.fusion import Weights

ROOT = Path(__file__).parents[2]
PAGES = (
    *("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"),
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md")),
)
FOLDERS = ("assistant", "index", "docs_corpus", "benchmarks", "tests", "docs", "supply")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)\)")
COMMENT = re.compile(r"(?:^|\s)#\s.*")

every_page = pytest.mark.parametrize("page", PAGES)


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def codes(page: str) -> list[str]:
    """What stands between backticks in running text and tables."""
    return CODE.findall(FENCE.sub("", text_of(page)))


def typed(page: str) -> list[str]:
    """What a reader would type: lines of shell blocks, and words between backticks."""
    blocks = [body for language, body in FENCE.findall(text_of(page)) if language == "sh"]
    lines = [COMMENT.sub("", line).strip() for block in blocks for line in block.splitlines()]
    return [line for line in [*lines, *codes(page)] if line]


def table(page: str, heading: str) -> list[list[str]]:
    """Rows of the table whose first heading this is."""
    found = text_of(page).partition(f"\n| {heading} |")[2]
    assert found, f"{page} has no table of {heading}"
    rows = []
    for line in found.splitlines()[2:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def names_in(cells: Iterator[str]) -> list[str]:
    return [name for cell in cells for name in CODE.findall(cell)]


@every_page
def test_every_command_named_in_a_page_exists_with_its_options(page: str) -> None:
    for line in typed(page):
        words = line.split()
        if words[0].rpartition("/")[2] != "readouts" or len(words) == 1:
            continue
        # "readouts --conversation ID" has options of the chat, which is what no command means.
        command: click.Command = main
        if not words[1].startswith("-"):
            assert words[1] in main.commands, line
            command = main.commands[words[1]]
        if isinstance(command, click.Group) and command is not main and len(words) > 2:
            assert words[2] in command.commands, line
            command = command.commands[words[2]]
        known = {option for param in command.params for option in param.opts}
        assert {word for word in words if re.match(r"--?[a-z]", word)} <= known, line


def test_every_command_and_filter_option_is_in_the_readme() -> None:
    said = " ".join(typed("README.md"))
    assert [name for name in main.commands if name != "demo" and f"readouts {name}" not in said] == []
    options = {option for param in main.commands["ask"].params for option in param.opts if option.startswith("--")}
    assert {option for option in options if option not in said} <= {"--quiet"}


@every_page
def test_every_make_target_named_in_a_page_exists(page: str) -> None:
    targets = set(re.findall(r"^(\w+):", text_of("Makefile"), re.MULTILINE))
    assert {line.split()[1] for line in typed(page) if re.match(r"make \w", line)} <= targets


@every_page
def test_every_path_named_in_a_page_exists(page: str) -> None:
    looks_like_ours = re.compile(
        rf"(?:{'|'.join(FOLDERS)})/[\w./-]*\Z|[\w.-]+/run\Z|[A-Z]\w+\.md\Z|[\w-]+\.(?:toml|txt)\Z"
    )
    named = {code.split("::")[0] for code in codes(page) if looks_like_ours.match(code)}
    named -= {"settings.toml", "questions.txt"}
    assert {path for path in named if not (ROOT / path).exists()} == set()


@every_page
def test_every_link_to_a_file_leads_somewhere(page: str) -> None:
    links = [link for link in LINK.findall(text_of(page)) if "://" not in link]
    assert [link for link in links if not ((ROOT / page).parent / link).resolve().exists()] == []


def test_every_module_of_the_packages_has_its_job_in_the_architecture() -> None:
    said = text_of("ARCHITECTURE.md")
    modules = [f"{package}/{path.name}" for package in ("assistant", "index") for path in (ROOT / package).glob("*.py")]
    assert modules
    assert [module for module in modules if f"`{module}`" not in said] == []


def test_the_layers_in_the_architecture_are_those_that_are_checked() -> None:
    said = " ".join(text_of("ARCHITECTURE.md").split())
    contracts = tomllib.loads(text_of("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    layered = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    assert len(layered) == 2
    for layers in layered:
        places = [", ".join(name.partition(".")[2] for name in layer.split(" | ")) for layer in layers]
        assert " → ".join(places) in said


@every_page
def test_every_function_named_in_a_page_exists(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT)
    for code in codes(page):
        for name in re.findall(r"(?:^|python -m )((?:assistant|index|benchmarks|supply)(?:\.\w+)+)", code):
            assert resolved(name) is not None, name


def resolved(name: str) -> Any:
    """The module, class or function of a dotted name."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            value: Any = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            value = getattr(value, part)
        return value
    raise AssertionError(f"there is no {name}")


@every_page
def test_every_test_named_in_a_page_exists(page: str) -> None:
    there = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    defined = set(re.findall(r"def (test_\w+)\(", there))
    named = {code for code in codes(page) if re.fullmatch(r"test_\w+", code)}
    assert named - defined == set()


def test_every_invariant_names_a_test() -> None:
    rows = table("ARCHITECTURE.md", "it holds")
    assert rows
    assert [row[0] for row in rows if not re.search(r"`test_\w+`", row[1])] == []


def test_the_python_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("READOUTS_HISTORY", str(tmp_path / "history"))
    monkeypatch.setenv("READOUTS_SETTINGS", str(tmp_path / "settings.toml"))
    monkeypatch.setattr("assistant.api.find_model", lambda name, **_: name)
    monkeypatch.setattr("assistant.api.load_encoder", lambda model, **_: HashEncoder())
    write_corpus(tmp_path / "readouts")
    record = '{"id": "more", "title": "Call on energy", "date": "2023-05-18", "text": "They spoke of energy."}\n'
    (tmp_path / "more.jsonl").write_text(record, encoding="utf-8")
    examples = [body for language, body in FENCE.findall(text_of("README.md")) if language == "python"]
    assert len(examples) == 1
    names: dict[str, Any] = {}
    exec(compile(examples[0], "README.md", "exec"), names)
    assert names["report"].added == 9
    assert len(names["answers"]) == 2


def test_the_fields_and_exit_codes_in_the_readme_are_those_of_the_program() -> None:
    shown = names_in(row[0] for row in table("README.md", "field of an answer"))
    assert sorted(shown) == sorted(answered().to_dict())
    codes_shown = {int(row[0]) for row in table("README.md", "exit code")}
    assert codes_shown == {0, 130, NEWS, *EXIT_CODES.values()}


def answered() -> Answer:
    return Answer(
        question="q",
        standalone_question="q",
        understanding=Understanding(text="q"),
        status=Status.ABSTAINED,
        support=0.0,
        missing=(),
        citations=(),
        hits=(),
    )


def test_the_keys_in_the_readme_are_keys_of_the_screen() -> None:
    known = {key for command in COMMANDS for key in keys_of(command).split()}
    shown = names_in(row[0] for row in table("README.md", "key"))
    assert len(shown) > 20
    assert set(shown) - known == set()


def test_the_weights_in_the_page_on_ranking_are_those_of_the_program() -> None:
    shown = {row[0].strip("`"): float(row[1]) for row in table("docs/ranking.md", "stage")}
    assert shown == {field.name: getattr(Weights(), field.name) for field in fields(Weights)}


def test_the_features_in_the_page_on_ranking_are_those_of_the_program() -> None:
    page = text_of("docs/ranking.md")
    tables = [part.split("\n\n")[0] for part in page.split("\n| feature |")[1:]]
    shown = [names_in(row.split("|")[1] for row in part.splitlines()[2:]) for part in tables]
    assert sorted(shown[0]) == sorted(SENTENCE)
    assert sorted(shown[1]) == sorted(SUPPORT)
    assert answering.ABSTAIN_BELOW < answering.PARTIAL_BELOW


def test_the_ablation_has_a_row_for_every_stage() -> None:
    rows = [row[0] for row in table("docs/ranking.md", "ranking")]
    assert [field.name for field in fields(Weights) if f"without `{field.name}`" not in rows] == []


def test_the_pages_the_packaging_and_the_program_name_one_version() -> None:
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    assert project["version"] == assistant.__version__
    assert re.search(rf"^## \[{re.escape(assistant.__version__)}\]", text_of("CHANGELOG.md"), re.MULTILINE)


def test_the_pages_say_nothing_of_one_machine() -> None:
    for page in PAGES:
        assert re.findall(r"(?<![\w.~])/(?:home|root|tmp|work|Users)/", text_of(page)) == [], page


def test_the_kinds_in_the_readme_are_all_there_are() -> None:
    kind = next(param for param in main.commands["ask"].params if param.name == "kind")
    assert isinstance(kind.type, click.Choice)
    row = next(row for row in table("README.md", "typed in a question") if "--kind" in row[1])
    assert CODE.findall(row[2]) == list(kind.type.choices)
