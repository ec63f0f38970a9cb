"""The command that serves other assistants: mcp."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant import __version__, printing
from assistant.cli.group import Folder
from assistant.cli.late import Late
from assistant.cli.options import encoding
from assistant.errors import SettingsError
from assistant.settings import Settings, read_settings

if TYPE_CHECKING:
    from assistant import api
    from assistant import history as histories
    from assistant.mcp import desk, server
else:
    api, histories = Late("assistant.api"), Late("assistant.history")
    desk, server = Late("assistant.mcp.desk"), Late("assistant.mcp.server")


@click.command()
@click.option("--index", "index", type=Folder(), help="Folder of the index.")
@encoding
@click.option(
    "--keep", is_flag=True, help="Keep named conversations among your own; otherwise they end with the server."
)
@click.option("--setup", is_flag=True, help="Print what a client's settings need to start this server, and exit.")
def mcp(index: Path | None, model: str | None, engine: str | None, keep: bool, setup: bool) -> None:
    """Serve an assistant of your choice over the Model Context Protocol, on standard input and output.

    It can ask, search, read and list; it cannot index, remove or open files. Needs the extra “mcp”.
    """
    if importlib.util.find_spec("mcp") is None:
        raise SettingsError("Serving an assistant needs the SDK of its protocol.", mend="pip install 'readouts[mcp]'")
    settings = read_settings({"index": index, "model": model, "engine": engine})
    if setup:
        click.echo(json.dumps(client_entry(settings), indent=2))
        return
    if sys.stdin.isatty():
        printing.notes().print(
            "This speaks a protocol for programs; --setup prints what a client's settings need. ctrl+c ends it.",
            soft_wrap=True,
        )
    kept = histories.History(settings.history if keep else None)

    def opened() -> api.Assistant:
        return api.Assistant(settings.index, history=kept, model=settings.model, engine=settings.engine)

    signal.signal(signal.SIGINT, _leave)
    server.make_server(desk.Desk(opened), version=__version__).run("stdio")


def _leave(number: int, frame: object) -> None:
    """Leave at once: a thread waits for the client's next line and would keep the process; nothing is left to be written."""
    os._exit(128 + number)


def client_entry(settings: Settings) -> dict[str, Any]:
    """What clients of the protocol have in their settings for a server that they start themselves."""
    arguments = ["mcp", "--index", str(settings.index), *(["--model", settings.model] if settings.model else [])]
    installed = Path(sys.executable).with_name("readouts")
    if installed.exists():
        return {"mcpServers": {"readouts": {"command": str(installed), "args": arguments}}}
    return {"mcpServers": {"readouts": {"command": sys.executable, "args": ["-P", "-m", "assistant", *arguments]}}}
