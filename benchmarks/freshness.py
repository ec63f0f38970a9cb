"""How soon a change is in the index: one file of many changed and indexed again; a file written or growing under ``--watch``.

``python -m benchmarks.freshness INDEX CORPUS [--rounds 7] [--output FILE]``: INDEX was made from the folder CORPUS; both are
copied first, and neither is changed. Indexing again is a whole process, from its start to its end; under ``--watch`` the time
runs from the end of writing a line until another process would find its words.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from assistant.api import Assistant
from assistant.history import History
from benchmarks.tables import median, seconds, tell
from index.checksums import SUFFIX
from index.database import FILE_NAME

READOUTS = [sys.executable, "-m", "assistant"]
LIMIT = 60.0
#: Lines that a growing file gets before the one that is waited for, and the pause between two, in seconds.
LINES, PAUSE = 20, 0.1


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--output", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        index, corpus = _copied(given.index, given.corpus, Path(home))
        again = [*READOUTS, "index", "--index", str(index), str(corpus)]
        times: dict[str, list[float]] = {}
        _run(again)
        for turn in range(given.rounds):
            times.setdefault("nothing changed, indexed again", []).append(seconds(lambda: _run(again)))
            _change(corpus, f"Turn {turn} spoke of whelks.")
            times.setdefault("one file changed, indexed again", []).append(seconds(lambda: _run(again)))
        with _watching(index, corpus):
            times["a file changed under --watch"] = list(_written(index, corpus, given.rounds))
            times["a file growing under --watch"] = list(_grown(index, corpus, given.rounds))
        files = sum(path.is_file() for path in corpus.rglob("*"))
    tell(
        "Kept fresh: seconds until a change is in the index",
        ("", "median s", "least", "most"),
        [[name, median(found), min(found), max(found)] for name, found in times.items()],
        output=given.output,
        notes=[f"{files} files, {given.rounds} rounds; load on the machine {os.getloadavg()[0]:.1f}."],
        times=times,
    )


def _copied(index: Path, corpus: Path, home: Path) -> tuple[Path, Path]:
    """Copies of index and corpus, the first speaking of the files of the second."""
    shutil.copytree(index, home / "index")
    shutil.copytree(corpus, home / "corpus")
    (home / "index" / (FILE_NAME + SUFFIX)).unlink(missing_ok=True)
    database = sqlite3.connect(home / "index" / FILE_NAME)
    before, after = str(corpus.resolve()), str((home / "corpus").resolve())
    with database:
        for table in ("files", "documents"):
            database.execute(f"UPDATE {table} SET path = replace(path, ?, ?)", (before, after))
        database.execute("UPDATE documents SET seal = NULL")
    database.close()
    return home / "index", home / "corpus"


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _change(corpus: Path, words: str) -> None:
    path = min(path for path in corpus.iterdir() if path.suffix == ".md")
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n\n{words}\n")


@contextmanager
def _watching(index: Path, corpus: Path) -> Iterator[None]:
    command = [*READOUTS, "index", "--watch", "--index", str(index), str(corpus)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        assert running.stdout is not None
        running.stdout.readline()
        yield
    finally:
        running.terminate()
        running.wait()


def _written(index: Path, corpus: Path, rounds: int) -> Iterator[float]:
    with Assistant(index, history=History(None)) as assistant:
        for turn in range(rounds):
            _change(corpus, f"They praised the whelk{turn}zz.")
            yield seconds(lambda turn=turn: _until(assistant, f"whelk{turn}zz"))  # type: ignore[misc]


def _grown(index: Path, corpus: Path, rounds: int) -> Iterator[float]:
    """For a file that continues growing, how long a line of it takes to be found."""
    with Assistant(index, history=History(None)) as assistant, (corpus / "feed.jsonl").open("a") as file:
        for turn in range(rounds):
            for number in range(2 * LINES):
                words = f"They praised the cockle{turn}n{number}zz."
                file.write(json.dumps({"id": f"cockle-{turn}-{number}", "title": "A call", "text": words}) + "\n")
                file.flush()
                if number == LINES:
                    waited = _in_background(lambda turn=turn: _until(assistant, f"cockle{turn}n{LINES}zz"))  # type: ignore[misc]
                time.sleep(PAUSE)
            yield waited()


def _until(assistant: Assistant, word: str) -> None:
    started = time.perf_counter()
    while not assistant.search_text(f'"{word}"'):
        if time.perf_counter() - started > LIMIT:
            raise SystemExit(f"{word} was not found within {LIMIT:.0f} s")
        time.sleep(0.02)


def _in_background(work: Callable[[], None]) -> Callable[[], float]:
    pool = ThreadPoolExecutor(1)
    return pool.submit(seconds, work).result


if __name__ == "__main__":
    main()
