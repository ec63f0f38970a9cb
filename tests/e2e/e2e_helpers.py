"""Running the command line in a process of its own, and what tests say of what came of it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HASHED = [sys.executable, str(Path(__file__).with_name("hashed_cli.py"))]
REAL = [sys.executable, "-m", "assistant"]


@dataclass(frozen=True)
class Ran:
    """What came of one command."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """The one JSON value on standard output."""
        assert self.code == 0, self.err
        return json.loads(self.out)

    def lines(self) -> list[Any]:
        """The JSON values on standard output, one a line."""
        assert self.code == 0, self.err
        return [json.loads(line) for line in self.out.splitlines()]


def clean_environment(home: Path) -> dict[str, str]:
    """This environment without what could steer the program, everything it keeps lying below ``home``."""
    steering = ("READOUTS_", "XDG_", "HASHED_", "HF_", "PYTHONIOENCODING", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "TTY_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(steering)}
    environment |= {f"XDG_{what}_HOME": str(home / what.lower()) for what in ("DATA", "CONFIG", "CACHE", "STATE")}
    return environment | {"HOME": str(home), "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "PYTHONUTF8": "1"}


def run(command: list[str], *, cwd: Path, environment: dict[str, str], text: str | None = None, **options: Any) -> Ran:
    """Run a command to its end in a process of its own, without a terminal."""
    given = {"input": text} if text is not None else {"stdin": subprocess.DEVNULL}
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", cwd=cwd, env=environment, timeout=600, **given, **options
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def run_on_terminal(command: list[str], environment: dict[str, str]) -> bytes:
    """Run a command to its end whose output is a terminal's; returns what it showed."""
    import pty

    ours, theirs = pty.openpty()
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=theirs, env=environment, timeout=120, check=True)
    os.close(theirs)
    shown = b""
    # Linux says that the other end is closed by an error, others by an empty read.
    with contextlib.suppress(OSError):
        while part := os.read(ours, 65536):
            shown += part
    os.close(ours)
    return shown


Command = Callable[..., Ran]


def assert_told(ran: Ran, code: int, *words: str) -> None:
    """The code is right, standard output is empty, and standard error says these words without a traceback."""
    assert (ran.code, ran.out) == (code, "")
    assert "Traceback" not in ran.err
    for word in words:
        assert word in ran.err


def fingerprint(cli: Command) -> list[object]:
    """All that the index says of itself and of its readouts."""
    return [cli("status", "--json").json(), *cli("list", "--json").lines()]


def untimed(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer, as JSON has it, without the time it took."""
    return answer | {"seconds": None}
