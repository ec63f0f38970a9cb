"""A process that answers for a long time: whether memory, time, files and threads stay as they were after warming up.

``python -m benchmarks.endurance questions INDEX FILE… [--count 50000] [--warm 2000] [--seed 1] [--output FILE]``: questions of
the files and made from the index (lists, moments, filters, phrases, follow-ups, things that no readout mentions), in one
process, while another adds and removes a readout now and then. ``python -m benchmarks.endurance turns INDEX FILE…
[--count 2000]``: turns of one conversation in the real chat, in a terminal. Both work on a copy of INDEX, print figures from
the start and from the end, and exit with 1 if memory grew by more than 5 %, the 95th percentile of the processor's time by
more than 20 % (see ``benchmarks.growth``), or files or threads were left over.
"""

from __future__ import annotations

import argparse
import functools
import gc
import json
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path

from assistant.api import Assistant
from assistant.evaluation.questions import Line, Type, read_questions
from assistant.history import FILE_NAME, History
from assistant.talk import Talk
from benchmarks.growth import Sample, Times, in_turn, judged
from benchmarks.tables import median, percentile
from benchmarks.terminal import Terminal
from index.datatypes import Record

#: How often another process changes the index meanwhile.
CHANGES = 9
#: Questions, and turns, whose times are taken at the start and at the end.
QUESTIONS, TURNS = 2000, 200
#: Seconds that an answer may take on a machine that does other work, and where processes are paused for a while.
PATIENCE = 600.0
#: Seconds after which what was typed is taken for lost.
LOST = 60.0
#: How long it takes to answer stands at the head of every answer; seconds that are waited for it to be painted.
SECONDS, SHOWN = r"\d\.\d\d s", 20.0


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
    samples, times = list[Sample](), (Times(), Times())
    with Assistant(index, history=History(index.parent / "kept")) as assistant:
        talks: dict[str, Talk] = {}
        chosen = asked(_records(index), lines, count, seed)
        for done, (end, (name, question)) in enumerate(in_turn(chosen, count, warm, _part(QUESTIONS, count, warm))):
            if done and done % max(1, count // (CHANGES + 1)) == 0:
                _change(index, done // max(1, count // (CHANGES + 1)))
            started, computed = time.perf_counter(), time.process_time()
            if name:
                talks = talks if name in talks else {name: assistant.conversation(name)}
                talks[name].ask(question)
            else:
                assistant.ask(question)
            if end is not None:
                times[end].add(time.perf_counter() - started, time.process_time() - computed)
            if done % max(1, count // 100) == 0 and done >= warm:
                samples.append(Sample.take(done))
        samples.append(Sample.take(count))
        unbounded = _unbounded()
    notes = [f"Caches without a bound: {unbounded}."]
    return judged(f"{count:,} questions in one process", samples, times, output, notes)


def _part(most: int, count: int, warm: int) -> int:
    """How many questions are asked again: they fit into the warm-up, and at the end of a short run."""
    return max(1, min(most, warm, (count - warm) // 3))


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
    samples, times, keys = list[Sample](), (Times(), Times()), list[float]()
    unseen = 0
    chosen, part = asked(_records(index), lines, count, seed), _part(TURNS, count, warm)
    terminal = Terminal(command, environment=environment)
    try:
        terminal.until(r"· +ready")
        terminal.settle()
        for done, (end, (_, question)) in enumerate(in_turn(chosen, count, warm, part)):
            computed = terminal.computed()
            keys.append(_key(terminal))
            pressed, answered = _ask(terminal, question, home / "kept", done + 1)
            unseen += not _is_shown(terminal)
            terminal.settle(0.1)
            if end is not None:
                times[end].add(answered - pressed, terminal.computed() - computed)
            if done >= warm and done % max(1, count // 50) == 0:
                samples.append(Sample.take(done, terminal.process))
        samples.append(Sample.take(count, terminal.process))
    finally:
        terminal.close()
    kept = _kept(home / "kept" / FILE_NAME)
    notes = [
        f"Key to letter, ms: {1e3 * median(keys[warm : warm + part]):.1f} at the start, {1e3 * median(keys[-part:]):.1f} "
        f"at the end (95th percentile {1e3 * percentile(keys[-part:], 0.95):.1f}).",
        f"{kept:,} turns are kept; answers that were not seen within {SHOWN:.0f} s: {unseen}.",
    ]
    faults = [f"{count:,} turns were asked and {kept:,} are kept"] * (kept != count)
    return faults + judged(f"{count:,} turns in the chat", samples, times, output, notes)


def _key(terminal: Terminal) -> float:
    """Seconds from a key to its letter; a key that is lost while the process is stopped from outside is pressed again."""
    while True:
        pressed = terminal.press("Ж")
        with suppress(TimeoutError):
            return terminal.until("Ж", patience=LOST) - pressed


def _ask(terminal: Terminal, question: str, folder: Path, count: int) -> tuple[float, float]:
    """Type a question over a letter; returns when it was sent and when so many turns are kept, which is before it is shown.

    Raises:
        TimeoutError: They never are.
    """
    typed, end = 1, time.perf_counter() + PATIENCE
    while time.perf_counter() < end:
        terminal.press("\x7f" * typed + question)
        terminal.settle(0.05)
        pressed = terminal.press("\r")
        while time.perf_counter() < pressed + LOST:
            terminal.settle(0.02)
            if _kept(folder / FILE_NAME) >= count:
                return pressed, time.perf_counter()
        typed = len(question) + 1
    raise TimeoutError(
        f"turn {count} was not answered, but: {terminal.text[-600:]!r}; {terminal.computed():.1f} s computed"
    )


def _is_shown(terminal: Terminal) -> bool:
    """Wait until the answer is painted, as a person would, whatever else the machine does; returns whether it was."""
    try:
        terminal.until(SECONDS, patience=SHOWN)
    except TimeoutError:
        return False
    return True


def _kept(path: Path) -> int:
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
            return int(database.execute("SELECT count(*) FROM turns").fetchone()[0])
    except sqlite3.OperationalError:
        return 0  # not begun yet


def _records(index: Path) -> Sequence[Record]:
    with Assistant(index, history=History(None)) as assistant:
        return assistant.records()


if __name__ == "__main__":
    main()
