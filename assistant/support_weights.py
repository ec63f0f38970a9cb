"""Learned weights of support, with what they were learned from.

Made by ``python -m benchmarks.fit_support`` from three sets of questions over 1,410 readouts, the same with their answers
taken away, and 111 off-topic ones; it prints how well they do on questions left out.
"""

from __future__ import annotations

from collections.abc import Mapping

#: Of each feature of an answer (``assistant.support.support_features``).
SUPPORT: Mapping[str, float] = {
    "constant": -3.8,
    "plain": 2.05,
    "topic": -1.15,
    "best": 0.64,
    "elsewhere": -0.42,
    "missing": -0.82,
    "unmet": -0.56,
    "silent": -0.44,
    "length": 1.34,
    "absent": -0.54,
    "parties": 0.18,
    "date": 0.75,
    "another_day": -0.45,
    "figure": -0.51,
    "many": -0.68,
    "passage": 2.29,
    "gap": 3.32,
}
