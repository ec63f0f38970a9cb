"""The chat in a browser, through textual-serve: one process of the program for each page that is open."""

from __future__ import annotations

import importlib.util
import ipaddress
import logging
import re
import secrets
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from assistant import printing
from assistant.cli import callers
from assistant.cli.group import Folder
from assistant.cli.opening import settle_bundled
from assistant.cli.options import encoding
from assistant.errors import SettingsError
from assistant.settings import read_settings

if TYPE_CHECKING:
    from aiohttp import web
    from textual_serve.server import Server

TEMPLATES = Path(__file__).parent / "templates"
PORT = 8000


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--index", "index", type=Folder(), help="Folder of the index.")
@encoding
@click.option("--quiet", is_flag=True, help="No notes.")
def serve(host: str, port: int, index: Path | None, model: str | None, engine: str | None, quiet: bool) -> None:
    """The chat in a browser on this machine; needs the extra “serve”."""
    if importlib.util.find_spec("textual_serve") is None:
        raise SettingsError("The chat in a browser needs textual-serve.", mend="pip install 'readouts[serve]'")
    settings = read_settings({"index": index, "model": model, "engine": engine})
    settle_bundled(settings, quiet=quiet)
    if not is_loopback(host):
        printing.notes().print(
            f"Warning: who reaches {host}:{port} and has the address below, which anybody on the way there sees, reads these "
            "readouts and your conversations, and can have any file that you can read added to the index.",
            style="bold red",
            soft_wrap=True,
        )
    key = secrets.token_urlsafe(16)
    server = make_server(shlex.join(page_command(settings.index, model, engine)), host, port, key)
    if not quiet:
        printing.notes().print("The chat is at this address, for whoever has it; ctrl+c ends it.", soft_wrap=True)
    printing.out().print(f"{server.public_url}/?key={key}", soft_wrap=True)
    sys.stdout.flush()
    server.serve()


def page_command(index: Path, model: str | None = None, engine: str | None = None) -> list[str]:
    """What is started for each page; modules that lie in the working folder are not imported (``-P``)."""
    chosen = [*(["--model", model] if model else []), *(["--engine", engine] if engine else [])]
    return [sys.executable, "-P", "-m", "assistant", "--index", str(index), *chosen]


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def host_of(address: str) -> tuple[str, str]:
    """The host that an address names, and the same with its port; empty where it is no address."""
    try:
        parts = urlsplit(address)
        return parts.hostname or "", parts.netloc
    except ValueError:
        return "", ""


def _is_own(request: web.Request) -> bool:
    """Whether whoever runs this server asks from this machine; False where the system does not tell."""
    ends = [request.get_extra_info(name) for name in ("peername", "sockname")]
    return all(ends) and is_loopback(ends[0][0]) and callers.is_own(ends[0][:2], ends[1][:2])


def make_server(command: str, host: str, port: int, key: str) -> Server:
    """A server that starts ``command`` for each page.

    A page of somebody else's must not drive the chat: a browser tells where a page comes from, and only our own is heard.
    On an address of this machine alone, our own is asked for by such an address, too, whatever a name server says. Others who
    are logged in on this machine reach it as well, but neither have the key nor are whoever runs it.
    """
    import aiohttp_jinja2
    from aiohttp import web
    from textual_serve.server import Server

    class ReadoutsServer(Server):  # type: ignore[misc, unused-ignore]
        async def on_startup(self, app: web.Application) -> None:
            """Nothing to print: the command did."""

        def initialize_logging(self) -> None:
            logging.basicConfig(level=logging.ERROR, format="%(message)s")

        def _refuse_strangers(self, request: web.Request) -> None:
            origin = request.headers.get("Origin")
            if is_loopback(host) and not is_loopback(host_of(f"//{request.host}")[0]):
                raise web.HTTPForbidden(text="Ask for this page by its address: http://127.0.0.1")
            if origin is not None and host_of(origin)[1] != request.host:
                raise web.HTTPForbidden(text="Another page cannot use this chat.")
            given = request.match_info.get("key") or request.query.get("key", "")
            if not secrets.compare_digest(given.encode(errors="replace"), key.encode()) and not _is_own(request):
                raise web.HTTPForbidden(
                    text="Open the address that readouts serve has printed, with the key at its end."
                )

        async def _make_app(self) -> web.Application:
            app = await super()._make_app()
            # The page puts the size of its terminal behind this address as a query.
            app.router.add_get("/ws/{key}", self.handle_websocket)
            return app

        async def handle_index(self, request: web.Request) -> web.Response:
            self._refuse_strangers(request)
            size = request.query.get("fontsize", "")
            context: dict[str, Any] = {
                "host": request.host,
                "key": key,
                "font_size": int(size) if re.fullmatch("[0-9]{1,3}", size) else 16,
            }
            page = aiohttp_jinja2.render_template("chat.html", request, context)
            # Within another page it would be shown to be clicked on unseen.
            page.headers.update({"X-Frame-Options": "DENY", "Content-Security-Policy": "frame-ancestors 'none'"})
            return page

        async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
            self._refuse_strangers(request)
            return await super().handle_websocket(request)

    shown = f"[{host}]" if ":" in host else host
    return ReadoutsServer(
        command, host=host, port=port, title="Readouts", public_url=f"http://{shown}:{port}", templates_path=TEMPLATES
    )
