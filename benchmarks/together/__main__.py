"""One index used by many at once: readers and a writer, writers, threads, and what is kept beside the index.

``python -m benchmarks.together WORK CORPUS FILE… [--seconds 600] [--readers 4] [--readouts 300] [--ready INDEX] [--seed 1]
[--only PART…]``: an index of this many readouts from the folder CORPUS is made in WORK, including marked readouts that one
process rewords, removes, brings back and rebuilds entirely, while readers ask: lasting processes and, every fourth,
short commands, beside an ``index --watch``. Each answer is checked: words verbatim in their readout, with its source and facts,
all from one commit, one that existed at the time. Afterwards every reader answers questions of FILE like one that reads
alone. Embeddings of ``--ready`` are reused. Exits with 1 if anything was wrong.
"""

from __future__ import annotations

import argparse
import itertools
import json
import multiprocessing
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from assistant.evaluation.questions import Line, read_questions
from benchmarks.tables import tell
from benchmarks.together import kept, world
from benchmarks.together.processes import COMMON, Place, command, read, told, warm, write
from benchmarks.together.threads import threads
from benchmarks.together.world import MARKED, WATCHED, Seen, State
from index.catalogue import Catalogue

#: Questions that every reader answers once more at the end.
COMPARED = 60
Row = tuple[str, str, list[str]]


def main() -> None:
    """Run every part, tell, and end with 1 where anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path, help="a folder that is not there yet")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--readers", type=int, default=4)
    parser.add_argument("--readouts", type=int, default=300)
    parser.add_argument("--ready", type=Path, help="an index whose embeddings are taken over")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="+", choices=("readers", "writers", "threads", "conversations", "searches"))
    parser.add_argument("--output", type=Path)
    given = parser.parse_args()
    lines = read_questions(given.files)
    place = prepared(given.work, given.corpus, lines, given.readouts, given.ready, given.seed)
    parts: dict[str, Callable[[], Row]] = {
        "conversations": lambda: _row(
            "4 processes keep turns, one conversation of each and one of all", kept.conversations(place)
        ),
        "searches": lambda: _row("2 processes ask a saved search for news while a third adds", kept.searches(place)),
        "writers": lambda: _writers(place),
        "threads": lambda: _threads(place, lines),
        "readers": lambda: readers(place, given.seconds, given.readers),
    }
    rows = [part() for name, part in parts.items() if not given.only or name in given.only]
    notes = [f"{given.readouts} readouts, {MARKED} of them marked besides; seed {given.seed}."]
    notes += [f"- {fault}" for _, _, faults in rows for fault in list(dict.fromkeys(faults))[:20]]
    shown = [(what, counted, len(faults)) for what, counted, faults in rows]
    tell("Together", ("", "", "wrong"), shown, output=given.output, notes=notes)
    raise SystemExit(any(faults for _, _, faults in rows))


def prepared(
    work: Path, corpus: Path, lines: Sequence[Line], readouts: int, ready: Path | None, seed: int, **how: Any
) -> Place:
    """Make folder and index of a run."""
    paths = sorted(path for path in corpus.iterdir() if path.is_file())
    chosen = random.Random(seed).sample(paths, min(readouts, len(paths)))
    asked = tuple(ask.question for line in lines if len(line.asks) == 1 for ask in line.asks)
    place = Place(work=work, questions=asked[:COMPARED], seed=seed, **how)
    for folder in (work, work / "base", place.marked, place.watched):
        folder.mkdir()
    for path in chosen:
        shutil.copy(path, work / "base")
    world.write(place.marked, range(MARKED), 1)
    world.write(place.watched, range(WATCHED, WATCHED + 3), 1)
    if ready:
        _take_over(place, ready)
    with place.assistant() as assistant:
        assistant.add([work / "base", place.marked])
    return place


def _take_over(place: Place, ready: Path) -> None:
    """Put the embeddings of another index into one that is begun: they are kept by model and text."""
    with place.assistant() as assistant:
        assistant.add([place.marked])
    ours, theirs = Catalogue(place.index, write=True), Catalogue(ready)
    rows = iter(theirs.run("SELECT key, vector FROM embeddings"))
    while part := list(itertools.islice(rows, 20_000)):
        ours.add_embeddings([key for key, _ in part], np.stack([np.frombuffer(half, np.float16) for _, half in part]))
    ours.close()
    theirs.close()


def _row(what: str, found: tuple[int, list[str]]) -> Row:
    return what, f"{found[0]:,}", found[1]


def _writers(place: Place) -> Row:
    two, faults = kept.writers(place, 2)
    three, more = kept.writers(place, 3)
    return "2 and 3 commands write at once; how often one was told to wait", f"{two}, {three}", faults + more


def _threads(place: Place, lines: Sequence[Line]) -> Row:
    conversations = [[ask.question for ask in line.asks] for line in lines]
    found = threads(place, conversations)
    return _row("answers by 8 threads of one assistant, half of them while a readout comes and goes", found)


def readers(place: Place, seconds: float, count: int) -> Row:
    """One writes while others read."""
    with place.assistant() as assistant:
        stay = [record.source.doc_id for record in assistant.records()]
        texts = {one: assistant.readout(one).text for one in stay if not one.startswith(("marked", "watched"))}
    context = multiprocessing.get_context("spawn")
    reports = [place.work / f"reader-{number}.json" for number in range(count)]
    running = [
        context.Process(target=command if number % 4 == 3 else read, args=(place, number, texts, report))
        for number, report in enumerate(reports)
    ]
    writing = context.Process(target=write, args=(place, place.work / "writer.json"))
    try:
        with _watching(place):
            for process in (writing, *running):
                process.start()
            _reword_watched(place, seconds)
            place.stop.touch()
            writing.join()
    finally:
        place.stop.touch()
        place.rest.touch()
        for process in running:
            process.join()
    return _judged(place, [json.loads(report.read_text()) if report.exists() else None for report in reports])


@contextmanager
def _watching(place: Place) -> Iterator[None]:
    process = subprocess.Popen(
        [*place.command, "index", str(place.watched), "--watch", "--index", str(place.index)],
        env=place.environment(), stdout=subprocess.DEVNULL, stderr=(place.work / "watch.err").open("wb"),
    )  # fmt: skip
    try:
        yield
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(60)
        finally:
            process.kill()


def _reword_watched(place: Place, seconds: float) -> None:
    chosen, until = random.Random(place.seed), time.time() + seconds
    version = 1
    while time.time() < until:
        version += 1
        world.write(place.watched, [WATCHED + chosen.randrange(3)], version)
        time.sleep(min(seconds / 10, chosen.uniform(0.5, 3)))


def _judged(place: Place, reports: Sequence[Any]) -> Row:
    written = json.loads((place.work / "writer.json").read_text())
    states = [State(**{**state, "present": frozenset(state["present"])}) for state in written["states"]]
    faults, looks, turns, answers = list(written["errors"]), 0, 0, 0
    with place.assistant() as assistant:
        warm(assistant)
        wanted = [told(assistant.ask(question)) for question in place.questions]
        for report in reports:
            if report is None:
                faults.append("a reader ended badly")
                continue
            seen = [Seen(**look) for look in report["looks"]]
            faults += report["errors"] + [fault for look in seen for fault in world.faults_of(look, states)]
            pairs = list(zip(json.loads(json.dumps(wanted)), report["answers"], strict=False))
            faults += [f"another answer than alone: {ours['question']}" for ours, theirs in pairs if ours != theirs]
            looks, turns, answers = looks + len(seen), turns + report["turns"], answers + len(pairs)
        kept_turns = [
            len(assistant.history.turns(name)) for name in (COMMON, *(f"own-{n}" for n in range(len(reports))))
        ]
    if sum(kept_turns) != turns:
        faults.append(f"{turns} turns were kept and {sum(kept_turns)} are there")
    faults += kept.doctor(place)
    counted = f"{looks:,} looks, {len(states):,} commits ({written['waited']} waited), {turns:,} turns, {answers} answers after"
    return f"{len(reports)} readers, one writer, one --watch", counted, faults


if __name__ == "__main__":
    main()
