"""Taxes in percent, and units of weight, length and volume; exact like all arithmetic here."""

from __future__ import annotations

from fractions import Fraction

from gp_prestashop.mapping.flow_errors import ExpressionError, did_you_mean
from gp_prestashop.mapping.functions import LIBRARY, Context, combine, function, literal_text
from gp_prestashop.mapping.values import Value, decimal_parts

# How much of the kind's base unit each is: international pound, inch; US gallon.
UNITS: dict[str, tuple[str, Fraction]] = {
    "g": ("weight", Fraction(1)),
    "kg": ("weight", Fraction(1000)),
    "t": ("weight", Fraction(1_000_000)),
    "oz": ("weight", Fraction("28.349523125")),
    "lb": ("weight", Fraction("453.59237")),
    "mm": ("length", Fraction(1)),
    "cm": ("length", Fraction(10)),
    "m": ("length", Fraction(1000)),
    "in": ("length", Fraction("25.4")),
    "ft": ("length", Fraction("304.8")),
    "ml": ("volume", Fraction(1)),
    "l": ("volume", Fraction(1000)),
    "fl_oz": ("volume", Fraction("29.5735295625")),
    "gal": ("volume", Fraction("3785.411784")),
}


@function(
    "net(gross, rate, decimals[, mode])",
    "An amount without the tax of a rate in percent that is in it; modes as in round().",
    ("net(120, 20, 2)", "100.00"),
    ("net(9.99, 5.5, 2)", "9.47"),
    least=3,
    most=4,
)
def _net(context: Context, args: list[Value]) -> Value:
    gross, rate, *rest = args
    _numbers("net()", gross, rate)
    over = _computed(context, f"({gross.sql} * 100)", gross)
    under = _computed(context, f"(100 + {rate.sql})", rate)
    return LIBRARY["div"].build(context, [over, under, *rest])


@function(
    "add_tax(net, rate, decimals[, mode])",
    "An amount with the tax of a rate in percent; modes as in round().",
    ("add_tax(100, 20, 2)", "120.00"),
    ("add_tax(9.47, 5.5, 2)", "9.99"),
    least=3,
    most=4,
)
def _add_tax(context: Context, args: list[Value]) -> Value:
    net, rate, *rest = args
    _numbers("add_tax()", net, rate)
    over = _computed(context, f"({net.sql} * (100 + {rate.sql}))", net, rate)
    return LIBRARY["div"].build(context, [over, Value("100", "INTEGER", literal=100), *rest])


@function(
    "convert(x, 'from', 'to', decimals)",
    "A weight (g, kg, t, oz, lb), length (mm, cm, m, in, ft) or volume (ml, l, fl_oz, gal) in another unit.",
    ("convert(2.5, 'kg', 'lb', 3)", "5.512"),
    ("convert(12, 'in', 'cm', 1)", "30.5"),
    least=4,
)
def _convert(context: Context, args: list[Value]) -> Value:
    _numbers("convert()", args[0])
    (kind, size), (other, wanted) = (_unit(arg) for arg in args[1:3])
    if kind != other:
        raise ExpressionError(f"A {kind} is no {other}.")
    ratio = size / wanted
    over = _computed(context, f"({args[0].sql} * {ratio.numerator})", args[0])
    under = Value(str(ratio.denominator), context.type_of(str(ratio.denominator), ()), literal=ratio.denominator)
    return LIBRARY["div"].build(context, [over, under, args[3]])


def _unit(value: Value) -> tuple[str, Fraction]:
    name = literal_text(value, "The unit of convert()").lower()
    if name not in UNITS:
        raise ExpressionError(f"{name} is no unit.", did_you_mean(name, UNITS) or f"Use one of {', '.join(UNITS)}.")
    return UNITS[name]


def _computed(context: Context, sql: str, *parts: Value) -> Value:
    value = combine(sql, "", parts)
    return value.but(type=context.type_of(sql, value.uses))


def _numbers(what: str, *values: Value) -> None:
    for value in values:
        if decimal_parts(value.type) is None:
            raise ExpressionError(f"{what} takes numbers, not {value.type.lower()}.", "Use cast(… as decimal(19,5)).")
