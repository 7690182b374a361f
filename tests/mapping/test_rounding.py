"""Rounding against an independent model, in all modes, for both signs."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Decimal,
    localcontext,
)
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

MODES = {0: ROUND_CEILING, 1: ROUND_FLOOR, 2: ROUND_HALF_UP, 3: ROUND_HALF_DOWN, 4: ROUND_HALF_EVEN}
MONEY = st.decimals(min_value=-(10**9), max_value=10**9, places=6)
NEAR_HALVES = st.builds(
    lambda n, m: Decimal(n).scaleb(-3) + Decimal(m).scaleb(-6), st.integers(-5000, 5000), st.integers(-1, 1)
)
CASES = st.lists(st.tuples(st.one_of(MONEY, NEAR_HALVES), st.integers(0, 5)), min_size=1, max_size=60)


def model(x: Fraction, places: int, mode: int) -> Decimal:
    """Rounding by hand: the two neighbours on the grid, and which of them the mode takes."""
    scaled = x * 10**places
    below = scaled.numerator // scaled.denominator
    rest = scaled - below
    if rest == 0:
        taken = below
    elif mode == 0:
        taken = below + 1
    elif mode == 1:
        taken = below
    elif rest != Fraction(1, 2):
        taken = below + (rest > Fraction(1, 2))
    elif mode == 2:
        taken = below + 1 if x > 0 else below
    elif mode == 3:
        taken = below if x > 0 else below + 1
    else:
        even = below if below % 2 == 0 else below + 1
        odd = below + 1 if even == below else below
        taken = even if mode == 4 else odd
    with localcontext() as context:
        context.prec = 60
        return Decimal(taken).scaleb(-places)


@pytest.mark.parametrize(("mode", "python"), list(MODES.items()))
def test_the_model_agrees_with_python(mode, python):
    for thousandths in range(-4005, 4006, 5):
        x = Decimal(thousandths).scaleb(-3)
        assert model(Fraction(x), 2, mode) == x.quantize(Decimal("0.01"), python)
    assert Decimal("-0.019").quantize(Decimal("0.01"), ROUND_DOWN) == Decimal("-0.01")


def columns(mode: str, places: str) -> dict[str, str]:
    return {
        "SUBTOTAL": f"round(total_paid, {places}, {mode})",
        "DOCAMNT": f"div(total_paid, total_tax, {places}, {mode})",
    }


@pytest.fixture(scope="module")
def by_column(shared_kit):
    return shared_kit, shared_kit.compile(shared_kit.header(columns("round_mode", "id_carrier")))


@given(CASES, st.sampled_from([0, 1, 2, 3, 5]), st.decimals(min_value=-500, max_value=500, places=6).filter(bool))
@settings(max_examples=40, deadline=None)
def test_round_and_div_by_columns(by_column, cases, places, divisor):
    kit, compiled = by_column
    records = [
        kit.record(n, total_paid=str(x), total_tax=str(divisor), round_mode=str(mode), id_carrier=str(places))
        for n, (x, mode) in enumerate(cases)
        if abs(x / divisor) < 10**12
    ]
    result = compiled.map(records, kit.answers())
    assert result.problems == []
    for record, document in zip(records, result.documents, strict=True):
        x, mode = Fraction(record.raw["total_paid"]), int(record.raw["round_mode"])
        assert document.header["SUBTOTAL"] == model(x, places, mode)
        assert document.header["DOCAMNT"] == model(x / Fraction(divisor), places, mode)


@pytest.mark.parametrize("mode", range(6))
@pytest.mark.parametrize("places", [0, 2, 5])
def test_round_and_div_by_constants(shared_kit, mode, places):
    kit = shared_kit
    compiled = kit.compile(kit.header(columns(str(mode), str(places))))
    values = [Decimal(n).scaleb(-3) for n in range(-2010, 2011, 5)] + [
        Decimal("123456789.123455"),
        Decimal("-0.000005"),
    ]
    records = [kit.record(n, total_paid=str(x), total_tax="-0.8") for n, x in enumerate(values)]
    documents = compiled.map(records, kit.answers()).documents
    for x, document in zip(values, documents, strict=True):
        assert document.header["SUBTOTAL"] == model(Fraction(x), places, mode)
        assert document.header["DOCAMNT"] == model(Fraction(x) / Fraction("-0.8"), places, mode)


@pytest.mark.parametrize(("column", "code"), [({"round_mode": "6"}, "bad_mode"), ({"id_carrier": "7"}, "bad_decimals")])
def test_a_mode_or_scale_that_does_not_exist_is_held(by_column, column, code):
    kit, compiled = by_column
    result = compiled.map([kit.record(1, **{"id_carrier": "2", **column})], kit.answers())
    assert [problem.code for problem in result.problems] == [code]
