"""Instants and the shop's wall clock. PrestaShop stores local wall time without an offset (PS_TIMEZONE).

When clocks go back, an hour of wall time comes twice: a row changed *after* an instant may carry an *earlier* wall time.
:func:`earliest_wall_time` is the lowest wall time that anything from an instant on can carry.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

__all__ = ["between", "day_filter", "day_of", "earliest_wall_time", "since_filter", "wall_text"]

FOLD_AHEAD = timedelta(hours=3)  # longer than any zone puts its clocks back
SECOND = timedelta(seconds=1)  # the shop's dates are whole seconds


def earliest_wall_time(instant: datetime, zone: ZoneInfo) -> datetime:
    """A wall time (without zone) not after that of any instant from ``instant`` (aware) on."""
    if instant.tzinfo is None:
        raise ValueError("the instant needs a zone")
    here = instant.astimezone(UTC)
    local = here.astimezone(zone)
    back = _offset(here, zone) - _offset(here + FOLD_AHEAD, zone)
    return local.replace(tzinfo=None, microsecond=0) - max(back, timedelta(0))


def wall_text(wall: datetime) -> str:
    return wall.strftime("%Y-%m-%d %H:%M:%S")


def since_filter(field: str, wall: datetime) -> dict[str, str]:
    """From this wall time on. The service knows ``>`` only; ``>=`` is silently ignored."""
    return {f"filter[{field}]": f">[{wall_text(wall - SECOND)}]", "date": "1"}


def day_filter(field: str, first: date, last: date) -> dict[str, str]:
    """These days of the shop's calendar, both included. A bare date as the upper bound would be its midnight."""
    return {f"filter[{field}]": f"[{first} 00:00:00,{last} 23:59:59]", "date": "1"}


def day_of(row: Mapping[str, Any], field: str | None) -> date | None:
    """The day of a date field, None where there is none (``0000-00-00``)."""
    text = str(row.get(field) or "")[:10] if field else ""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def between(value: Any, first: str, last: str) -> bool:
    """Whether a wall time as the shop writes it lies within two others (such text sorts as time does)."""
    return isinstance(value, str) and first <= value <= last


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta(0)
