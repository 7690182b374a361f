"""What becomes of a DOCDATE in a closed period: held, or moved to the first open day (setting ``gp.closed_period``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final, Literal

from gp_prestashop.gp.periods import Calendar
from gp_prestashop.mapping.shapes import Document, Problem

__all__ = ["PostingDates"]

# The column that says in which period a document is posted, by document type.
DATED = {
    **dict.fromkeys(("sales_order", "sales_return", "deposit", "credit_memo"), "DOCDATE"),
    "cash_receipt": "GLPOSTDT",  # a receipt keeps the day of the payment and is posted on another
}
REMEDY = "Open the period in GP (Fiscal Periods Setup), or set GPPS_GP__CLOSED_PERIOD=move."


class PostingDates:
    """Judges and moves dates by the calendar that ``calendar`` gives."""

    def __init__(self, calendar: Callable[[], Calendar], policy: Literal["hold", "move"]) -> None:
        self._calendar: Final = calendar
        self._policy: Final = policy

    def problem(self, document: Document) -> Problem | None:
        """A hold, or a warning when the date will be moved; None when the date is fine."""
        day = _day(document)
        if day is None:
            return None
        column = DATED[document.type]
        calendar = self._calendar()
        period = calendar.period_of(day)
        if period is not None and not period.closed:
            return None
        why = f"GP's fiscal period of {day} is closed" if period else f"GP has no fiscal period for {day}"
        moved = calendar.first_open_day(day) if self._policy == "move" and period else None
        if moved is None:
            remedy = REMEDY if period else "Create the fiscal year in GP (Fiscal Periods Setup)."
            code = "closed_period" if period else "no_period"
            return Problem(document.source_key, code, f"{why}.", column=column, remedy=remedy)
        sentence = f"{why}: the document is dated {moved}, the first open day."
        return Problem(document.source_key, "moved_date", sentence, severity="warn", column=column)

    def moved(self, document: Document) -> Document:
        """The document with its date in an open period; the order's own day goes to ORDRDATE."""
        day = _day(document)
        if day is None or self._policy != "move":
            return document
        calendar = self._calendar()
        period = calendar.period_of(day)
        to = calendar.first_open_day(day) if period is not None and period.closed else None
        if to is None:
            return document
        column = DATED[document.type]
        frames = {
            name: [{**row, column: to} if row.get(column) == day else row for row in rows]
            for name, rows in document.frames.items()
        }
        if column != "DOCDATE":
            frames["header"] = [{**frames["header"][0], column: to}]
        if document.type == "sales_order":
            header = frames["header"][0]
            frames["header"] = [{**header, "ORDRDATE": header.get("ORDRDATE") or day}]
        return replace(document, frames=frames)


def _day(document: Document) -> date | None:
    if document.type not in DATED:
        return None
    day = document.header.get(DATED[document.type]) or document.header.get("DOCDATE")
    return day if isinstance(day, date) else None
