"""What detectors say: how surprising each order is, in nats, and why.

A surprise ``s`` claims that a sound order would look so at most with probability ``exp(-s)``. Detectors over-claim, each in its own
way; ``ranking`` corrects them by what they say about the bulk of the orders.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gp_prestashop.assist.anomalies.books import Floats, Ints

__all__ = ["CERTAIN", "Evidence", "best_child", "breach", "conditional", "rule_strength"]

CERTAIN = 20.0  # nats: a hard invariant broken by far
RULE_HOLDS = 0.006  # a rule broken by more orders than this share is a custom, not a rule


@dataclass(frozen=True)
class Evidence:
    """One detector's say on all orders. ``reason`` gives the sentence for an order's position."""

    kind: str
    surprise: Floats
    reason: Callable[[int], str]
    cause: Callable[[int], str] | None = None  # orders of one cause become one alert


def breach(difference: Floats, tolerance: Floats | float) -> Floats:
    """Surprise of an exact invariant that is off by ``difference``: none within the tolerance, certain at a few times it."""
    ratio = np.abs(np.nan_to_num(difference)) / np.maximum(tolerance, 1e-9)
    return np.where(ratio > 1.0, np.minimum(CERTAIN, 2.0 + 8.0 * np.log(np.maximum(ratio, 1.0))), 0.0)


def rule_strength(broken: int, of: int) -> float:
    """Surprise of breaking a rule that ``broken`` of ``of`` orders break: a rule nobody else breaks is strong."""
    if of <= 0:
        return 0.0
    return 14.0 * max(0.0, 1.0 - (broken / of) / RULE_HOLDS)


def conditional(value: Ints, given: Ints, prior: float = 1.0) -> Floats:
    """−ln P(value | given), leave-one-out, smoothed towards the value's overall share."""
    n = len(value)
    if n == 0:
        return np.zeros(0)
    overall = np.bincount(value).astype(np.float64)
    pair = given.astype(np.int64) * (int(value.max()) + 1) + value
    _, inverse, counts = np.unique(pair, return_inverse=True, return_counts=True)
    groups = np.bincount(given).astype(np.float64)
    share = (overall[value] - 1 + 0.5) / n
    result: Floats = -np.log(np.minimum(1.0, (counts[inverse] - 1 + prior * share) / (groups[given] - 1 + prior)))
    return result


def best_child(pos: Ints, surprise: Floats, size: int) -> tuple[Floats, Ints]:
    """For each order its most surprising child row: (surprise, row); row −1 where there is none."""
    best, row = np.zeros(size), np.full(size, -1, dtype=np.int64)
    order = np.argsort(surprise, kind="stable")  # the highest is written last
    order = order[surprise[order] > 0]
    best[pos[order]] = surprise[order]
    row[pos[order]] = order
    return best, row
