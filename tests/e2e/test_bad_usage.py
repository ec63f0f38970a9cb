"""Wrong questions, options, files of questions and settings are told, and end with the documented code."""

from __future__ import annotations

from pathlib import Path

import pytest
from e2e_helpers import Command, assert_told


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ask"], ["Give a question"]),
        (["ask", ""], ["question is empty", "Type a question"]),
        (["ask", "  \n "], ["question is empty"]),
        (["ask", "x" * 10_000], ["10,000 characters", "fewer words"]),
        (["search", ""], ["question is empty"]),
        (["ask", "q", "--file", "-"], ["Give a question, or --file"]),
        (["ask", "q", "--no-such"], ["No such option '--no-such'"]),
        (["lst"], ["No such command 'lst'", "list"]),
        (["ask", "q", "--from", "soon"], ["“soon” is not a date", "2023-05-18"]),
        (["ask", "q", "--from", "2023-02-30"], ["is not a date"]),
        (["ask", "q", "--from", "2024", "--to", "2023"], ["is empty", "Swap"]),
        (["ask", "q from:2024 to:2023"], ["is empty", "Swap"]),
        (["ask", "q from:soon"], ["“soon” is not a date"]),
        (["ask", "q", "--kind", "party"], ["'party'", "'meeting'"]),
        (["ask", "q kind:party"], ["“party” is not a kind", "meeting"]),
        (["search", "q", "--limit", "0"], ["--limit", "1"]),
        (["list", "--limit", "many"], ["--limit", "many"]),
        (["show"], ["DOC_ID"]),
        (["remove"], ["DOC_IDS"]),
        (["evaluate", "no-such.jsonl"], ["no-such.jsonl", "does not exist"]),
        (["ask", "--file", "no-such.txt"], ["no-such.txt"]),
        (["--model", "m", "list"], ["list has no option --model"]),
        (["--conversation", "c", "status"], ["status has no option --conversation"]),
    ],
)
def test_wrong_usage_is_told_and_ends_with_two(small: Command, arguments: list[str], words: list[str]) -> None:
    assert_told(small(*arguments), 2, *words)


def test_a_question_with_bytes_that_are_no_text_is_answered_and_kept(small: Command) -> None:
    answer = small("ask", "Who promised barges \udce9?", "--json", "--conversation", "c").json()
    assert answer["citations"][0]["doc_id"] == "germany-meeting"
    assert small("history", "barges", "--json").lines()[0]["turns"] == 1


@pytest.mark.model
def test_a_question_with_bytes_that_are_no_text_does_not_stop_the_model(bundled: Command) -> None:
    assert bundled("ask", "Who met \udce9 in Baku?").code == 0


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("", "has no questions"),
        ('Who?\n{"id": 1}\n', ":2 is not a question"),
        ('{"question": 7}\n', ":1 is not a question"),
        ('Who?\n\n{"question": "Who?"\n', ":3 is not a question"),
    ],
)
def test_a_broken_question_file_is_told_by_its_line_before_anything_is_answered(
    small: Command, lines: str, words: str
) -> None:
    assert_told(small("ask", "--file", "-", "--json", text=lines), 2, words)


def test_a_question_file_that_is_no_text_is_told(small: Command, tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes("Où ?".encode("latin-1"))
    assert_told(small("ask", "--file", "latin.txt"), 2, "latin.txt is not a text in UTF-8")


def test_a_broken_evaluation_file_is_told_by_its_line(small: Command, tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text(
        '{"type": "content", "question": "Who?", "gold": [{"doc": "qatar-call"}]}\n{oops\n'
    )
    assert_told(small("evaluate", "q.jsonl"), 2, "q.jsonl:2")
    assert_told(small("evaluate", "q.jsonl", "--output", "nowhere/run.json"), 2, "nowhere")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("limit = \n", ["cannot be read", "line 1"]),
        ("limitt = 3\n", ["unknown key “limitt”", "Did you mean “limit”?"]),
        ("qqqqqq = 3\n", ["unknown key “qqqqqq”", "index, history, model, limit"]),
        ("limit = 0\n", ["“limit”", "from 1 to 1000"]),
        ('limit = "many"\n', ["“limit”", "many"]),
        ("history = 3\n", ["“history”", "folder"]),
    ],
)
def test_broken_settings_are_told_with_file_and_key(
    small: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: str, words: list[str]
) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(settings)
    monkeypatch.setenv("READOUTS_SETTINGS", str(file))
    for command in (["ask", "who?"], ["config"], ["history"]):
        assert_told(small(*command), 2, str(file), *words)


@pytest.mark.parametrize("command", [["ask", "who?"], ["index", "."], ["config"], ["serve"], ["demo"], []])
def test_an_empty_name_of_a_folder_is_refused_and_not_the_working_folder(
    small: Command, tmp_path: Path, command: list[str]
) -> None:
    before = sorted(tmp_path.iterdir())
    assert_told(small(*command, "--index", ""), 2, "must name a folder")
    assert sorted(tmp_path.iterdir()) == before


def test_settings_that_cannot_be_opened_are_told_with_the_reason(
    small: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("READOUTS_SETTINGS", str(tmp_path / "file" / "settings.toml"))
    assert_told(small("config"), 2, "cannot be read: Not a directory.", "Make it readable")


def test_a_broken_variable_is_named(small: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("READOUTS_LIMIT", "many")
    assert_told(small("status"), 2, "READOUTS_LIMIT", "many")


def test_an_unknown_readout_is_told(small: Command) -> None:
    assert_told(small("show", "no-such"), 1, "“no-such”", "readouts list")


def test_a_damaged_history_is_told_and_left_as_it_is(
    small: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("READOUTS_HISTORY", str(tmp_path))
    (tmp_path / "history.sqlite").write_bytes(b"garbage" * 999)
    assert_told(small("history"), 3, "conversations", "readouts doctor --repair")
    assert_told(small("ask", "who?", "--conversation", "c"), 3, "conversations")
    assert small("ask", "Who promised barges?").code == 0
    assert (tmp_path / "history.sqlite").read_bytes() == b"garbage" * 999
