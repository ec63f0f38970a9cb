"""Writing a conversation to a file of the person's choice."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from textual.screen import Screen

from assistant import export, forms
from assistant.export.sheet import of_conversation
from assistant.tui import texts
from assistant.tui.backend import Backend
from assistant.tui.dialogs import Ask
from assistant.tui.messages import Told
from assistant.tui.workers import in_thread
from index.textforms import fold


def file_for(title: str) -> Path:
    """An unused name for the file in the present folder."""
    stem = "-".join(re.findall(r"[a-z0-9]+", fold(title)))[:50].strip("-") or "conversation"
    names = (stem, *(f"{stem}-{number}" for number in range(2, 1000)))
    return next(path for name in names if not (path := Path.cwd() / f"{name}.md").exists())


def ask_and_export(screen: Screen[Any], backend: Backend, conversation: str, title: str) -> None:
    """Ask for a file and write the conversation to it; ``screen`` is told how it went."""

    def take(typed: str | None) -> None:
        if typed:
            path = Path(typed).expanduser()
            in_thread(screen, lambda: _written(backend, conversation, path), about="export")

    screen.app.push_screen(Ask(f"Export to this file ({' '.join(forms.USUAL)})", str(file_for(title))), take)


def _written(backend: Backend, conversation: str, path: Path) -> Told:
    export.write(of_conversation(backend.history.conversation(conversation)), path)
    return Told(f"Exported to {texts.line(str(path))}", True)
