"""A process that answers for long: whether memory, time, files and threads stay as they were once it was warm.

``python -m benchmarks.endurance questions INDEX FILE… [--count 50000] [--warm 2000] [--seed 1] [--output FILE]``: questions of
the files and made of the index (lists, moments, filters, phrases, follow-ups, nothing that the readouts tell of), in one
process, beside which another adds and removes a readout now and then. ``python -m benchmarks.endurance turns INDEX FILE…
[--count 2000]``: turns of one conversation in the real chat, in a terminal. Both work on a copy of INDEX, print figures from
the start and from the end, and end with 1 where memory grew by more than 5 %, the 95th percentile of the processor's time by
more than 20 %, or files or threads stayed.
"""

from __future__ import annotations

import argparse
import functools
import gc
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from assistant.api import Assistant
from assistant.evaluation.questions import Line, Type, read_questions
from assistant.history import FILE_NAME, History
from assistant.talk import Talk
from benchmarks.tables import median, percentile, tell
from benchmarks.terminal import Terminal
from index.datatypes import Record

#: What may grow, as shares: memory after warm-up, and the 95th percentile of the processor's time.
MEMORY, TIME = 0.05, 0.2
#: How often another process changes the index meanwhile.
CHANGES = 9
#: Turns over which the screen's times are taken at the start and at the end.
TURNS = 100
#: Seconds that an answer may take on a machine that does other work, and where processes are paused for a while.
PATIENCE = 600.0


@dataclass(frozen=True, slots=True)
class Sample:
    """The process after so many questions.

    Attributes:
        done: Questions.
        resident: Bytes in memory, mapped files included.
        own: Bytes that belong to no file.
        files: Open descriptors.
        threads: Threads.
    """

    done: int
    resident: int
    own: int
    files: int
    threads: int

    @classmethod
    def take(cls, done: int, process: int | None = None) -> Sample:
        """Look at a process, this one by default."""
        at = Path(f"/proc/{process or 'self'}")
        status = dict(line.split(":", 1) for line in (at / "status").read_text().splitlines() if ":" in line)
        resident, own = (1024 * int(status[name].split()[0]) for name in ("VmRSS", "RssAnon"))
        return cls(done, resident, own, len(list((at / "fd").iterdir())), int(status["Threads"]))


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=("questions", "turns"))
    parser.add_argument("index", type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--count", type=int)
    parser.add_argument("--warm", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path)
    given = parser.parse_args()
    lines = read_questions(given.files)
    with tempfile.TemporaryDirectory() as home:
        index = Path(home) / "index"
        shutil.copytree(given.index, index)
        if given.part == "questions":
            faults = questions(index, lines, given.count or 50_000, given.warm or 2000, given.seed, given.output)
        else:
            faults = turns(index, lines, given.count or 2000, given.warm or 500, given.seed, given.output)
    for fault in faults:
        print(f"- {fault}")
    raise SystemExit(bool(faults))


def questions(index: Path, lines: Sequence[Line], count: int, warm: int, seed: int, output: Path | None) -> list[str]:
    """Ask so many questions in this process; returns what grew."""
    samples, wall, busy = list[Sample](), list[float](), list[float]()
    with Assistant(index, history=History(index.parent / "kept")) as assistant:
        talks: dict[str, Talk] = {}
        for done, (name, question) in enumerate(asked(assistant.records(), lines, count, seed)):
            if done and done % max(1, count // (CHANGES + 1)) == 0:
                _change(index, done // max(1, count // (CHANGES + 1)))
            started, computed = time.perf_counter(), time.process_time()
            if name:
                talks = talks if name in talks else {name: assistant.conversation(name)}
                talks[name].ask(question)
            else:
                assistant.ask(question)
            wall.append(time.perf_counter() - started)
            busy.append(time.process_time() - computed)
            if done % max(1, count // 100) == 0 and done >= warm:
                samples.append(Sample.take(done))
        samples.append(Sample.take(count))
        unbounded = _unbounded()
    part = max(1, min(5000, (count - warm) // 4))
    return _judged(
        f"{count:,} questions in one process", samples, wall[warm:], busy[warm:], part, output,
        [f"Caches without a bound: {unbounded}."],
    )  # fmt: skip


def asked(records: Sequence[Record], lines: Sequence[Line], count: int, seed: int) -> Iterator[tuple[str, str]]:
    """So many questions, those that follow each other under one name."""
    chosen = random.Random(seed)
    alone = [line.asks[0].question for line in lines if len(line.asks) == 1]
    talks = [[ask.question for ask in line.asks] for line in lines if line.type is Type.FOLLOWUP]
    off = [json.loads(line)["question"] for line in _off_topic().splitlines() if line.strip()]
    done = number = 0
    while done < count:
        number += 1
        kind = chosen.choices(("asked", "made", "talk", "off"), (40, 45, 5, 10))[0]
        if kind == "talk" and talks:
            found, name = list(chosen.choice(talks)), f"talk-{number}" if chosen.random() < 0.5 else "long"
        else:
            found, name = [chosen.choice(off) if kind == "off" else chosen.choice(alone)], ""
        if kind == "made":
            found = [_made(chosen.choice(records), chosen)]
        for question in found[: count - done]:
            yield name, question
            done += 1


def _off_topic() -> str:
    return (Path(__file__).parent / "questions" / "off_topic.jsonl").read_text(encoding="utf-8")


def _made(record: Record, chosen: random.Random) -> str:
    """A question about a readout of the index, by its facts and title."""
    facts, title = record.facts, record.source.title
    party = chosen.choice([p.name or p.country or p.office for p in facts.parties] or ["the President"])
    year = facts.event_date.year if facts.event_date else 2022
    words = title.split()
    place = chosen.randrange(max(1, len(words) - 1))
    some = " ".join(words[at] for at in sorted(chosen.sample(range(len(words)), min(4, len(words)))))
    return chosen.choice(
        [
            f"What was discussed in {title}?",
            f"How many meetings were there with {party} in {year}?",
            f"When did they last speak with {party}?",
            f"Which calls were there with {party} since {year - 1}?",
            f'party:"{party}" from:{year} what was agreed?',
            f"kind:{chosen.choice(['call', 'meeting', 'visit'])} to:{year}-{chosen.randrange(1, 13):02} {some}",
            f'"{" ".join(words[place : place + 2]).replace(chr(34), "")}" {some}?',
            f"who was there, {some} {chosen.randrange(10**6)}?",
        ]
    )


def _change(index: Path, number: int) -> None:
    """Another process adds a readout, and takes the one before away."""
    folder = index.parent / "more"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    text = f"# Call with Envoy {number}\n\nThey spoke of lantern{number}. They will speak again.\n"
    (folder / f"more-{number}.md").write_text(text, encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "assistant", "index", str(folder), "--index", str(index), "--quiet"],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip


def _unbounded() -> str:
    """Functions that keep whatever they were asked for, with how much that is by now."""
    found = [one for one in gc.get_objects() if isinstance(one, functools._lru_cache_wrapper)]
    ours = [(one.__qualname__, one.cache_info()) for one in found if one.__module__.startswith(("index", "assistant"))]
    return ", ".join(f"{name} ({info.currsize})" for name, info in sorted(ours) if info.maxsize is None)


def turns(index: Path, lines: Sequence[Line], count: int, warm: int, seed: int, output: Path | None) -> list[str]:
    """Ask so many turns in the chat; returns what grew."""
    home = index.parent
    environment = {"READOUTS_HISTORY": str(home / "kept"), "XDG_STATE_HOME": str(home / "state")}
    command = [sys.executable, "-m", "assistant", "--index", str(index)]
    samples, wall, busy, keys = list[Sample](), list[float](), list[float](), list[float]()
    chosen = [question for _, question in asked(_records(index), lines, count, seed)]
    terminal = Terminal(command, environment=environment)
    try:
        terminal.until(r"· +ready")
        terminal.settle()
        for done, question in enumerate(chosen):
            letter, computed = terminal.press("Ж"), terminal.computed()
            keys.append(terminal.until("Ж") - letter)
            terminal.press(f"\x7f({done}) {question}")
            terminal.settle(0.05)
            pressed = terminal.press("\r")
            _until_kept(terminal, home / "kept", done + 1)
            wall.append(time.perf_counter() - pressed)
            terminal.settle(0.1)
            busy.append(terminal.computed() - computed)
            if done >= warm and done % max(1, count // 50) == 0:
                samples.append(Sample.take(done, terminal.process))
        samples.append(Sample.take(count, terminal.process))
    finally:
        terminal.close()
    kept = _kept(home / "kept" / FILE_NAME)
    part = min(TURNS, max(1, (count - warm) // 3))
    notes = [
        f"Key to letter, ms: {1e3 * median(keys[warm : warm + part]):.1f} at the start, {1e3 * median(keys[-part:]):.1f} "
        f"at the end (95th percentile {1e3 * percentile(keys[-part:], 0.95):.1f}). {kept:,} turns are kept."
    ]
    faults = [f"{count:,} turns were asked and {kept:,} are kept"] * (kept != count)
    return faults + _judged(f"{count:,} turns in the chat", samples, wall[warm:], busy[warm:], part, output, notes)


def _until_kept(terminal: Terminal, folder: Path, count: int) -> None:
    """Read what is painted until so many turns are kept: an answer is kept before it is shown.

    Raises:
        TimeoutError: They never are.
    """
    until = time.perf_counter() + PATIENCE
    while time.perf_counter() < until:
        terminal.settle(0.02)
        if _kept(folder / FILE_NAME) >= count:
            return
    raise TimeoutError(
        f"turn {count} was not answered, but: {terminal.text[-600:]!r}; {terminal.computed():.1f} s computed"
    )


def _kept(path: Path) -> int:
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
            return int(database.execute("SELECT count(*) FROM turns").fetchone()[0])
    except sqlite3.OperationalError:
        return 0  # not begun yet


def _records(index: Path) -> Sequence[Record]:
    with Assistant(index, history=History(None)) as assistant:
        return assistant.records()


def _judged(
    title: str,
    samples: Sequence[Sample],
    wall: Sequence[float],
    busy: Sequence[float],
    part: int,
    output: Path | None,
    notes: Sequence[str],
) -> list[str]:
    # A change of the index empties what is kept, so that a moment says little.
    window = max(1, len(samples) // 10)
    memory = {
        name: [median(getattr(one, name) for one in some) for some in (samples[:window], samples[-window:])]
        for name in ("resident", "own")
    }
    # What stays is there at every moment; a question at work has threads and files of its own.
    least = {
        name: [min(getattr(one, name) for one in some) for some in (samples[:window], samples[-window:])]
        for name in ("files", "threads")
    }
    grown = {name: end / begin - 1 for name, (begin, end) in memory.items()}
    early, end = (percentile(times, 0.95) for times in (busy[:part], busy[-part:]))
    rows: list[tuple[object, ...]] = [
        ("MB in memory", *(size / 1e6 for size in memory["resident"]), f"{grown['resident']:+.1%}"),
        ("MB of its own", *(size / 1e6 for size in memory["own"]), f"{grown['own']:+.1%}"),
        ("open files", *least["files"], ""),
        ("threads", *least["threads"], ""),
    ]
    for name, times in (("ms", wall), ("processor's ms", busy)):
        for what, share in (("p50", 0.5), ("p95", 0.95)):
            ours, theirs = (1e3 * percentile(some, share) for some in (times[:part], times[-part:]))
            rows.append((f"{what}, {name}", ours, theirs, f"{theirs / ours - 1:+.1%}"))
    tell(
        title,
        ("", "once warm", "at the end", "grown"),
        rows,
        output=output,
        notes=[*notes, f"Load on the machine {os.getloadavg()[0]:.1f}; threads of Python {threading.active_count()}."],
        samples=[(one.done, one.resident, one.own, one.files, one.threads) for one in samples],
    )
    return [
        *[f"memory grew by {grown['resident']:.1%}"] * (grown["resident"] > MEMORY),
        *[f"the 95th percentile of the processor's time grew by {end / early - 1:.1%}"] * (end > early * (1 + TIME)),
        *[f"{begin} and later {end} {name}" for name, (begin, end) in least.items() if end > begin],
    ]


if __name__ == "__main__":
    main()
