"""Learned weights of the answer sentence, with what they were learned from.

Produced by ``python -m benchmarks.fit`` from three sets of questions over 1,410 readouts and 100 off-topic ones; it prints how
well they do on questions left out.
"""

from __future__ import annotations

from collections.abc import Mapping

#: Of each feature of a sentence (``assistant.evidence.gather``).
SENTENCE: Mapping[str, float] = {
    "gap": 19.06,
    "cosine": 12.96,
    "topic": 0.78,
    "beyond": 5.02,
    "stock": -0.36,
    "opening": -0.49,
    "opening_moment": 1.04,
    "number": 2.9,
    "place": 2.66,
    "speaker": 0.29,
    "length": 1.46,
}
