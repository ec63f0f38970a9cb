"""The server for assistants as a process: its streams, its end, calls at once and cancelled, an index that changes."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from e2e_helpers import HASHED, Command, assert_told, untimed
from mcp_client import Connect, connecting, refused, told
from small_index import READOUTS, readout, write_corpus

QUESTIONS = ("Who promised barges?", "Who sends mobile bridges?", "Which cables did Whitlock ask to map?")


@pytest.fixture
def connect(environment: dict[str, str], tmp_path: Path) -> Connect:
    return connecting(environment, tmp_path)


async def test_an_index_that_is_made_changed_and_made_anew_meanwhile_is_seen(
    connect: Connect, process: Command, corpus: Path, tmp_path: Path
) -> None:
    async with connect() as client:
        for tool, arguments in (("ask", {"question": "Who?"}), ("list_readouts", {})):
            assert "There is no index at" in (said := await refused(client, tool, **arguments))
            assert "readouts index FOLDER --index" in said
        assert process("index", corpus).code == 0
        assert (await told(client, "list_readouts"))["total"] == len(READOUTS)
        new = {"new.md": readout("Quist and the heron", "Minister Quist fed the lighthouse heron.")}
        assert process("index", write_corpus(tmp_path / "new", new)).code == 0
        answer = await told(client, "ask", question="Who fed the lighthouse heron?")
        assert answer["citations"][0]["doc_id"] == "new"
        shutil.rmtree(tmp_path / "built")
        assert process("index", tmp_path / "new").code == 0
        assert (await told(client, "list_readouts"))["total"] == 1


async def test_several_questions_at_once_get_the_answers_they_get_one_by_one(connect: Connect, small: Command) -> None:
    async with connect() as client:
        alone = [untimed(await told(client, "ask", question=question)) for question in QUESTIONS]
        together = await asyncio.gather(*(told(client, "ask", question=question) for question in QUESTIONS * 4))
    assert [untimed(answer) for answer in together] == alone * 4


async def test_a_question_that_is_cancelled_is_not_waited_for_and_the_server_goes_on(
    connect: Connect, small: Command, tmp_path: Path
) -> None:
    slow = tmp_path / "slow"
    async with connect(env={"HASHED_SLOW": str(slow)}) as client:
        asked = asyncio.create_task(client.call_tool("ask", {"question": "Who promised barges slowly?"}))
        while not slow.exists():
            await asyncio.sleep(0.01)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        assert len((await client.list_tools()).tools) == 4
        assert slow.exists()
        slow.unlink()
        after = await told(client, "ask", question=QUESTIONS[0])
    assert untimed(after) == untimed(small("ask", QUESTIONS[0], "-n", 3, "--json").json())


def test_standard_output_carries_the_protocol_and_nothing_else(small: Command, environment: dict[str, str]) -> None:
    client = {"name": "test", "version": "1"}
    opening = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client}
    lines = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": opening},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        "no protocol at all",
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "ask", "arguments": {"question": ""}}},
        {"jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": {"name": "no_such", "arguments": {}}},
        {"jsonrpc": "2.0", "id": 4, "method": "no/such"},
    ]
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    with subprocess.Popen(
        [*HASHED, "mcp"], env=environment, stdin=-1, stdout=-1, stderr=-1, encoding="utf-8"
    ) as started:
        assert started.stdin is not None
        assert started.stdout is not None
        assert started.stderr is not None
        started.stdin.write(text)
        started.stdin.flush()
        said = [json.loads(started.stdout.readline()) for _ in range(4)]
        started.stdin.close()
        assert started.wait(60) == 0
        assert started.stdout.read() == ""
        assert "Traceback" not in started.stderr.read()
    assert {one["jsonrpc"] for one in said} == {"2.0"}
    assert {one["id"] for one in said} == {1, 2, 3, 4}


def test_an_interrupt_ends_the_server_though_its_client_is_there(small: Command, environment: dict[str, str]) -> None:
    with subprocess.Popen(
        [*HASHED, "mcp"], env=environment, stdin=-1, stdout=-1, stderr=-1, encoding="utf-8"
    ) as started:
        assert started.stdin is not None
        assert started.stdout is not None
        opening = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
        started.stdin.write(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": opening}) + "\n")
        started.stdin.flush()
        started.stdout.readline()
        started.send_signal(signal.SIGINT)
        assert started.wait(60) == 130


def test_without_the_sdk_the_command_that_installs_it_is_told(cli: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.cli.assistants.importlib.util.find_spec", lambda name: None)
    assert_told(cli("mcp"), 2, "pip install 'readouts[mcp]'")


def test_what_a_client_needs_is_printed(cli: Command, tmp_path: Path) -> None:
    (entry,) = cli("mcp", "--setup").json()["mcpServers"].values()
    assert entry["args"][-3:] == ["mcp", "--index", str(tmp_path / "built")]
    command = [entry["command"], *entry["args"][:-3], "--version"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.startswith("readouts")
