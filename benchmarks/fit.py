"""Learn the weights of the answer sentence from questions with known answers.

    python -m benchmarks.fit INDEX QUESTIONS… [--out weights.json]

Prints, cross-validated over ten folds of questions: how often the first quote is right with the present weights and with
the learned ones, and the learned weights, which a person copies into ``assistant/sentence_weights.py`` after reading them.
Those of support are learned by ``python -m benchmarks.fit_support``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant import evidence
from assistant.api import Assistant
from assistant.datatypes import MOMENTS, Answer
from assistant.evaluation import Line, Type, read_questions
from assistant.evaluation.metrics import quote_right
from assistant.history import History
from assistant.sentence_weights import SENTENCE
from index import full_text

FOLDS = 10
#: Right sentences of one question that count.
MOST_RIGHT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question, what could be quoted for it, and which of that is right.

    Attributes:
        answer: As the program gave it, with its hits.
        candidates: Sentences that could be quoted.
        right: Whether each of them holds the answer.
        answerable: Whether any readout does.
    """

    answer: Answer
    candidates: list[evidence.Evidence]
    right: list[bool]
    answerable: bool


def collect(assistant: Assistant, lines: Sequence[Line]) -> Iterator[Case]:
    """Ask every question that wants a quote, follow-ups in their conversation."""
    for line in lines:
        if line.type is Type.LIST:
            continue
        talk = assistant.talk()
        for ask in line.asks:
            answer = talk.ask(ask.question, top_k=20)
            asked = full_text.terms(answer.understanding.text)
            hits = answer.hits
            if answer.understanding.intent in MOMENTS:
                # A moment is quoted from its one readout.
                hits = tuple(hit for hit in hits if hit.passage.source == hits[0].passage.source)
            found = evidence.gather(hits, answer.understanding, assistant.rarity(asked))
            right = [
                any(gold.doc == e.hit.passage.source.doc_id and quote_right(e.text, gold.quote) for gold in ask.gold)
                for e in found
            ]
            yield Case(answer=answer, candidates=found, right=right, answerable=line.type is not Type.UNANSWERABLE)


def fit_sentences(cases: Sequence[Case], names: Sequence[str]) -> NDArray[np.float64]:
    """Pairwise logistic regression: the right sentences of a question against its wrong ones.

    Features are brought to unit size for the penalty; a question counts by the root of its pairs.
    """
    from sklearn.linear_model import LogisticRegression

    rows, counts = [], []
    for case in cases:
        table = np.array([[c.features[name] for name in names] for c in case.candidates])
        right = np.array(case.right, dtype=bool)
        if not right.any() or right.all():
            continue
        best = table[right][:MOST_RIGHT]
        for one in best:
            rows.append(one - table[~right])
            counts.append(np.full(len(rows[-1]), (~right).sum() ** -0.5 / len(best)))
    differences = np.vstack(rows)
    size = np.sqrt((differences**2).mean(axis=0)) + 1e-9
    labels = np.repeat([1, 0], len(differences))
    model = LogisticRegression(C=2.0, fit_intercept=False, max_iter=2000)
    model.fit(np.vstack([differences, -differences]) / size, labels, sample_weight=np.tile(np.concatenate(counts), 2))
    return np.asarray(model.coef_[0] / size)


def first_right(case: Case, weights: dict[str, float]) -> bool:
    """Whether the sentence of the highest score holds the answer."""
    if not case.candidates:
        return False
    scores = [sum(weights[name] * c.features[name] for name in weights) for c in case.candidates]
    return case.right[int(np.argmax(scores))]


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("index", type=Path)
    parser.add_argument("questions", type=Path, nargs="+")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    with Assistant(arguments.index, history=History(None)) as assistant:
        cases = list(collect(assistant, read_questions(arguments.questions)))
        names = list(SENTENCE)
        answerable = [case for case in cases if case.answerable]
        fold = np.random.default_rng(0).permutation(len(cases)) % FOLDS
        hits = np.zeros(len(cases), dtype=bool)
        for part in range(FOLDS):
            learned = fit_sentences([c for c, f in zip(cases, fold, strict=True) if f != part and c.answerable], names)
            weights = dict(zip(names, learned.tolist(), strict=True))
            for row in np.flatnonzero(fold == part):
                hits[row] = first_right(cases[row], weights)
        can = np.array([case.answerable for case in cases])
        possible = np.mean([any(case.right) for case in answerable])
        print(f"questions {len(cases)}, answerable {can.sum()}; some candidate right {possible:.3f}")
        print(f"first quote right, present weights {np.mean([first_right(c, dict(SENTENCE)) for c in answerable]):.3f}")
        print(f"first quote right, learned, left out {hits[can].mean():.3f}")
        final = fit_sentences(answerable, names)
        result = {
            "SENTENCE": dict(zip(names, np.round(final, 2).tolist(), strict=True)),
        }
        print(json.dumps(result, indent=1))
        if arguments.out:
            arguments.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
