"""A process that runs commands of the program one after the other, so that one that dies takes nothing else along.

``python -m benchmarks.damage.workers``: a command is a line of JSON on standard input, what came of it one on standard output.
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
from pathlib import Path
from typing import Any

from assistant.cli.starting import settle

settle()

#: How an index is kept: as it comes, or as large ones are: with inverted lists and rows that are read one by one, and without
#: a look at the whole catalogue whenever it is opened; of ``rot``, damage leaves the times of the file as they were.
VARIANTS = ("flat", "lists", "large", "rot")


class CrashedError(Exception):
    """A command ended with a traceback, or took its process along."""


class Worker:
    """The process, from outside.

    Args:
        environment: Of the process.
        variant: One of ``VARIANTS``.
        words: Whether texts are encoded by their words, without a model.
    """

    def __init__(self, environment: Mapping[str, str], variant: str, *, words: bool = False) -> None:
        command = [sys.executable, "-m", "benchmarks.damage.workers", variant, *(["--words"] if words else [])]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(environment), text=True
        )

    def run(self, command: Sequence[str]) -> dict[str, Any]:
        """Run a command; returns what ``run_here`` does.

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


def run_here(command: Sequence[str]) -> dict[str, Any]:
    """Run a command here; its ``args``, ``code``, ``out``, ``err`` and ``trace``, which is empty if it ended well."""
    from assistant.cli import main as program

    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    code, trace = 0, ""
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            program(list(command), standalone_mode=True)
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
        except BaseException:  # noqa: BLE001 - whatever ends a command is what is looked for
            code, trace = 1, traceback.format_exc()
    return {"args": list(command), "code": code, "out": _text(out), "err": _text(err), "trace": trace}


def main() -> None:
    """Run what comes in."""
    from assistant import api, doctor, repairing
    from index.encoder import fast, models

    prepare(sys.argv[1])
    if "--words" in sys.argv:
        from benchmarks.forked import encoder_of

        for module in (api, repairing):
            vars(module).update(find_model=lambda name, **_: name, load_encoder=encoder_of)
    models._default_folder = lambda: Path(os.environ["DAMAGE_MODEL"])
    # Loading the model would take most of the time: it is loaded once, whoever damages it begins another process. It stays
    # with one engine, whose embeddings are the same to the last bit.
    fast.SEVERAL = sys.maxsize
    for module in (api, doctor, repairing):
        for name in ("load_encoder", "probe_engine"):
            if hasattr(module, name):
                setattr(module, name, functools.cache(getattr(module, name)))
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        answers.write(json.dumps(run_here(json.loads(line))) + "\n")
        answers.flush()


def prepare(variant: str) -> None:
    """Have small indexes kept as large ones are."""
    if variant == "lists":
        from index.vectors import rows, segmented

        segmented.INVERTED_FROM, rows.LARGE = 50, 0
    elif variant in ("large", "rot"):
        from index import checksums

        checksums.WHOLE = 0


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    return stream.buffer.getvalue().decode()  # type: ignore[attr-defined, no-any-return]


if __name__ == "__main__":
    main()
