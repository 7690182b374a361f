"""Fiscal periods (SY40100): whether a document's date can be posted, and the first day that can.

A period is closed for a whole series (SERIES 3 sales, 0 all) or for one origin within it (ODESCTN). The rows of sales
order entry decide where they exist, else those of the sales series, else those of all series.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa

from gp_prestashop.gp.database import GpDatabase
from gp_prestashop.keys import key_text

__all__ = ["Calendar", "Period", "read_calendar"]

ALL_SERIES, SALES = 0, 3
ORIGIN = "SALES TRANSACTION ENTRY"


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, both inclusive."""

    first: date
    last: date
    closed: bool
    name: str = ""


class Calendar:
    """The periods that sales documents are posted by, in order."""

    def __init__(self, periods: Sequence[Period]) -> None:
        self._periods: Final = sorted(periods, key=lambda period: period.first)

    def period_of(self, day: date) -> Period | None:
        """The period of that day; None when GP has none."""
        covering = [period for period in self._periods if period.first <= day <= period.last]
        return next((period for period in covering if period.closed), covering[0] if covering else None)

    def first_open_day(self, day: date) -> date | None:
        """The day itself or the next one in an open period; None when there is none."""
        for period in self._periods:
            candidate = max(day, period.first)
            if period.last >= day and not period.closed and not self._closed_on(candidate):
                return candidate
        return None

    def _closed_on(self, day: date) -> bool:
        period = self.period_of(day)
        return period is None or period.closed


def read_calendar(database: GpDatabase) -> Calendar:
    """The company's periods. Raises Transient or ConfigError."""
    table = database.tables.SY40100
    names = ("SERIES", "ODESCTN", "PERIODID", "PERIODDT", "PERDENDT", "PERNAME", "CLOSED")
    rows = database.read(
        sa.select(*(table.c[name] for name in names)).where(
            table.c.SERIES.in_([ALL_SERIES, SALES]), table.c.PERIODID > 0
        )
    )
    dated = [row for row in rows if row["PERIODDT"] and row["PERDENDT"]]
    of_sales = [row for row in dated if row["SERIES"] == SALES]
    chosen = (
        [row for row in of_sales if key_text(row["ODESCTN"]) == ORIGIN]
        or [row for row in of_sales if not key_text(row["ODESCTN"])]
        or of_sales
        or [row for row in dated if row["SERIES"] == ALL_SERIES]
    )
    return Calendar(
        [Period(row["PERIODDT"], row["PERDENDT"], closed=row["CLOSED"] == 1, name=row["PERNAME"]) for row in chosen]
    )
