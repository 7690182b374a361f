"""Daily demand of one item: a level that follows recent weeks, days of the week, and how much days scatter.

The level is an exponentially weighted mean; weekday factors are shrunk towards one, since an item that sells twice a month shows none.
The sum over the coming days is negative binomial: Poisson when days scatter as chance alone has it, wider when they scatter more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, gammainc  # scipy.stats takes seconds to import

__all__ = ["Demand", "fit_demand"]

Floats = NDArray[np.float64]

MEMORY = 28.0  # days after which a day's weight is 1/e
SHRINK = 20.0  # pieces of evidence that weekday factors start with at one
FARTHEST = 730  # days ahead that are looked at


@dataclass(frozen=True)
class Demand:
    """``level``: pieces a day; ``weekday``: factors from Monday on, one on average; ``scatter``: variance of a day over its mean (≥ 1)."""

    last: date  # of the history
    level: float
    weekday: Floats
    scatter: float

    def mean(self, first: date, days: int) -> float:
        """Pieces expected from ``first`` on, over so many days."""
        whole, rest = divmod(days, 7)
        part = sum(self.weekday[(first + timedelta(days=k)).weekday()] for k in range(rest))
        return float(self.level * (whole * 7 + part))

    def exceeds(self, pieces: float, mean: float) -> float:
        """P(more than ``pieces`` are wanted) where ``mean`` are expected."""
        if mean <= 0:
            return 0.0
        above = np.floor(pieces) + 1.0
        if above <= 0:
            return 1.0
        if self.scatter < 1.001:
            return float(gammainc(above, mean))
        return float(betainc(above, mean / (self.scatter - 1.0), 1.0 - 1.0 / self.scatter))

    def quantile(self, share: float, mean: float) -> float:
        """Pieces that are not exceeded with this probability."""
        if mean <= 0:
            return 0.0
        low, high = -1, 1
        while 1.0 - self.exceeds(high, mean) < share:
            low, high = high, high * 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if 1.0 - self.exceeds(middle, mean) >= share else (middle, high)
        return float(high)

    def runs_out(self, stock: float, risk: float) -> date | None:
        """The first day by whose end more than ``stock`` is wanted with probability ``risk``; None within two years."""
        if stock <= 0:
            return self.last + timedelta(days=1)
        if self.level <= 0:
            return None
        first = self.last + timedelta(days=1)
        low, high = 1, FARTHEST
        if self.exceeds(stock - 1, self.mean(first, high)) < risk:
            return None
        while low < high:
            middle = (low + high) // 2
            if self.exceeds(stock - 1, self.mean(first, middle)) >= risk:
                high = middle
            else:
                low = middle + 1
        return first + timedelta(days=low - 1)


def fit_demand(sold: Floats, last: date) -> Demand:
    """From pieces sold each day, the oldest first, ``last`` being the newest day. Returns count negatively; a day is at least 0."""
    sold = np.maximum(np.asarray(sold, dtype=np.float64), 0.0)
    n = len(sold)
    if n == 0 or sold.sum() == 0:
        return Demand(last, 0.0, np.ones(7), 1.0)
    weights = np.exp(-np.arange(n)[::-1] / MEMORY)
    weekdays = (last.weekday() - np.arange(n)[::-1]) % 7
    weekday = np.ones(7)
    for _ in range(2):  # the level needs the factors and the factors the level
        level = float((weights * sold).sum() / (weights * weekday[weekdays]).sum())
        slow = float(sold.mean())
        got = np.bincount(weekdays, weights=sold, minlength=7)
        due = np.bincount(weekdays, minlength=7) * slow
        weekday = (got + SHRINK) / (due + SHRINK)
        weekday = weekday / weekday.mean()
    fitted = np.maximum(level * weekday[weekdays], 1e-9)
    recent = sold[-120:], fitted[-120:]
    smooth = _smooth(sold)[-120:]  # scatter around where the level was then, not is now
    expected = np.maximum(smooth * weekday[weekdays][-120:], 1e-9)
    scatter = float(((recent[0] - expected) ** 2).sum() / expected.sum()) if len(recent[0]) >= 14 else 1.0
    return Demand(last, level, weekday, float(np.clip(scatter, 1.0, 50.0)))


def _smooth(sold: Floats) -> Floats:
    width = min(57, len(sold) if len(sold) % 2 else len(sold) - 1) or 1
    kernel = np.ones(width)
    return np.asarray(
        np.convolve(sold, kernel, "same") / np.convolve(np.ones(len(sold)), kernel, "same"), dtype=np.float64
    )
