"""Matrices of sources × targets out of one value for each source or each target."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gp_prestashop.assist.suggest.profile import Floats

__all__ = ["ratio", "tall", "wide"]


def wide(values: Sequence[float] | Floats, targets: int) -> Floats:
    return np.repeat(np.asarray(values, dtype=np.float64)[:, None], targets, axis=1)


def tall(values: Sequence[float] | Floats, sources: int) -> Floats:
    return np.repeat(np.asarray(values, dtype=np.float64)[None, :], sources, axis=0)


def ratio(a: Floats, b: Floats) -> Floats:
    result: Floats = (np.minimum.outer(a, b) + 1) / (np.maximum.outer(a, b) + 1)
    return result
