"""A program in a terminal of its own: keys go in, what is painted comes out with its time."""

from __future__ import annotations

import fcntl
import math
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")

#: Of what was painted, what ``read_on`` keeps.
KEPT = 20_000


class Terminal:
    """Runs a command in a pseudo-terminal.

    Args:
        command: Program and arguments.
        columns: Width.
        lines: Height.
        environment: Variables beside the present ones.
        folder: Where it runs; here by default.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 120,
        lines: int = 40,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=folder,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(environment or {})},
        )
        os.close(slave)
        self._seen = ""

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return False
        try:
            self._seen += os.read(self._master, 1 << 16).decode("utf-8", errors="replace")
        except OSError:
            return False
        return True

    @property
    def text(self) -> str:
        """What was painted since the last key, without its escapes."""
        return _ESCAPE.sub("", self._seen)

    @property
    def ended(self) -> int | None:
        """Exit code of the program; None while it runs."""
        return self._process.poll()

    @property
    def process(self) -> int:
        """Number of the program's process."""
        return self._process.pid

    def computed(self) -> float:
        """Seconds that the program itself has computed so far, by all its threads; nan where the system does not tell.

        On a machine that does other work as well this says more than the time that went by.
        """
        try:
            stat = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii")
            fields = stat.rpartition(")")[2].split()
        except OSError:
            return math.nan
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def until(self, pattern: str, *, patience: float = 120.0) -> float:
        """Wait until what was painted since the last key fits a pattern; returns the time.

        Raises:
            TimeoutError: It never does.
        """
        wanted, end = re.compile(pattern), time.perf_counter() + patience
        while time.perf_counter() < end:
            if self._read(0.5):
                now = time.perf_counter()
                if wanted.search(self.text):
                    return now
            elif wanted.search(self.text):
                return time.perf_counter()
        raise TimeoutError(f"{pattern!r} was not painted, but: {self.text[-600:]!r}")

    def press(self, keys: str) -> float:
        r"""Send keys (a byte 0xff as ``\udcff``) and forget what was painted before; returns the time."""
        self._seen = ""
        now = time.perf_counter()
        os.write(self._master, keys.encode(errors="surrogateescape"))
        return now

    def offer(self, keys: bytes, patience: float) -> bool:
        """Send keys as soon as they are taken, reading meanwhile; returns whether they were."""
        end = time.perf_counter() + patience
        while self.ended is None and time.perf_counter() < end:
            readable, writable, _ = select.select([self._master], [self._master], [], 0.5)
            if readable:
                self._read(0)
            if writable:
                os.write(self._master, keys)
                return True
        return False

    def read_on(self, seconds: float) -> None:
        """Read what comes within so long; only the last of it is kept."""
        self._read(seconds)
        self._seen = self._seen[-KEPT:]

    def settle(self, seconds: float = 0.15) -> None:
        """Read until nothing has come for so long."""
        while self._read(seconds):
            pass

    def close(self) -> None:
        """Leave as a person would; kill what does not go."""
        try:
            self.press("\x11")
            self._process.wait(5)
        except (OSError, subprocess.TimeoutExpired):
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        os.close(self._master)

    def kill(self) -> None:
        """End it and all that it started, in whatever state it is."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._master)
