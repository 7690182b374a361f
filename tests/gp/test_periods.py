"""Fiscal periods and what becomes of a date in a closed one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from gp_prestashop.gp.database import GpDatabase
from gp_prestashop.gp.periods import Calendar, Period, read_calendar
from gp_prestashop.gp.posting_date import PostingDates
from gp_prestashop.mapping.shapes import Document

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31), closed=True)
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30), closed=True)
DECEMBER = Period(date(2026, 12, 1), date(2026, 12, 31), closed=False)
CALENDAR = Calendar([DECEMBER, OCTOBER, NOVEMBER])

Make = Callable[..., Document]


def test_first_open_day() -> None:
    assert CALENDAR.first_open_day(date(2026, 10, 15)) == date(2026, 12, 1)
    assert CALENDAR.first_open_day(date(2026, 12, 15)) == date(2026, 12, 15)
    assert CALENDAR.first_open_day(date(2027, 1, 1)) is None
    assert CALENDAR.period_of(date(2027, 1, 1)) is None


def test_held_or_moved(order: Make) -> None:
    document = order()
    hold = PostingDates(lambda: CALENDAR, "hold").problem(document)
    assert hold is not None
    assert (hold.severity, hold.code) == ("hold", "closed_period")
    move = PostingDates(lambda: CALENDAR, "move")
    warning = move.problem(document)
    assert warning is not None
    assert (warning.severity, warning.code) == ("warn", "moved_date")
    moved = move.moved(document)
    assert moved.header["DOCDATE"] == date(2026, 12, 1)
    assert moved.header["ORDRDATE"] == date(2026, 11, 20)
    assert {line["DOCDATE"] for line in moved.frames["lines"]} == {date(2026, 12, 1)}
    assert document.header["DOCDATE"] == date(2026, 11, 20)


def test_an_open_day_stays(order: Make, customer: Make) -> None:
    document = order(DOCDATE=date(2026, 12, 5))
    move = PostingDates(lambda: CALENDAR, "move")
    assert move.problem(document) is None
    assert move.moved(document) is document
    assert move.problem(customer()) is None


def test_no_period_at_all_is_held_even_when_dates_may_move(order: Make) -> None:
    problem = PostingDates(lambda: CALENDAR, "move").problem(order(DOCDATE=date(2025, 1, 1)))
    assert problem is not None
    assert (problem.severity, problem.code) == ("hold", "no_period")


def period_row(series: int, origin: str, closed: int, first: date = date(2026, 11, 1)) -> dict[str, Any]:
    return {"SERIES": series, "ODESCTN": origin, "PERIODID": 11, "PERIODDT": first, "PERDENDT": date(2026, 11, 30),
            "PERNAME": "Period 11", "CLOSED": closed}  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "closed"),
    [
        ([period_row(0, "", 0), period_row(3, "", 1)], True),
        ([period_row(0, "", 1), period_row(3, "", 0)], False),
        ([period_row(0, "", 1)], True),
        ([period_row(3, "", 0), period_row(3, "Sales Transaction Entry", 1)], True),
        ([period_row(3, "", 1), period_row(3, "Sales Transaction Entry", 0)], False),
    ],
)
def test_which_rows_decide(
    rows: list[dict[str, Any]], closed: bool, unconnected: GpDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unconnected, "read", lambda _: rows)
    period = read_calendar(unconnected).period_of(date(2026, 11, 20))
    assert period is not None
    assert period.closed is closed
