"""Learned weights of support, with what they were learned from.

Made by ``python -m benchmarks.fit`` from three sets of questions over 1,410 readouts and 100 off-topic ones; it prints how
well they do on questions left out.
"""

from __future__ import annotations

from collections.abc import Mapping

#: Of each feature of an answer (``assistant.answering.support_features``).
SUPPORT: Mapping[str, float] = {
    "constant": -3.05,
    "coverage": 0.37,
    "topic": -1.05,
    "rarest": -0.24,
    "sentence": 1.09,
    "cosine": 2.63,
    "passage": 0.29,
    "gap": 2.91,
    "parties": 0.36,
    "date": 1.03,
    "known": -0.6,
    "anchored": 0.34,
    "unmet": -0.67,
    "silent": -0.88,
}
