"""How much of one field's values is found in another's: all pairs at once, over one vocabulary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from scipy import sparse

from gp_prestashop.assist.suggest.profile import Floats

__all__ = ["Overlap", "cosines", "overlaps"]


class Overlap:
    """For every pair of a source and a target, the shared distinct values."""

    def __init__(self, shared: Floats, of_source: Floats, of_target: Floats, weighted: Floats) -> None:
        self.shared = shared
        smaller = np.minimum.outer(of_source, of_target)
        union = np.add.outer(of_source, of_target) - shared
        with np.errstate(divide="ignore", invalid="ignore"):
            self.contained = np.where(smaller > 0, shared / np.maximum(smaller, 1), 0.0)
            self.jaccard = np.where(union > 0, shared / np.maximum(union, 1), 0.0)
        self.weighted = weighted


def overlaps(sources: Sequence[Sequence[str]], targets: Sequence[Sequence[str]]) -> Overlap:
    """Shared distinct values of all pairs; ``weighted`` counts a value less the more targets have it."""
    vocabulary: dict[str, int] = {}
    a = _incidence(sources, vocabulary)
    b = _incidence(targets, vocabulary)
    width = max(1, len(vocabulary))
    left = sparse.csr_matrix((np.ones(len(a[1])), (a[0], a[1])), shape=(len(sources), width))
    right = sparse.csr_matrix((np.ones(len(b[1])), (b[0], b[1])), shape=(len(targets), width))
    shared = np.asarray((left @ right.T).todense(), dtype=np.float64)
    rarity = 1.0 / np.maximum(1.0, np.asarray(right.sum(axis=0)).ravel())
    scaled = left.multiply(rarity[np.newaxis, :]).tocsr()
    weighted = np.asarray((scaled @ right.T).todense(), dtype=np.float64)
    of_source = np.asarray(left.sum(axis=1)).ravel()
    of_target = np.asarray(right.sum(axis=1)).ravel()
    weighted /= np.maximum(1.0, of_source)[:, np.newaxis]
    return Overlap(shared, of_source, of_target, weighted)


def cosines(sources: Sequence[Mapping[str, int]], targets: Sequence[Mapping[str, int]]) -> Floats:
    """Cosine of all pairs of bags (patterns, bigrams, words); 0 where either is empty."""
    vocabulary: dict[str, int] = {}
    left, right = _bags(sources, vocabulary), _bags(targets, vocabulary)
    width = max(1, len(vocabulary))
    a = sparse.csr_matrix(left, shape=(len(sources), width))
    b = sparse.csr_matrix(right, shape=(len(targets), width))
    dot = np.asarray((a @ b.T).todense(), dtype=np.float64)
    norm_a = np.sqrt(np.asarray(a.multiply(a).sum(axis=1)).ravel())
    norm_b = np.sqrt(np.asarray(b.multiply(b).sum(axis=1)).ravel())
    result: Floats = dot / np.maximum(1e-9, np.outer(norm_a, norm_b))
    return result


def _incidence(fields: Sequence[Sequence[str]], vocabulary: dict[str, int]) -> tuple[list[int], list[int]]:
    rows: list[int] = []
    columns: list[int] = []
    for at, values in enumerate(fields):
        for value in {value for value in values if value}:
            rows.append(at)
            columns.append(vocabulary.setdefault(value, len(vocabulary)))
    return rows, columns


def _bags(
    bags: Sequence[Mapping[str, int]], vocabulary: dict[str, int]
) -> tuple[list[float], tuple[list[int], list[int]]]:
    data: list[float] = []
    rows: list[int] = []
    columns: list[int] = []
    for at, bag in enumerate(bags):
        total = sum(Counter(bag).values()) or 1
        for key, count in bag.items():
            data.append(count / total)
            rows.append(at)
            columns.append(vocabulary.setdefault(key, len(vocabulary)))
    return data, (rows, columns)
