"""Every write of every kind of run fails in turn: the disk is full or gone from then on, fails once, or the process ends there.

``python -m benchmarks.failing_writes WORK [--every 1] [--seed 1] [--scene NAME]… [--kind KIND]… [--files 6] [--output FILE]``:
WORK is a folder to work in. Every call that writes, synchronises, makes, renames or removes a file in it passes a thin layer
(``benchmarks/failing.c``, built here with the system's ``cc``) that counts, and fails the n-th call: for every n, or for every
k-th, from a random start. After each case: the exit code is right, the reason is given with what to do, the index is the old
one or the new one, conversations, saved searches and named files are whole, an answer was shown, and a further run completes;
a disk that is byte for byte as after an earlier case is not checked twice. Exit code 1 if not. Linux only.
"""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import random
import sys
import time
from collections import Counter
from pathlib import Path

from benchmarks.continuing_scenes import CONTINUING
from benchmarks.disturbing import Known, LayeredCampaign, arguments, chosen
from benchmarks.forked import Ended
from benchmarks.keeping_scenes import KEEPING
from benchmarks.layer import load
from benchmarks.scenes import ASK, SCENES, Scene
from benchmarks.tables import tell

#: Kinds of failure: the error (0 ends the process, with a half of what was to be written), and whether it lasts.
KINDS = {
    "full": (errno.ENOSPC, True),
    "broken": (errno.EIO, False),
    "gone": (errno.EIO, True),
    "ended": (0, False),
}
#: Scenes of which every write fails; a conversation of many turns and a run that watches have no other.
FAILING = (*(scene for scene in SCENES if scene.name not in ("converse", "index --watch")), ASK, *KEEPING, *CONTINUING)


class Failing(LayeredCampaign):
    """Fails writes of scenes in one folder; its arguments are those of ``LayeredCampaign``."""

    def __init__(self, library: ctypes.CDLL, work: Path, files: int, random: random.Random) -> None:
        super().__init__(library, work, files, random)
        self._memory = mmap.mmap(-1, 8)
        self._count = ctypes.c_long.from_buffer(self._memory)

    def run(self, known: Known, kind: str, at: int) -> tuple[Ended, int]:
        """Run a scene whose ``at``-th write fails; gives what came of it, and how many writes there were."""
        self.restore(known)
        self._count.value = 0
        number, lasting = KINDS[kind]
        folder = os.fsencode(self.place.folder)

        def live() -> int:
            self._library.failing_arm(folder, number, ctypes.c_long(at), lasting, ctypes.byref(self._count))
            return known.scene.work(self.place)

        ended = known.scene.start(self.place, work=live).end()
        return ended, self._count.value

    def case(self, known: Known, kind: str, at: int) -> tuple[str, list[str]]:
        """Fail one write, look, complete the run, and look again; gives the state found, and what is wrong."""
        ended, _ = self.run(known, kind, at)
        state, wrong = self.judge(known, ended)
        scene, text = known.scene, ended.err
        if kind == "ended":
            wrong += [] if ended.code == -9 else [f"ended with {ended.code}"]
        elif scene.heals:
            wrong += self._not_healed(known, ended, kind, state)
        elif ended.code in scene.codes:
            # A page that cannot be kept is skipped, and that is said.
            done = state == "after" or "What was fetched cannot be written" in ended.out
            wrong += [] if done else [f"exit code {ended.code}, but it is not done"]
        elif ended.code != 1 or "Traceback" in text or len(text.strip().splitlines()) < 2:
            wrong.append(f"exit code {ended.code}, said: {text[-700:]}")
        elif "as it was before." in text and "index" in text and state == "after" and not known.same:
            wrong.append(f"is said to be as before, and is not: {text}")
        if (scene is ASK or scene.between) and kind != "ended" and ended.out != known.states[-1]["out"]:
            wrong.append(f"no answer was shown; {text}")
        return state, wrong

    def _not_healed(self, known: Known, ended: Ended, kind: str, state: str) -> list[str]:
        """What is wrong with a process that went on after a failure: what failed once is to be done."""
        lasting = KINDS[kind][1]
        if ended.code in known.scene.codes and (state == "after" or (lasting and known.scene.between)):
            return []
        told = ended.code == 1 and "Traceback" not in ended.err
        return [] if lasting and told else [f"exit code {ended.code}, state {state}, said: {ended.err[-900:]}"]


def main() -> None:
    """Fail writes and tell."""
    parser = arguments(__doc__, FAILING, files=6)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--kind", action="append", choices=list(KINDS))
    given = parser.parse_args()
    library = load(given.work, "failing.c", "benchmarks.failing_writes")
    campaign = Failing(library, given.work, given.files, random.Random(given.seed))
    rows, wrong = [], 0
    for scene in chosen(FAILING, given.scene):
        rows.append(_swept(campaign, scene, given.kind or list(KINDS), given.every))
        wrong += rows[-1][-1]
    campaign.place.clear()
    columns = ("", "writes", "cases", "different states", "found before", "found after", "wrong")
    tell("Every write failing in turn", columns, rows, output=given.output)
    sys.exit(1 if wrong else 0)


def _swept(campaign: Failing, scene: Scene, kinds: list[str], every: int) -> tuple[str, int, int, int, int, int, int]:
    """Fail the writes of a scene; a row of the table."""
    known = campaign.know(scene)
    count: Counter[str] = Counter()
    started = time.monotonic()
    for kind in kinds:
        _, writes = campaign.run(known, kind, 0)
        count["writes"] = max(count["writes"], writes)
        for at in range(1 + campaign.random.randrange(every), writes + 1, every):
            state, faults = campaign.case(known, kind, at)
            count.update([state, "cases"])
            count["wrong"] += bool(faults)
            for fault in faults:
                print(f"{scene.name}, {kind} at write {at} of {writes}: {fault}", file=sys.stderr, flush=True)
    print(f"{scene.name}: {count['cases']} cases in {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    found = count["before"] + count["between"], count["after"]
    return scene.name, count["writes"], count["cases"], len(known.looked_at), *found, count["wrong"]


if __name__ == "__main__":
    main()
