"""Odd questions from outside: in whole processes, over the protocol for assistants, and typed into the chat.

``trials`` yields for each the door, the question, the seconds it took, whether it was refused in words, and what was wrong.
"""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from assistant.api import Assistant
from assistant.history import History
from assistant.tui.app import ReadoutsApp
from assistant.tui.chat import ChatScreen
from benchmarks.odd_questions import Odd

Told = tuple[str, Odd, float, bool, str]
#: What no door may show: control characters, turns of direction, halves of characters.
ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
#: Commands that take a person's words, in turn; the last two may find nothing under them, which is exit code 1.
_COMMANDS = (
    ("ask",),
    ("ask", "--json"),
    ("ask", "--explain"),
    ("search",),
    ("list", "--party"),
    ("history",),
    ("watch", "add", "odd"),
    ("show",),
    ("watch", "remove"),
)
#: Exit codes of commands that did what they were asked to, or refused it in words.
_CODES = (0, 1, 2)
#: Bytes of one argument that Linux takes.
_ARGUMENT = 100_000
_LIMIT = 60.0


def trials(index: Path, folder: Path, questions: Sequence[Odd]) -> Iterator[Told]:
    """Each question as words of one command, as an assistant's and in the chat.

    Args:
        index: Folder of an index.
        folder: For what is kept.
        questions: What is asked.
    """
    for number, odd in enumerate(questions):
        yield _process(index, folder, odd, _COMMANDS[number % len(_COMMANDS)])
    if questions:
        yield from asyncio.run(_gathered(_over_the_protocol(index, folder, questions)))
        yield from asyncio.run(_gathered(in_the_chat(index, folder, questions)))


async def _gathered(told: AsyncIterator[Told]) -> list[Told]:
    return [one async for one in told]


def _process(index: Path, folder: Path, odd: Odd, command: tuple[str, ...]) -> Told:
    words = odd.text.replace("\0", "").encode("utf-8", "surrogatepass")[:_ARGUMENT]
    arguments = [sys.executable, "-m", "assistant", *command]
    # The words behind an option are its value; elsewhere nothing behind "--" is an option.
    line = [*map(os.fsencode, arguments), *([] if command[-1].startswith("--p") else [b"--"]), words]
    environment = os.environ | {
        "READOUTS_INDEX": str(index),
        "READOUTS_HISTORY": str(folder / "own"),
        "PYTHONUTF8": "1",
    }
    started = time.perf_counter()
    try:
        done = subprocess.run(
            line, env=environment, capture_output=True, stdin=subprocess.DEVNULL, timeout=_LIMIT, check=False
        )
    except subprocess.TimeoutExpired:
        return f"process: {command[0]}", odd, _LIMIT, False, f"not done after {_LIMIT:.0f} s"
    taken = time.perf_counter() - started
    shown = (done.stdout + done.stderr).decode("utf-8", "surrogatepass")
    fault = f"exit code {done.returncode}: {shown[-300:]}" if done.returncode not in _CODES else ""
    fault = fault or (shown[-300:] if "Traceback" in shown or "catalogue" in shown else "") or _acting(shown)
    return f"process: {command[0]}", odd, taken, done.returncode != 0, fault


async def _over_the_protocol(index: Path, folder: Path, questions: Sequence[Odd]) -> AsyncIterator[Told]:
    from mcp import Client
    from mcp.client.stdio import StdioServerParameters

    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "assistant", "mcp", "--index", str(index)],
        env=dict(os.environ) | {"READOUTS_HISTORY": str(folder / "own")},
    )
    calls: tuple[Callable[[str], tuple[str, dict[str, Any]]], ...] = (
        lambda text: ("ask", {"question": text, "conversation": "odd"}),
        lambda text: ("search", {"query": text}),
        lambda text: ("list_readouts", {"parties": [text[:900]]}),
        lambda text: ("read_readout", {"doc_id": text}),
    )
    async with Client(server, read_timeout_seconds=_LIMIT) as client:
        for number, odd in enumerate(questions):
            # Half a character has no place in the JSON of the protocol.
            tool, arguments = calls[number % len(calls)](odd.text.encode(errors="replace").decode())
            started = time.perf_counter()
            result = await client.call_tool(tool, arguments)
            taken = time.perf_counter() - started
            shown = "".join(str(getattr(content, "text", "")) for content in result.content)
            leaked = shown[:300] if result.is_error and ("Traceback" in shown or "catalogue" in shown) else ""
            yield f"assistant: {tool}", odd, taken, result.is_error, leaked or _acting(shown)


async def in_the_chat(index: Path, folder: Path, questions: Sequence[Odd]) -> AsyncIterator[Told]:
    """Each question typed into one chat, without a terminal."""
    with Assistant(index, history=History(folder / "chat")) as assistant:
        app = ReadoutsApp(assistant)
        async with app.run_test(size=(120, 40)) as pilot:
            screen = app.screen_stack[0]
            assert isinstance(screen, ChatScreen)
            for odd in questions:
                started = time.perf_counter()
                refused, fault = await _typed(pilot, screen, odd)
                yield "chat", odd, time.perf_counter() - started, refused, fault


async def _typed(pilot: Pilot[int], screen: ChatScreen, odd: Odd) -> tuple[bool, str]:
    """Ask in the chat; whether it was refused, and what was wrong."""
    if not odd.text.strip():
        return True, ""
    before = screen.conversation.exchanges[-1:]
    screen.question.focus()
    screen.question.fill(odd.text)
    await pilot.press("enter")
    deadline = time.monotonic() + _LIMIT
    while screen.asking.pending is not None or screen.conversation.exchanges[-1:] == before:
        if time.monotonic() > deadline:
            return False, "no answer, and no refusal"
        await pilot.pause(0.01)
    await pilot.pause()
    if not pilot.app.is_running:
        return False, "the chat has ended"
    said = screen.conversation.text
    failed = screen.exchange is None or screen.exchange.answer is None
    return failed, _acting(said) or _acting(pilot.app.export_screenshot())


def _acting(shown: str) -> str:
    found = ACTING.search(shown)
    return f"{found.group()!r} is shown" if found else ""
