"""The trained matcher: a first look at each pair alone, a second in the company of its rivals, then calibration."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from gp_prestashop.assist.suggest.features import Described
from gp_prestashop.assist.suggest.profile import Floats
from gp_prestashop.assist.suggest.trees import Trees

__all__ = ["CONTEXT", "Model", "context", "shipped_model"]

# Features of the pair itself that the second look uses beside those of its rivals.
_OWN = (
    "hidden", "values_s", "values_t", "rows", "known_state", "known_weight", "known_rival",
    "word_cosine", "core_words", "rows_agree", "rows_structure", "rows_order", "same_kind", "distinct_s", "most_common_s",
    "distinct_t", "most_common_t", "constant_t", "twins_t", "twin_rank_t", "unique_s", "unique_t",
    "originating", "system", "filled_s", "shared_rare", "classes", "frequency_gap", "place_gap",
)  # fmt: skip
_RIVALS = (
    "first",
    "row_rank",
    "row_margin",
    "row_share",
    "row_second",
    "column_rank",
    "column_margin",
    "column_share",
    "column_best",
    "company",
)
CONTEXT = (*_RIVALS, *_OWN)


class Model:
    """Both looks and the calibration, from one JSON document."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.first = Trees(data["first"])
        self.second = Trees(data["second"])
        self._raw = np.array(data["calibration"]["raw"], dtype=np.float64)
        self._true = np.array(data["calibration"]["true"], dtype=np.float64)
        self.threshold = float(data["threshold"])

    def scores(self, described: Described) -> tuple[Floats, Floats]:
        """(score, confidence) of every pair, sources × targets; confidence is the chance that the pair is right."""
        shape = described.matrix.shape[:2]
        first = self.first.probabilities(pick(described, self.first.features)).reshape(shape)
        second = self.second.probabilities(context(described, first, self.second.features)).reshape(shape)
        confidence = np.interp(second, self._raw, self._true)
        return second, confidence


def pick(described: Described, names: Sequence[str]) -> Floats:
    """The features that a model asks for, one row a pair."""
    at = [described.names.index(name) for name in names]
    return described.matrix[:, :, at].reshape(-1, len(at))


def context(described: Described, first: Floats, names: Sequence[str] = CONTEXT) -> Floats:
    """What the second look sees: how a pair stands among the other targets of its source and the other sources of its target."""
    rows, columns = first.shape
    _, row_other = _best_other(first)
    column_best, column_other = (array.T for array in _best_other(first.T))
    company = np.full(first.shape, float(np.mean(first.max(axis=1))) if first.size else 0.0)
    second = np.sort(first, axis=1)[:, -2] if columns > 1 else np.zeros(rows)
    rivals = {
        "first": first,
        "row_rank": _rank(first),
        "row_margin": first - row_other,
        "row_share": first / np.maximum(1e-9, first.sum(axis=1, keepdims=True)),
        "row_second": np.repeat(second[:, None], columns, axis=1),
        "column_rank": _rank(first.T).T,
        "column_margin": first - column_other,
        "column_share": first / np.maximum(1e-9, first.sum(axis=0, keepdims=True)),
        "column_best": column_best,
        "company": company,
    }
    own = {name: described.feature(name) for name in _OWN}
    return np.stack([(rivals | own)[name] for name in names], axis=2).reshape(-1, len(names))


def _best_other(matrix: Floats) -> tuple[Floats, Floats]:
    """For each cell, the best of its row and the best of the row's other cells."""
    best = matrix.max(axis=1, keepdims=True)
    if matrix.shape[1] < 2:
        return np.broadcast_to(best, matrix.shape), np.zeros(matrix.shape)
    second = np.sort(matrix, axis=1)[:, -2:-1]
    is_best = matrix == best
    other = np.where(is_best, second, best)
    return np.broadcast_to(best, matrix.shape), other


def _rank(matrix: Floats) -> Floats:
    order = np.argsort(-matrix, axis=1, kind="stable")
    ranks = np.empty_like(matrix)
    np.put_along_axis(ranks, order, np.broadcast_to(np.arange(matrix.shape[1], dtype=np.float64), matrix.shape), axis=1)
    return np.minimum(ranks, 20)


@lru_cache(maxsize=1)
def shipped_model() -> Model:
    """The model that comes with the package."""
    packed = (files("gp_prestashop.assist.suggest") / "data" / "model.json.gz").read_bytes()
    return Model(json.loads(gzip.decompress(packed)))
