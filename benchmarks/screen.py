"""How fast the screen is, measured from outside: the real command in a terminal of its own.

Usage: python -m benchmarks.screen INDEX_FOLDER [--corpus FOLDER] [--runs 20] [--only start echo answer long browse adding]

``start``: process start to first paint, and to ready for a question. ``echo``: key press to letter on the screen.
``answer``: enter to answer. ``long``: keys in a conversation of 500 turns and in the longest readout. ``browse``: keys in a
table of 100,000 readouts. ``adding``: key press to letter while ``--corpus`` is being added to an index that holds one readout.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from assistant.api import Assistant
from assistant.bundled import bundled_corpus
from assistant.history import History
from benchmarks.terminal import Terminal

#: Letters that stand nowhere else on the screen, so that one is seen when it is painted.
LETTERS = "ЖЩЪЫЭЮЯЦЧШДЛФГЙЗБПИЬ"
TURNS = 500
ROWS = 100_000
PAINTED = "Ask the readouts"
READY = r"· +ready"
VERDICT = r"supported|do not say"
#: Stages of adding that take long enough to type meanwhile, and how the line at the top tells of them.
STAGES = ("reading", "encoding")
ADDING = r"(\w+ing) \d[\d,]* of"


def told(name: str, seconds: Sequence[float]) -> None:
    """One line of figures."""
    ordered = sorted(seconds)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    print(
        f"{name:<46} median {1000 * statistics.median(ordered):6.0f} ms   p95 {1000 * p95:6.0f} ms   "
        f"most {1000 * ordered[-1]:6.0f} ms   n {len(ordered)}",
        flush=True,
    )


class Bench:
    """The command over one index, with a folder of its own for what it keeps.

    Args:
        index: Folder of the index; nothing is written there.
        folder: For conversations and copies.
        runs: How often each thing is measured.
    """

    def __init__(self, index: Path, folder: Path, runs: int) -> None:
        self.index, self.folder, self.runs, self.rows = index, folder, runs, ROWS

    @contextmanager
    def screen(self, *options: str, index: Path | None = None, ready: bool = True) -> Iterator[Terminal]:
        """The running program, at rest."""
        home = {"READOUTS_HISTORY": str(self.folder / "talks"), "XDG_STATE_HOME": str(self.folder / "state")}
        command = [sys.executable, "-m", "assistant", "--index", str(index or self.index), *options]
        terminal = Terminal(command, environment=home)
        try:
            if ready:
                terminal.until(READY)
                terminal.settle()
            yield terminal
        finally:
            terminal.close()

    def start(self) -> None:
        """From the start of the process to its first paint, and to ready."""
        painted, ready, computed, in_all = [], [], [], []
        for _ in range(self.runs):
            with self.screen(ready=False) as terminal:
                painted.append(terminal.until(PAINTED) - terminal.started)
                computed.append(terminal.computed())
                ready.append(terminal.until(READY) - terminal.started)
                in_all.append(terminal.computed())
        told("process start to first paint", painted)
        told("  of which the program computed", computed)
        told("process start to ready for a question", ready)
        told("  of which the program computed", in_all)

    def echo(self) -> None:
        """From a key to its letter."""
        with self.screen() as terminal:
            told("key to letter", self.echoes(terminal))

    def echoes(self, terminal: Terminal) -> list[float]:
        """Times of single letters typed into the question box."""
        times = []
        for number in range(2 * self.runs):
            letter = LETTERS[number % len(LETTERS)]
            pressed = terminal.press(letter)
            times.append(terminal.until(letter) - pressed)
            terminal.settle(0.03)
            if letter == LETTERS[-1]:
                terminal.press("\x1b")
                terminal.settle()
        return times

    def answer(self) -> None:
        """From enter to the verdict of the answer, with the model loaded."""
        times, computed = [], []
        with self.screen() as terminal:
            for number, question in enumerate(self.questions(), start=1):
                terminal.press(f"({number}) {question}")
                terminal.settle()
                before, pressed = terminal.computed(), terminal.press("\r")
                # The verdict of the turn before may be painted again; ours stands below our question.
                times.append(terminal.until(rf"❯ \({number}\) What(?s:.)*?(?:{VERDICT})") - pressed)
                computed.append(terminal.computed() - before)
                terminal.settle(0.4)
        told("enter to answer", times)
        told("  of which the program computed", computed)

    def questions(self) -> list[str]:
        """Questions about readouts spread over the index."""
        with Assistant.open(self.index, history=self.folder / "none") as assistant:
            records = assistant.records()
        chosen = records[:: max(1, len(records) // self.runs)][: self.runs]
        return [f"What was discussed in {record.source.title}?" for record in chosen]

    def keys(self, terminal: Terminal, keys: Sequence[str]) -> list[float]:
        """Times from keys to whatever they paint."""
        times = []
        for number in range(self.runs):
            pressed = terminal.press(keys[number % len(keys)])
            times.append(terminal.until(r"\S") - pressed)
            terminal.settle()
        return times

    def long(self) -> None:
        """A conversation of many turns, and the longest readout."""
        history = History(self.folder / "talks")
        with Assistant.open(self.index, history=self.folder / "none") as assistant:
            answers = [assistant.ask(question) for question in self.questions()[:10]]
            longest = max(assistant.records(), key=lambda r: len(assistant.readout(r.source.doc_id).text))
            words = len(assistant.readout(longest.source.doc_id).text.split())
        for turn in range(TURNS):
            history.add_turn("long", answers[turn % len(answers)])
        history.close()
        with self.screen("--conversation", "long") as terminal:
            told(f"key to letter, {TURNS} turns", self.echoes(terminal))
            terminal.press("\t")
            terminal.settle()
            told(f"j and k in the conversation, {TURNS} turns", self.keys(terminal, ("j", "k")))
            told(f"pages of the conversation, {TURNS} turns", self.keys(terminal, ("\x1b[5~", "\x1b[6~")))
        with self.screen() as terminal:
            terminal.press(f"doc:{json.dumps(longest.source.doc_id)} what was discussed?\r")
            terminal.until(VERDICT)
            terminal.settle()
            terminal.press("\t")
            terminal.press("r")
            terminal.settle()
            told(f"j and k in a readout of {words:,} words", self.keys(terminal, ("j", "k")))
            told(f"pages of a readout of {words:,} words", self.keys(terminal, (" ", "b")))

    def browse(self) -> None:
        """Keys in a table of many readouts."""
        many = self.folder / "many"
        multiply(self.index, many, ROWS)
        with Assistant.open(many, history=self.folder / "none") as assistant:
            # Of a text that was posted more than once the table has one row.
            self.rows = assistant.count()
        with self.screen(index=many) as terminal:
            pressed = terminal.press("\x02")
            first = terminal.until(r"of the latest") - pressed
            shown = terminal.until(rf"{self.rows:,} of {self.rows:,}") - pressed
            terminal.settle(0.5)
            told(f"first rows of the table of {ROWS:,}", [first])
            told("  all of them, to be filtered and asked", [shown])
            self._filtering(terminal)
            terminal.press("\r")
            terminal.settle()
            told(f"j and k in {ROWS:,} rows", self.keys(terminal, ("j", "k")))
            told(f"G and g in {ROWS:,} rows", self.keys(terminal, ("G", "g")))
            told(f"sorting {ROWS:,} rows", self.keys(terminal, ("\x13", "\x18")))

    def _filtering(self, terminal: Terminal) -> None:
        times: list[float] = []
        while len(times) < self.runs:
            for letter in "japan":
                pressed = terminal.press(letter)
                times.append(terminal.until(rf"of {self.rows:,}") - pressed)
                terminal.settle()
            terminal.press("\x1b")
            terminal.settle(0.4)
        told(f"letter of a filter to {ROWS:,} rows filtered", times)

    def adding(self, corpus: Path) -> None:
        """From a key to its letter while readouts are read and encoded into a fresh index, by the stage that continues."""
        target = self.folder / "growing"
        with Assistant.open(target, history=self.folder / "none") as assistant:
            assistant.add([min(bundled_corpus().glob("*.md"))])
        times: dict[str, list[float]] = {}
        with self.screen(index=target) as terminal:
            terminal.press("\x1b[15~")
            terminal.settle()
            terminal.press(f"{corpus.absolute()}\r")
            terminal.until(ADDING, patience=300)
            terminal.press("\x1b")
            terminal.settle(0.3)
            stage = "reading"
            while min(map(len, times.values()), default=0) < 2 * self.runs or len(times) < len(STAGES):
                letter = LETTERS[sum(map(len, times.values())) % len(LETTERS)]
                pressed = terminal.press(letter)
                seen = terminal.until(letter) - pressed
                terminal.settle(0.03)
                stage = (re.findall(ADDING, terminal.text) or [stage])[-1]
                if re.search(READY, terminal.text) or stage not in STAGES:
                    break
                times.setdefault(stage, []).append(seen)
                if letter == LETTERS[-1]:
                    terminal.press("\x1b")
                    terminal.settle()
        for stage in STAGES:
            if stage in times:
                told(f"key to letter while {stage}", times[stage])
            else:
                print(f"{stage} was over before a letter could be typed; a larger --corpus takes longer")


def copied(index: Path, target: Path) -> None:
    """A copy of an index that can be written to."""
    shutil.copytree(index, target)
    for path in (target, *target.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def multiply(index: Path, target: Path, rows: int) -> None:
    """A copy of an index in which documents and parties are repeated until there are so many; passages stay as they are."""
    copied(index, target)
    (target / "catalogue.sqlite.sum").unlink(missing_ok=True)
    with sqlite3.connect(target / "catalogue.sqlite") as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(documents)")]
        step = database.execute("SELECT max(id) FROM documents").fetchone()[0]
        have = database.execute("SELECT count(*) FROM documents").fetchone()[0]
        changed = {"id": "id + :by", "doc_id": "doc_id || '-' || :by", "seal": "NULL"}
        kept = ", ".join(changed.get(column, column) for column in columns)
        for copy in range(1, -(-rows // have)):
            more = min(have, rows - copy * have)
            by = {"by": copy * step, "more": more}
            database.execute(f"INSERT INTO documents SELECT {kept} FROM documents ORDER BY id LIMIT :more", by)
            database.execute(
                "INSERT INTO parties SELECT document + :by, position, main, name, office, country, side, folded "
                "FROM parties WHERE document IN (SELECT id FROM documents ORDER BY id LIMIT :more)",
                by,
            )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path, help="folder of an index; it is not changed")
    parser.add_argument("--corpus", type=Path, help="readouts to add meanwhile")
    parser.add_argument("--runs", type=int, default=20, help="how often each thing is measured")
    parser.add_argument("--only", nargs="*", default=(), help="names of measurements")
    options = parser.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options.index, Path(folder), options.runs)
        measurements: dict[str, Callable[[], None]] = {
            "start": bench.start,
            "echo": bench.echo,
            "answer": bench.answer,
            "long": bench.long,
            "browse": bench.browse,
        }
        if options.corpus:
            measurements["adding"] = lambda: bench.adding(options.corpus)
        for name, measure in measurements.items():
            if not options.only or name in options.only:
                measure()


if __name__ == "__main__":
    main()
