"""``kill -9`` of whole processes with the model: ``readouts index`` of the bundled readouts, over again and with more readouts.

``python -m benchmarks.killed_for_real WORK [--moments 12] [--seed 1] [--output FILE]``: WORK is a folder to work in. Every
other moment hits a first run, the others one that adds half of the readouts to an index of the rest. Afterwards ``readouts
doctor`` finds nothing wrong (or that there is no index yet), ``readouts ask`` quotes word for word, and a further run
completes. Exit code 1 if not. ``benchmarks.killed`` kills many more, with an encoder that needs no model.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from assistant.bundled import bundled_corpus
from benchmarks.scenes import Place
from benchmarks.tables import tell

READOUTS = [sys.executable, "-m", "assistant"]
QUESTION = "What did the leaders say about Ukraine?"


class Runs:
    """``readouts`` in whole processes, over one place.

    Args:
        place: Where everything lies.
    """

    def __init__(self, place: Place) -> None:
        self.place = place
        self._environment = place.environment | {"PATH": "/usr/bin:/bin", "HF_HUB_OFFLINE": "1"}

    def start(self, *arguments: object) -> subprocess.Popen[str]:
        """Start a command."""
        pipe = subprocess.PIPE
        command = [*READOUTS, *map(str, arguments)]
        return subprocess.Popen(command, env=self._environment, stdout=pipe, stderr=pipe, text=True)

    def run(self, *arguments: object) -> tuple[int, str, str]:
        """A command to its end: exit code, what it printed, what it said."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=600)
        return process.returncode, out, err

    def look(self, *expected: int) -> tuple[int, list[str]]:
        """How many readouts there are, and what is wrong; that there is no index must be told as such.

        Args:
            expected: How many there may be.
        """
        code, out, err = self.run("status", "--json")
        if code == 3 and 0 in expected:
            return 0, [] if "There is no index" in err else [f"status: {err}"]
        documents = int(json.loads(out)["documents"]) if not code else -1
        wrong = [] if documents in expected else [f"{documents} readouts: {err}"]
        code, out, err = self.run("doctor", "--json")
        checks = [json.loads(line) for line in out.splitlines()]
        wrong += [f"doctor: {check}" for check in checks if not check["good"] and check["name"] != "disk"] + (
            [err] if "Traceback" in err else []
        )
        if documents > 0:
            code, out, err = self.run("ask", QUESTION, "--json")
            wrong += self._misquoted(json.loads(out)) if not code else [err]
        return documents, wrong

    def _misquoted(self, answer: dict[str, Any]) -> list[str]:
        words = {
            path.stem: " ".join(path.read_text(encoding="utf-8").split()) for path in bundled_corpus().glob("*.md")
        }
        quotes = answer["citations"]
        found = [quote for quote in quotes if " ".join(quote["quote"].split()) not in words[quote["doc_id"]]]
        return [f"misquoted: {quote['quote']}" for quote in found] if quotes else ["no quote"]


def main() -> None:
    """Kill and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("--moments", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path)
    given = parser.parse_args()
    drawn, runs = random.Random(given.seed), Runs(Place(given.work.resolve() / "real"))
    rows = [_killed(runs, name, half, range(half, given.moments, 2), drawn) for half, name in enumerate(_NAMES)]
    runs.place.clear()
    columns = ("", "seconds undisturbed", "killed", "found before", "found after", "wrong")
    tell("Whole processes with the model killed at random moments", columns, rows, output=given.output)
    sys.exit(1 if any(row[-1] for row in rows) else 0)


_NAMES = ("index anew", "index half as many again")


def _killed(runs: Runs, name: str, half: int, moments: range, drawn: random.Random) -> list[object]:
    """Kill one kind of run at several moments; a row of the table."""
    files = sorted(path for path in bundled_corpus().glob("*.md") if path.name != "README.md")
    before = len(files) // 2 if half else 0
    _prepared(runs, files, before)
    kept, _ = runs.look(0, before)
    started = time.perf_counter()
    runs.run("index", runs.place.corpus)
    length = time.perf_counter() - started
    total, wrong = runs.look(len(files))
    counts = [0, 0, bool(wrong)]
    for _ in moments:
        _prepared(runs, files, before)
        process = runs.start("index", runs.place.corpus)
        time.sleep(drawn.uniform(0.1, 0.95) * length)
        process.kill()
        process.communicate()
        documents, wrong = runs.look(kept, total)
        code, out, err = runs.run("index", runs.place.corpus, "--json")
        wrong += [] if not code and json.loads(out)["documents"] == total else [f"further run: {err}"]
        wrong += runs.look(total)[1]
        counts = [counts[0] + (documents != total), counts[1] + (documents == total), counts[2] + bool(wrong)]
        for fault in wrong:
            print(f"{name}: {fault}", file=sys.stderr, flush=True)
    return [name, length, len(moments), *counts]


def _prepared(runs: Runs, files: list[Path], before: int) -> None:
    """An index of the first files, and a folder of all of them."""
    runs.place.empty(before)
    if before:
        runs.run("index", runs.place.corpus)
    for path in files:
        shutil.copy(path, runs.place.corpus)


if __name__ == "__main__":
    main()
