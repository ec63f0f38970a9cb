"""What a question costs as the index grows: 10⁴ to 10⁶ passages, with and without filters.

    python -m benchmarks.scale corpus WORK POOL CORPUS QUESTIONS…   an index of a real corpus, read and written by the program
    python -m benchmarks.scale sizes WORK POOL QUESTIONS…           that index again and again, up to a million passages

``WORK`` is a folder for indexes and results (9 GB for a million passages), ``POOL`` an index whose embeddings are jittered
(``benchmarks/synthetic.py``), ``CORPUS`` a file or folder of readouts (``.jsonl.gz`` is unpacked), ``QUESTIONS`` question
files, whose questions are asked; gold is ignored. ``corpus --encoder real`` encodes every text with the model.
Existing indexes are reused. Every size is measured in a process of its own. Results are printed, and
written to ``WORK`` as JSON and, for ``sizes``, as a plot.

Memory is what Linux counts as resident, with pages of mapped files. A question is timed as ``Assistant.ask``, understanding
to answer, its embedding included; with the synthetic encoder that takes next to nothing, with the real one some milliseconds.
"cpu" is the processor time for the same questions, which other processes on the machine disturb less.
"""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.api import Assistant
from assistant.history import History
from benchmarks.multiplied import multiply
from benchmarks.synthetic import SyntheticEncoder
from index import build
from index.datatypes import Filters, parse_bound
from index.encoder import find_model, load_encoder
from index.protocols import Encoder
from index.reports import Progress

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
#: Filters beside none, from such as leave a third to such as leave a few readouts.
FILTERS: dict[str, Filters] = {
    "none": Filters(),
    "kind": Filters(kinds=("meeting",)),
    "year": Filters(date_from=parse_bound("2021", last=False), date_to=parse_bound("2021", last=True)),
    "party": Filters(parties=("Japan",)),
    "party, month": Filters(
        parties=("Japan",), date_from=parse_bound("2021-04", last=False), date_to=parse_bound("2021-04", last=True)
    ),
}
#: Questions asked before any is timed, and in all for each filter.
WARM, ASKED = 5, 100


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    corpus = commands.add_parser("corpus", help="an index of a real corpus")
    sizes = commands.add_parser("sizes", help="that index again and again")
    one = commands.add_parser("one", help="measure one index, and print the figures as JSON")
    for command in (corpus, sizes):
        command.add_argument("work", type=Path)
        command.add_argument("pool", type=Path)
    one.add_argument("index", type=Path)
    one.add_argument("pool", type=Path)
    corpus.add_argument("corpus", type=Path)
    for command in (corpus, sizes, one):
        command.add_argument("questions", type=Path, nargs="+")
        command.add_argument("--encoder", choices=("synthetic", "real"), default="synthetic")
    sizes.add_argument("--most", type=int, default=SIZES[-1], help="passages of the largest index")
    given = parser.parse_args()
    if given.command == "one":
        print(json.dumps(measure(given.index, _encoder(given), _questions(given.questions))))
    elif given.command == "corpus":
        folder = given.work / f"corpus-{given.encoder}"
        made = _indexed(folder, given.corpus, _encoder(given))
        _report([{**made, **_apart(folder, given)}], given.work / f"corpus-{given.encoder}.json")
    else:
        found = [_size(given, size) for size in SIZES if size <= given.most]
        _report(found, given.work / "sizes.json")
        plot(found, given.work / "sizes.svg")


def measure(folder: Path, encoder: Encoder, questions: Sequence[str]) -> dict[str, Any]:
    """Open an index, ask all the questions under every filter, and say what it took."""
    before = _resident()
    with tempfile.TemporaryDirectory() as history:
        started = time.perf_counter()
        assistant = Assistant(folder, history=History(Path(history)), encoder=encoder)
        status = assistant.status()
        assistant.records(limit=1)
        opened = time.perf_counter() - started
        worked = time.process_time()
        assistant.ask(questions[0])
        first, worked = time.perf_counter() - started, time.process_time() - worked
        found: dict[str, Any] = {
            "readouts": status.documents, "passages": status.passages, "sentences": status.sentences,
            "open s": opened, "first answer s": first, "first answer cpu s": worked,
        }  # fmt: skip
        for question in questions[1:WARM]:
            assistant.ask(question)
        for name, filters in FILTERS.items():
            taken = []
            for question in questions:
                began, worked = time.perf_counter(), time.process_time()
                assistant.ask(question, filters=filters)
                taken.append((time.perf_counter() - began, time.process_time() - worked))
            wall, cpu = 1000 * np.array(taken).T
            found[f"{name}: p50 ms"], found[f"{name}: p95 ms"] = np.percentile(wall, (50, 95)).tolist()
            found[f"{name}: p50 cpu ms"], found[f"{name}: p95 cpu ms"] = np.percentile(cpu, (50, 95)).tolist()
        assistant.close()
    found["MB before"], found["MB after"], found["MB at most"] = before, _resident(), _resident("VmHWM")
    found["on disk MB"] = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    return found


def plot(found: Sequence[dict[str, Any]], path: Path) -> None:
    """The cost of a question over the number of passages, as a picture."""
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.5))
    passages = [one["passages"] for one in found]
    for name in FILTERS:
        axes.plot(passages, [one[f"{name}: p95 ms"] for one in found], marker="o", label=f"filter: {name}")
    first = found[0]["none: p95 ms"]
    axes.plot(passages, [first * p / passages[0] for p in passages], color="grey", linestyle=":", label="linear")
    axes.set(xscale="log", yscale="log", xlabel="passages", ylabel="ms a question, 95th percentile")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(path)


def _size(given: argparse.Namespace, size: int) -> dict[str, Any]:
    folder = given.work / f"passages-{size}"
    started = time.perf_counter()
    if not folder.exists():
        beside = folder.with_suffix(".making")
        shutil.rmtree(beside, ignore_errors=True)
        multiply(given.work / "corpus-synthetic", beside, size, SyntheticEncoder(given.pool))
        beside.rename(folder)
    return {"made s": time.perf_counter() - started, **_apart(folder, given)}


def _indexed(folder: Path, corpus: Path, encoder: Encoder) -> dict[str, Any]:
    if folder.exists():
        return {}
    beside = folder.with_suffix(".making")
    shutil.rmtree(beside, ignore_errors=True)
    with tempfile.TemporaryDirectory() as unpacked:
        if corpus.suffix == ".gz":
            plain = Path(unpacked) / corpus.stem
            with gzip.open(corpus) as packed, plain.open("wb") as file:
                shutil.copyfileobj(packed, file)
            corpus = plain
        stages: dict[str, float] = {}
        report = build.add(beside, [corpus], lambda: encoder, listener=_Clock(stages))
    beside.rename(folder)
    return {"indexed s": report.seconds, "skipped": len(report.skipped), **stages}


class _Clock:
    """Seconds that each stage of indexing took."""

    def __init__(self, stages: dict[str, float]) -> None:
        self._stages, self._last = stages, time.perf_counter()

    def __call__(self, said: Progress) -> None:
        now = time.perf_counter()
        name = f"{said.stage} s"
        self._stages[name] = self._stages.get(name, 0.0) + now - self._last
        self._last = now


def _apart(folder: Path, given: argparse.Namespace) -> dict[str, Any]:
    """Measure an index in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.scale", "one", str(folder), str(given.pool)]
    command += [*map(str, given.questions), "--encoder", given.encoder]
    ran = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(ran.stdout.splitlines()[-1]))


def _encoder(given: argparse.Namespace) -> Encoder:
    return SyntheticEncoder(given.pool) if given.encoder == "synthetic" else load_encoder(find_model())


def _questions(files: Iterable[Path]) -> list[str]:
    lines = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    asked = [line["question"] for line in lines if "question" in line]
    return asked[:: max(1, len(asked) // ASKED)]


def _resident(field: str = "VmRSS") -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) / 1024


def _report(found: Sequence[dict[str, Any]], path: Path) -> None:
    path.write_text(json.dumps(found, indent=1) + "\n")
    names = list(dict.fromkeys(name for one in found for name in one))
    print("| |" + " |" * len(found) + "\n|---|" + "---|" * len(found))
    for name in names:
        print(f"| {name} | " + " | ".join(f"{one[name]:,.4g}" if name in one else "" for one in found) + " |")


if __name__ == "__main__":
    main()
