"""Amounts and keys in the shape that the web services want (types MoneyAmount, Quantity, …Key)."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

__all__ = ["at_midnight", "key", "money", "quantity", "without_none"]


def money(value: Decimal | None, currency: str) -> dict[str, Any] | None:
    """MoneyAmount: ISO code, value, decimal digits."""
    if value is None:
        return None
    return {"Currency": currency, "Value": value, "DecimalDigits": _digits(value)}


def quantity(value: Decimal | int | None) -> dict[str, Any] | None:
    if value is None:
        return None
    amount = Decimal(value)
    return {"Value": amount, "DecimalDigits": _digits(amount)}


def key(value: Any, name: str = "Id") -> dict[str, Any] | None:
    """A reference key, or nothing for a blank."""
    return {name: value} if value not in (None, "") else None


def at_midnight(value: date | datetime | None) -> datetime | None:
    """GP's dates carry no time (xs:dateTime at midnight, no zone)."""
    if value is None:
        return None
    day = value.date() if isinstance(value, datetime) else value
    return datetime.combine(day, time())


def without_none(values: dict[str, Any]) -> dict[str, Any]:
    """What is None is not sent: absent keeps GP's default, and on update the stored value."""
    return {name: value for name, value in values.items() if value is not None}


def _digits(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0
