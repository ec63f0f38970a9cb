"""Learn the weight of each stage of the ranking from questions with known answers.

    python -m benchmarks.fit_ranking INDEX QUESTIONS… [--without STAGE…]

A pairwise logistic regression: each right passage of a question against the first wrong ones. Prints how well the present
weights rank, how well learned ones do on a file of questions that they were not learned from (each file in turn), and the
weights learned from all, which a person copies into ``index/fusion.py`` after reading them.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.api import Assistant
from assistant.evaluation import Outcome, Type, read_questions, summarise
from assistant.history import History
from benchmarks.trails import STAGES, Case, collect, judge
from index.fusion import Weights

#: Wrong passages that each right one is held against, the best by the present weights.
AGAINST = 40
#: Right passages of one question that count: most have one, a readout posted twice has two.
MOST_RIGHT = 2
#: Strength of the penalty on the squared weights, each stage brought to unit size first.
PENALTY = 0.5
#: What the weights of ``sentence`` and ``peak`` are scaled to together.
SCALE = 0.78


def pairs(case: Case, columns: Sequence[int]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """``(N, S)`` differences of right and wrong passages, and what each counts: a question by the root of its pairs."""
    table = case.table[:, columns]
    wrong = table[~case.right][:AGAINST]
    rows = [one - wrong for one in table[case.right][:MOST_RIGHT]]
    if not rows or not len(wrong):
        return np.zeros((0, len(columns))), np.zeros(0)
    return np.vstack(rows), np.full(len(rows) * len(wrong), len(wrong) ** -0.5)


def learn(cases: Sequence[Case], stages: Sequence[str]) -> Weights:
    """Weights of the stages given, 0 for the others."""
    from sklearn.linear_model import LogisticRegression

    columns = [STAGES.index(stage) for stage in stages]
    found = [pairs(case, columns) for case in cases]
    differences, counts = np.vstack([rows for rows, _ in found]), np.concatenate([weights for _, weights in found])
    size = np.sqrt((differences**2).mean(axis=0)) + 1e-9
    rows = np.vstack([differences, -differences]) / size
    labels = np.repeat([1, 0], len(differences))
    model = LogisticRegression(C=1 / PENALTY, fit_intercept=False, max_iter=2000)
    model.fit(rows, labels, sample_weight=np.tile(counts, 2))
    learned = dict(zip(stages, model.coef_[0] / size, strict=True))
    scale = SCALE / (learned.get("sentence", 0.0) + learned.get("peak", 0.0))
    return Weights(**{stage: float(learned.get(stage, 0.0) * scale) for stage in STAGES})


def show(name: str, outcomes: Sequence[Outcome]) -> None:
    """Print the figures of one ranking on a line."""
    figures = summarise(outcomes).figures
    alone = figures["stand-alone"]
    cells = [f"{alone[f].value:.3f}" for f in ("passage top-1", "passage hit@5", "passage MRR@10")]
    later = figures.get(Type.FOLLOWUP.value)
    print(
        f"| {name} | {' | '.join(cells)} | {later['passage MRR@10'].value if later else float('nan'):.3f} |", flush=True
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path, help="folder of the index")
    parser.add_argument("questions", type=Path, nargs="+", help="question files, as readouts evaluate takes them")
    parser.add_argument("--without", nargs="*", default=[], choices=STAGES, metavar="STAGE", help="stages to leave out")
    options = parser.parse_args(arguments)
    stages = [stage for stage in STAGES if stage not in options.without]
    with Assistant(options.index, history=History(None)) as assistant:
        files = [collect(assistant, read_questions([path])) for path in options.questions]
    cases = [case for file in files for case in file]
    print("| weights | top-1 | hit@5 | MRR@10 | later turns, MRR@10 |\n|---|---|---|---|---|")
    show("present", [judge(case, Weights()) for case in cases])
    left_out = []
    for place, file in enumerate(files):
        weights = learn([case for other in files[:place] + files[place + 1 :] for case in other], stages)
        outcomes = [judge(case, weights) for case in file]
        show(f"learned without {options.questions[place].name}, on it", outcomes)
        left_out += outcomes
    show("learned, each on the file left out", left_out)
    weights = learn(cases, stages)
    show("learned from all, on all", [judge(case, weights) for case in cases])
    for stage in STAGES:
        print(f"    {stage}: float = {getattr(weights, stage):.3f}")


if __name__ == "__main__":
    main()
