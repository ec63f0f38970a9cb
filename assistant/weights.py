"""Learned weights of the answer sentence and of support, with what they were learned from.

Made by ``python -m benchmarks.fit``; the table there says on which questions and how well they did when left out.
"""

from __future__ import annotations

from collections.abc import Mapping

#: Of each feature of a sentence (``assistant.evidence.gather``).
SENTENCE: Mapping[str, float] = {
    "gap": 10.04,
    "cosine": 9.39,
    "nearest": 0.66,
    "overlap": -0.96,
    "topic": 5.89,
    "stock": -0.32,
    "opening": -0.68,
    "opening_moment": 1.94,
    "number": 3.41,
    "place": 1.75,
    "speaker": 0.38,
    "first": 0.99,
    "length": 1.14,
}

#: Of each feature of an answer (``assistant.answering.support_features``).
SUPPORT: Mapping[str, float] = {
    "constant": -3.04,
    "coverage": -0.12,
    "topic": -0.09,
    "rarest": -0.3,
    "sentence": 1.59,
    "cosine": 2.55,
    "passage": 0.75,
    "gap": 2.81,
    "parties": 0.15,
    "date": 0.77,
    "known": -0.8,
}
