"""Gradient-boosted trees read from JSON and run with numpy: a model file that is data, never code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gp_prestashop.assist.suggest.profile import Floats

__all__ = ["Trees"]

_LEAF = -1


@dataclass(frozen=True)
class _Tree:
    """Node by node: the feature asked (-1 in a leaf), its threshold, where missing values go, both children, a leaf's value."""

    feature: list[int]
    threshold: list[float]
    missing_left: list[int]
    left: list[int]
    right: list[int]
    value: list[float]


class Trees:
    """An ensemble over the named features. Missing values (nan) go where training saw them go."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.features: Sequence[str] = data["features"]
        self._baseline = float(data["baseline"])
        self._trees = [_Tree(**tree) for tree in data["trees"]]

    def logits(self, matrix: Floats) -> Floats:
        """The score of each row (rows × features, in the order of ``features``) before it is squashed."""
        total = np.full(len(matrix), self._baseline)
        columns = np.ascontiguousarray(matrix.T)
        everything = np.arange(len(matrix))
        for tree in self._trees:
            waiting = [(0, everything)]
            while waiting:  # each node sees only the rows that reach it
                node, rows = waiting.pop()
                if tree.feature[node] == _LEAF:
                    total[rows] += tree.value[node]
                    continue
                values = columns[tree.feature[node]][rows]
                left = values <= tree.threshold[node]
                if tree.missing_left[node]:
                    left |= np.isnan(values)
                if (some := rows[left]).size:
                    waiting.append((tree.left[node], some))
                if (others := rows[~left]).size:
                    waiting.append((tree.right[node], others))
        return total

    def probabilities(self, matrix: Floats) -> Floats:
        result: Floats = 1 / (1 + np.exp(-self.logits(matrix)))
        return result
