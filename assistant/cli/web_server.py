"""The server behind the chat in a browser: textual-serve's, made to hear its own page and its own user alone."""

from __future__ import annotations

import logging
import re
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp_jinja2
from aiohttp import web
from textual_serve.server import Server

from assistant.cli import callers

TEMPLATES = Path(__file__).parent / "templates"


def host_of(address: str) -> tuple[str, str]:
    """The host that an address names, and the same with its port; empty if it is not an address."""
    try:
        parts = urlsplit(address)
        return parts.hostname or "", parts.netloc
    except ValueError:
        return "", ""


class ReadoutsServer(Server):  # type: ignore[misc, unused-ignore]
    """A server that starts a process of the program for each page.

    A page of somebody else's must not drive the chat: a browser tells where a page comes from, and only our own is heard.
    Where only this machine can reach the server, requests must also name this machine, whatever a name server says. Others
    who are logged in on this machine reach it as well, but they neither have the key nor run the server.

    Args:
        command: What is started for each page, as a shell would read it.
        host: Address to listen on.
        port: Port to listen on.
        key: What whoever did not start the server must have in the address.
    """

    def __init__(self, command: str, host: str, port: int, key: str) -> None:
        shown = f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{port}"
        super().__init__(command, host=host, port=port, title="Readouts", public_url=address, templates_path=TEMPLATES)
        self._key = key

    async def on_startup(self, app: web.Application) -> None:
        """Nothing to print: the command did."""

    def initialize_logging(self) -> None:
        """Print errors alone."""
        logging.basicConfig(level=logging.ERROR, format="%(message)s")

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        # The page puts the size of its terminal behind this address as a query.
        app.router.add_get("/ws/{key}", self.handle_websocket)
        return app

    async def handle_index(self, request: web.Request) -> web.Response:
        """The page of the chat."""
        self._refuse_strangers(request)
        size = request.query.get("fontsize", "")
        context: dict[str, Any] = {
            "host": request.host,
            "key": self._key,
            "font_size": int(size) if re.fullmatch("[0-9]{1,3}", size) else 16,
        }
        page = aiohttp_jinja2.render_template("chat.html", request, context)
        # Within another page it would be shown to be clicked on unseen.
        page.headers.update({"X-Frame-Options": "DENY", "Content-Security-Policy": "frame-ancestors 'none'"})
        return page

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """The terminal of a page."""
        self._refuse_strangers(request)
        return await super().handle_websocket(request)

    def _refuse_strangers(self, request: web.Request) -> None:
        origin = request.headers.get("Origin")
        if callers.is_loopback(self.host) and not callers.is_loopback(host_of(f"//{request.host}")[0]):
            raise web.HTTPForbidden(text="Ask for this page by its address: http://127.0.0.1")
        if origin is not None and host_of(origin)[1] != request.host:
            raise web.HTTPForbidden(text="Another page cannot use this chat.")
        given = request.match_info.get("key") or request.query.get("key", "")
        if not secrets.compare_digest(given.encode(errors="replace"), self._key.encode()) and not _is_own(request):
            raise web.HTTPForbidden(text="Open the address that readouts serve has printed, with the key at its end.")


def _is_own(request: web.Request) -> bool:
    """Whether whoever runs this server asks from this machine; False if the system does not tell."""
    ends = [request.get_extra_info(name) for name in ("peername", "sockname")]
    return all(ends) and callers.is_loopback(ends[0][0]) and callers.is_own(ends[0][:2], ends[1][:2])
