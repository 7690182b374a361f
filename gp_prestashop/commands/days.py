"""A day or a range of days, as options name them."""

from __future__ import annotations

from datetime import date

from gp_prestashop.errors import ConfigError

__all__ = ["parse_days"]


def parse_days(option: str, text: str) -> tuple[date, date]:
    """``2026-11-21`` or ``2026-11-01...2026-11-21``, both inclusive. Raises ConfigError."""
    first, dots, last = text.partition("...")
    try:
        days = date.fromisoformat(first), date.fromisoformat(last if dots else first)
    except ValueError as error:
        raise ConfigError(
            "bad_option",
            f"{option} is no date: {error}.",
            remedy="Write a day (2026-11-21) or a range of days (2026-11-01...2026-11-21).",
        ) from error
    if days[0] > days[1]:
        raise ConfigError("bad_option", f"{option} ends before it begins.", remedy="Write the earlier day first.")
    return days
