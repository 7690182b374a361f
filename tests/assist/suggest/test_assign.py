"""One target for one source, so that the whole is best; nothing below the threshold."""

from __future__ import annotations

import numpy as np

from gp_prestashop.assist.suggest.assign import one_to_one


def test_the_whole_is_best_not_each_by_itself() -> None:
    confidence = np.array([[0.9, 0.89], [0.88, 0.1]])
    assert one_to_one(confidence, 0.4) == {0: 1, 1: 0}


def test_two_middling_pairs_do_not_outweigh_a_good_one() -> None:
    confidence = np.array([[0.95, 0.6], [0.9, 0.01]])
    assert one_to_one(confidence, 0.4) == {0: 0}


def test_what_is_below_the_threshold_stays_alone() -> None:
    assert one_to_one(np.array([[0.3, 0.2], [0.1, 0.6]]), 0.4) == {1: 1}
    assert one_to_one(np.zeros((0, 3)), 0.4) == {}
