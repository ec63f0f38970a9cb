"""Opening the chat: what is heavy is loaded behind its first picture, or not at all."""

from __future__ import annotations

import importlib
import os
import sys

from assistant.errors import SettingsError
from assistant.settings import Settings
from index.database import FILE_NAME


def on_terminal() -> bool:
    """Whether a person sits at both ends: at a terminal, or at a browser that Textual was told to draw for."""
    return bool(os.environ.get("TEXTUAL_DRIVER")) or (sys.stdin.isatty() and sys.stdout.isatty())


def settle_bundled(settings: Settings, *, quiet: bool, anywhere: bool = False) -> None:
    """Index the bundled readouts where there is no index yet, unless somebody named another place for it."""
    if _exists(settings) or not (anywhere or settings.is_default_index):
        return
    options = importlib.import_module("assistant.cli.options")
    printing = importlib.import_module("assistant.printing")
    bundled = importlib.import_module("assistant.bundled")
    with options.open_assistant(settings) as assistant, options.progress_bar(quiet) as listener:
        if not quiet:
            printing.notes().print(f"First start: indexing the bundled readouts in {settings.index}")
        assistant.add([bundled.bundled_corpus()], progress=listener)


def open_chat(settings: Settings, *, conversation: str | None = None) -> int:
    """Show the chat until the person leaves; returns the exit code.

    Raises:
        SettingsError: There is no index in the folder that somebody named.
    """
    if not settings.is_default_index and not _exists(settings):
        raise SettingsError(
            f"There is no index at {settings.index}.", mend=f"readouts index FOLDER --index {settings.index}"
        )
    app = importlib.import_module("assistant.tui.app")
    late = importlib.import_module("assistant.tui.late")
    with late.LateBackend(lambda: importlib.import_module("assistant.cli.options").open_assistant(settings)) as backend:
        return int(app.run(backend, conversation=conversation, keys=settings.keys))


def _exists(settings: Settings) -> bool:
    return (settings.index / FILE_NAME).is_file()
