"""Commands run in a clean surrounding, without network and telemetry, timed by ``launch.py``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.roster import HERE

#: Nothing may ask the network, and nothing may tell anybody that it was run.
OFFLINE: Mapping[str, str] = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "LANGSMITH_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
}
#: Characters of a failure that the page tells.
TOLD = 300


class PeerError(Exception):
    """A peer could not do what it was asked; the others go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Launched:
    """A command that ended well.

    Attributes:
        first: Seconds to its first line of output that begins as asked.
        seconds: To its end.
        peak: Bytes of memory at most.
        lines: What it printed.
    """

    first: float
    seconds: float
    peak: int
    lines: tuple[str, ...]


def surroundings(home: Path) -> dict[str, str]:
    """The variables that a command sees: none of the user's own, so that no setting of theirs has a say."""
    return {"PATH": os.environ.get("PATH", ""), "HOME": str(home), "LANG": "C.UTF-8", **OFFLINE}


def launch(
    command: Sequence[str | Path], *, home: Path, given: str = "", prefix: str = "{", limit: float = 900.0
) -> Launched:
    """Run a command to its end.

    Args:
        command: Program and arguments.
        home: Folder that it takes for the user's own.
        given: Its standard input.
        prefix: What the line begins with that ``Launched.first`` is about; empty for any line.
        limit: Seconds after which it is killed.

    Raises:
        PeerError: It failed, took too long, or printed no such line.
    """
    # Isolated and without site-packages, so that the launcher itself stays small.
    words = [sys.executable, "-S", "-E", HERE / "launch.py", prefix, str(limit), *command]
    done = subprocess.run(
        list(map(str, words)), input=given, capture_output=True, encoding="utf-8", env=surroundings(home), check=False
    )
    if done.returncode:
        raise PeerError(_last(done.stderr))
    found = json.loads(done.stdout)
    if found["code"]:
        ended = f"killed after {limit:.0f} s" if found["seconds"] >= limit else f"exit status {found['code']}"
        raise PeerError(f"{ended}: {_last(found['notes'])}")
    if found["first"] is None:
        raise PeerError(f"It printed no answer: {_last(found['notes'])}")
    return Launched(first=found["first"], seconds=found["seconds"], peak=found["peak"], lines=tuple(found["lines"]))


def _last(notes: str) -> str:
    lines = [line.strip() for line in notes.splitlines() if line.strip()]
    return lines[-1][:TOLD] if lines else "no word"
