"""Shared by the tables of speed: the machine, versions, medians, the texts of a corpus, and the printing of a table."""

from __future__ import annotations

import datetime as dt
import json
import random
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.peers import machine
from index.datatypes import Document
from index.plan import read
from index.readers import find_files, read_file

#: Distributions whose versions decide what is measured.
PACKAGES = ("sentence-transformers", "torch", "numpy", "tokenizers", "faiss-cpu")


def median(values: Iterable[float]) -> float:
    """The middle of several measurements."""
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that a share of the measurements does not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def processor_seconds(work: Callable[[], object]) -> float:
    """Processor time of one call, over all threads: steadier than wall time beside other work."""
    started = time.process_time()
    work()
    return time.process_time() - started


def texts_of(corpus: Path, limit: int | None = None) -> list[str]:
    """What is encoded of a corpus, passages and sentences with title and date, each once; a sample where there is a limit."""
    texts: dict[str, None] = {}
    for path in find_files([corpus])[0]:
        for found in read_file(path, path.read_bytes()):
            if isinstance(found, Document):
                texts.update(dict.fromkeys(read(found.source.doc_id, found).texts()))
    every = list(texts)
    return every if limit is None or limit >= len(every) else random.Random(1).sample(every, limit)


def tell(
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    output: Path | None,
    notes: Sequence[str] = (),
    **figures: Any,
) -> None:
    """Print a table as Markdown with the machine it was made on, and write all of it as JSON.

    Args:
        title: What was measured.
        columns: Headings.
        rows: Cells; floats are rounded for reading.
        output: File of the JSON; None for none.
        notes: Lines below the table.
        figures: Further numbers, for the JSON alone.
    """
    where: dict[str, Any] = machine.describe() | {"date": f"{dt.date.today():%Y-%m-%d}"}
    installed = {name: version(name) for name in PACKAGES}
    print(f"## {title}\n\n| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
    for row in rows:
        print(f"| {' | '.join(map(_cell, row))} |")
    print("\n" + "\n".join([*notes, f"{where}; {installed}"]) + "\n", flush=True)
    if output is not None:
        found = {"title": title, "machine": where, "versions": installed, "columns": columns, "rows": rows, **figures}
        output.write_text(json.dumps(found, indent=1, default=str), encoding="utf-8")


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.5f}" if 0.9 < value < 1 else f"{value:.3g}" if value < 100 else f"{value:.0f}"
    return str(value)
