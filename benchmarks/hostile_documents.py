"""Hostile documents: each alone within bounds, all of them among good ones, and every output made from them.

``python -m benchmarks.hostile_documents WORK [--cases 800] [--seed 1] [--only FAMILY] [--formats] [--output FILE]`` makes the
cases in the folder WORK. Each alone goes through the whole path of a document with an encoder that costs nothing, in a process
of its own: CPU seconds count, as elapsed time on a busy machine says nothing. Then ``readouts index`` itself runs
over all the small ones, with good readouts and everything else that a folder may contain, and every output is looked
through. ``--formats`` adds every flood in every format. Exits with 1 if anything is wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from benchmarks.hostile import cases, measuring, outputs, places
from benchmarks.tables import tell

#: Seconds of the processor for one readout, and what each further one of a file and each thousand of its texts may take.
SECONDS, PER_READOUT, PER_THOUSAND_TEXTS = 5.0, 0.004, 0.05
#: MB of memory for one file, for each MB of its bytes, and for each thousand readouts and texts made of it.
MEMORY, PER_MB, PER_THOUSAND = 300.0, 40.0, 6.0
#: Bytes of a file that goes into the folder of all, where the real model encodes it.
SMALL = 60_000
GOOD = 40


def main() -> None:
    """Make, measure, index, look, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--cases", type=int, default=800)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="a pattern that FAMILY:NAME of a case must hold")
    parser.add_argument("--formats", action="store_true")
    parser.add_argument("--no-screen", action="store_true")
    parser.add_argument("--output", type=Path)
    given = parser.parse_args()
    given.work.mkdir(parents=True)
    # Nobody's own conversations and settings are touched.
    for what in ("DATA", "CONFIG", "CACHE", "STATE"):
        os.environ[f"XDG_{what}_HOME"] = str(given.work.resolve() / "home" / what.lower())
    drawn = chain(cases.cases(given.cases, given.seed), cases.floods_of_formats() if given.formats else ())
    wanted = (case for case in drawn if re.search(given.only, f"{case.family}:{case.name}"))
    rows, wrong = _alone(wanted, given.work)
    wrong += list(_together(given.work, screens=not given.no_screen))
    tell(
        "Hostile documents, each alone: seconds of the processor and MB beyond the start",
        ("family", "files", "readouts", "refused", "median s", "most s", "most MB"),
        rows,
        output=given.output,
        notes=[f"{sum(int(str(row[1])) for row in rows)} cases, seed {given.seed}; {len(wrong)} wrong.", *wrong],
        wrong=wrong,
    )
    sys.exit(bool(wrong))


def _alone(wanted: Iterator[cases.Case], work: Path) -> tuple[list[list[object]], list[str]]:
    """A row a family, and what is wrong."""
    measuring.warm()
    folder = work / "all"
    folder.mkdir()
    found: dict[str, list[measuring.Measured]] = defaultdict(list)
    wrong: list[str] = []
    for case in wanted:
        path = folder / case.name
        path.write_bytes(case.content)
        measured = measuring.measure(path, work / "one")
        found[case.family].append(measured)
        if fault := _fault(case, measured):
            wrong.append(f"{case.name}: {fault}")
            print(wrong[-1], file=sys.stderr, flush=True)
        if len(case.content) > SMALL:
            path.unlink()
    rows: list[list[object]] = []
    for family, several in found.items():
        seconds = sorted(one.processor for one in several)
        refused = sum(not one.documents for one in several)
        middle, most = seconds[len(seconds) // 2], max(one.memory for one in several)
        rows.append([family, len(several), sum(one.documents for one in several), refused, middle, seconds[-1], most])
    return rows, wrong


def _fault(case: cases.Case, measured: measuring.Measured) -> str:
    thousands = measured.texts / 1000
    seconds = SECONDS + PER_READOUT * measured.documents + PER_THOUSAND_TEXTS * thousands
    memory = MEMORY + PER_MB * len(case.content) / 1e6 + PER_THOUSAND * (measured.documents / 1000 + thousands)
    if measured.fault:
        return measured.fault
    if measured.processor > seconds:
        return f"{measured.processor:.1f} s of the processor, {seconds:.1f} allowed"
    return f"{measured.memory:.0f} MB, {memory:.0f} allowed" if measured.memory > memory else ""


def _together(work: Path, *, screens: bool) -> Iterator[str]:
    """What is wrong with one run over all, and with what is shown of it."""
    folder, index, outside = work / "all", work / "index", work / "outside"
    outside.mkdir()
    kinds = list(places.furnish(folder, outside))
    for number in range(GOOD):
        words = f"Minister Quist met envoy {number} in Aldermoor. They agreed on lighthouse number {number}."
        (folder / f"good-{number}.md").write_text(
            f"---\ntitle: Lighthouse {number}\n---\n\n{words}\n", encoding="utf-8"
        )
    started = time.perf_counter()
    command = [*outputs.READOUTS, "index", "--index", str(index), "--json", str(folder)]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode or outputs.ACTS.search(done.stdout.decode(errors="surrogateescape")):
        yield f"indexing all: exit code {done.returncode}: {done.stderr.decode(errors='replace')[-300:]}"
        return
    report = json.loads(done.stdout)
    seconds = time.perf_counter() - started
    skipped = len(report["skipped"])
    print(f"all: {report['added']} readouts, {skipped} skipped, {len(kinds)} places, {seconds:.0f} s", file=sys.stderr)
    if any(not one["reason"] or "\n" in one["reason"] for one in report["skipped"]):
        yield "a reason is no line"
    told = " ".join(one["path"] for one in report["skipped"])
    for name in ("pipe.md", "out.md", "zero.md", "holes.md"):
        if name not in told:
            yield f"{name} is not in the report"
    listed = subprocess.run(
        [*outputs.READOUTS, "list", "--all", "--json", "--index", str(index)], capture_output=True, check=True
    )
    ids = {json.loads(line)["doc_id"] for line in listed.stdout.splitlines()}
    lost = {f"good-{number}" for number in range(GOOD)} - ids
    if lost:
        yield f"good readouts are missing: {sorted(lost)}"
    for number in (0, GOOD - 1):
        asked = [
            *outputs.READOUTS,
            "ask",
            f"What was agreed on lighthouse number {number}?",
            "--json",
            "--index",
            str(index),
        ]
        answer = json.loads(subprocess.run(asked, capture_output=True, check=True).stdout)
        if f"good-{number}" not in [one["doc_id"] for one in answer["citations"]]:
            yield f"lighthouse {number} is not answered: {answer['status']}"
    yield from outputs.faults(index, screens)


if __name__ == "__main__":
    main()
