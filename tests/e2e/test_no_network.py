"""Every command, with the real model, where Linux ends any program that asks for a socket of the internet: none is ended."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import without_network
from e2e_helpers import Ran, clean_environment, run
from mcp import Client
from mcp.client.stdio import StdioServerParameters

from assistant.bundled import SAMPLE_QUESTION, bundled_corpus
from assistant.cli import main

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(not without_network.possible(), reason="needs Linux's filters of system calls"),
]
GUARD = [sys.executable, str(Path(without_network.__file__)), sys.executable]
#: What only a reader of the network is for: its own tests watch whom it talks to.
SERVING = {"serve"}
QUESTIONS = '{"id": "1", "type": "content", "question": "Who met in Baku?", "gold": [{"doc": "x"}]}\n'
CHAT = """
import asyncio, sys
from assistant import Assistant
from assistant.tui.app import ReadoutsApp

async def chat() -> None:
    with Assistant.open(sys.argv[1]) as assistant:
        app = ReadoutsApp(assistant)
        async with app.run_test() as pilot:
            screen = app.screen_stack[0]
            screen.question.fill(sys.argv[2])
            await pilot.press("enter")
            while screen.exchange is None or screen.exchange.answer is None:
                await pilot.pause(0.05)
            await pilot.press("ctrl+b", "escape")
            print(screen.exchange.answer.citations[0].source.doc_id)

asyncio.run(chat())
"""


@pytest.fixture
def offline(tmp_path: Path) -> Callable[..., Ran]:
    """``offline("ask", "…")`` under the guard, in an environment where nothing else keeps the program from the network."""
    environment = clean_environment(tmp_path / "home") | {"READOUTS_INDEX": str(tmp_path / "built")}
    del environment["HF_HUB_OFFLINE"]

    def command(*arguments: object, program: tuple[str, ...] = ("-m", "assistant")) -> Ran:
        return run([*GUARD, *program, *map(str, arguments)], cwd=tmp_path, environment=environment)

    return command


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """Some of the bundled readouts."""
    folder = tmp_path / "few"
    folder.mkdir()
    for path in sorted(path for path in bundled_corpus().glob("2023*.md")):
        shutil.copy(path, folder)
    return folder


def test_no_command_asks_for_a_socket(offline: Callable[..., Ran], few: Path, tmp_path: Path) -> None:
    (tmp_path / "questions.jsonl").write_text(QUESTIONS, encoding="utf-8")
    (tmp_path / "asked.txt").write_text("Who met in Baku?\nWho called whom?\n", encoding="utf-8")
    shown = "2023-02-28-azerbaijan-mfa-bayramov-lavrov-baku"
    commands: list[tuple[object, ...]] = [
        ("index", few),
        ("index", "--rebuild"),
        ("ask", SAMPLE_QUESTION, "--conversation", "kept"),
        ("ask", "--file", "asked.txt", "--json"),
        ("ask", SAMPLE_QUESTION, "--engine", "reference"),
        ("search", "energy", "--format", "bibtex"),
        ("list",),
        ("show", shown, "--json"),
        ("status",),
        ("doctor",),
        ("evaluate", "questions.jsonl", "--output", "figures.json"),
        ("watch", "add", "baku", "Baku"),
        ("watch", "run", "--json"),
        ("watch", "list"),
        ("watch", "remove", "baku"),
        ("history", "Baku"),
        ("export", "kept", "--output", "kept.html"),
        ("config",),
        ("config", "--init"),
        ("completion", "bash"),
        ("mcp", "--setup"),
        ("demo",),
        ("backup", "all.backup"),
        ("restore", "all.backup", "--force"),
        ("remove", shown),
        ("--help",),
        ("--version",),
    ]
    ran = {words: offline(*words) for words in commands}
    assert [words for words, one in ran.items() if one.code == without_network.ENDED] == []
    assert {words: one.err for words, one in ran.items() if one.code not in (0, 10)} == {}
    left = set(main.commands) - {str(words[0]) for words in commands} - SERVING
    assert left == set(), "run these under the guard, too"


def test_the_chat_asks_for_no_socket(offline: Callable[..., Ran], few: Path, tmp_path: Path) -> None:
    assert offline("index", few).code == 0
    ran = offline(tmp_path / "built", SAMPLE_QUESTION, program=("-c", CHAT))
    assert (ran.code, ran.out.strip()) == (0, "2023-02-28-azerbaijan-mfa-bayramov-lavrov-baku"), ran.err


async def test_the_server_for_assistants_asks_for_no_socket(
    offline: Callable[..., Ran], few: Path, tmp_path: Path
) -> None:
    assert offline("index", few).code == 0
    command, *first = GUARD
    server = StdioServerParameters(
        command=command,
        args=[*first, "-m", "assistant", "mcp", "--index", str(tmp_path / "built")],
        env=clean_environment(tmp_path / "home"),
    )
    async with Client(server, read_timeout_seconds=120) as client:
        for tool, arguments in (("ask", {"question": SAMPLE_QUESTION}), ("list_readouts", {})):
            assert not (await client.call_tool(tool, arguments)).is_error


def test_watching_a_folder_asks_for_no_socket(few: Path, tmp_path: Path) -> None:
    command = [*GUARD, "-m", "assistant", "index", "--watch", str(few), "--index", str(tmp_path / "built")]
    process = subprocess.Popen(command, env=clean_environment(tmp_path / "home"), stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline()
        (few / "new.md").write_text("---\ntitle: New\npublished: 2023-05-05\n---\nThe ministers met in Oslo.\n")
        deadline = time.monotonic() + 60
        while "new" not in process.stdout.readline() and time.monotonic() < deadline:
            pass
        process.send_signal(signal.SIGINT)
        assert process.wait(60) != without_network.ENDED
        assert time.monotonic() < deadline
    finally:
        process.kill()


@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6"])
def test_a_program_that_asks_for_one_is_ended(family: str, tmp_path: Path) -> None:
    asking = f"import socket; socket.socket(socket.{family}); print('got it')"
    ran = run([*GUARD, "-c", asking], cwd=tmp_path, environment=dict(os.environ))
    assert (ran.code, ran.out) == (without_network.ENDED, "")
    native = f"import ctypes, socket; print(ctypes.CDLL(None).socket(int(socket.{family}), 1, 0))"
    assert run([*GUARD, "-c", native], cwd=tmp_path, environment=dict(os.environ)).code == without_network.ENDED
    within = f"import subprocess, sys; print(subprocess.call([sys.executable, '-c', {asking!r}]))"
    assert (
        run([*GUARD, "-c", within], cwd=tmp_path, environment=dict(os.environ)).out.strip()
        == f"{without_network.ENDED}"
    )
