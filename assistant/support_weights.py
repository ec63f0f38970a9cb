"""Learned weights of support, with what they were learned from.

Produced by ``python -m benchmarks.fit_support`` from three sets of questions over 1,410 readouts, the same with their answers
taken away, and 111 off-topic ones; it prints how well they do on questions left out.
"""

from __future__ import annotations

from collections.abc import Mapping

#: Of each feature of an answer (``assistant.support.support_features``).
SUPPORT: Mapping[str, float] = {
    "constant": -3.93,
    "cosine": 2.29,
    "peak": 1.44,
    "topic": -1.17,
    "best": 0.72,
    "elsewhere": -0.32,
    "missing": -1.02,
    "unmet": -0.58,
    "silent": -0.49,
    "length": 1.64,
    "absent": -0.55,
    "parties": 0.18,
    "date": 0.83,
    "another_day": -0.56,
    "figure": -0.54,
    "many": -0.65,
    "passage": 1.7,
    "gap": 3.64,
}
