"""One question in a running process, from understanding to answer.

``python -m benchmarks.latency INDEX FILE… [--engine auto] [--output FILE]``: every standalone question, by type. One in
eight is asked first, while the process still loads what is faster and reads passages ahead; these are reported on their
own line. Once that is done the others are asked, each once, so that nothing kept from the same question helps.

A second table shows where it goes: what is done while the question is encoded in a thread of its own, that encoding, and what
follows. A question takes about the longer of the first two and the third.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.cli.starting import settle

settle()

from assistant import Assistant  # noqa: E402 - NumPy must not be loaded before
from assistant.history import History  # noqa: E402
from benchmarks.tables import percentile, tell  # noqa: E402
from index.pending import Pending  # noqa: E402
from index.protocols import Encoder, Vectors  # noqa: E402

#: What questions are counted under that are asked before all is loaded.
FIRST = "the first of the process, not in all"
BESIDE, ENCODING, BEHIND = "while it is encoded", "its encoding", "once it is encoded"


class Parts:
    """Processor time of each part of the questions asked since, in ms, by name.

    Args:
        encoder: Whatever encodes the questions; its calls are timed from now on.
    """

    def __init__(self, encoder: Encoder) -> None:
        self.times: dict[str, list[float]] = defaultdict(list)
        self._encoding = self._begun = self._waited = 0.0
        encode, result = encoder.encode, Pending.result

        def timed(texts: Sequence[str]) -> Vectors:
            begun = time.thread_time()
            vectors = encode(texts)
            self._encoding += time.thread_time() - begun
            return vectors

        def waited(pending: Pending[Any]) -> Any:
            # In a large index a thread of its own waits first, to search the vectors.
            if threading.current_thread() is threading.main_thread():
                self._waited = self._waited or time.thread_time()
            return result(pending)

        vars(encoder)["encode"] = timed
        Pending.result = waited  # type: ignore[method-assign, assignment]

    def begin(self) -> None:
        """A question is asked now."""
        self._encoding = self._waited = 0.0
        self._begun = time.thread_time()

    def end(self) -> None:
        """It is answered."""
        ended = time.thread_time()
        parts = (self._waited - self._begun, self._encoding, ended - self._waited)
        for name, seconds in zip((BESIDE, ENCODING, BEHIND), parts, strict=True):
            self.times[name].append(seconds * 1e3)


def _settled(assistant: Assistant) -> None:
    """Wait for what a process loads and reads behind its first questions."""
    opened, encoder = assistant._opened(), assistant.encoder()
    for thread in (opened.reading_ahead, getattr(encoder, "loading", None)):
        if thread is not None:
            thread.join()


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--engine", choices=("auto", "reference"), default="auto")
    parser.add_argument("--output", type=Path)
    given = parser.parse_args()
    lines = [json.loads(line) for file in given.files for line in file.read_text(encoding="utf-8").splitlines() if line]
    asked = [(line["type"], line["question"]) for line in lines if "question" in line]
    wall: dict[str, list[float]] = defaultdict(list)
    busy: dict[str, list[float]] = defaultdict(list)
    opened = Assistant(given.index, history=History(None), engine=given.engine, today=lambda: dt.date(2024, 1, 1))
    with opened as assistant:
        for _, question in asked[::8]:
            started, before = time.perf_counter(), time.process_time()
            assistant.ask(question)
            wall[FIRST].append((time.perf_counter() - started) * 1e3)
            busy[FIRST].append((time.process_time() - before) * 1e3)
        _settled(assistant)
        parts = Parts(assistant.encoder())
        for kind, question in (one for place, one in enumerate(asked) if place % 8):
            parts.begin()
            started, before = time.perf_counter(), time.process_time()
            assistant.ask(question)
            parts.end()
            for name in (kind, "all"):
                wall[name].append((time.perf_counter() - started) * 1e3)
                busy[name].append((time.process_time() - before) * 1e3)
    tell(
        "One question in a running process, ms",
        ("type", "questions", "p50", "p95", "p50 processor", "p95 processor"),
        [
            [
                kind,
                len(wall[kind]),
                *(percentile(times[kind], share) for times in (wall, busy) for share in (0.5, 0.95)),
            ]
            for kind in sorted(wall, key=lambda kind: (kind == FIRST, kind == "all", kind))
        ],
        output=given.output,
        notes=[f"Engine {given.engine}; load on the machine {os.getloadavg()[0]:.1f}."],
    )
    tell(
        "Where it goes, processor ms",
        ("part", "p50", "p95"),
        [[name, percentile(times, 0.5), percentile(times, 0.95)] for name, times in parts.times.items()],
        output=given.output and given.output.with_suffix(".parts.json"),
    )


if __name__ == "__main__":
    main()
