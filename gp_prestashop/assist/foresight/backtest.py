"""Foresight against what came: each forecast is made from the days before it alone, and scored by the days after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

import numpy as np

from gp_prestashop.assist.foresight.demand import Floats, fit_demand
from gp_prestashop.assist.foresight.volume import fit_volume

__all__ = ["Backtest", "SilenceBacktest", "backtest_demand", "backtest_silence"]


@dataclass(frozen=True, slots=True)
class Backtest:
    """``coverage``: share of outcomes at or below the 90 % quantile (aim: 0.9); ``error``, ``naive``: mean absolute error, ours and that of
    "as in the same span before"."""

    forecasts: int
    coverage: float
    error: float
    naive: float


@dataclass(frozen=True, slots=True)
class SilenceBacktest:
    """``false_alarms``: in the time tried; ``hours_to_notice``: median from an outage's begin, over outages put into daytime."""

    false_alarms: int
    days: int
    hours_to_notice: float
    missed: int


def backtest_demand(sold: Mapping[str, Floats], last: date, horizon: int = 14, origins: int = 6) -> Backtest:
    """Rolling origins, ``horizon`` days each, over the daily sales of items (the oldest day first, all ending at ``last``)."""
    inside, errors, naive = [], [], []
    for series in sold.values():
        for k in range(1, origins + 1):
            cut = len(series) - k * horizon
            if cut < 4 * horizon:
                break
            end = last - timedelta(days=k * horizon)
            demand = fit_demand(series[:cut], end)
            mean = demand.mean(end + timedelta(days=1), horizon)
            came = float(series[cut : cut + horizon].sum())
            inside.append(came <= demand.quantile(0.9, mean))
            errors.append(abs(came - mean))
            naive.append(abs(came - float(series[cut - horizon : cut].sum())))
    if not inside:
        return Backtest(0, 0.0, 0.0, 0.0)
    return Backtest(len(inside), float(np.mean(inside)), float(np.mean(errors)), float(np.mean(naive)))


def backtest_silence(moments: Sequence[datetime], days: int = 60, training: int = 90) -> SilenceBacktest:
    """Walks the last ``days`` day by day: real gaps that would have alarmed, and how soon an outage from 10 h on would have."""
    ordered = sorted(moments)
    if len(ordered) < 50:
        return SilenceBacktest(0, 0, 0.0, 0)
    end = ordered[-1].replace(hour=0, minute=0, second=0, microsecond=0)
    false, noticed, missed, tried = 0, [], 0, 0
    for k in range(days, 0, -1):
        day = end - timedelta(days=k)
        before = [m for m in ordered if day - timedelta(days=training) <= m < day]
        if len(before) < 30:
            continue
        tried += 1
        volume = fit_volume(before, day - timedelta(days=training), day)
        today = [before[-1], *(m for m in ordered if day <= m < day + timedelta(days=1))]
        false += sum(volume.silence(a, b).alarm for a, b in pairwise(today) if b >= day)
        start = max([m for m in today if m < day + timedelta(hours=10)])
        hours = next((h for h in range(1, 73) if volume.silence(start, day + timedelta(hours=10 + h)).alarm), None)
        if hours is None:
            missed += 1
        else:
            noticed.append(hours)
    return SilenceBacktest(false, tried, float(np.median(noticed)) if noticed else 0.0, missed)
