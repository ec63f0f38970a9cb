"""What each stage of the ranking is worth: every stage, and some combinations, switched off in turn.

    python -m benchmarks.ablation INDEX QUESTIONS…

Every question is asked once, follow-ups in their conversation; everything proposed for it is then ranked anew with each
set of weights. Prints a Markdown table over the standalone questions, with the later turns of conversations in a
column of their own. A stage with weight 0 still proposes passages; it just does not affect their order.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.api import Assistant
from assistant.evaluation import Summary, Type, read_questions, summarise
from assistant.history import History
from benchmarks.trails import STAGES, collect, judge
from index.fusion import Weights

#: Stages that stand in for each other, so that one alone shows less than it is worth: switched off together.
TOGETHER: Mapping[str, tuple[str, ...]] = {
    "both cosines of sentences": ("sentence", "peak"),
    "all three cosines": ("paragraph", "sentence", "peak"),
    "all that was understood": ("date", "party", "kind", "place", "document", "opening", "number"),
    "the shares of terms": ("topic", "covered", "beyond_title"),
}
#: Stages that rank alone, all others switched off.
ALONE = ("full_text", "paragraph", "sentence")


def variants() -> Iterator[tuple[str, Weights]]:
    """Each row's name and its weights; the first is all of them."""
    every = Weights()
    yield "every stage", every
    for stage in STAGES:
        yield f"without `{stage}`", replace(every, **{stage: 0.0})
    for name, stages in TOGETHER.items():
        yield (
            f"without {name}: {', '.join(f'`{stage}`' for stage in stages)}",
            replace(every, **dict.fromkeys(stages, 0.0)),
        )
    for stage in ALONE:
        yield f"`{stage}` alone", replace(every, **{other: 0.0 for other in STAGES if other != stage})


def row(name: str, found: Summary, whole: Summary) -> str:
    """One line of the table."""
    alone, full = found.figures["stand-alone"], whole.figures["stand-alone"]
    cells = [f"{alone[figure].value:.3f}" for figure in ("passage MRR@10", "passage top-1", "passage hit@5")]
    cells.insert(1, f"{alone['passage MRR@10'].value - full['passage MRR@10'].value:+.3f}".replace("-", "−"))
    later = found.figures.get(Type.FOLLOWUP.value)
    cells.append(f"{later['passage MRR@10'].value:.3f}" if later else "–")
    return f"| {name} | {' | '.join(cells)} |"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path, help="folder of the index")
    parser.add_argument("questions", type=Path, nargs="+", help="question files, as readouts evaluate takes them")
    options = parser.parse_args(arguments)
    with Assistant(options.index, history=History(None)) as assistant:
        cases = collect(assistant, read_questions(options.questions))
    whole: Summary | None = None
    for name, weights in variants():
        found = summarise([judge(case, weights) for case in cases])
        if whole is None:
            whole = found
            later = sum(case.type is Type.FOLLOWUP for case in cases)
            count = found.figures["stand-alone"]["passage MRR@10"].count
            print(f"{count} questions that stand alone, {later} later turns.\n")
            print("| ranking | MRR@10 | change | top-1 | hit@5 | later turns, MRR@10 |")
            print("|---|---|---|---|---|---|")
        print(row(name, found, whole), flush=True)


if __name__ == "__main__":
    main()
