"""Gradient-boosted trees read from JSON and run with numpy: a model file that is data, never code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gp_prestashop.assist.suggest.profile import Floats

__all__ = ["Trees"]

_LEAF = -1


class Trees:
    """An ensemble over the named features. Missing values (nan) go where training saw them go."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.features: Sequence[str] = data["features"]
        self._baseline = float(data["baseline"])
        self._trees = [
            (
                np.array(tree["feature"], dtype=np.int64),
                np.array(tree["threshold"], dtype=np.float64),
                np.array(tree["missing_left"], dtype=bool),
                np.array(tree["left"], dtype=np.int64),
                np.array(tree["right"], dtype=np.int64),
                np.array(tree["value"], dtype=np.float64),
            )
            for tree in data["trees"]
        ]

    def logits(self, matrix: Floats) -> Floats:
        """The score of each row (rows × features, in the order of ``features``) before it is squashed."""
        total = np.full(len(matrix), self._baseline)
        rows = np.arange(len(matrix))
        missing = np.isnan(matrix)
        filled = np.where(missing, 0.0, matrix)
        for feature, threshold, missing_left, left, right, value in self._trees:
            node = np.zeros(len(matrix), dtype=np.int64)
            while True:
                inner = feature[node] != _LEAF
                if not inner.any():
                    break
                at = feature[node]
                goes_left = np.where(missing[rows, at], missing_left[node], filled[rows, at] <= threshold[node])
                node = np.where(inner, np.where(goes_left, left[node], right[node]), node)
            total += value[node]
        return total

    def probabilities(self, matrix: Floats) -> Floats:
        result: Floats = 1 / (1 + np.exp(-self.logits(matrix)))
        return result
