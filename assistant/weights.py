"""Learned weights of the answer sentence and of support, with what they were learned from.

Made by ``python -m benchmarks.fit``; the table there says on which questions and how well they did when left out.
"""

from __future__ import annotations

from collections.abc import Mapping

#: Of each feature of a sentence (``assistant.evidence.gather``).
SENTENCE: Mapping[str, float] = {
    "gap": 11.35,
    "cosine": 8.78,
    "nearest": 0.72,
    "overlap": -0.88,
    "topic": 6.13,
    "stock": -0.26,
    "opening": -0.57,
    "opening_moment": 2.05,
    "number": 3.43,
    "place": 1.61,
    "speaker": 0.49,
    "first": 0.71,
    "length": 0.88,
}

#: Of each feature of an answer (``assistant.answering.support_features``).
SUPPORT: Mapping[str, float] = {
    "constant": -3.24,
    "coverage": -0.25,
    "topic": -0.37,
    "rarest": -0.43,
    "sentence": 1.75,
    "cosine": 2.75,
    "passage": 0.86,
    "gap": 2.55,
    "parties": 0.27,
    "date": 0.88,
    "known": -0.5,
    "unmet": -0.6,
    "silent": -0.74,
}
