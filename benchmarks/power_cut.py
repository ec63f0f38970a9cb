"""The power fails at random moments of every kind of run: what was reported done is there, the rest is as before or after.

``python -m benchmarks.power_cut WORK [--cuts 20] [--seed 1] [--scene NAME]… [--files 6] [--output FILE]``: WORK is a folder to
work in. Each run is recorded once, call by call (``benchmarks/recording.c``, built here with the system's ``cc``), and then cut
at this many moments, one in four after it was over. What was synchronised before is there; of the rest, nothing, only names,
only content, or any part in any order, writes torn into sectors (``benchmarks.unsettled``). After each case the same must hold
as after ``kill -9``; a run that had printed all its output must be done. Exit code 1 if not. Linux only. What a disk
claims to have synchronised but has not, no program can find out.
"""

from __future__ import annotations

import os
import random
import sys
from collections import Counter
from collections.abc import Iterator, Mapping

from benchmarks.disturbing import Known, LayeredCampaign, arguments, chosen
from benchmarks.forked import Ended
from benchmarks.keeping_scenes import KEEPING
from benchmarks.layer import load
from benchmarks.scenes import ASK, SCENES
from benchmarks.tables import tell
from benchmarks.unsettled import SURVIVES, Disk, Operation, recorded

#: A run that watches continues while files change; a recording of it would not be of one run.
CUT = (*(scene for scene in SCENES if scene.during is None), ASK, *KEEPING)

#: Share of the cuts that come when the run was over.
OVER = 0.25


class Cutting(LayeredCampaign):
    """Records scenes and cuts them; its arguments are those of ``LayeredCampaign``."""

    def record(self, known: Known) -> tuple[Disk, list[Operation], Ended]:
        """Run a scene to its end; gives the disk before, what was done to it in order, and what was printed."""
        self.restore(known)
        disk = Disk(self.place.folder)
        log = self.work / "recorded"
        log.unlink(missing_ok=True)
        descriptor = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)

        def live() -> int:
            self._library.recording_arm(os.fsencode(self.place.folder), descriptor)
            return known.scene.work(self.place)

        ended = known.scene.start(self.place, work=live).end()
        os.close(descriptor)
        return disk, list(recorded(log.read_bytes())), ended

    def cases(self, known: Known, cuts: int) -> Iterator[tuple[str, str, list[str]]]:
        """Cut a scene at so many moments; gives for each what survived, the state found, and what is wrong."""
        disk, operations, ended = self.record(known)
        over, done, printed = len(operations), 0, b""
        moments = sorted(over if self.random.random() < OVER else self.random.randrange(over) for _ in range(cuts))
        for moment in moments:
            for operation in operations[done:moment]:
                disk.do(operation)
                printed += operation.content if operation.kind == "p" else b""
            done = moment
            survives = self.random.choice(SURVIVES)
            self._lay(disk.cut(survives, self.random))
            out = printed.decode()
            state, wrong = self.judge(known, Ended(code=-9, out=out, err=""))
            # A conversation is judged by the turns that it had said to be kept; news are told before they are noted as told.
            told = out == ended.out != "" and not known.scene.promises
            if (moment == over or told) and state != "after" and known.scene.name != "converse":
                wrong.append("was said to be done, and is not")
            yield f"{survives} of what was not synchronised, at call {moment} of {over}", state, wrong

    def _lay(self, found: Mapping[str, tuple[int, bytes | None]]) -> None:
        """Have the folder hold what was found; temporary files are the system's to remove."""
        self.place.clear()
        self.place.folder.mkdir(parents=True)
        for name, (mode, content) in found.items():
            path = self.place.folder / name
            if content is None:
                path.mkdir()
            elif not name.startswith("temporary/"):
                path.write_bytes(content)
            if path.exists():
                path.chmod(mode)


def main() -> None:
    """Cut the power and tell."""
    parser = arguments(__doc__, CUT, files=6)
    parser.add_argument("--cuts", type=int, default=20)
    given = parser.parse_args()
    library = load(given.work, "recording.c", "benchmarks.power_cut")
    campaign = Cutting(library, given.work, given.files, random.Random(given.seed))
    rows = []
    for scene in chosen(CUT, given.scene):
        known = campaign.know(scene)
        count: Counter[str] = Counter()
        for what, state, faults in campaign.cases(known, given.cuts):
            count.update([state, "cases"])
            count["wrong"] += bool(faults)
            for fault in faults:
                print(f"{scene.name}, {what}: {fault}", file=sys.stderr, flush=True)
        found = [count[state] for state in ("before", "between", "after")]
        rows.append([scene.name, count["cases"], len(known.looked_at), *found, count["wrong"]])
    campaign.place.clear()
    columns = ("", "cuts", "different states", *(f"found {state}" for state in ("before", "between", "after")), "wrong")
    tell("The power gone at random moments", columns, rows, output=given.output)
    sys.exit(1 if any(row[-1] for row in rows) else 0)


if __name__ == "__main__":
    main()
