"""For each item: when it runs out, and how likely it is sold more often than it is there while the stock is on its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from gp_prestashop.assist.foresight.demand import fit_demand

__all__ = ["Outlook", "outlook"]

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


def outlook(sales: pd.DataFrame, stock: Mapping[str, float], last: date, lag_minutes: float) -> list[Outlook]:
    """The most urgent first. ``sales``: columns day (date), item, qty, of the days up to ``last``; ``stock``: pieces by item."""
    found = []
    first = min(sales["day"]) if len(sales) else last
    length = (last - first).days + 1
    by_item = {str(item): rows for item, rows in sales.groupby("item")} if len(sales) else {}
    for item, pieces in stock.items():
        sold = np.zeros(length)
        if item in by_item:
            rows = by_item[item]
            place = np.array([(day - first).days for day in rows["day"]])
            inside = (place >= 0) & (place < length)
            np.add.at(sold, place[inside], rows["qty"].to_numpy(dtype=np.float64)[inside])
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
