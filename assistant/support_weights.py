"""Learned weights of support, with what they were learned from.

Made by ``python -m benchmarks.fit_support`` from three sets of questions over 1,410 readouts, the same with their answers
taken away, and 111 off-topic ones; it prints how well they do on questions left out.
"""

from __future__ import annotations

from collections.abc import Mapping

#: Of each feature of an answer (``assistant.support.support_features``).
SUPPORT: Mapping[str, float] = {
    "constant": -3.04,
    "plain": 2.52,
    "topic": -1.6,
    "best": 1.16,
    "elsewhere": -0.51,
    "missing": -0.78,
    "unmet": -0.41,
    "silent": -0.39,
    "length": 1.2,
    "absent": -0.43,
    "parties": 0.21,
    "date": 0.27,
    "another_day": -0.68,
    "figure": -0.36,
    "many": -0.26,
    "passage": 1.55,
    "gap": 2.47,
}
