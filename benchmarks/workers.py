"""A process that runs commands of the program one after the other, so that one that dies takes nothing else along.

``python -m benchmarks.workers``: a command is a line of JSON on standard input, what came of it one on standard output.
"""

from __future__ import annotations

import contextlib
import functools
import io
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.cli.starting import settle

settle()

#: Seconds that a command may take.
PATIENCE = 300


class CrashedError(Exception):
    """A command ended with a traceback, or took its process along."""


class Worker:
    """The process, from outside.

    Args:
        environment: Of the process.
        lists: Whether small indexes shall be kept as large ones are: with inverted lists, row by row.
    """

    def __init__(self, environment: Mapping[str, str], *, lists: bool = False) -> None:
        command = [sys.executable, "-m", "benchmarks.workers", *(["--lists"] if lists else [])]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(environment), text=True
        )

    def run(self, command: Sequence[str]) -> dict[str, Any]:
        """Run a command; returns its ``args``, ``code``, ``out``, ``err``, and ``trace``, empty where it ended as it should.

        Raises:
            CrashedError: The process is gone.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(list(command)) + "\n")
            self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise CrashedError(f"{' '.join(command)}: the process ended with {self._process.wait()}")
        found: dict[str, Any] = json.loads(line)
        return found

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait()


def main() -> None:
    """Run what comes in."""
    from assistant import api, doctor, repairing
    from assistant.cli import main as program
    from index.encoder import fast

    if "--lists" in sys.argv:
        from index.vectors import rows, segmented

        segmented.INVERTED_FROM, rows.LARGE = 50, 0
    # The model is not what is damaged; loading it would take most of the time.
    # It stays with one engine, whose embeddings are the same to the last bit.
    fast.SEVERAL = sys.maxsize
    for module in (api, doctor, repairing):
        for name in ("load_encoder", "probe_engine"):
            if hasattr(module, name):
                setattr(module, name, functools.cache(getattr(module, name)))
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        args = json.loads(line)
        out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
        code, trace = 0, ""
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                program(args, standalone_mode=True)
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else 1
            except BaseException:  # noqa: BLE001 - whatever ends a command is what is looked for
                code, trace = 1, traceback.format_exc()
        told = {"args": args, "code": code, "out": _text(out), "err": _text(err), "trace": trace}
        answers.write(json.dumps(told) + "\n")
        answers.flush()


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    return stream.buffer.getvalue().decode()  # type: ignore[attr-defined, no-any-return]


if __name__ == "__main__":
    main()
