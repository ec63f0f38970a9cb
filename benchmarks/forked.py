"""The command line in forked processes, with an encoder that needs no model: they start in milliseconds and can be killed.

A process begins with everything loaded, as a fork of one that did nothing else; its output goes to a file and can be read
while it runs. Needs a system with ``fork``.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Threads of a library do not outlive a fork, and one that is held up by others measures nothing.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", HF_HUB_OFFLINE="1")
ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from small_index import HashEncoder  # noqa: E402 - the folder of the tests is no package

import assistant.api  # noqa: E402
import index.build  # noqa: E402, F401
from assistant import doctor, repairing  # noqa: E402
from assistant.cli import main  # noqa: E402
from index import private  # noqa: E402

#: Seconds after which a process is said to hang.
PATIENCE = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What came of a process: its exit code (negative for the signal that ended it) and what it printed."""

    code: int
    out: str
    err: str


class Child:
    """A forked process.

    Args:
        work: What it does; what this returns is its exit code (None is 0).
        environment: Variables beside those of this process.
    """

    def __init__(self, work: Callable[[], int | None], environment: Mapping[str, str] | None = None) -> None:
        self._out, self._err = (tempfile.TemporaryFile() for _ in range(2))  # noqa: SIM115 - closed by ``end``
        #: Read from it when the process reaches what it was told to say (``reached``).
        self.signs, sign = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if not self.pid:
            os.close(self.signs)
            self._live(work, environment or {}, sign)
        os.close(sign)
        self._code: int | None = None

    def _live(self, work: Callable[[], int | None], environment: Mapping[str, str], sign: int) -> None:
        code = 70
        try:
            for file, number in ((self._out, 1), (self._err, 2)):
                os.dup2(file.fileno(), number)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.environ.update(environment)
            tempfile.tempdir = None
            tempfile.gettempdir()  # Python tries the folder with a file once: not while something is disturbed.
            reached.sign = sign
            code = work() or 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except BaseException:  # noqa: BLE001 - whatever it is, it is told by who looks at what was printed
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def kill(self) -> bool:
        """``kill -9``; whether there was anything left to kill."""
        there = self._code is None and os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
        if there:
            os.kill(self.pid, signal.SIGKILL)
        return there

    def alive(self) -> bool:
        """Whether it is still at work."""
        return self._code is None and os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def printed(self) -> str:
        """What it printed so far."""
        return os.pread(self._out.fileno(), 1 << 26, 0).decode(errors="replace")

    def end(self) -> Ended:
        """Wait for its end; one that hangs is killed, and has that as its code."""
        left, last = PATIENCE, time.monotonic()
        while self.alive():
            # A pause of all of this counts as one step.
            left, last = left - min(time.monotonic() - last, 0.1), time.monotonic()
            if left < 0:
                os.kill(self.pid, signal.SIGKILL)
            time.sleep(0.002)
        _, status = os.waitpid(self.pid, 0)
        self._code = os.waitstatus_to_exitcode(status)
        os.close(self.signs)
        out, err = (os.pread(file.fileno(), 1 << 26, 0).decode(errors="replace") for file in (self._out, self._err))
        self._out.close()
        self._err.close()
        return Ended(code=self._code, out=out, err=err)


class _Reached:
    """Says to the parent that a place was reached, once."""

    sign = -1

    def __call__(self) -> None:
        if self.sign >= 0:
            os.write(self.sign, b"!")


reached = _Reached()


def encoder_of(name: str = "", **_: object) -> HashEncoder:
    """The encoder that goes by a name of a model."""
    return HashEncoder() if name != "other" else HashEncoder(name="other", revision="other")


def command(arguments: Sequence[object]) -> int:
    """``readouts ARGUMENTS`` in this process; returns the exit code."""
    vars(assistant.api).update(find_model=lambda name, **_: name, load_encoder=encoder_of)
    vars(repairing).update(find_model=lambda name, **_: name, load_encoder=encoder_of)
    private.LEFT = 0.0  # What a killed process left beside a file is swept by the next that writes it an hour later.
    vars(doctor).update(find_model=encoder_of, describe_engine=lambda *_, **__: ("hash", "no model is needed"))
    try:
        main(list(map(str, arguments)), prog_name="readouts")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    return 0


def run(arguments: Sequence[object], environment: Mapping[str, str] | None = None) -> Ended:
    """``readouts ARGUMENTS`` in a process of its own, to its end."""
    return Child(lambda: command(arguments), environment).end()


def result(work: Callable[[], Any], environment: Mapping[str, str] | None = None) -> Any:
    """What a function returns in a process of its own, by way of JSON.

    Raises:
        RuntimeError: It failed; with what it printed.
    """
    import json

    ended = Child(lambda: print(json.dumps(work())), environment).end()
    if ended.code:
        raise RuntimeError(f"exit code {ended.code}\n{ended.err}")
    return json.loads(ended.out.splitlines()[-1])
