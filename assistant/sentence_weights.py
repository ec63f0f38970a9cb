"""Learned weights of the answer sentence, with what they were learned from.

Made by ``python -m benchmarks.fit`` from three sets of questions over 1,410 readouts and 100 off-topic ones; it prints how
well they do on questions left out.
"""

from __future__ import annotations

from collections.abc import Mapping

#: Of each feature of a sentence (``assistant.evidence.gather``).
SENTENCE: Mapping[str, float] = {
    "gap": 12.3,
    "cosine": 8.51,
    "nearest": 0.73,
    "overlap": 0.82,
    "topic": 2.58,
    "stock": -0.24,
    "opening": -0.83,
    "opening_moment": 1.46,
    "number": 3.2,
    "place": 1.52,
    "speaker": 0.51,
    "first": 0.66,
    "length": 1.12,
}
