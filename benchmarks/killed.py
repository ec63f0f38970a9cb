"""``kill -9`` at random moments of every kind of run: whoever opens next finds what was there, and a further run completes.

``python -m benchmarks.killed WORK [--moments 300] [--seed 1] [--scene NAME]… [--files 16] [--output FILE]``: WORK is a folder
to work in. Moments are drawn over the measured length of each run, and over the times after it entered a window: while opening,
in the transaction, while vectors are written, between commit and sweeping. A moment counts when there was a process to kill.
Exit code 1 if anything was lost, wrong, refused or left over. With the encoder of the tests, so that minutes are enough.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import select
import shutil
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.forked import Child, Ended, result
from benchmarks.judging import digest, look
from benchmarks.scenes import SCENES, Place, Scene
from benchmarks.tables import tell

#: Runs that the length of one is measured by.
MEASURED = 3
#: Seconds until a process that watches has read everything, and between two changes that it sees.
STARTING, STEP = 1.5, 0.6
#: Share of the moments that are drawn in windows.
WINDOWED = 0.5


@dataclass(slots=True)
class Known:
    """What is known of a scene before it is disturbed.

    Attributes:
        scene: Which.
        template: The state before, as files.
        states: What is found before, and after it was done (after each step of what goes on meanwhile).
        length: Seconds of an undisturbed run.
        windows: For each window, how often it is entered, and the median of its seconds.
    """

    scene: Scene
    template: Path
    states: list[dict[str, Any]] = field(default_factory=list)
    length: float = 0.0
    windows: dict[str, tuple[int, float]] = field(default_factory=dict)

    @property
    def same(self) -> bool:
        """Whether the index is the same before and after."""
        return digest(self.states[0]["content"]) == digest(self.states[-1]["content"])


class Campaign:
    """Disturbs scenes in one folder.

    Args:
        work: The folder; what is in it goes.
        files: Readouts of the corpus.
        random: Draws the moments.
    """

    def __init__(self, work: Path, files: int, random: random.Random) -> None:
        self.place, self.work, self.files, self.random = Place(work / "case"), work, files, random

    def know(self, scene: Scene) -> Known:
        """Make the state before, and run undisturbed."""
        self.place.empty(self.files)
        scene.prepare(self.place)
        template = self.work / "templates" / scene.name
        shutil.rmtree(template, ignore_errors=True)
        shutil.copytree(self.place.folder, template)
        known = Known(scene, template, [self.look(finished=scene.during is not None)])
        if scene.during:
            for _ in scene.during(self.place):
                self.finish(scene)
                known.states.append(self.look(finished=True))
            known.length = STARTING + STEP * len(known.states)
        else:
            lengths = []
            for _ in range(MEASURED):
                self.restore(known)
                started = time.perf_counter()
                ended = scene.start(self.place).end()
                lengths.append(time.perf_counter() - started)
                if ended.code not in scene.codes:
                    raise SystemExit(f"{scene.name}, undisturbed, ended with {ended.code}:\n{ended.err}")
            known.length = statistics.median(lengths)
            known.states.append(self.look(finished=True))
            known.states[-1]["out"] = ended.out
            known.states[-1]["news"] = sorted(_news(ended.out))
        for window in scene.windows:
            known.windows[window] = self._measured(known, window)
        return known

    def _measured(self, known: Known, window: str) -> tuple[int, float]:
        self.restore(known)
        child = known.scene.start(self.place, window=window)
        times = []
        while os.read(child.signs, 1):
            times.append(time.perf_counter())
        child.end()
        spans = [end - start for start, end in zip(times[::2], times[1::2], strict=False)]
        return len(spans), statistics.median(spans) if spans else 0.0

    def restore(self, known: Known) -> None:
        """The state before, again."""
        self.place.clear()
        shutil.copytree(known.template, self.place.folder)

    def look(self, *, finished: bool) -> dict[str, Any]:
        """What somebody finds who opens it next."""
        place = self.place
        found = result(lambda: look(place.index, place.history, finished=finished), place.environment)
        if finished and (left := list((place.folder / "temporary").iterdir())):
            found["faults"].append(f"temporary files: {left}")
        return dict(found)

    def finish(self, scene: Scene) -> Ended:
        """The run that completes what was disturbed."""
        return scene.start(self.place, again=True).end()

    def disturb(self, known: Known, window: str) -> tuple[Ended, int] | None:
        """Kill a run; gives what it printed, and how many steps there were meanwhile. None where it ended before."""
        self.restore(known)
        child = known.scene.start(self.place, window=window)
        steps = 0
        if window:
            entered, length = known.windows[window]
            for _ in range(2 * self.random.randrange(max(1, entered)) + 1):
                if not _ready(child, 10.0) or not os.read(child.signs, 1):
                    break
            time.sleep(self.random.uniform(0, 1.1 * length))
        else:
            until = time.perf_counter() + self.random.uniform(0, 1.05 * known.length)
            if known.scene.during is not None:
                steps = self._meanwhile(child, known.scene.during(self.place), until)
            time.sleep(max(0.0, until - time.perf_counter()))
        hit = child.kill()
        ended = child.end()
        return (ended, steps) if hit else None

    def _meanwhile(self, child: Child, work: Iterator[None], until: float) -> int:
        """Do step after step once the process has printed a line; gives how many were done in time."""
        while child.alive() and "\n" not in child.printed() and time.perf_counter() < until:
            time.sleep(0.005)
        steps = 0
        while child.alive() and until - time.perf_counter() > STEP and next(work, self) is None:
            steps += 1
            time.sleep(STEP * self.random.uniform(0.5, 1.0))
        return steps

    def moment(self, known: Known, window: str) -> tuple[str, list[str]] | None:
        """Kill a run, look, complete it, and look again.

        Returns:
            Which state was found ("before", "after" or between), and what is wrong; None where there was nothing to kill.
        """
        disturbed = self.disturb(known, window)
        if disturbed is None:
            return None
        ended, steps = disturbed
        found = self.look(finished=False)
        name, wrong = judged(known, found, ended, steps)
        completed = self.finish(known.scene)
        if completed.code not in known.scene.codes:
            wrong.append(f"the run after it ended with {completed.code}: {completed.err[-600:]}")
        after = self.look(finished=True)
        last = known.states[steps] if known.scene.during else known.states[-1]
        return name, [*wrong, *compared(last, after), *promised(known, after, ended, completed)]


def judged(known: Known, found: dict[str, Any], ended: Ended, steps: int) -> tuple[str, list[str]]:
    """Which of the known states was found, and what is wrong with it."""
    wrong = list(found["faults"])
    possible = known.states[: steps + 1] if known.scene.during else known.states
    same = [number for number, state in enumerate(possible) if digest(state["content"]) == digest(found["content"])]
    if not same:
        return "neither", [*wrong, "the index is in no state that it was to have"]
    whole = [n for n in same if all(possible[n].get(part) == found.get(part) for part in ("talks", "searches"))]
    number = whole[-1] if whole else same[-1]
    if found["answers"] != possible[number]["answers"]:
        wrong.append("answers are not those of the state that was found")
    if not any(found["doctor"] == state["doctor"] for state in possible):
        wrong += found["doctor"]
    if known.scene.name == "converse":
        kept = ended.out.count("kept ")
        turns = [turn for _, _, turns in found["talks"] for turn in turns]
        if len(turns) not in (kept, kept + 1) or [turn[0] for turn in turns] != list(range(1, len(turns) + 1)):
            wrong.append(f"{len(turns)} turns for {kept} that were said to be kept")
        return "between" if turns else "before", wrong
    if known.scene.during:
        told = sum('"change": "updated"' in line for line in ended.out.splitlines())
        wrong += [f"{told} changes were told, {number} are there"] if told > number else []
    if found["talks"] not in [state["talks"] for state in possible]:
        wrong.append("conversations are in no state that they were to have")
    if not all(search in [one for state in possible for one in state["searches"]] for search in found["searches"]):
        wrong.append("saved searches are in no state that they were to have")
    if not whole:
        return "between", wrong
    return ("after" if number == len(possible) - 1 else "between" if number else "before"), wrong


def promised(known: Known, after: dict[str, Any], ended: Ended, completed: Ended) -> list[str]:
    """What of conversations and news was lost once all was completed."""
    scene, last = known.scene, known.states[-1]
    if scene.name == "converse":
        kept, turns = ended.out.count("kept "), [turn for _, _, turns in after["talks"] for turn in turns]
        more = completed.out.count("kept ")
        lost = len(turns) not in (kept + more, kept + more + 1)
        return [f"{len(turns)} turns of {kept} and {more}"] if lost else []
    wrong = [] if scene.during else compared(last, after, ("talks", "searches"))
    if scene.name.startswith("tell"):
        told = {name for out in (ended.out, completed.out) for name in _news(out)}
        wrong += [f"never told: {name}" for name in set(last["news"]) - told]
    return wrong


def _news(out: str) -> set[str]:
    """Searches and readouts that were told as new, of whole lines."""
    lines = [json.loads(line) for line in out.split("\n")[:-1] if line.startswith("{")]
    return {f"{line['name']}: {hit['doc_id']}" for line in lines for hit in line.get("new", ())}


def compared(
    expected: dict[str, Any],
    found: dict[str, Any],
    parts: tuple[str, ...] = ("faults", "doctor", "content", "derived", "files", "answers"),
) -> list[str]:
    """What of the last state is not as it is after a run that nothing disturbed."""
    wrong = [f"at the end: {fault}" for fault in found["faults"]] if "faults" in parts else []
    for part in parts:
        if part != "faults" and digest(expected.get(part)) != digest(found.get(part)):
            here, there = (json.loads(json.dumps(one.get(part), default=str)) for one in (expected, found))
            wrong.append(f"{part} at the end differ: {_first_difference(here, there)}")
    return wrong


def _first_difference(here: Any, there: Any) -> str:
    if isinstance(here, dict) and isinstance(there, dict):
        key = next(key for key in {**here, **there} if here.get(key) != there.get(key))
        return f"{key}: {_first_difference(here.get(key), there.get(key))}"
    if isinstance(here, list) and isinstance(there, list):
        pairs = [(a, b) for a, b in zip(here, there, strict=False) if a != b]
        return str(pairs[0] if pairs else (here[len(there) :] or there[len(here) :])[0])[:400]
    return f"{here} {there}"[:400]


def _ready(child: Child, seconds: float) -> bool:
    return bool(select.select([child.signs], [], [], seconds)[0])


def main() -> None:
    """Kill and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("--moments", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--files", type=int, default=16)
    parser.add_argument("--scene", action="append", choices=[scene.name for scene in SCENES])
    parser.add_argument("--output", type=Path)
    given = parser.parse_args()
    campaign = Campaign(given.work.resolve(), given.files, random.Random(given.seed))
    campaign.place.warm(given.files)
    known = [campaign.know(scene) for scene in SCENES if scene.name in (given.scene or [scene.name])]
    counts: dict[str, Counter[str]] = {one.scene.name: Counter() for one in known}
    wrong: list[str] = []
    number = 0
    while number < given.moments:
        one = known[number % len(known)]
        windows = one.scene.windows
        window = campaign.random.choice(windows) if windows and campaign.random.random() < WINDOWED else ""
        came = campaign.moment(one, window)
        if came is None:
            counts[one.scene.name]["too late"] += 1
            continue
        number += 1
        state, faults = came
        counts[one.scene.name].update([state, f"in {window or 'the whole run'}"])
        wrong += [f"{one.scene.name}, moment {number}, {window or 'whole run'}: {fault}" for fault in faults]
        counts[one.scene.name]["wrong"] += bool(faults)
        for fault in wrong[-len(faults) :] if faults else ():
            print(fault, file=sys.stderr, flush=True)
    campaign.place.clear()
    told(counts, given.output)
    sys.exit(1 if wrong else 0)


def told(counts: dict[str, Counter[str]], output: Path | None) -> None:
    """Print a line for each scene."""
    states = ("before", "between", "after")
    columns = ("", "killed", "in a window", *(f"found {state}" for state in states), "too late", "wrong")
    rows = []
    for name, count in [*counts.items(), ("all", sum(counts.values(), Counter()))]:
        found = [count[state] for state in states]
        killed = sum(found) + count["neither"]
        rows.append([name, killed, killed - count["in the whole run"], *found, count["too late"], count["wrong"]])
    tell("Killed at random moments", columns, rows, output=output)


if __name__ == "__main__":
    main()
