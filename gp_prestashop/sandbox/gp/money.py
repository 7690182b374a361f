"""Amounts as GP keeps them: decimals by the coded places of a currency or item, halves rounded away from zero."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

__all__ = ["ZERO", "convert", "decimals", "fits", "rounded"]

ZERO = Decimal(0)


def decimals(code: int) -> int:
    """Decimal places of a DECPLCUR or DECPLQTY code: 1..6 mean 0..5 (7..12 likewise, for functional variants)."""
    return (code - 1) % 6


def rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def fits(value: Decimal, places: int) -> bool:
    """Has `value` no more than `places` decimals?"""
    return value == rounded(value, places)


def convert(amount: Decimal, rate: Decimal, method: int, places: int) -> Decimal:
    """An originating amount in functional currency: times the rate (RTCLCMTD 0) or divided by it (1)."""
    return rounded(amount * rate if method == 0 else amount / rate, places)
