"""How many orders an hour should bring, as the baseline of the alarm "the sensor is silent".

Rates are level × hour of the week × season (week of the year where a year is known). Silence is judged by the chance that so many hours
bring nothing: at night a long gap says nothing, on a Monday morning a short one does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

__all__ = ["Silence", "Volume", "fit_volume", "silence_since_last"]

Floats = NDArray[np.float64]

MEMORY = 28.0  # days
SHRINK = 3.0  # orders of evidence with which an hour of the week starts at the hour of the day's rate
ALARM = 1e-4  # chance of so long a silence: with an order an hour, one false alarm in years
HOURS = 168


@dataclass(frozen=True, slots=True)
class Silence:
    """``chance``: that so long a silence is one; ``expected``: orders that the time since ``since`` should have brought."""

    since: datetime
    until: datetime
    expected: float
    chance: float
    alarm: bool

    @property
    def sentence(self) -> str:
        hours = (self.until - self.since).total_seconds() / 3600
        if not self.alarm:
            return f"No order for {hours:.1f} hours; {self.expected:.1f} were to be expected: that happens."
        return f"No order for {hours:.1f} hours, where {self.expected:.1f} were to be expected: the sensor or the shop may be down."


@dataclass(frozen=True)
class Volume:
    """``rates``: orders in each hour of the week, from Monday 0 h; ``scatter``: variance over mean of a day's orders (≥ 1)."""

    rates: Floats
    scatter: float

    def expected(self, since: datetime, until: datetime) -> float:
        """Orders to be expected in between (both in the shop's time zone)."""
        total, at = 0.0, since
        while at < until:
            end = min(until, at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1))
            total += self.rates[at.weekday() * 24 + at.hour] * (end - at).total_seconds() / 3600
            at = end
        return float(total)

    def silence(self, since: datetime, until: datetime) -> Silence:
        """How strange it is that nothing came since then."""
        mean = self.expected(since, until)
        # Negative binomial: P(none) = scatter^(−mean / (scatter − 1)); Poisson at scatter 1.
        rate = np.log(self.scatter) / (self.scatter - 1.0) if self.scatter > 1.001 else 1.0
        chance = float(np.exp(-mean * rate))
        return Silence(since, until, mean, chance, alarm=chance < ALARM)


def silence_since_last(moments: Sequence[datetime], now: datetime, days: int = 365) -> Silence | None:
    """How strange it is that nothing came since the last of ``moments`` (sorted); None where nothing ever came."""
    if not moments:
        return None
    start = max(moments[0], now - timedelta(days=days))
    return fit_volume(moments, start, now).silence(moments[-1], now)


def fit_volume(moments: Sequence[datetime], start: datetime, end: datetime) -> Volume:
    """From the moments of past orders between ``start`` and ``end`` (in the shop's time zone)."""
    hours = int((end - start).total_seconds() // 3600)
    if hours <= 0:
        return Volume(np.zeros(HOURS), 1.0)
    counts = np.zeros(hours)
    for moment in moments:
        place = int((moment - start).total_seconds() // 3600)
        if 0 <= place < hours:
            counts[place] += 1
    first = start.weekday() * 24 + start.hour
    slot = (first + np.arange(hours)) % HOURS
    weights = np.exp(-np.arange(hours)[::-1] / 24.0 / MEMORY)
    level = float((weights * counts).sum() / weights.sum())
    mean = float(counts.mean())
    if mean <= 0:
        return Volume(np.zeros(HOURS), 1.0)
    seen = np.bincount(slot, minlength=HOURS).astype(np.float64)
    got = np.bincount(slot, weights=counts, minlength=HOURS)
    of_day = np.tile(got.reshape(7, 24).sum(axis=0) / np.maximum(seen.reshape(7, 24).sum(axis=0), 1.0), 7) / mean
    shape = (got + SHRINK * of_day) / (seen * mean + SHRINK)
    rates = level * shape
    return Volume(rates, _scatter(counts, rates[slot] * mean / max(level, 1e-9)))


def _scatter(counts: Floats, expected: Floats) -> float:
    """Variance over mean of days, around a slow level, so that the season does not count as chance."""
    days = len(counts) // 24
    if days < 14:
        return 1.0
    sums = counts[-days * 24 :].reshape(days, 24).sum(axis=1)
    due = expected[-days * 24 :].reshape(days, 24).sum(axis=1)
    kernel = np.ones(min(29, days))
    local = np.convolve(sums, kernel, "same") / np.maximum(np.convolve(due, kernel, "same"), 1e-9)
    due = np.maximum(due * local, 1e-9)
    return float(np.clip(((sums - due) ** 2).sum() / due.sum(), 1.0, 20.0))
