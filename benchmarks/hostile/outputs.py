"""Everything that shows readouts, looked through for what could act: the command line, every form of export, the desk of the
server for assistants, and the screen."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from assistant.api import Assistant
from assistant.forms import FORMS
from assistant.mcp.desk import Desk
from assistant.tui.app import ReadoutsApp
from index.filters import Filters

READOUTS = [sys.executable, "-m", "assistant"]
#: Controls but tab and line feed, what turns the direction of a line, half characters, and letters that nobody sees.
ACTS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e007f]")
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
#: Tags that act and addresses that are none of the web. Nothing of an address is given back (``*+``): the quotation mark before
#: it would be taken for its beginning.
_LIVE = re.compile(
    r"<(?:script|img|iframe|svg|object|embed|link|form|base)\b|\son\w+\s*=|(?:href|src)\s*+=\s*+[\"']?+\s*+(?!https?:|#)",
    re.IGNORECASE,
)
QUESTIONS = ("Who spoke of kelp?", "What did Quist and Oyelaran agree to?", "list all readouts", "abracadabra")


def faults(index: Path, screens: bool = True) -> Iterator[str]:
    """What is wrong with any output over an index, in words.

    Args:
        index: Its folder.
        screens: Whether the chat is opened as well.
    """
    for words in _command_lines(index):
        yield from words
    with Assistant.open(index) as assistant:
        ids = [record.source.doc_id for record in assistant.records(Filters(copies=True))]
    desk = Desk(lambda: Assistant.open(index))
    told = [desk.ask(question, Filters(), conversation=None, passages=20) for question in QUESTIONS]
    told.append(desk.listed(Filters(), limit=10_000, offset=0, latest_first=True))
    yield from _acting("the server", "\n".join(map(_words, told)))
    for doc_id in ids:
        yield from _acting(f"the server's text of {doc_id!r}", desk.text(doc_id))
    if screens:
        import asyncio

        yield from asyncio.run(_screen(index))


def _words(value: object) -> str:
    """Every text of an object of JSON."""
    if isinstance(value, dict):
        return "\n".join(map(_words, [*value, *value.values()]))
    return "\n".join(map(_words, value)) if isinstance(value, list) else str(value)


def _command_lines(index: Path) -> Iterator[Iterator[str]]:
    commands = [
        ("list", "--all"),
        ("list", "--all", "--json"),
        ("status",),
        ("search", "kelp", "-n", "50", "--explain"),
    ]
    commands += [("ask", question, *more) for question in QUESTIONS for more in ((), ("--json",))]
    for command in commands:
        yield _acting(" ".join(command), _output(index, *command))
    records = [json.loads(line) for line in _output(index, "list", "--all", "--json").splitlines()]
    # Those whose texts want most: a page each of the command line, which takes its time to start.
    for record in sorted(records, key=lambda one: -len(set(one["title"])))[:12]:
        yield _acting(f"show {record['doc_id']!r}", _output(index, "show", "--", record["doc_id"]))
    for form in FORMS:
        for command in (("list", "--all"), ("search", "kelp", "-n", "200"), ("ask", QUESTIONS[0])):
            text = _output(index, *command, "--format", form)
            yield _acting(f"{command[0]} as {form}", text)
            yield exported(form, text)


def _output(index: Path, *command: str) -> str:
    name, *rest = command
    done = subprocess.run(
        [*READOUTS, name, "--index", str(index), *rest], capture_output=True, timeout=300, check=False
    )
    text = (done.stdout + done.stderr).decode("utf-8", errors="surrogateescape")
    return text if "Traceback" not in text and done.returncode == 0 else f"{text}\x00exit code {done.returncode}"


def _acting(where: str, text: str) -> Iterator[str]:
    if not text.strip():
        yield f"{where}: nothing at all"
    for match in list(ACTS.finditer(text))[:1]:
        around = text[max(0, match.start() - 60) : match.end() + 60]
        yield f"{where}: U+{ord(match.group()):04X} in {around!r}"


def exported(form: str, text: str) -> Iterator[str]:
    """What acts in a file that was exported, in words."""
    if form == "csv":
        csv.field_size_limit(len(text) + 1)
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        yield from (f"a formula: {cell[:60]!r}" for cell in cells if cell.startswith(_FORMULA) and not _is_number(cell))
    if form == "html":
        yield from (f"live HTML: {match.group()!r}" for match in list(_LIVE.finditer(_without_texts(text)))[:1])
    if form == "markdown":
        links = re.findall(r"(?<!\\)\]\(<?([^)\s>]*)", text)
        yield from (f"a live link: {link!r}" for link in links if not link.startswith(("http://", "https://", "#")))


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _without_texts(page: str) -> str:
    """The tags of a page alone: what is escaped is text."""
    body = page.partition("</head>")[2] or page
    return "".join(re.findall(r"<[^>]*>", body))


async def _screen(index: Path) -> list[str]:
    """The conversation, the table of all readouts and the text that is read, as pictures of the real screen."""
    found: list[str] = []
    with Assistant.open(index) as assistant:
        app = ReadoutsApp(assistant)
        async with app.run_test(size=(120, 40)) as pilot:
            for keys in (
                ["w", "h", "o", "space", "k", "e", "l", "p", "enter"],
                ["tab", "enter"],
                ["escape", "ctrl+b"],
                ["down"] * 9,
            ):
                await pilot.press(*keys)
                await pilot.pause(2.0)
                picture = app.export_screenshot()
                found += _acting(f"the screen after {keys[-1]}", picture.replace("\n", ""))
            if not app.is_running:
                found.append("the screen is gone")
    return found
