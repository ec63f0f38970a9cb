"""Every command that prints data prints it as JSON too: one object, or one object a line, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from e2e_helpers import Command

from assistant.cli import main

#: What prints no data: it opens something, or talks another protocol.
SILENT = {"serve", "mcp", "completion"}
#: Arguments of every other command, in an order in which they can be run, and how many objects each prints (None: one or more).
COMMANDS: dict[str, tuple[list[str], int | None]] = {
    "index": (["{corpus}"], 1),
    "demo": ([], 1),
    "ask": (["Who promised barges?", "--conversation", "talk"], 1),
    "ask --file": (["--file", "{questions}"], 2),
    "search": (["barges"], 1),
    "list": ([], 8),
    "show": (["nato-meeting"], 1),
    "status": ([], 1),
    "evaluate": (["{measured}", "--output", "{run}"], 1),
    "evaluate --compare": (["{measured}", "--compare", "{run}"], 1),
    "history": ([], 1),
    "export": (["talk"], 1),
    "watch add": (["sea", "Caspian"], 1),
    "watch run": ([], 1),
    "watch list": ([], 1),
    "watch remove": (["sea"], 1),
    "config": ([], 1),
    "doctor": ([], None),
    "backup": (["{backup}"], 1),
    "restore": (["{backup}", "--force"], 1),
    "remove": (["nato-meeting"], 1),
}


def leaves() -> Iterator[tuple[str, click.Command]]:
    for name, command in main.commands.items():
        if isinstance(command, click.Group):
            yield from ((f"{name} {below}", one) for below, one in command.commands.items())
        else:
            yield name, command


def test_every_command_takes_json_or_prints_no_data() -> None:
    takes = {name for name, command in leaves() if any("--json" in param.opts for param in command.params)}
    assert {name for name, _ in leaves()} - takes <= SILENT
    assert takes == {name.partition(" --")[0] for name in COMMANDS}


def test_every_command_prints_one_object_or_one_a_line(
    cli: Command, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "questions.txt").write_text("Who promised barges?\nWho sends bridges?\n", encoding="utf-8")
    gold = {"doc": "germany-meeting", "quote": "river barges"}
    measured = {"type": "content", "question": "Who promised barges?", "gold": [gold]}
    (tmp_path / "measured.jsonl").write_text(json.dumps(measured) + "\n", encoding="utf-8")
    places = {
        "corpus": corpus,
        "questions": tmp_path / "questions.txt",
        "measured": tmp_path / "measured.jsonl",
        "run": tmp_path / "run.json",
        "backup": tmp_path / "all.zip",
    }
    monkeypatch.setattr("assistant.doctor.describe_engine", lambda *names, **options: ("reference", "told"))
    wrong = {}
    for name, (arguments, count) in COMMANDS.items():
        command = name.partition(" --")[0].split()
        ran = cli(*command, *(argument.format(**places) for argument in arguments), "--json")
        lines = ran.out.splitlines()
        if (
            ran.err
            or len(lines) != (count or max(1, len(lines)))
            or not all(isinstance(json.loads(line), dict) for line in lines)
        ):
            wrong[name] = ran
    assert wrong == {}
    assert "comparison" in json.loads(
        cli("evaluate", "{measured}".format(**places), "--compare", places["run"], "--json").out
    )
