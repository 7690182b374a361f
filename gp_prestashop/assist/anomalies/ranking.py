"""From surprises to one score: a probability that the order is bad, comparable between detectors.

Three corrections, so that no noisy detector floods the top of the list:

1. *Tails.* A detector that finds many mildly odd orders over-claims. Its surprises above the 99 % quantile are scaled so that the bulk
   of the orders, which are sound, would look as common as they are.
2. *Multiplicity.* With n orders, the false ones expected beyond a surprise s are n·exp(−s); the score of an order is one minus their
   share of those found there (a local false discovery rate, as Benjamini and Hochberg have it).
3. *Prevalence.* One cause makes few orders bad. What more than ``MANY`` orders show alike is a custom of the house.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gp_prestashop.assist.anomalies.books import Floats, Mask
from gp_prestashop.assist.anomalies.evidence import Evidence

__all__ = ["calibrated", "combine", "probability"]

MANY = 0.004  # of all orders
PRIOR = 0.0005  # share of orders that one kind makes bad
ADAPTIVE = 0.7
HIGHEST = 0.999


def calibrated(surprise: Floats) -> Floats:
    """Surprises whose tail is no heavier than the bulk allows; never raised."""
    if len(surprise) < 100:
        return surprise
    q90, q99 = np.quantile(surprise, [0.9, 0.99])
    if q99 <= 1e-9:
        return surprise
    slope = max(1.0, (q99 - q90) / np.log(10.0))
    scaled = np.where(surprise > q99, np.log(100.0) + (surprise - q99) / slope, surprise * np.log(100.0) / q99)
    return np.asarray(np.minimum(surprise, scaled), dtype=np.float64)


def probability(surprise: Floats) -> Floats:
    """For each order, how likely it is bad by this detector alone (0…1)."""
    n = len(surprise)
    if n == 0:
        return surprise
    s = calibrated(surprise)
    order = np.argsort(-s, kind="stable")
    ranked = s[order]
    # Rank of the last one with the same surprise: ties share their count.
    rank = n - np.searchsorted(ranked[::-1], ranked, side="left")
    false = n * np.exp(-ranked)
    rate = np.maximum.accumulate(np.minimum(1.0, false / rank))
    many = max(12.0, MANY * n)
    custom = np.minimum(1.0, (many / rank) ** 1.5)
    result = np.zeros(n)
    prior = 1.0 / (1.0 + np.exp(-ranked) / PRIOR)  # what one surprise says alone, whatever the others are
    result[order] = np.where(ranked > 0, (ADAPTIVE * (1.0 - rate) + (1.0 - ADAPTIVE) * prior) * custom, 0.0)
    return np.minimum(result, HIGHEST)


def combine(evidence: Sequence[Evidence], n: int) -> tuple[Floats, Mask, Floats]:
    """(score, index of the evidence that says most, or −1, each evidence's probability as a matrix)."""
    if not evidence:
        return np.zeros(n), np.full(n, -1), np.zeros((0, n))
    each = np.stack([probability(e.surprise) for e in evidence])
    strength = np.stack([np.minimum(e.surprise, 40.0) for e in evidence])
    score = 1.0 - np.prod(1.0 - each, axis=0)
    leading = np.argmax(each + strength * 1e-6, axis=0)
    return score, np.where(strength.max(axis=0) > 0, leading, -1), each
