"""One question in a running process, from understanding to answer.

``python -m benchmarks.latency INDEX FILE… [--engine auto] [--output FILE]``: every question that stands alone, by type. One in
eight is asked to warm up and not counted; the others are asked once, so that nothing kept from the same question helps.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import time
from collections import defaultdict
from pathlib import Path

from assistant.cli.starting import settle

settle()

from assistant import Assistant  # noqa: E402 - NumPy must not be loaded before
from assistant.history import History  # noqa: E402
from benchmarks.tables import percentile, tell  # noqa: E402


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
            assistant.ask(question)
        for kind, question in (one for place, one in enumerate(asked) if place % 8):
            started, before = time.perf_counter(), time.process_time()
            assistant.ask(question)
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
            for kind in sorted(wall, key=lambda kind: (kind == "all", kind))
        ],
        output=given.output,
        notes=[f"Engine {given.engine}; load on the machine {os.getloadavg()[0]:.1f}."],
    )


if __name__ == "__main__":
    main()
