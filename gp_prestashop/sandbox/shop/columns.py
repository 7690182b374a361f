"""What a table keeps of what was sent: MySQL's column types behind PHP's casts."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from gp_prestashop.sandbox.shop.shapes import Field

__all__ = ["decimal", "stored", "whole"]

_WHOLE = re.compile(r"\s*([+-]?\d+)")
_NUMBER = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)")


def whole(text: object) -> int:
    """PHP's ``(int)``: the digits at the start, or 0."""
    found = _WHOLE.match(str(text))
    return int(found[1]) if found else 0


def decimal(text: object) -> Decimal:
    """PHP's ``(float)`` as an exact number: what is numeric at the start, or 0."""
    found = _NUMBER.match(str(text).replace(",", "."))
    return Decimal(found[1]) if found else Decimal(0)


def stored(field: Field, value: Any) -> Any:
    """The text that is read back."""
    if value is None:
        return field.null
    if field.kind == "int":
        return str(whole(value))
    if field.kind.startswith("decimal"):
        return str(decimal(value).quantize(Decimal(1).scaleb(-int(field.kind[8:])), ROUND_HALF_UP))
    if field.kind == "datetime":
        text = str(value) or "0000-00-00"
        return f"{text} 00:00:00" if len(text) == 10 else text
    if field.kind == "date":
        return str(value)[:10] or "0000-00-00"
    return str(value)
