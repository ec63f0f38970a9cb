from __future__ import annotations

import numpy as np
import pytest

from index.fusion import SATURATION, Weights, fuse, ranks, saturate


def test_full_text_scores_are_brought_below_one_in_their_order() -> None:
    scores = np.array([0.0, 1.0, SATURATION, 100.0, 1e9])
    found = saturate(scores)
    assert found[0] == 0.0
    assert found[2] == pytest.approx(0.5)
    assert (np.diff(found) > 0).all()
    assert found[-1] <= 1.0


def test_fusing_is_the_weighted_sum_of_the_stages() -> None:
    stages = {"paragraph": np.array([0.5, -0.2]), "sentence": np.array([0.1, 0.9]), "kind": np.array([0.0, 1.0])}
    weights = Weights(paragraph=2.0, sentence=3.0, kind=0.5)
    np.testing.assert_allclose(fuse(stages, weights), [1.3, 2.8])


def test_a_stage_of_weight_nothing_changes_nothing() -> None:
    stages = {"paragraph": np.array([0.5, 0.2]), "sentence": np.array([0.1, 0.9])}
    np.testing.assert_allclose(fuse(stages, Weights(paragraph=1.0, sentence=0.0)), [0.5, 0.2])


def test_every_stage_helps_by_default() -> None:
    weights = Weights()
    assert all(getattr(weights, name) > 0 for name in Weights.__slots__)


def test_the_higher_score_of_a_row_has_the_smaller_rank() -> None:
    assert ranks(np.array([[0.1, 0.9, 0.5], [0.3, 0.2, 0.1]])).tolist() == [[3, 1, 2], [1, 2, 3]]


def test_ties_are_ranked_in_the_order_given() -> None:
    assert ranks(np.array([[0.5, 0.9, 0.5, 0.9]])).tolist() == [[3, 1, 4, 2]]


def test_nothing_has_no_ranks() -> None:
    assert ranks(np.empty((2, 0))).tolist() == [[], []]
