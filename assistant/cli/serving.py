"""The command that serves the chat in a browser, through textual-serve: one process of the program for each open page."""

from __future__ import annotations

import importlib.util
import secrets
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant import printing
from assistant.cli import callers
from assistant.cli.group import Folder
from assistant.cli.late import Late
from assistant.cli.opening import settle_bundled
from assistant.cli.options import encoding
from assistant.errors import SettingsError
from assistant.settings import read_settings

if TYPE_CHECKING:
    from assistant.cli import web_server
else:
    web_server = Late("assistant.cli.web_server")

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
    if not callers.is_loopback(host):
        printing.notes().print(
            f"Warning: whoever reaches {host}:{port} and has the address below, which anybody on the network path can see, can "
            "read these readouts and your conversations, and add any file that you can read to the index.",
            style="bold red",
            soft_wrap=True,
        )
    key = secrets.token_urlsafe(16)
    server = web_server.ReadoutsServer(shlex.join(page_command(settings.index, model, engine)), host, port, key)
    if not quiet:
        printing.notes().print("The chat is at this address, for whoever has it; ctrl+c ends it.", soft_wrap=True)
    printing.out().print(f"{server.public_url}/?key={key}", soft_wrap=True)
    sys.stdout.flush()
    server.serve()


def page_command(index: Path, model: str | None = None, engine: str | None = None) -> list[str]:
    """What is started for each page; modules that lie in the working folder are not imported (``-P``)."""
    chosen = [*(["--model", model] if model else []), *(["--engine", engine] if engine else [])]
    return [sys.executable, "-P", "-m", "assistant", "--index", str(index), *chosen]
