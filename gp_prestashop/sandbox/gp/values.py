"""T-SQL's implicit conversions of procedure arguments."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

__all__ = ["BLANK_DATE", "ConversionError", "converted"]

BLANK_DATE = datetime(1900, 1, 1)  # noqa: DTZ001  GP's dates carry no zone; this one means "none"


class ConversionError(ValueError):
    """An argument that cannot be converted to its parameter's type (SQL Server's error 8114)."""

    def __init__(self, value: object, sql_type: str) -> None:
        super().__init__(f"Error converting {value!r} to {sql_type}")
        self.sql_type = sql_type


def converted(value: object, sql_type: str) -> object:
    """`value` as a variable of `sql_type` holds it: text cut at the length, trailing blanks of char dropped.

    Returns None, str, int, Decimal or datetime.
    """
    if value is None:
        return None
    base, _, argument = sql_type.partition("(")
    try:
        if base in {"char", "varchar"}:
            return str(value)[: int(argument.rstrip(")"))].rstrip(" ")
        if base == "text":
            return str(value)
        if base in {"int", "integer", "smallint", "tinyint"}:
            return _integer(value)
        if base == "numeric":
            scale = int(argument.rstrip(")").partition(",")[2])
            return Decimal(str(value)).quantize(Decimal(1).scaleb(-scale), rounding=ROUND_HALF_UP)
        return _moment(value)
    except (ValueError, InvalidOperation) as error:
        raise ConversionError(value, sql_type) from error


def _integer(value: object) -> int:
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return int(value) if value.strip() else 0
    return int(Decimal(str(value)))


def _moment(value: object) -> datetime:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime.combine(value, time())
    text = str(value).strip()
    return datetime.fromisoformat(text).replace(tzinfo=None) if text else BLANK_DATE
