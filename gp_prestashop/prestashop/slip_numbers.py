"""Numbers of slips. Unreadable ones count as nothing here; the contract holds their record."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

__all__ = ["count", "money"]


def money(text: Any) -> Decimal:
    try:
        value = Decimal(str(text or 0))
    except InvalidOperation:
        return Decimal(0)
    return value if value.is_finite() else Decimal(0)


def count(text: Any) -> int:
    return max(int(money(text)), 0)
