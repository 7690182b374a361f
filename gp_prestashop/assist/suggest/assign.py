"""One target for one source, and nothing where nothing fits."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from gp_prestashop.assist.suggest.profile import Floats

__all__ = ["one_to_one"]


def one_to_one(confidence: Floats, threshold: float) -> dict[int, int]:
    """Source → target such that the sum of what each pair is worth above ``threshold`` is greatest.

    Leaving a source alone is worth nothing, a pair below the threshold less than that.
    """
    if not confidence.size:
        return {}
    clipped = np.clip(confidence, 1e-6, 1 - 1e-6)
    limit = float(np.clip(threshold, 1e-6, 1 - 1e-6))
    worth = np.log(clipped / (1 - clipped)) - np.log(limit / (1 - limit))
    gain = np.maximum(worth, 0.0)
    rows, columns = linear_sum_assignment(-gain)
    return {int(row): int(column) for row, column in zip(rows, columns, strict=True) if gain[row, column] > 0}
