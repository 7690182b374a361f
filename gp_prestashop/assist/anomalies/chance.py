"""How seldom chance alone gives a count. (scipy.stats has it too, but takes a second to import before each first order.)"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import gammainc

__all__ = ["surprise_above"]


def surprise_above(count: Any, mean: Any) -> Any:
    """−ln P(N > ``count``) for a Poisson number of that ``mean`` > 0; 0 where ``count`` is negative."""
    count = np.asarray(count, dtype=float)
    with np.errstate(divide="ignore"):  # beyond what a double can tell from 0
        found = -np.log(gammainc(np.maximum(count, 0.0) + 1.0, mean))
    return np.where(count < 0, 0.0, found)
