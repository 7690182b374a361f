"""Amounts just under a limit: orders that were trimmed so that nobody has to approve them.

Which limits there are is learnt: round amounts under which hand-entered orders gather. A trimmed order shows by a price that fits no
discount, a round total, and the distance to the limit, all at once.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gp_prestashop.assist.anomalies.books import Books, Floats, Mask
from gp_prestashop.assist.anomalies.chance import surprise_above
from gp_prestashop.assist.anomalies.evidence import Evidence
from gp_prestashop.assist.anomalies.prices import LinePrices

__all__ = ["limits"]

NEAR = 0.025  # of the limit: trimmed orders are within it
MANY_LIMITS = 2.0  # nats: there are many round amounts to be just under
STEPS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 7.5)


def limits(books: Books, lines: LinePrices | None) -> Iterator[Evidence]:
    """How well each order fits the picture of one trimmed to stay under a limit."""
    if not books.has("orders", "total"):
        return
    columns = [books.numbers("orders", name) for name in ("total", "subtotal") if books.has("orders", name)]
    hand = _by_hand(books)
    trimmed, chance = _trimmed(books, lines)
    best, under = np.zeros(books.size), np.zeros(books.size)
    for amount in columns:
        for value in (amount, np.where(books.home == 1.0, 0.0, amount * books.home)):
            found, limit = _fit(value, hand, chance)
            found = np.maximum(found - np.where(chance > 0, MANY_LIMITS, 2 * MANY_LIMITS), 0.0)
            better = found > best
            best[better], under[better] = found[better], limit[better]
    total = columns[0]

    def reason(i: int) -> str:
        why = ", and a price was changed to get there" if trimmed[i] else ""
        return f"Its total of {total[i]:.2f} is just under {under[i]:,.0f}{why}."

    yield Evidence("under_limit", best, reason, lambda i: f"limit:{under[i]:.0f}")


def _by_hand(books: Books) -> Mask:
    """Orders that a person typed: all, where the books do not say."""
    if not books.has("orders", "entered_by"):
        return np.ones(books.size, dtype=bool)
    who = books.codes("orders", "entered_by")
    return who != np.bincount(who).argmax() if len(np.unique(who)) > 1 else np.ones(books.size, dtype=bool)


def _trimmed(books: Books, lines: LinePrices | None) -> tuple[Mask, Floats]:
    """Whether an order has a price that no discount explains, and −ln of how many have."""
    if lines is None:
        return np.zeros(books.size, dtype=bool), np.zeros(books.size)
    odd = (lines.off != 0) & (np.abs(lines.off) < 0.7) & ~lines.promo
    own = books.per_order("lines", odd.astype(np.float64)) > 0
    share = (own.sum() + 1) / (books.size + 1)
    return own, np.where(own, -np.log(share), 0.0)


def _fit(value: Floats, hand: Mask, chance: Floats) -> tuple[Floats, Floats]:
    best, under = np.zeros(len(value)), np.zeros(len(value))
    top = float(np.nanquantile(value, 0.999))
    big = float(np.nanquantile(value, 0.5))
    for power in range(1, 8):
        for step in STEPS:
            limit = step * 10.0**power
            if not big < limit < top * 1.5:
                continue
            near = hand & (value < limit) & (value >= limit * (1 - NEAR))
            if not near.any():
                continue
            best_here = _surprise(value, limit, hand, near) + _round(value) + chance
            best_here = np.where(
                near & ((chance > 0) | (_round(value) > 0)), best_here, 0.0
            )  # being near is no evidence yet
            better = best_here > best
            best[better], under[better] = best_here[better], limit
    return best, under


def _surprise(value: Floats, limit: float, hand: Mask, near: Mask) -> float:
    """More orders just below than the neighbourhood makes likely, and how few are near a limit at all."""
    mine = value[hand]
    around = ((mine >= limit * (1 - 4 * NEAR)) & (mine < limit * (1 - NEAR))).sum() + (
        (mine >= limit) & (mine < limit * (1 + 3 * NEAR))
    ).sum()
    expected = (around + 1.0) / 6.0
    crowd = min(4.0, float(surprise_above(near.sum() - 1, expected))) if near.sum() > expected else 0.0
    return crowd + min(4.0, float(-np.log((near.sum() + 1) / (hand.sum() + 1))) - 2.0)


def _round(value: Floats) -> Floats:
    """−ln of how often chance gives so round an amount (to the two cents that tax may shift it by)."""
    surprise = np.zeros(len(value))
    for unit in (5.0, 10.0, 50.0, 100.0):
        hit = np.abs(value - unit * np.round(value / unit)) <= 0.021
        surprise[hit] = -np.log(0.05 / unit)
    return surprise
