"""Functions over rows: line numbers, proportional shares, totals of other frames."""

from __future__ import annotations

from typing import Literal

from gp_prestashop.mapping.flow_errors import ExpressionError
from gp_prestashop.mapping.functions import Context, combine, function, literal_text
from gp_prestashop.mapping.rounding import (
    DEFAULT_MODE,
    MOST_DECIMALS,
    power_of_ten,
    quotient,
    rescaled,
    unscaled,
)
from gp_prestashop.mapping.values import Value, decimal_parts, error_text, spell_decimal

ROWS = 'PARTITION BY "r"{group} ORDER BY "i" ROWS BETWEEN UNBOUNDED PRECEDING AND {end}'


@function(
    "line_number()",
    "1 for the record's first row of this frame (or part of a frame), 2 for the next one, and so on.",
    least=0,
)
def _line_number(context: Context, _args: list[Value]) -> Value:
    return context.window(Value('row_number() OVER (PARTITION BY "r" ORDER BY "i")', "BIGINT", calls=True))


@function(
    "allocate(amount, weight, decimals[, group])",
    "This row's share of an amount, by weight, over the record's rows of this frame (of the same group). The shares "
    "add up to the amount, rounded, to the last cent: each is the rounded running total less the one before. Without "
    "any weight the last row gets all.",
    least=3,
    most=4,
)
def _allocate(context: Context, args: list[Value]) -> Value:
    amount, weight = context.hoist(args[0]), context.hoist(args[1])
    for value in (amount, weight):
        if decimal_parts(value.type) is None:
            raise ExpressionError("allocate() takes numbers.", "Use cast(… as decimal(19,5)).")
    scale = (decimal_parts(amount.type) or (0, 0))[1]
    weight_scale = (decimal_parts(weight.type) or (0, 0))[1]
    groups = [context.hoist(value) for value in args[3:]]
    group = "".join(f", {value.sql}" for value in groups)
    so_far = ROWS.format(group=group, end="CURRENT ROW")
    before = ROWS.format(group=group, end="1 PRECEDING")
    whole = ROWS.format(group=group, end="UNBOUNDED FOLLOWING")

    weights = unscaled(f"coalesce({weight.sql}, 0)", weight_scale)
    units = context.hoist(combine(weights, "HUGEINT", [weight]))

    def window(sql: str, type_: str, over: Value) -> Value:
        return context.window(combine(sql, type_, [over, *groups]))

    run = window(f"CAST(sum({units.sql}) OVER ({so_far}) AS HUGEINT)", "HUGEINT", units)
    last_run = window(f"CAST(coalesce(sum({units.sql}) OVER ({before}), 0) AS HUGEINT)", "HUGEINT", units)
    all_ = window(f"CAST(sum({units.sql}) OVER ({whole}) AS HUGEINT)", "HUGEINT", units)
    last = window(f"row_number() OVER ({so_far}) = count(*) OVER ({whole})", "BOOLEAN", units)
    same = window(f"min({amount.sql}) OVER ({whole}) = max({amount.sql}) OVER ({whole})", "BOOLEAN", amount)

    cents, power, places = _cents(context, amount, scale, args[2])
    upto, upto_last = _part(context, cents, run, all_), _part(context, cents, last_run, all_)
    share = f"({upto.sql} - {upto_last.sql})"
    sql = f"CASE WHEN {all_.sql} = 0 THEN CASE WHEN {last.sql} THEN {cents.sql} ELSE 0 END ELSE {share} END"
    spread = rescaled(f"({sql}) * {power.sql}", places)
    site = context.site("uneven_amount", "The amount to share out ({0}) is not the same in all rows that share it.")
    error = f"CASE WHEN NOT {same.sql} THEN {error_text(site, [amount.sql])} END"
    parts = [cents, power, upto, upto_last, all_, last, same, amount, weight, *groups]
    return combine(spread, spell_decimal(38, places), parts, error=error)


@function(
    "together(x, group)",
    "The sum of x over the record's rows of this frame that have the same group; a missing x counts as nothing.",
    least=2,
    most=2,
)
def _together(context: Context, args: list[Value]) -> Value:
    x, group = context.hoist(args[0]), context.hoist(args[1])
    parts = decimal_parts(x.type)
    if parts is None:
        raise ExpressionError("together() takes numbers.", "Use cast(… as decimal(19,5)).")
    units = context.hoist(combine(unscaled(f"coalesce({x.sql}, 0)", parts[1]), "HUGEINT", [x]))
    whole = ROWS.format(group=f", {group.sql}", end="UNBOUNDED FOLLOWING")
    sum_ = f"CAST(sum({units.sql}) OVER ({whole}) AS HUGEINT)"
    found = context.window(combine(sum_, "HUGEINT", [units, group]))
    return combine(rescaled(found.sql, parts[1]), spell_decimal(38, parts[1]), [found])


def _cents(context: Context, amount: Value, scale: int, decimals: Value) -> tuple[Value, Value, int]:
    """The amount as a whole number of its last decimal; the factor and scale that bring it back."""
    digits = context.hoist(combine(unscaled(amount.sql, scale), "HUGEINT", [amount]))
    if isinstance(decimals.literal, int):
        if not 0 <= decimals.literal <= MOST_DECIMALS:
            raise ExpressionError(f"allocate() takes 0 to {MOST_DECIMALS} decimals.")
        up, down = 10 ** max(decimals.literal - scale, 0), 10 ** max(scale - decimals.literal, 0)
        raw = context.hoist(combine(f"{digits.sql} * CAST({up} AS HUGEINT)", "HUGEINT", [digits]))
        rounded = quotient(raw.sql, f"CAST({down} AS HUGEINT)", DEFAULT_MODE)
        return context.hoist(combine(rounded, "HUGEINT", [raw])), Value("1", "INTEGER"), decimals.literal
    if decimal_parts(decimals.type) is None:
        raise ExpressionError("The number of decimals of allocate() must be a number.")
    wanted = context.hoist(decimals)
    site = context.site("bad_decimals", f"{{0}} is no number of decimals (0 to {MOST_DECIMALS}).")
    error = f"CASE WHEN {wanted.sql} NOT BETWEEN 0 AND {MOST_DECIMALS} THEN {error_text(site, [wanted.sql])} END"
    power = context.hoist(combine(power_of_ten(wanted.sql, MOST_DECIMALS), "HUGEINT", [wanted], error=error))
    raw = context.hoist(combine(f"{digits.sql} * {power.sql}", "HUGEINT", [digits, power]))
    rounded = quotient(raw.sql, f"CAST({10**scale} AS HUGEINT)", DEFAULT_MODE)
    rest = context.hoist(combine(power_of_ten(f"({MOST_DECIMALS} - {wanted.sql})", MOST_DECIMALS), "HUGEINT", [wanted]))
    return context.hoist(combine(rounded, "HUGEINT", [raw])), rest, MOST_DECIMALS


def _part(context: Context, cents: Value, run: Value, all_: Value) -> Value:
    """The amount's part up to here, rounded."""
    over = context.hoist(combine(f"{cents.sql} * {run.sql}", "HUGEINT", [cents, run]))
    under = context.hoist(combine(f"nullif({all_.sql}, 0)", "HUGEINT", [all_]))
    return context.hoist(combine(quotient(over.sql, under.sql, DEFAULT_MODE), "HUGEINT", [over, under]))


def _aggregate(kind: Literal["sum", "count", "first", "min", "max"], signature: str, doc: str) -> None:
    def build(context: Context, args: list[Value]) -> Value:
        return context.aggregate(kind, literal_text(args[0], f"What {signature} takes"))

    function(signature, doc, least=1)(build)


_aggregate(
    "sum", "total('frame.column')", "The sum of a column over the record's rows of a frame; 0 when there are none."
)
_aggregate("count", "count('frame')", "The number of the record's rows of a frame.")
_aggregate(
    "first", "first('frame.column')", "The value in the record's first row of a frame; nothing when there are none."
)
_aggregate("min", "min('frame.column')", "The smallest value over the record's rows of a frame.")
_aggregate("max", "max('frame.column')", "The largest value over the record's rows of a frame.")
