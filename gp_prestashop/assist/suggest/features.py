"""What is known of every pair of a source and a target, as numbers for the model. nan means "says nothing"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gp_prestashop.assist.suggest.fields import Pair
from gp_prestashop.assist.suggest.knowledge import Knowledge
from gp_prestashop.assist.suggest.matrices import tall
from gp_prestashop.assist.suggest.name_features import name_features
from gp_prestashop.assist.suggest.overlap import Overlap, overlaps
from gp_prestashop.assist.suggest.profile import Floats, Profile, profile_of
from gp_prestashop.assist.suggest.rows import Aligned, align
from gp_prestashop.assist.suggest.shape_features import shape_features, spread_features, type_features
from gp_prestashop.assist.suggest.value_features import value_features
from gp_prestashop.assist.suggest.words import Words

__all__ = ["Described", "describe"]


@dataclass(frozen=True)
class Described:
    """All pairs of one question: profiles, and one matrix (sources × targets) for each feature."""

    sources: tuple[Profile, ...]
    targets: tuple[Profile, ...]
    names: tuple[str, ...]
    matrix: Floats  # sources × targets × features
    overlap: Overlap
    aligned: Aligned

    def feature(self, name: str) -> Floats:
        result: Floats = self.matrix[:, :, self.names.index(name)]
        return result


def describe(pair: Pair, words: Words, knowledge: Knowledge) -> Described:
    """All features of all pairs."""
    sources = tuple(profile_of(field) for field in pair.sources)
    targets = tuple(profile_of(field) for field in pair.targets)
    overlap = overlaps([p.keys for p in sources], [p.keys for p in targets])
    aligned = align(sources, targets, overlap)
    columns: dict[str, Floats] = {}
    name_features(columns, pair, words, knowledge)
    type_features(columns, sources, targets)
    spread_features(columns, sources, targets)
    shape_features(columns, sources, targets)
    value_features(columns, sources, targets, overlap)
    _rows(columns, aligned)
    _places(columns, sources, targets)
    matrix = np.stack([np.asarray(column, dtype=np.float64) for column in columns.values()], axis=2)
    return Described(sources, targets, tuple(columns), matrix, overlap, aligned)


def _rows(columns: dict[str, Floats], aligned: Aligned) -> None:
    shape = aligned.agree.shape
    columns["rows"] = np.full(shape, float(aligned.rows))
    for name in ("agree", "agree_unusual", "structure", "order", "core", "prefix", "phone", "inverse"):
        values = getattr(aligned, name)
        columns[f"rows_{name}"] = values
        if name in {"agree", "agree_unusual", "structure", "order"}:
            filled = np.where(np.isnan(values), -1.0, values)
            best = filled.max(axis=1, keepdims=True)
            columns[f"rows_{name}_behind"] = np.where(np.isnan(values), np.nan, best - filled)


def _places(columns: dict[str, Floats], sources: Sequence[Profile], targets: Sequence[Profile]) -> None:
    shape = (len(sources), len(targets))
    at_s, at_t = np.arange(shape[0]) / max(1, shape[0] - 1), np.arange(shape[1]) / max(1, shape[1] - 1)
    columns["place_t"] = tall(at_t, shape[0])
    columns["place_gap"] = np.abs(at_s[:, None] - at_t[None, :])
    columns["index_t"] = tall(np.arange(shape[1], dtype=np.float64), shape[0])
    columns["targets"] = np.full(shape, float(shape[1]))
    columns["sources"] = np.full(shape, float(shape[0]))
