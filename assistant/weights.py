"""Learned weights of the answer sentence and of support, with what they were learned from.

Made by ``python -m benchmarks.fit``; the table there says on which questions and how well they did when left out.
"""

from __future__ import annotations

from collections.abc import Mapping

#: Of each feature of a sentence (``assistant.evidence.gather``).
SENTENCE: Mapping[str, float] = {
    "gap": 11.35,
    "cosine": 8.68,
    "nearest": 0.74,
    "overlap": -0.9,
    "topic": 6.15,
    "stock": -0.26,
    "opening": -0.55,
    "opening_moment": 2.05,
    "number": 3.43,
    "place": 1.62,
    "speaker": 0.49,
    "first": 0.74,
    "length": 0.88,
}

#: Of each feature of an answer (``assistant.answering.support_features``).
SUPPORT: Mapping[str, float] = {
    "constant": -3.36,
    "coverage": -0.19,
    "topic": -0.1,
    "rarest": -0.39,
    "sentence": 2.03,
    "cosine": 2.54,
    "passage": 0.96,
    "gap": 2.56,
    "parties": 0.19,
    "date": 0.84,
    "known": -0.72,
}
