"""Exact arithmetic: rounding, division, and the functions that choose among values."""

from __future__ import annotations

from gp_prestashop.mapping.flow_errors import ExpressionError
from gp_prestashop.mapping.functions import Context, combine, function
from gp_prestashop.mapping.rounding import (
    DEFAULT_MODE,
    MODES,
    MOST_DECIMALS,
    power_of_ten,
    quotient,
    rescaled,
    unscaled,
)
from gp_prestashop.mapping.values import Value, decimal_parts, error_text, spell_decimal

MOST_SCALE = 12


@function(
    "round(x, decimals[, mode])",
    "x rounded to a number of decimals; modes as PrestaShop's: 0 up, 1 down, 2 half up (default), 3 half down, "
    "4 half even, 5 half odd.",
    ("round(8.065, 2)", "8.07"),
    ("round(-8.065, 2)", "-8.07"),
    ("round(8.065, 2, 4)", "8.06"),
    ("round(-8.061, 2, 0)", "-8.06"),
    least=1,
    most=3,
)
def _round(context: Context, args: list[Value]) -> Value:
    _width, scale = _number(args[0], "round()")
    decimals = args[1] if len(args) > 1 else Value("0", "INTEGER", literal=0)
    mode = _mode(context, args[2] if len(args) > 2 else None)
    if isinstance(decimals.literal, int):
        return _round_to(context, args[0], scale, decimals.literal, mode)
    places = _places(context, decimals)
    least = min(scale, MOST_DECIMALS)
    x = context.hoist(args[0])
    # The value keeps its scale; what is beyond the wanted decimals becomes zero.
    digits = context.hoist(combine(unscaled(x.sql, scale), "HUGEINT", [x]))
    unit = power_of_ten(f"({scale} - least({places.sql}, {scale}))", scale)
    step = context.hoist(combine(unit, "HUGEINT", [places]))
    sql = rescaled(f"{quotient(digits.sql, step.sql, mode.sql)} * {step.sql}", scale)
    return combine(sql, spell_decimal(38, scale or least), [digits, step, mode, places])


def _round_to(context: Context, x: Value, scale: int, places: int, mode: Value) -> Value:
    if not 0 <= places <= MOST_SCALE:
        raise ExpressionError(f"round() takes 0 to {MOST_SCALE} decimals.")
    if places >= scale:
        return x
    if mode.literal == 2:  # DuckDB's own rounding of decimals is half away from zero
        sql = f"round({x.sql}, {places})"
        return combine(sql, context.type_of(sql, x.uses), [x])
    digits = context.hoist(combine(unscaled(x.sql, scale), "HUGEINT", [x]))
    sql = rescaled(quotient(digits.sql, f"CAST({10 ** (scale - places)} AS HUGEINT)", mode.sql), places)
    return combine(sql, spell_decimal(38, places), [digits, mode])


@function(
    "div(a, b, decimals[, mode])",
    "a divided by b, exactly, rounded to a number of decimals; dividing by zero is an error.",
    ("div(10, 3, 2)", "3.33"),
    ("div(-1, 8, 2)", "-0.13"),
    ("div(1, 8, 2, 3)", "0.12"),
    least=3,
    most=4,
)
def _div(context: Context, args: list[Value]) -> Value:
    _, scale_a = _number(args[0], "div()")
    _, scale_b = _number(args[1], "div()")
    mode = _mode(context, args[3] if len(args) > 3 else None)
    a, b = context.hoist(args[0]), context.hoist(args[1])
    site = context.site("division_by_zero", "{0} cannot be divided by zero.")
    error = f"CASE WHEN {b.sql} = 0 AND {a.sql} IS NOT NULL THEN {error_text(site, [a.sql])} END"
    under = context.hoist(
        combine(f"nullif({unscaled(b.sql, scale_b)} * CAST({10**scale_a} AS HUGEINT), 0)", "HUGEINT", [b])
    )
    if isinstance(args[2].literal, int):
        places = args[2].literal
        if not 0 <= places <= MOST_SCALE:
            raise ExpressionError(f"div() takes 0 to {MOST_SCALE} decimals.")
        over_sql = f"{unscaled(a.sql, scale_a)} * CAST({10 ** (scale_b + places)} AS HUGEINT)"
        over = context.hoist(combine(over_sql, "HUGEINT", [a]))
        sql = rescaled(quotient(over.sql, under.sql, mode.sql), places)
        return combine(sql, spell_decimal(38, places), [over, under, mode, a, b], error=error)
    wanted = _places(context, args[2])
    power = context.hoist(combine(power_of_ten(wanted.sql, MOST_DECIMALS), "HUGEINT", [wanted]))
    over_sql = f"{unscaled(a.sql, scale_a)} * CAST({10**scale_b} AS HUGEINT) * {power.sql}"
    over = context.hoist(combine(over_sql, "HUGEINT", [a, power]))
    rest = power_of_ten(f"({MOST_DECIMALS} - {wanted.sql})", MOST_DECIMALS)
    sql = rescaled(f"{quotient(over.sql, under.sql, mode.sql)} * {rest}", MOST_DECIMALS)
    return combine(sql, spell_decimal(38, MOST_DECIMALS), [over, under, mode, wanted, a, b], error=error)


@function("abs(x)", "x without its sign.", ("abs(-1.50)", "1.50"), least=1)
def _abs(context: Context, args: list[Value]) -> Value:
    _number(args[0], "abs()")
    sql = f"abs({args[0].sql})"
    return combine(sql, context.type_of(sql, args[0].uses), args)


def _choose(name: str) -> None:
    def build(context: Context, given: list[Value]) -> Value:
        args = [arg if arg.literal is not None else context.hoist(arg) for arg in given]
        sql = f"{name}({', '.join(arg.sql for arg in args)})"
        value = combine(sql, "", args)
        # DuckDB leaves missing arguments out; here a missing one makes the whole unknown, as in arithmetic.
        value = value.but(type=context.type_of(sql, value.uses))
        checks = " OR ".join(f"({arg.sql}) IS NULL" for arg in args if arg.literal is None)
        return value.but(sql=f"CASE WHEN {checks} THEN NULL ELSE {sql} END") if checks else value

    best = {"greatest": "largest", "least": "smallest"}[name]
    result = {"greatest": "3", "least": "1"}[name]
    doc = f"The {best} of its arguments; unknown when one is missing."
    function(f"{name}(a, b, …)", doc, (f"{name}(3, 1)", result), least=1, most=None)(build)


_choose("greatest")
_choose("least")


@function("nullif(a, b)", "a, or nothing when a equals b.", ("coalesce(nullif('', ''), 'none')", "none"), least=2)
def _nullif(context: Context, args: list[Value]) -> Value:
    sql = f"nullif({args[0].sql}, {args[1].sql})"
    value = combine(sql, "", args)
    return value.but(type=context.type_of(sql, value.uses), nullable=True)


def _number(value: Value, what: str) -> tuple[int, int]:
    parts = decimal_parts(value.type)
    if parts is None:
        raise ExpressionError(f"{what} takes numbers, not {value.type.lower()}.", "Use cast(… as decimal(19,5)).")
    return parts


def _mode(context: Context, mode: Value | None) -> Value:
    """The rounding mode: 0 to 5. As a column it is checked for each record."""
    if mode is None:
        return Value(DEFAULT_MODE, "INTEGER", literal=int(DEFAULT_MODE))
    if isinstance(mode.literal, int):
        if mode.literal not in MODES:
            raise ExpressionError("A rounding mode is 0 to 5.", ", ".join(f"{n} {name}" for n, name in MODES.items()))
        return mode
    _number(mode, "A rounding mode")
    column = context.hoist(mode)
    site = context.site("bad_mode", "{0} is no rounding mode (0 to 5).")
    error = f"CASE WHEN {column.sql} NOT BETWEEN 0 AND 5 THEN {error_text(site, [column.sql])} END"
    return combine(column.sql, column.type, [column], error=error)


def _places(context: Context, decimals: Value) -> Value:
    """A number of decimals that is a column: 0 to 6, checked for each record."""
    _number(decimals, "A number of decimals")
    column = context.hoist(decimals)
    site = context.site("bad_decimals", f"{{0}} is no number of decimals (0 to {MOST_DECIMALS}).")
    error = f"CASE WHEN {column.sql} NOT BETWEEN 0 AND {MOST_DECIMALS} THEN {error_text(site, [column.sql])} END"
    return combine(column.sql, column.type, [column], error=error)
