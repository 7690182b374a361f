"""Dates."""

from __future__ import annotations

from gp_prestashop.mapping.flow_errors import ExpressionError
from gp_prestashop.mapping.functions import Context, combine, function, literal_text
from gp_prestashop.mapping.values import Value, is_integer, quote

PARTS = ("year", "quarter", "month", "week", "day", "dayofweek", "dayofyear", "hour", "minute", "second")
DIRECTIVES = frozenset("YymdHMSjBbAaIp%-fuwUW")


@function(
    "date_part('part', date)",
    "A part of a date as a number.",
    ("date_part('year', date '2026-11-21')", "2026"),
    least=2,
)
def _date_part(_context: Context, args: list[Value]) -> Value:
    part = _part(args[0])
    _date(args[1], "date_part()")
    return combine(f"date_part({quote(part)}, {args[1].sql})", "BIGINT", args)


@function(
    "date_trunc('part', date)",
    "The first day (or moment) of the part that a date is in.",
    ("date_trunc('month', date '2026-11-21')", "2026-11-01"),
    least=2,
)
def _date_trunc(context: Context, args: list[Value]) -> Value:
    part = _part(args[0])
    _date(args[1], "date_trunc()")
    sql = f"CAST(date_trunc({quote(part)}, {args[1].sql}) AS {args[1].type})"
    return combine(sql, context.type_of(sql, args[1].uses), args)


@function("strftime(date, 'format')", "A date as text.", ("strftime(date '2026-11-21', '%y%m%d')", "261121"), least=2)
def _strftime(_context: Context, args: list[Value]) -> Value:
    _date(args[0], "strftime()")
    format_ = literal_text(args[1], "The format of strftime()")
    after = [format_[i + 1 : i + 2] for i, char in enumerate(format_) if char == "%"]
    if len(format_) > 50 or any(directive not in DIRECTIVES for directive in after):
        raise ExpressionError("The format of strftime() is not known.", "Use %Y %y %m %d %H %M %S %j %B %b %A %a.")
    return combine(f"strftime({args[0].sql}, {quote(format_)})", "VARCHAR", args)


@function(
    "add_days(date, n)", "The day n days after a date.", ("add_days(date '2026-11-21', 30)", "2026-12-21"), least=2
)
def _add_days(_context: Context, args: list[Value]) -> Value:
    _date(args[0], "add_days()")
    if not is_integer(args[1].type):
        raise ExpressionError("add_days() takes a whole number of days.")
    return combine(f"(CAST({args[0].sql} AS DATE) + CAST({args[1].sql} AS INTEGER))", "DATE", args)


def _part(value: Value) -> str:
    part = literal_text(value, "The part of a date").lower()
    if part not in PARTS:
        raise ExpressionError(f"{part} is no part of a date.", f"Use one of {', '.join(PARTS)}.")
    return part


def _date(value: Value, what: str) -> None:
    if value.type not in ("DATE", "TIMESTAMP"):
        raise ExpressionError(f"{what} takes a date, not {value.type.lower()}.", "Use cast(… as date).")
