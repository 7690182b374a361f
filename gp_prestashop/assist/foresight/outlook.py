"""For each item: when it runs out, and how likely it is sold more often than it is there while the stock is on its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from gp_prestashop.assist.foresight.demand import Floats, fit_demand

__all__ = ["Outlook", "daily", "outlook"]

BUSIEST = 3.0  # the busiest hours bring so many times the average: a lag counts at its worst
EARLY, LIKELY = 0.1, 0.5


@dataclass(frozen=True, slots=True)
class Outlook:
    """``early`` and ``likely``: days by whose end it is gone with a chance of 10 % and 50 %; None: not within two years.

    ``oversell``: the chance that more than the stock is ordered before the shop hears of a sale (the sync lag).
    """

    item: str
    stock: float
    a_day: float
    early: date | None
    likely: date | None
    oversell: float

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def daily(sales: pd.DataFrame, last: date) -> dict[str, Floats]:
    """Pieces sold of each item on each day, from the first day of ``sales`` (columns day, item, qty) to ``last``."""
    if not len(sales):
        return {}
    first = min(sales["day"])
    length = (last - first).days + 1
    found: dict[str, Floats] = {}
    for item, rows in sales.groupby("item"):
        sold = np.zeros(max(length, 1))
        place = np.array([(day - first).days for day in rows["day"]])
        inside = (place >= 0) & (place < length)
        np.add.at(sold, place[inside], rows["qty"].to_numpy(dtype=np.float64)[inside])
        found[str(item)] = sold
    return found


def outlook(sales: pd.DataFrame, stock: Mapping[str, float], last: date, lag_minutes: float) -> list[Outlook]:
    """The most urgent first. ``sales``: columns day (date), item, qty, of the days up to ``last``; ``stock``: pieces by item."""
    found = []
    series = daily(sales, last)
    nothing = np.zeros(max((len(sold) for sold in series.values()), default=1))
    for item, pieces in stock.items():
        sold = series.get(item, nothing)
        demand = fit_demand(sold, last)
        lag = demand.level * BUSIEST * lag_minutes / 1440.0
        found.append(
            Outlook(
                item, pieces, round(demand.level, 3), demand.runs_out(pieces, EARLY), demand.runs_out(pieces, LIKELY),
                round(demand.exceeds(max(pieces, 0.0), lag), 6),
            )
        )  # fmt: skip
    never = last + timedelta(days=10_000)
    return sorted(found, key=lambda one: (one.early or never, one.likely or never, one.item))
