"""Scores of several stages fused into one ranking; pure.

Every stage is brought to about [0, 1] and weighted. Weighted, normalised scores beat reciprocal rank fusion on these texts
(mean reciprocal rank 0.70 against 0.66 over 162 questions).
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]

#: BM25 score at which a passage gets half of what full text can give (``b / (b + c)``).
SATURATION = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Weight of each stage.

    The values are rounded from a pairwise logistic regression over three question files (``python -m
    benchmarks.fit_ranking``; learned on two of them it ranks the third as well), scaled to 0.78 for ``sentence`` and
    ``peak`` together; what each is worth is measured by ``python -m benchmarks.ablation``.

    Attributes:
        paragraph: Of the cosine of the paragraph.
        sentence: Of the cosine of its best sentence.
        peak: Of how far that is above the mean of its sentences: a title that fits raises them all alike.
        full_text: Of the saturated BM25 score.
        date: Of an event date within the days that the question names.
        party: Of the share of the question's parties that take part, to the third power: all count far more than some.
        kind: Of a kind that the question names.
        document: Of a readout that a follow-up refers to.
        place: Of an event held where the question says.
        topic: Of the share of the topic's terms that the passage holds.
        covered: Of the share of all terms that the passage with its title, place and parties holds.
        beyond_title: Of the share that its best sentence holds of the terms which title, place and parties do not.
        opening: Of a readout's first paragraph, if the event itself is asked about.
        number: Of a paragraph with a number, if one is asked for.
    """

    paragraph: float = 0.35
    sentence: float = 0.4
    peak: float = 0.38
    full_text: float = 0.17
    date: float = 0.235
    party: float = 0.085
    kind: float = 0.04
    document: float = 0.13
    place: float = 0.1
    topic: float = 0.08
    covered: float = 0.17
    beyond_title: float = 0.08
    opening: float = 0.05
    number: float = 0.13


def saturate(bm25: Scores) -> Scores:
    """BM25 scores (0 and up) to [0, 1)."""
    return bm25 / (bm25 + SATURATION)


def fuse(stages: Mapping[str, Scores], weights: Weights) -> Scores:
    """The weighted sum of the stages.

    Args:
        stages: Scores by the names of ``Weights``, each of the same passages in the same order.
        weights: Weight of each stage.

    Returns:
        Fused scores, of the same length.
    """
    weighted = (getattr(weights, name) * scores for name, scores in stages.items())
    return functools.reduce(operator.add, weighted)


def ranks(table: Scores) -> NDArray[np.intp]:
    """1-based ranks by score within each row of a table, ties in the order given."""
    order = np.argsort(-table, axis=1, kind="stable")
    places = np.empty_like(order)
    np.put_along_axis(places, order, np.arange(1, table.shape[1] + 1)[None], axis=1)
    return places
