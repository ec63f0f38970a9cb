"""From the start of a process to its printed answer: ``readouts ask`` beside a bare sentence-transformers and FAISS script.

``python -m benchmarks.startup INDEX [--rounds 5] [--output FILE]``: whole processes by turns, wall time and peak memory. The
script answers over the passages of the same index, with vectors that it made beforehand.

``python -m benchmarks.startup INDEX --commands``: the commands that answer nothing, beside an interpreter that does nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import faiss
import numpy as np

from benchmarks.tables import median, tell
from index.catalogue import Catalogue
from index.encoder import find_model

QUESTION = "What did the two leaders say about the Black Sea grain exports?"
#: Commands that answer nothing, each with the option that names the index, if it has one.
COMMANDS = {
    "--help": (),
    "--version": (),
    "config": (),
    "list": ("--index",),
    "status": ("--index",),
    "ask --help": (),
}
SCRIPT = """import json, sys
import faiss
from sentence_transformers import SentenceTransformer

model, folder, question = sys.argv[1:]
encoder = SentenceTransformer(model, local_files_only=True)
index = faiss.read_index(f"{folder}/passages.faiss")
with open(f"{folder}/passages.json") as file:
    passages = json.load(file)
scores, places = index.search(encoder.encode([question], normalize_embeddings=True), 10)
for score, place in zip(scores[0], places[0]):
    print(f"{score:.3f} {passages[place]}")
"""


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--question", default=QUESTION)
    parser.add_argument("--output", type=Path)
    parser.add_argument("--commands", action="store_true", help="the commands that answer nothing")
    given = parser.parse_args()
    if given.commands:
        _commands(given.index, given.rounds, given.output)
        return
    with tempfile.TemporaryDirectory() as folder:
        _prepare(given.index, Path(folder))
        readouts = str(Path(sys.executable).with_name("readouts"))
        script = [sys.executable, f"{folder}/bare.py", str(find_model().folder), folder, given.question]
        commands = {
            "readouts ask": [readouts, "ask", "--index", str(given.index), given.question],
            "readouts ask --engine reference": [
                *(readouts, "ask", "--engine", "reference", "--index", str(given.index), given.question),
            ],
            "bare sentence-transformers + FAISS": script,
        }
        runs, middles = _by_turns(commands, given.rounds, folder)
    slow = middles["bare sentence-transformers + FAISS"]
    tell(
        "Process start to printed answer",
        ("", "wall s", "processor s", "peak MB", "of the bare script's wall", "of its processor time"),
        [[name, *figures, figures[0] / slow[0], figures[1] / slow[1]] for name, figures in middles.items()],
        output=given.output,
        notes=[f"Medians of {given.rounds} by turns, warm disk; load on the machine {os.getloadavg()[0]:.1f}."],
        runs=runs,
    )


def _commands(index: Path, rounds: int, output: Path | None) -> None:
    """Measure and tell of the commands that answer nothing."""
    readouts = str(Path(sys.executable).with_name("readouts"))
    commands = {"an interpreter that does nothing": [sys.executable, "-c", ""]}
    for words, options in COMMANDS.items():
        commands[f"readouts {words}"] = [readouts, *words.split(), *(part for o in options for part in (o, str(index)))]
    words = f"readouts\nlist\n--index\n{index}\n--party\nJ"
    asked = {"_READOUTS_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": "5"}
    commands["completion of a party"] = ["env", *(f"{name}={value}" for name, value in asked.items()), readouts]
    with tempfile.TemporaryDirectory() as folder:
        runs, middles = _by_turns(commands, rounds, folder)
    tell(
        "Commands that answer nothing, cold",
        ("", "wall s", "processor s"),
        [[name, *figures[:2]] for name, figures in middles.items()],
        output=output,
        notes=[f"Medians of {rounds} by turns, warm disk; load on the machine {os.getloadavg()[0]:.1f}."],
        runs=runs,
    )


def _by_turns(
    commands: dict[str, list[str]], rounds: int, folder: str
) -> tuple[dict[str, list[tuple[float, float, float]]], dict[str, list[float]]]:
    """Every run of every command, and the middle of each of its three figures."""
    runs: dict[str, list[tuple[float, float, float]]] = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            measured = _run(command, folder)
            if turn:  # the first round warms the disk
                runs[name].append(measured)
    return runs, {name: [median(run[i] for run in found) for i in range(3)] for name, found in runs.items()}


def _prepare(index: Path, folder: Path) -> None:
    """The script, and the passages and vectors of the index as it wants them."""
    catalogue = Catalogue(index)
    ids, vectors = _vectors(catalogue)
    found = catalogue.passages(ids.tolist())
    texts = [found[int(row)][0].text for row in ids]
    catalogue.close()
    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(vectors)
    faiss.write_index(flat, str(folder / "passages.faiss"))
    (folder / "bare.py").write_text(SCRIPT, encoding="utf-8")
    (folder / "passages.json").write_text(json.dumps(texts), encoding="utf-8")


def _vectors(catalogue: Catalogue) -> tuple[np.ndarray, np.ndarray]:
    parts = list(catalogue.vectors_of("passages"))
    return np.concatenate([part[0] for part in parts]), np.ascontiguousarray(np.concatenate([p[2] for p in parts]))


def _run(command: list[str], home: str) -> tuple[float, float, float]:
    """Wall seconds, processor seconds and peak megabytes of one process."""
    environment = os.environ | {"READOUTS_HISTORY": home, "HF_HUB_OFFLINE": "1"}
    started = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with {process.returncode}")
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


if __name__ == "__main__":
    main()
