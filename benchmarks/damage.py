"""Every file that the program keeps, damaged in turn: detected and named, harmless, or wrong.

``python -m benchmarks.damage WORK CORPUS [--cases 300] [--seed 1]``: an index of CORPUS with a conversation and a saved search
is made in WORK, once as it comes and once with the inverted lists and the row-wise reading of large indexes. For each case a
copy of it has one file cut, changed by a bit, zeroed, overwritten, made longer, deleted, given a foreign journal, or replaced
by a folder or by the same file of another index. Then everything is asked, looked at by ``doctor``, mended by ``doctor
--repair``, asked, indexed again, and asked once more. Conversations that are
deleted, or replaced by others that are whole, are no damage.

A case is *harmless* where every answer equals that of the undamaged index and the doctor names the file; *not noticed* where
the doctor does not (a bit that nothing uses, a file of the cache that is made again); *refused* where a command says which
file is damaged and how it is mended; *wrong* where an answer differs and nothing is said. After the repair all must be as
before but for what it names as lost, and after indexing again all must be as before. Exit code 1 if any case is wrong, crashes,
or is not mended.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.damaging import KINDS, damage, files_to_damage
from benchmarks.workers import CrashedError, Worker

QUESTIONS = (
    "What did they say about the peace agreement?",
    "How many calls were there in 2020?",
    "Who met the Prime Minister of Japan?",
)
#: What is asked before and after; the second is what makes of the answer what must be equal.
READING = [
    *(["ask", question, "--json"] for question in QUESTIONS),
    ["list", "--json"],
    ["status", "--json"],
    ["history", "--json"],
    ["export", "{talk}", "--json"],
    ["watch", "list", "--json"],
]
VARIANTS = ("flat", "lists")


def main() -> None:
    """Read the command line, damage, and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    drawn = random.Random(given.seed)
    told: Counter[tuple[str, str]] = Counter()
    bad: list[str] = []
    cases = 0
    for variant in VARIANTS:
        campaign = Campaign(given.work.absolute() / variant, given.corpus.absolute(), variant)
        for name, kind in _cases(campaign.names(), given.cases // len(VARIANTS), drawn):
            verdict, why = campaign.case(name, kind, drawn)
            cases += 1
            told[_family(name), verdict] += 1
            print(f"{cases} {variant} {name} {kind}: {verdict}", file=sys.stderr, flush=True)
            if verdict not in ("harmless", "refused", "not noticed"):
                bad.append(f"{variant} {name} {kind}: {verdict}: {why}")
                print(bad[-1], flush=True)
        campaign.close()
    _tell(told, cases, bad)
    sys.exit(1 if bad else 0)


class Campaign:
    """One undamaged index, and copies of it to be damaged."""

    def __init__(self, work: Path, corpus: Path, variant: str) -> None:
        shutil.rmtree(work, ignore_errors=True)
        self._work, self._corpus, self._variant = work, corpus, variant
        self._place = work / "place"
        self._whole, self._other = work / "whole", work / "other"
        self._worker = self._start()
        self._talk = "talk"
        small = work / "small"
        small.mkdir(parents=True)
        for path in sorted(corpus.iterdir())[:5]:
            shutil.copy(path, small)
        self._make(small)
        self._place.rename(self._other)
        self._make(corpus)
        self._read()  # As a first question leaves it: with what is kept of the engine.
        self._expected = self._read()
        shutil.copytree(self._place, self._whole)

    def close(self) -> None:
        """End what runs."""
        self._worker.close()

    def names(self) -> list[str]:
        """Files to be damaged, below the place where everything lies."""
        return [str(path.relative_to(self._whole)) for path in files_to_damage(self._whole)]

    def case(self, name: str, kind: str, drawn: random.Random) -> tuple[str, str]:
        """Damage a file and see what becomes of it; returns the verdict and why."""
        shutil.rmtree(self._place)
        shutil.copytree(self._whole, self._place)
        damage(self._place, name, kind, drawn, self._other)
        if name.startswith("cache"):
            # A process keeps what it has read of the cache.
            self._worker.close()
            self._worker = self._start()
        try:
            gone = kind in ("deleted", "other") and name.startswith("talks")
            # What is saved of another index is another index; the user's own is made of its files again.
            return self._judge(name, gone=gone, other=kind == "other" and name.endswith("catalogue.sqlite"))
        except CrashedError as error:
            self._worker.close()
            self._worker = self._start()
            return "crash", str(error)

    def _judge(self, name: str, *, gone: bool, other: bool) -> tuple[str, str]:
        before = self._read()
        wrong, refused = self._compare(before, only=5 if gone else None)
        if wrong:
            return "wrong", wrong
        found = [json.loads(line) for line in self._run("doctor", "--json")["out"].splitlines()]
        told = [check for check in found if not check["good"] or "no checksum" in check["found"]]
        if any(not check["good"] and not check["mend"] for check in told):
            return "no mend", str(told)
        repaired = self._run("doctor", "--repair", "--json")
        if repaired["code"] not in (0, 1, 3):
            return "repair failed", repaired["err"]
        lines = [json.loads(line) for line in repaired["out"].splitlines()]
        lost = [one for line in lines if line.get("repaired") for one in line["lost"]]
        gone = gone or repaired["code"] == 3 or bool(lost) or any(line.get("good") is False for line in lines)
        wrong, still = self._compare(self._read())
        if (wrong or still) and not gone:
            return "not mended", wrong or str(still)
        wrong = self._again(repaired["code"] == 3 or other)
        if wrong:
            return "not mended", wrong
        if refused:
            return "refused", ""
        return ("harmless", "") if told or name.endswith((".lock", ".json")) else ("not noticed", "")

    def _again(self, hopeless: bool) -> str:
        """Index again, as the mend says, and ask once more; what differs then, but for what is the user's own."""
        if hopeless:
            shutil.rmtree(self._place / "index")
        ran = self._run("index", str(self._corpus), "--json")
        if ran["code"]:
            # A folder or a file in the place of another is moved away by hand.
            shutil.rmtree(self._place / "index")
            ran = self._run("index", str(self._corpus), "--json")
        if ran["code"]:
            return str(ran)
        wrong, still = self._compare(self._read(), only=5)
        return wrong or (str(still) if still else "")

    def _compare(self, found: list[dict[str, Any]], only: int | None = None) -> tuple[str, list[str]]:
        refused = []
        for ran, expected in list(zip(found, self._expected, strict=True))[:only]:
            if ran["trace"]:
                raise CrashedError(ran["trace"])
            if ran["code"] == 0:
                if _essence(ran["out"]) != _essence(expected["out"]):
                    return f"{ran['args']}: {ran['out'][:300]} for {expected['out'][:300]}", refused
            elif ran["code"] in (1, 3) and len(ran["err"].strip().splitlines()) >= 2:
                refused.append(ran["err"])
            else:
                return f"{ran['args']}: exit code {ran['code']}: {ran['err'][:300]}", refused
        return "", refused

    def _make(self, corpus: Path) -> None:
        for command in (
            ["index", str(corpus), "--quiet"],
            ["ask", QUESTIONS[0], "--conversation", self._talk, "--json"],
            ["ask", "And what about 2021?", "--conversation", self._talk, "--json"],
            ["watch", "add", "peace", "peace agreement"],
        ):
            ran = self._run(*command)
            if ran["code"]:
                raise SystemExit(f"{command}: {ran['err']}{ran['trace']}")

    def _read(self) -> list[dict[str, Any]]:
        return [self._run(*(part.format(talk=self._talk) for part in command)) for command in READING]

    def _run(self, *command: str) -> dict[str, Any]:
        ran = self._worker.run(command)
        if ran["trace"]:
            raise CrashedError(f"{command}: {ran['trace']}")
        return ran

    def _start(self) -> Worker:
        places = {
            "READOUTS_INDEX": self._place / "index",
            "READOUTS_HISTORY": self._place / "talks",
            "XDG_CACHE_HOME": self._place / "cache",
            "XDG_CONFIG_HOME": self._place / "config",
        }
        return Worker(os.environ | {name: str(path) for name, path in places.items()}, lists=self._variant == "lists")


def _cases(names: list[str], count: int, drawn: random.Random) -> Iterator[tuple[str, str]]:
    """Each file with each kind of damage, again and again in another order, the catalogue and the rows more often."""
    every = [(name, kind) for name in names for kind in KINDS]
    often = [(name, "bit") for name in names if name.endswith((".sqlite", ".rows", ".lists")) for _ in range(3)]
    while count > 0:
        part = [*every, *often]
        drawn.shuffle(part)
        yield from part[:count]
        count -= len(part)


def _essence(out: str) -> Any:
    """What must be equal: everything but times, places of folders, and the order of readouts of one day."""
    lines = [json.loads(line) for line in out.splitlines()]
    for line in lines:
        for key in ("seconds", "engine", "engine_why", "path", "run_at"):
            line.pop(key, None)
    return sorted(json.dumps(line, sort_keys=True) for line in lines)


def _family(name: str) -> str:
    path = Path(name)
    return f"*{path.suffix}" if path.suffix in (".rows", ".lists", ".vectors") else path.name


def _tell(told: Counter[tuple[str, str]], cases: int, bad: list[str]) -> None:
    verdicts = sorted({verdict for _, verdict in told})
    print(f"| file | {' | '.join(verdicts)} |\n|---|{'---|' * len(verdicts)}")
    for name in sorted({name for name, _ in told}):
        print(f"| {name} | {' | '.join(str(told[name, verdict]) for verdict in verdicts)} |")
    print(f"\n{cases} cases, {len(bad)} bad.")


if __name__ == "__main__":
    main()
