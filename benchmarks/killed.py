"""``kill -9`` at random moments of every kind of run: whoever opens next finds what was there, and a further run completes.

``python -m benchmarks.killed WORK [--moments 300] [--seed 1] [--scene NAME]… [--files 16] [--output FILE]``: WORK is a folder
to work in. Moments are drawn over the measured length of each run, and over the times after it entered a window: while opening,
in the transaction, while vectors are written, between commit and sweeping. A moment counts if there was a process to kill.
Exit code 1 if anything was lost, wrong, refused or left over. With the encoder of the tests, so that minutes are enough.
"""

from __future__ import annotations

import os
import random
import select
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.disturbing import Campaign, Known, arguments, chosen
from benchmarks.forked import Child, Ended
from benchmarks.keeping_scenes import KEEPING
from benchmarks.scenes import SCENES, Scene
from benchmarks.tables import tell

#: Runs that the length of one is measured by.
MEASURED = 3
#: Seconds until a process that watches has read everything, and between two changes that it sees.
STARTING, STEP = 1.5, 0.6
#: Share of the moments that are drawn in windows.
WINDOWED = 0.5
KILLED = (*SCENES, *KEEPING)


class Killing(Campaign):
    """Kills runs of scenes; see ``Campaign``."""

    def know(self, scene: Scene) -> Known:
        """The states before and after, and how long it takes from the one to the other."""
        known = super().know(scene)
        if scene.during:
            known.length = STARTING + STEP * (len(known.states) - 1)
        else:
            known.length = statistics.median(self._length(known) for _ in range(MEASURED))
        for window in scene.windows:
            known.windows[window] = self._measured(known, window)
        return known

    def _length(self, known: Known) -> float:
        self.restore(known)
        started = time.perf_counter()
        known.scene.start(self.place).end()
        return time.perf_counter() - started

    def _measured(self, known: Known, window: str) -> tuple[int, float]:
        self.restore(known)
        child = known.scene.start(self.place, window=window)
        times = []
        while os.read(child.signs, 1):
            times.append(time.perf_counter())
        child.end()
        spans = [end - start for start, end in zip(times[::2], times[1::2], strict=False)]
        return len(spans), statistics.median(spans) if spans else 0.0

    def disturb(self, known: Known, window: str) -> tuple[Ended, int] | None:
        """Kill a run; gives what it printed, and how many steps there were meanwhile. None if it ended before."""
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
        """Kill a run, look, complete it, and look again; None if there was nothing to kill."""
        disturbed = self.disturb(known, window)
        return self.judge(known, *disturbed) if disturbed else None


def _ready(child: Child, seconds: float) -> bool:
    return bool(select.select([child.signs], [], [], seconds)[0])


def main() -> None:
    """Kill and tell."""
    parser = arguments(__doc__, KILLED, files=16)
    parser.add_argument("--moments", type=int, default=300)
    given = parser.parse_args()
    campaign = Killing(given.work, given.files, random.Random(given.seed))
    known = [campaign.know(scene) for scene in chosen(KILLED, given.scene)]
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
