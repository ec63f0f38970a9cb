"""The reader's own programs: pager and editor."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.tui import texts
from index.datatypes import Readout


def as_text(readout: Readout) -> str:
    """The readout with its head, harmless to a terminal."""
    source, facts = readout.source, readout.facts
    head = [texts.line(source.title), texts.origin(source, facts), texts.line(source.url), texts.line(readout.note)]
    return "\n".join(part for part in head if part) + "\n\n" + texts.plain(readout.text) + "\n"


def command(
    variables: Sequence[str], fallbacks: Sequence[str], environment: Mapping[str, str] = os.environ
) -> list[str] | None:
    """The program that the first set variable names, else the first fallback there is; None for none."""
    for name in variables:
        words = shlex.split(environment.get(name, "")) if environment.get(name) else []
        if words and shutil.which(words[0]):
            return words
    return next(([word] for word in fallbacks if shutil.which(word)), None)


def pager(environment: Mapping[str, str] = os.environ) -> list[str] | None:
    """The pager's command."""
    return command(("READOUTS_PAGER", "PAGER"), ("less", "more"), environment)


def editor(environment: Mapping[str, str] = os.environ) -> list[str] | None:
    """The editor's command."""
    return command(("VISUAL", "EDITOR"), ("nano", "vim", "vi", "notepad"), environment)


def run_on_text(program: Sequence[str], text: str) -> int:
    """Run a program on a file that holds the text and is gone afterwards; returns its exit code."""
    with tempfile.TemporaryDirectory(prefix="readouts-") as folder:
        path = Path(folder) / "readout.txt"
        path.write_text(text, encoding="utf-8", errors="replace")
        return subprocess.call([*program, str(path)])


def run_on_file(program: Sequence[str], path: Path) -> int:
    """Run a program on a file; returns its exit code."""
    return subprocess.call([*program, str(path)])
