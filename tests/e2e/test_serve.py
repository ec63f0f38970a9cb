"""The chat in a browser: our own page drives it, nobody else's does, and a real browser asks a question."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import shlex
import shutil
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from e2e_helpers import HASHED, Command, assert_told, clean_environment

from assistant.cli import callers, serving
from assistant.history import History

web = pytest.importorskip("aiohttp.web", reason="the extra “serve” is not installed")
aiohttp = pytest.importorskip("aiohttp")
pytest.importorskip("textual_serve", reason="the extra “serve” is not installed")
web_server = pytest.importorskip("assistant.cli.web_server")

#: What the clipboard of the browser has taken, as far as it says that it has.
NOTE_WHAT_IS_COPIED = """
const write = navigator.clipboard.writeText.bind(navigator.clipboard);
navigator.clipboard.writeText = text => write(text).then(() => { window.copied = text; });
"""
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --remote-debugging-port=0 --window-size=1000,700"
).split()


KEY = "a-key"


@asynccontextmanager
async def served(command: str, host: str = "127.0.0.1") -> AsyncIterator[str]:
    """The server on a free port; gives its address. Ends once what was started for its pages has ended.

    textual-serve waits until a page's process has closed its output, not until it is gone: this event loop would be closed
    before, and what watches the process raise an error wherever it happens to be collected.
    """
    started, start = list[asyncio.subprocess.Process](), asyncio.create_subprocess_shell

    async def noting(*command: Any, **how: Any) -> asyncio.subprocess.Process:
        started.append(await start(*command, **how))
        return started[-1]

    runner = web.AppRunner(await web_server.ReadoutsServer(command, host, 8000, KEY)._make_app())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(asyncio, "create_subprocess_shell", noting)
            yield f"127.0.0.1:{port}"
    finally:
        await runner.cleanup()
        for process in started:
            await process.wait()


def test_without_the_extra_the_command_that_installs_it_is_named(cli: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving.importlib.util, "find_spec", lambda name: None)
    assert_told(cli("serve"), 2, "needs textual-serve", "pip install 'readouts[serve]'")


@pytest.mark.parametrize(
    ("options", "warned"), [((), False), (("--host", "0.0.0.0"), True), (("--host", "::1"), False)]
)
def test_only_an_address_that_others_reach_is_warned_of(
    small: Command, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], warned: bool
) -> None:
    made: list[tuple[str, str, int, str]] = []

    class Server:
        public_url = "http://here"

        def __init__(self, *arguments: Any) -> None:
            made.append(arguments)  # type: ignore[arg-type]

        def serve(self) -> None: ...

    monkeypatch.setattr(web_server, "ReadoutsServer", Server)
    ran = small("serve", "--port", "8123", *options)
    assert ran.code == 0
    assert ("Warning" in ran.err) is warned
    assert made[0][1:3] == (options[1] if options else "127.0.0.1", 8123)
    key = made[0][3]
    assert len(key) >= 20
    assert ran.out == f"http://here/?key={key}\n"
    assert "-m assistant --index" in made[0][0]


async def test_the_page_asks_nobody_else_and_other_pages_and_names_are_refused() -> None:
    async with served("true") as address, aiohttp.ClientSession() as client:
        async with client.get(f"http://{address}/?key={KEY}") as response:
            page = await response.text()
        assert response.status == 200
        assert f'ws://{address}/ws/{KEY}"' in page
        assert "https://" not in page
        assert response.headers["X-Frame-Options"] == "DENY"
        async with client.get(f"http://{address}/?key={KEY}&fontsize={'9' * 5000}") as response:
            assert response.status == 200
        for path, headers in (
            (f"/?key={KEY}", {"Host": "evil.example"}),
            (f"/ws/{KEY}", {"Host": "evil.example", "Origin": "http://evil.example"}),
            (f"/ws/{KEY}", {"Origin": "http://evil.example"}),
            (f"/?key={KEY}", {"Origin": "http://evil.example"}),
            (f"/?key={KEY}", {"Origin": "http://[evil"}),
            (f"/ws/{KEY}", {"Origin": "null"}),
            (f"/?key={KEY}", {"Host": "[evil"}),
            (f"/?key={KEY}", {"Host": ""}),
        ):
            async with client.get(f"http://{address}{path}", headers=headers) as response:
                assert response.status == 403, (path, headers)


@pytest.mark.parametrize(
    "path", ["/", "/?key=", "/?key=a-ke", "/?key=%ff%00", "/ws", "/ws/a-kez", "/ws?key=", "/ws/%ed%a0%80"]
)
async def test_others_without_the_key_reach_neither_the_page_nor_the_chat(
    monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(callers, "is_own", lambda *_: False)
    async with (
        served("true") as address,
        aiohttp.ClientSession() as client,
        client.get(f"http://{address}{path}") as response,
    ):
        assert response.status == 403
        assert KEY not in await response.text()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells whose a connection is")
async def test_whoever_runs_it_needs_no_key_on_this_machine() -> None:
    async with (
        served("true") as address,
        aiohttp.ClientSession() as client,
        client.get(f"http://{address}/") as response,
    ):
        assert response.status == 200
        assert f"/ws/{KEY}" in await response.text()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells whose a connection is")
@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_a_connection_is_its_users_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, family: socket.AddressFamily
) -> None:
    host = "::1" if family == socket.AF_INET6 else "127.0.0.1"
    with (
        socket.create_server((host, 0), family=family) as listening,
        socket.create_connection(listening.getsockname()[:2]) as calling,
    ):
        ends = calling.getsockname()[:2], listening.getsockname()[:2]
        assert callers.is_own(*ends)
        assert not callers.is_own(ends[0], (ends[1][0], ends[1][1] % 65535 + 1))
        mine = os.getuid()
        monkeypatch.setattr(os, "getuid", lambda: mine + 1)
        assert not callers.is_own(*ends)
    monkeypatch.setattr(callers, "TABLES", (tmp_path / "none",))
    assert not callers.is_own(*ends)


class Browser:
    """A page of a real browser, driven through its debugging port."""

    def __init__(self, socket: Any) -> None:
        self._socket, self._ids = socket, itertools.count(1)

    async def call(self, method: str, **parameters: Any) -> Any:
        number = next(self._ids)
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        while True:
            answer = json.loads((await self._socket.receive(timeout=60)).data)
            if answer.get("id") == number:
                return answer.get("result")

    async def value(self, expression: str) -> Any:
        found = await self.call("Runtime.evaluate", expression=expression)
        return found["result"].get("value")

    async def key(self, name: str, text: str) -> None:
        code = {"Enter": 13, "Tab": 9}.get(name, 0)
        for kind in ("keyDown", "keyUp"):
            await self.call("Input.dispatchKeyEvent", type=kind, key=name, text=text, windowsVirtualKeyCode=code)


@asynccontextmanager
async def browser(page: str) -> AsyncIterator[Browser]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        process = await asyncio.create_subprocess_exec(
            str(CHROMIUM),
            *FLAGS,
            f"--user-data-dir={folder}",
            page,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            file = Path(folder) / "DevToolsActivePort"
            await until(lambda: file.exists() and len(file.read_text().split()) == 2)
            port = file.read_text().split()[0]
            async with aiohttp.ClientSession() as client:

                async def pages() -> list[Any]:
                    async with client.get(f"http://127.0.0.1:{port}/json") as response:
                        return [p for p in await response.json() if p["url"].startswith(page)]

                while not (found := await pages()):
                    await asyncio.sleep(0.1)
                async with client.ws_connect(found[0]["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                    yield Browser(socket)
        finally:
            process.kill()
            await process.wait()


async def until(condition: Callable[[], Any]) -> None:
    for _ in range(1200):
        found = condition()
        if await found if asyncio.iscoroutine(found) else found:
            return
        await asyncio.sleep(0.1)
    pytest.fail("The browser did not come to the state that was waited for.")


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
async def test_a_real_browser_shows_the_chat_asks_a_question_and_takes_a_quote_into_its_clipboard(
    small: Command, environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    talks = tmp_path / "talks"
    for name, value in (clean_environment(tmp_path / "home") | environment | {"READOUTS_HISTORY": str(talks)}).items():
        monkeypatch.setenv(name, value)
    command = shlex.join([*HASHED, "--index", environment["READOUTS_INDEX"]])
    assert sys.executable in command
    async with served(command) as address, browser(f"http://{address}/?key={KEY}") as page:
        await until(lambda: page.value("document.body.classList.contains('-first-byte')"))
        await until(lambda: page.value("document.querySelector('.xterm-helper-textarea') !== null"))
        await page.call("Runtime.evaluate", expression="document.querySelector('.xterm-helper-textarea').focus()")
        for letter in "ferry":
            await page.key(letter, letter)
        await page.key("Enter", "\r")
        await until(lambda: [c.title for c in History(talks).conversations()] == ["ferry"])
        await page.call("Runtime.evaluate", expression=NOTE_WHAT_IS_COPIED)
        await page.call("Emulation.setFocusEmulationEnabled", enabled=True)

        await page.key("Tab", "\t")

        async def copied() -> bool:
            await page.key("y", "y")
            return str(await page.value("window.copied")).startswith("> ")

        await until(copied)
        assert "\n\n— " in await page.value("window.copied")
