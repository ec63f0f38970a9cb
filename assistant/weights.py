"""Learned weights of the answer sentence and of support, with what they were learned from.

Made by ``python -m benchmarks.fit``; the table there says on which questions and how well they did when left out.
"""

from __future__ import annotations

from collections.abc import Mapping

#: Of each feature of a sentence (``assistant.evidence.gather``).
SENTENCE: Mapping[str, float] = {
    "gap": 6.0,
    "cosine": 4.0,
    "nearest": 0.5,
    "overlap": 1.0,
    "topic": 1.5,
    "stock": -1.0,
    "opening": 0.0,
    "speaker": 0.5,
    "length": 0.3,
}

#: Of each feature of an answer (``assistant.answering.support_features``).
SUPPORT: Mapping[str, float] = {
    "constant": -4.5,
    "coverage": 4.0,
    "rarest": 0.5,
    "sentence": 0.8,
    "cosine": 2.0,
    "passage": 0.5,
    "gap": 1.0,
}
