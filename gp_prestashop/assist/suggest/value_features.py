"""How far the values of both sides are the same, or of the same size and time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gp_prestashop.assist.suggest.overlap import Overlap, overlaps
from gp_prestashop.assist.suggest.profile import Floats, Profile, quantiles

__all__ = ["value_features"]


def value_features(
    columns: dict[str, Floats], sources: Sequence[Profile], targets: Sequence[Profile], overlap: Overlap
) -> None:
    columns["shared"] = np.log1p(overlap.shared)
    columns["contained"] = overlap.contained
    columns["jaccard"] = overlap.jaccard
    columns["shared_rare"] = overlap.weighted
    columns["shared_relative"] = overlap.weighted / np.maximum(1e-9, overlap.weighted.max(axis=1, keepdims=True))
    columns["shared_relative_t"] = overlap.weighted / np.maximum(1e-9, overlap.weighted.max(axis=0, keepdims=True))
    phones = overlaps([p.phones for p in sources], [p.phones for p in targets])
    columns["phones_both"] = np.minimum.outer(
        np.array([_part(p.phones) for p in sources]), np.array([_part(p.phones) for p in targets])
    )
    columns["phones_shared"] = phones.contained
    columns["prefix_shared"] = overlaps([p.prefixes for p in sources], [p.prefixes for p in targets]).contained
    textual = np.array([p.kind == "text" for p in targets])
    cores = overlaps([p.cores for p in sources], [p.cores for p in targets])
    columns["core_shared"] = np.where(textual[None, :], cores.contained, np.nan)
    columns["core_range"] = np.where(textual[None, :], _core_range(sources, targets), np.nan)
    columns["quantile_gap"] = _quantile_gap(
        [quantiles(_logarithm(p.numbers)) for p in sources], [quantiles(_logarithm(p.numbers)) for p in targets]
    )
    columns["filled_quantile_gap"] = _quantile_gap(
        [quantiles(_logarithm(p.numbers[p.numbers != 0])) for p in sources],
        [quantiles(_logarithm(p.numbers[p.numbers != 0])) for p in targets],
    )
    columns["day_gap"] = _quantile_gap([quantiles(p.days) for p in sources], [quantiles(p.days) for p in targets])
    columns["day_order"] = _signed_gap([quantiles(p.days) for p in sources], [quantiles(p.days) for p in targets])
    columns["integral_gap"] = np.abs(
        np.subtract.outer(np.array([p.integral for p in sources]), np.array([p.integral for p in targets]))
    )
    columns["decimals_gap"] = np.abs(
        np.subtract.outer(np.array([p.decimals for p in sources]), np.array([p.decimals for p in targets]))
    )
    for name in ("quantile_gap", "day_gap"):
        gap = columns[name]
        best = np.nanmin(np.where(np.isnan(gap), np.inf, gap), axis=1, keepdims=True)
        columns[f"{name}_relative"] = gap - best


def _part(values: Sequence[str]) -> float:
    return sum(1 for value in values if value) / max(1, len(values))


def _core_range(sources: Sequence[Profile], targets: Sequence[Profile]) -> Floats:
    """How far the numbers inside the codes of both sides cover the same range (0 apart, 1 the same)."""
    ranges_a, ranges_b = [_range(p) for p in sources], [_range(p) for p in targets]
    result = np.zeros((len(sources), len(targets)))
    for i, (low_a, high_a) in enumerate(ranges_a):
        for j, (low_b, high_b) in enumerate(ranges_b):
            if high_a > 0 and high_b > 0:
                result[i, j] = max(0.0, min(high_a, high_b) - max(low_a, low_b)) / max(
                    1.0, max(high_a, high_b) - min(low_a, low_b)
                )
    return result


def _range(profile: Profile) -> tuple[float, float]:
    numbers = [float(core) for core in profile.cores if core and len(core) < 12]
    if len(numbers) < 0.5 * profile.count or len(set(numbers)) < 3:
        return 0.0, 0.0
    return min(numbers), max(numbers)


def _logarithm(numbers: Floats) -> Floats:
    result: Floats = np.sign(numbers) * np.log10(1 + np.abs(numbers))
    return result


def _quantile_gap(a: Sequence[Floats], b: Sequence[Floats]) -> Floats:
    result: Floats = np.abs(np.array(a)[:, None, :] - np.array(b)[None, :, :]).mean(axis=2)
    return result


def _signed_gap(a: Sequence[Floats], b: Sequence[Floats]) -> Floats:
    result: Floats = (np.array(b)[None, :, :] - np.array(a)[:, None, :]).mean(axis=2)
    return result
