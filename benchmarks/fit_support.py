"""Learn the weights of support from questions with and without an answer.

    python -m benchmarks.fit_support INDEX QUESTIONS… --test benchmarks/questions/off_topic.jsonl

In addition to the questions as they are, each with an answer is asked twice more with the answer removed: once without the
readouts that contain it, as if they had never met, and once without the sentences that contain it, as if they had met and not
spoken about it. This gives many examples of both ways to lack an answer. A logistic regression separates the answerable from
the others; a second one over its score alone, on the true questions, turns it into the share of first quotes that are right.

Prints the results for each file when learned from the others, and for the ``--test`` files, which are never learned
from; then the weights, which a person copies into ``assistant/support_weights.py``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant import choosing, evidence, support
from assistant.api import Assistant
from assistant.datatypes import Understanding
from assistant.evaluation import Ask, Gold, Line, Type, read_questions
from assistant.evaluation.metrics import quote_right
from assistant.evaluation.questions import QUOTED
from assistant.history import History
from assistant.support_weights import SUPPORT
from assistant.understanding import to_query
from index import full_text
from index.datatypes import Hit, Span
from index.fusion import Weights

#: What an example with its answer taken away counts beside a true question (tried: 0.02 to 1; best and flat from 0.1 to 0.2).
TAKEN_AWAY = 0.1
#: A sentence holds the answer that has this share of the answer's words, or whose own words are so much of them.
HOLDS, IS_HELD = 0.6, 0.5
#: How much a passage's score falls beyond that of its best sentence when the answer is taken out of it.
FALL = 0.12
REFUSED = (0.02, 0.03)
Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Features of one answer, and what is known of it.

    Attributes:
        file: Number of its file.
        row: Features in the order of ``SUPPORT``.
        real: False if the answer was taken away.
        answerable: Whether some readout holds the answer.
        single: Whether it stands alone, as the area under the curve is measured.
        right: Whether the first quote holds it.
        place: Line of the file.
    """

    file: int
    row: list[float]
    real: bool
    answerable: bool
    single: bool
    right: bool
    place: str


def collect(assistant: Assistant, lines: Sequence[Line], file: int) -> Iterator[Example]:
    """Ask the questions of one file, follow-ups in their conversation, lists left out."""
    for line in lines:
        if line.type is Type.LIST:
            continue
        talk = assistant.talk()
        for ask in line.asks:
            understood = talk.ask(ask.question).understanding
            vector = assistant.encoder().encode([understood.text])[0]
            hits = assistant._opened().search(to_query(understood), vector, top_k=30)
            can = line.type is not Type.UNANSWERABLE
            for real, found in ((True, hits), *((False, less) for less in _taken_away(hits, ask.gold) if can)):
                example = _example(assistant, understood, found[:20], ask)
                if example is not None:
                    row, right = example
                    yield Example(
                        file=file,
                        row=row,
                        real=real,
                        answerable=can and real,
                        single=real and (line.type in QUOTED or not can),
                        right=right and real,
                        place=line.place,
                    )


def _example(
    assistant: Assistant, understood: Understanding, hits: Sequence[Hit], ask: Ask
) -> tuple[list[float], bool] | None:
    asked = full_text.terms(understood.text)
    chosen = choosing.choose(evidence.gather(hits, understood, assistant.rarity(asked))) if hits else []
    if not chosen:
        return None

    features = support.support_features(chosen, hits, understood, assistant.rarity)
    doc = chosen[0].hit.passage.source.doc_id
    right = any(gold.doc == doc and quote_right(chosen[0].text, gold.quote) for gold in ask.gold)
    return [features[name] for name in SUPPORT if name in features], right


def _taken_away(hits: Sequence[Hit], gold: Sequence[Gold]) -> Iterator[tuple[Hit, ...]]:
    """The hits without the readouts, and without the sentences, that hold the answer."""
    docs = {one.doc for one in gold}
    yield tuple(hit for hit in hits if hit.passage.source.doc_id not in docs)
    left = (_without(hit, [one.quote for one in gold if one.doc == hit.passage.source.doc_id]) for hit in hits)
    yield tuple(sorted((hit for hit in left if hit is not None), key=lambda hit: -hit.score))


def _without(hit: Hit, quotes: Sequence[str]) -> Hit | None:
    """A passage without the sentences that hold these words; None if nothing is left of it."""
    if not quotes:
        return hit
    if not all(quotes):
        return None
    passage = hit.passage
    kept = [
        place for place, span in enumerate(passage.sentences) if not _holds(passage.text[span.start : span.end], quotes)
    ]
    if len(kept) == len(passage.sentences) or not kept:
        return hit if kept else None
    text, spans = "", []
    for place in kept:
        piece = passage.text[passage.sentences[place].start : passage.sentences[place].end]
        spans.append(Span(start=len(text), end=len(text) + len(piece)))
        text += f"{piece} "
    cosines = tuple(hit.sentence_scores[place] for place in kept) if hit.sentence_scores else ()
    fall = max(hit.sentence_scores, default=0.0) - max(cosines, default=0.0)
    weights = Weights()
    return replace(
        hit,
        passage=replace(passage, text=text.rstrip(" "), sentences=tuple(spans)),
        sentence_scores=cosines,
        best_sentence=spans[0],
        score=hit.score - (weights.sentence + weights.peak + weights.paragraph / 2) * fall - FALL,
    )


def _holds(sentence: str, quotes: Sequence[str]) -> bool:
    words = set(full_text.words(sentence))
    for quote in quotes:
        wanted = set(full_text.words(quote))
        if len(words & wanted) >= min(IS_HELD * len(words), HOLDS * len(wanted)):
            return True
    return False


def learn(examples: Sequence[Example]) -> Vector:
    """Weights of the features for telling the answerable, the constant's first."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    table = np.array([example.row[1:] for example in examples])
    counts = np.where([example.real for example in examples], 1.0, TAKEN_AWAY)
    scale = StandardScaler().fit(table)
    model = LogisticRegression(C=1.0, max_iter=3000)
    model.fit(scale.transform(table), [example.answerable for example in examples], sample_weight=counts)
    weights = model.coef_[0] / scale.scale_
    return np.concatenate([model.intercept_ - weights @ scale.mean_, weights])


def calibrate(scores: Vector, right: Sequence[bool]) -> tuple[float, float]:
    """Slope and constant that make of a score the log odds that the first quote holds."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1e6).fit(scores[:, None], right)
    return float(model.coef_[0][0]), float(model.intercept_[0])


def report(examples: Sequence[Example], supports: Vector, tested: Vector) -> None:
    """Print how well support does on what it was not learned from."""
    from sklearn.metrics import roc_auc_score

    pairs = [(e, s) for e, s in zip(examples, supports, strict=True) if e.real and not np.isnan(s)]
    single = [(e, s) for e, s in pairs if e.single]
    can, scores = [e.answerable for e, _ in single], [s for _, s in single]
    print(f"ROC area, answerable against not: {roc_auc_score(can, scores):.3f}")
    print(
        f"ROC area, first quote right against wrong: {roc_auc_score([e.right for e, _ in pairs], [s for _, s in pairs]):.3f}"
    )
    for low, high in ((0.0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.01)):
        inside = [(e.right, s) for e, s in pairs if low <= s < high]
        if inside:
            rights, given = zip(*inside, strict=True)
            print(
                f"  {low:.1f}–{min(high, 1):.1f}: n {len(inside)}, mean {np.mean(given):.2f}, right {np.mean(rights):.2f}"
            )
    for share in REFUSED:
        bound = float(np.quantile([s for e, s in single if e.answerable], share))
        silent = np.mean([s < bound for e, s in single if not e.answerable])
        print(
            f"bound {bound:.3f}: refused {share:.2f}, silent {silent:.2f}, on the test files {np.mean(tested < bound):.2f}"
        )


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("index", type=Path)
    parser.add_argument("questions", type=Path, nargs="+")
    parser.add_argument("--test", type=Path, action="append", default=[], help="only tested on; repeatable")
    parser.add_argument("--learn", type=Path, action="append", default=[], help="only learned from; repeatable")
    arguments = parser.parse_args()
    files = [*arguments.questions, *arguments.learn, *arguments.test]
    with Assistant(arguments.index, history=History(None)) as assistant:
        every = [e for n, path in enumerate(files) for e in collect(assistant, read_questions([path]), n)]
    main_files, last = len(arguments.questions), len(files) - len(arguments.test)
    examples = [e for e in every if e.file < last]
    rows = np.array([e.row for e in examples])
    scores = np.full(len(examples), np.nan)
    for file in range(main_files):
        out = np.array([e.file == file for e in examples])
        scores[out] = rows[out] @ learn([e for e in examples if e.file != file])
    true = np.array([e.real and e.file < main_files for e in examples])
    slope, constant = calibrate(scores[true], [e.right for e, kept in zip(examples, true, strict=True) if kept])
    weights = learn(examples) * slope
    weights[0] += constant
    tested = np.array([e.row for e in every if e.file >= last]).reshape(-1, len(SUPPORT)) @ weights
    report(examples, _share(slope * scores + constant), _share(tested))
    print(json.dumps(dict(zip(SUPPORT, np.round(weights, 2).tolist(), strict=True)), indent=1))


def _share(scores: Vector) -> Vector:
    return np.asarray(1 / (1 + np.exp(-scores)))


if __name__ == "__main__":
    main()
