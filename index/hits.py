"""Ranked passages as hits: each with its scores by stage, its best sentence and the terms it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from index import full_text, fusion
from index.datatypes import Hit, Passage, Source, Span, StageScore
from index.fusion import Scores
from index.nearness import Cosines
from index.protocols import Ids
from index.recent import ReadPassage


def as_hits(
    text: str,
    found: Sequence[ReadPassage],
    stages: Mapping[str, Scores],
    fused: Scores,
    best: Ids,
    cosines: Cosines | None,
    places: Ids,
    also: Sequence[tuple[Source, ...]],
) -> tuple[Hit, ...]:
    """The best of what was found, best first.

    Args:
        text: What was searched for.
        found: Passages.
        stages: Scores of each stage, of these passages in this order.
        fused: Their weighted sums.
        best: Which of the passages become hits, best first.
        cosines: Of the sentences of all that was proposed; None for a search by full text alone.
        places: Of these passages in ``cosines``.
        also: Other postings of the text of each of the best, in their order.
    """
    table = np.stack(list(stages.values()))
    ranks = np.where(table > 0, fusion.ranks(table), 0)
    terms = full_text.terms(text)
    stems = {term: full_text.stem(term) for term in terms}
    hits = []
    columns = zip(best.tolist(), also, table[:, best].T.tolist(), ranks[:, best].T.tolist(), strict=True)
    for rank, (row, others, scores, places_by_stage) in enumerate(columns, start=1):
        one, score = found[row], float(fused[row])
        trail = [
            StageScore(stage=name, score=score_of_stage, rank=place or None)
            for name, score_of_stage, place in zip(stages, scores, places_by_stage, strict=True)
        ]
        trail.append(StageScore(stage="fused", score=score, rank=rank))
        of_sentences = cosines.of(int(places[row])) if cosines else ()
        hits.append(
            Hit(
                passage=one.passage,
                facts=one.facts,
                rank=rank,
                score=score,
                best_sentence=_best_sentence(one.passage, of_sentences, terms),
                trail=tuple(trail),
                terms=tuple(t for t, stem in stems.items() if stem in one.sentences or stem in one.title),
                sentence_scores=of_sentences,
                also=others,
            )
        )
    return tuple(hits)


def _best_sentence(passage: Passage, cosines: tuple[float, ...], asked: tuple[str, ...]) -> Span:
    """The nearest sentence; without cosines the one that holds most of the terms; the first of equals."""
    if cosines:
        return passage.sentences[cosines.index(max(cosines))]
    return max(passage.sentences, key=lambda s: len(full_text.matched(asked, passage.text[s.start : s.end])))
