"""One target for one source, and nothing where nothing fits."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from gp_prestashop.assist.suggest.profile import Floats

__all__ = ["one_to_one"]


def one_to_one(confidence: Floats, threshold: float) -> dict[int, int]:
    """Source → target such that the sum of what each pair is worth above ``threshold`` is greatest.

    Leaving a source alone is worth nothing, a pair below the threshold less than that. A source that is moved off its best
    target is worth less by the odds that it loses, so that two middling pairs do not outweigh a good one.
    """
    if not confidence.size:
        return {}
    odds = _odds(np.clip(confidence, 1e-6, 1 - 1e-6))
    moved = odds.max(axis=1, keepdims=True) - odds
    worth = odds - _odds(np.clip(np.array(threshold), 1e-6, 1 - 1e-6)) - moved
    gain = np.where(confidence >= threshold, np.maximum(worth, 0.0), 0.0)
    rows, columns = linear_sum_assignment(-gain)
    return {int(row): int(column) for row, column in zip(rows, columns, strict=True) if gain[row, column] > 0}


def _odds(chance: Floats) -> Floats:
    result: Floats = np.log(chance / (1 - chance))
    return result
