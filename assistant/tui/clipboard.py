"""Copying, by whatever means there are, and saying which one worked."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

#: Programs that read the text from standard input, and the variable without which each has no clipboard to write to.
_PROGRAMS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("wl-copy",), "WAYLAND_DISPLAY"),
    (("xclip", "-selection", "clipboard"), "DISPLAY"),
    (("xsel", "--clipboard", "--input"), "DISPLAY"),
    (("pbcopy",), ""),
    (("clip.exe",), ""),
)
#: Terminals known to drop OSC 52.
_DEAF = frozenset({"Apple_Terminal"})


def copy(
    text: str,
    osc52: Callable[[str], None],
    *,
    environment: Mapping[str, str] = os.environ,
    folder: Path | None = None,
    browser: bool = False,
) -> tuple[str, bool]:
    """Copy a text.

    On this machine's own desktop its clipboard program is tried first, since it says whether it worked. Elsewhere (over
    ssh, say) the terminal is asked by OSC 52, which gives no reply, so the text is also written to a file. A browser is
    always asked this way: this machine's clipboard is not that of whoever looks at the page.

    Args:
        text: What to copy.
        osc52: Sends the text to the terminal.
        environment: The environment's variables.
        folder: Where a file is written; the folder for temporary files by default.
        browser: Whether the terminal is a page in a browser.

    Returns:
        What happened, in a sentence, and whether the text is anywhere at all.
    """
    if not browser and "SSH_TTY" not in environment and "SSH_CONNECTION" not in environment:
        for command, needs in _PROGRAMS:
            if (not needs or environment.get(needs)) and _run(command, text):
                return f"Copied with {command[0]}.", True
    deaf = environment.get("TERM_PROGRAM") in _DEAF or environment.get("TERM") in ("linux", "dumb")
    hears = browser or not deaf
    whose = "browser's clipboard" if browser else "terminal's clipboard (OSC 52)"
    if hears:
        osc52(text)
    path = (
        folder or Path(tempfile.gettempdir())
    ) / f"readouts-copied-{os.getuid() if sys.platform != 'win32' else 0}.md"
    try:
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
    except (OSError, UnicodeEncodeError) as error:
        return (f"Sent to the {whose}; no file: {error}.", True) if hears else (f"Not copied: {error}.", False)
    if hears:
        return f"Sent to the {whose}. In case it does not take it: {path}", True
    return f"This terminal has no clipboard; written to {path}", True


def _run(command: tuple[str, ...], text: str) -> bool:
    program = shutil.which(command[0])
    if program is None:
        return False
    try:
        done = subprocess.run(
            [program, *command[1:]],
            input=text.encode("utf-16-le" if command[0] == "clip.exe" else "utf-8"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=3,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
