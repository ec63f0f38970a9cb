"""The reader's own programs: pager and editor."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.tui import texts
from index.datatypes import Readout
from index.reports import MEMBER

#: How much of a file is read to determine whether an editor can show it.
_HEAD_BYTES = 4096
#: How files with packed text begin, and characters that occur in no text.
_PACKED = re.compile(rb"%PDF-|PK|\x1f\x8b")
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def as_text(readout: Readout) -> str:
    """The readout with its head, harmless to a terminal."""
    source, facts = readout.source, readout.facts
    head = [texts.line(source.title), texts.origin(source, facts), texts.line(source.url), texts.line(readout.note)]
    return "\n".join(part for part in head if part) + "\n\n" + texts.plain(readout.text) + "\n"


def command(
    variables: Sequence[str], fallbacks: Sequence[str], environment: Mapping[str, str] = os.environ
) -> list[str] | None:
    """The program named by the first variable that is set, otherwise the first fallback that exists; None if there is none."""
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


def why_no_file(path: str) -> str:
    """Why an editor cannot have the file that a readout was read from; empty if it can.

    Args:
        path: Path of the readout; ``FILE!/MEMBER`` for one within another file.
    """
    holder, within, _ = path.partition(MEMBER)
    if within and not Path(path).exists():
        return f"It lies within {holder}."
    if not path:
        return "It names no file."
    try:
        if not Path(path).is_file():
            return f"{path} is no longer there."
        with Path(path).open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except (OSError, ValueError):
        return f"{path} cannot be opened."
    packed = _PACKED.match(head) or (_NO_TEXT.search(head) and not head.startswith(_UTF_16))
    return f"{path} is no text." if packed else ""


def run_on_text(program: Sequence[str], text: str) -> int:
    """Run a program on a temporary file with the text; returns its exit code."""
    with tempfile.TemporaryDirectory(prefix="readouts-") as folder:
        path = Path(folder) / "readout.txt"
        path.write_text(text, encoding="utf-8", errors="replace")
        return subprocess.call([*program, str(path)])


def run_on_file(program: Sequence[str], path: Path) -> int:
    """Run a program on a file; returns its exit code."""
    return subprocess.call([*program, str(path)])
