"""Records that both samples share: found through fields whose values identify a record, then every other pair is compared on them.

With the same record at hand on both sides, a code that never looks like its counterpart (country 8, FRANCE) is still
recognised: the two columns are equal and different on the same rows.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gp_prestashop.assist.suggest.overlap import Overlap
from gp_prestashop.assist.suggest.profile import Floats, Profile

__all__ = ["Aligned", "align"]

Codes = npt.NDArray[np.int64]

_FEWEST = 4  # rows that must be shared before anything is concluded
_MOST = 80  # rows that are compared
_ANCHORS = 12
_PARTS = ("agree", "agree_unusual", "structure", "order", "core", "prefix", "phone", "inverse")


@dataclass(frozen=True)
class Aligned:
    """All pairs compared on the shared rows. Arrays are sources × targets; nan where the rows say nothing."""

    rows: int
    agree: Floats  # part of the rows where both values are the same (blank rows left out)
    agree_unusual: Floats  # the same over rows whose value is not the column's most common one
    structure: Floats  # how alike the two columns group the rows (Jaccard of equal pairs of rows)
    order: Floats  # concordance of order, -1 to 1
    core: Floats  # part of the rows where the numbers inside the codes are the same
    prefix: Floats  # part of the rows where the beginnings are the same
    phone: Floats
    inverse: Floats  # part of the rows where two flags are opposite


def align(sources: Sequence[Profile], targets: Sequence[Profile], overlap: Overlap) -> Aligned:
    """Find the shared rows of each entity with each table and compare the pairs on them."""
    parts = {name: np.full((len(sources), len(targets)), np.nan) for name in _PARTS}
    rows = 0
    for group_s in _owners(sources):
        for group_t in _owners(targets):
            mine, theirs = [sources[i] for i in group_s], [targets[j] for j in group_t]
            left, right = _shared_rows(mine, theirs, overlap.shared[np.ix_(group_s, group_t)])
            if len(left) < _FEWEST:
                continue
            rows = max(rows, len(left))
            for name, values in _compare(mine, theirs, left[:_MOST], right[:_MOST]).items():
                parts[name][np.ix_(group_s, group_t)] = values
    return Aligned(rows, **parts)


def _owners(profiles: Sequence[Profile]) -> list[list[int]]:
    """Fields of one entity or table that have the same number of rows: row i of each is the same record."""
    groups: dict[tuple[str, int], list[int]] = {}
    for at, profile in enumerate(profiles):
        groups.setdefault((profile.field.owner, profile.count), []).append(at)
    return list(groups.values())


def _compare(
    sources: Sequence[Profile], targets: Sequence[Profile], left: list[int], right: list[int]
) -> dict[str, Floats]:
    keys_a, keys_b = _tables([p.keys for p in sources], left, [p.keys for p in targets], right)
    agree, unusual = _agreement(keys_a, keys_b)
    numbers_a = np.array([p.row_numbers[left] for p in sources])
    numbers_b = np.array([p.row_numbers[right] for p in targets])
    return {
        "agree": agree,
        "agree_unusual": unusual,
        "structure": _structure(keys_a, keys_b),
        "order": _order(numbers_a, numbers_b),
        "core": _agreement(*_tables([p.cores for p in sources], left, [p.cores for p in targets], right))[0],
        "prefix": _agreement(*_tables([p.prefixes for p in sources], left, [p.prefixes for p in targets], right))[0],
        "phone": _agreement(*_tables([p.phones for p in sources], left, [p.phones for p in targets], right))[0],
        "inverse": _inverse(numbers_a, numbers_b),
    }


def _shared_rows(sources: Sequence[Profile], targets: Sequence[Profile], shared: Floats) -> tuple[list[int], list[int]]:
    """The best one-to-one matching of rows: the anchor pair of fields whose matching other fields confirm most."""
    candidates = [
        (shared[i, j] * min(sources[i].unique, targets[j].unique), i, j)
        for i, j in np.argwhere(shared >= _FEWEST)
        if sources[i].unique > 0.55 and targets[j].unique > 0.55
    ]
    best: tuple[float, list[int], list[int]] = (0.0, [], [])
    tried: set[tuple[tuple[int, ...], tuple[int, ...]]] = set()
    for _, i, j in sorted(candidates, reverse=True)[:_ANCHORS]:
        left, right = _joined(sources[i].keys, targets[j].keys)
        identity = (tuple(left), tuple(right))
        if len(left) < _FEWEST or identity in tried:
            continue
        tried.add(identity)
        support = _support(sources, targets, left, right)
        if support > best[0]:
            best = (support, left, right)
    return best[1], best[2]


def _joined(a: Sequence[str], b: Sequence[str]) -> tuple[list[int], list[int]]:
    """Rows whose value occurs once on each side."""
    once_a, once_b = Counter(a), Counter(b)
    at_b = {key: row for row, key in enumerate(b) if key and once_b[key] == 1}
    rows = [(row, at_b[key]) for row, key in enumerate(a) if key and once_a[key] == 1 and key in at_b]
    return [row for row, _ in rows], [row for _, row in rows]


def _support(sources: Sequence[Profile], targets: Sequence[Profile], left: list[int], right: list[int]) -> float:
    """How many unusual values agree under a matching, beyond what chance would give."""
    rich_a = [p for p in sources if p.distinct > 2]
    rich_b = [p for p in targets if p.distinct > 2]
    if not rich_a or not rich_b:
        return float(len(left))
    keys_a, keys_b = _tables([p.keys for p in rich_a], left, [p.keys for p in rich_b], right)
    equal = _equal(keys_a, keys_b).mean(axis=2)
    shifted = _equal(keys_a, np.roll(keys_b, 1, axis=1)).mean(axis=2)
    gain = float(np.maximum(0.0, equal - shifted).max(axis=1).sum())
    return gain * math.sqrt(len(left))


def _tables(
    a: Sequence[Sequence[str]], left: Sequence[int], b: Sequence[Sequence[str]], right: Sequence[int]
) -> tuple[Codes, Codes]:
    """Values as whole numbers, the same for the same text on both sides (0 for blank), fields × rows."""
    numbers: dict[str, int] = {"": 0}
    first = [[numbers.setdefault(column[row], len(numbers)) for row in left] for column in a]
    second = [[numbers.setdefault(column[row], len(numbers)) for row in right] for column in b]
    return np.array(first, dtype=np.int64), np.array(second, dtype=np.int64)


def _equal(a: Codes, b: Codes) -> npt.NDArray[np.bool_]:
    same: npt.NDArray[np.bool_] = (a[:, None, :] == b[None, :, :]) & (a[:, None, :] != 0)
    return same


def _agreement(a: Codes, b: Codes) -> tuple[Floats, Floats]:
    equal = _equal(a, b)
    filled = (a[:, None, :] != 0) | (b[None, :, :] != 0)
    both = filled.sum(axis=2)
    agree = np.where(both >= 2, equal.sum(axis=2) / np.maximum(1, both), np.nan)
    rare = np.array([row != _mode(row) for row in a]) & (a != 0)
    some = rare.sum(axis=1)
    hits = (equal & rare[:, None, :]).sum(axis=2)
    unusual = np.where(some[:, None] >= 2, hits / np.maximum(1, some)[:, None], np.nan)
    return agree, unusual


def _mode(row: Codes) -> int:
    values, counts = np.unique(row, return_counts=True)
    at = int(np.argmax(counts))
    return int(values[at]) if counts[at] > 1 else -1


def _structure(a: Codes, b: Codes) -> Floats:
    upper = np.triu_indices(a.shape[1], 1)
    same_a = np.array([(row[:, None] == row[None, :])[upper] for row in a], dtype=np.float32)
    same_b = np.array([(row[:, None] == row[None, :])[upper] for row in b], dtype=np.float32)
    both = same_a @ same_b.T
    either = same_a.sum(axis=1)[:, None] + same_b.sum(axis=1)[None, :] - both
    result = np.where(either > 0, both / np.maximum(1, either), np.nan).astype(np.float64)
    all_pairs = same_a.shape[1]
    trivial_a = (same_a.sum(axis=1) == all_pairs)[:, None]
    trivial_b = (same_b.sum(axis=1) == all_pairs)[None, :]
    return np.where(trivial_a | trivial_b, np.nan, result)


def _order(a: Floats, b: Floats) -> Floats:
    upper = np.triu_indices(a.shape[1], 1)
    signs_a = np.array([np.nan_to_num(np.sign(row[:, None] - row[None, :])[upper]) for row in a], dtype=np.float32)
    signs_b = np.array([np.nan_to_num(np.sign(row[:, None] - row[None, :])[upper]) for row in b], dtype=np.float32)
    norm = np.sqrt(np.outer(np.abs(signs_a).sum(axis=1), np.abs(signs_b).sum(axis=1)))
    return np.where(norm > 0, (signs_a @ signs_b.T) / np.maximum(1, norm), np.nan).astype(np.float64)


def _inverse(a: Floats, b: Floats) -> Floats:
    flags_a = np.array([set(np.unique(row[~np.isnan(row)])) == {0.0, 1.0} for row in a])
    flags_b = np.array([set(np.unique(row[~np.isnan(row)])) == {0.0, 1.0} for row in b])
    opposite = (np.nan_to_num(a)[:, None, :] + np.nan_to_num(b)[None, :, :] == 1).mean(axis=2)
    return np.where(flags_a[:, None] & flags_b[None, :], opposite, np.nan)
