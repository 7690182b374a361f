"""Literals: nothing is cut, rounded or changed silently, and no text escapes its quotes."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gp_prestashop.errors import DataError
from gp_prestashop.gp.literals import date_literal, identifier, literal, text_literal
from gp_prestashop.gp.reference import Parameter, SqlType


def parameter(type_: str, name: str = "FIELD") -> Parameter:
    return Parameter(name, SqlType.parse(type_), required=False)


@pytest.mark.parametrize(
    ("type_", "value", "expected"),
    [
        ("char(15)", "O'Brien", "'O''Brien'"),
        ("char(15)", "", "''"),
        ("char(15)", None, "NULL"),
        ("char(15)", "Zoé €", "'Zoé €'"),
        ("varchar(500)", "a\\\nb", "'a\\ \nb'"),
        ("numeric(19,5)", Decimal("10.0500000"), "10.05"),
        ("numeric(19,5)", Decimal("1E+3"), "1000"),
        ("numeric(19,5)", Decimal("-0.00001"), "-0.00001"),
        ("numeric(19,2)", 5, "5"),
        ("smallint", 2, "2"),
        ("int", Decimal(16384), "16384"),
        ("tinyint", True, "1"),
        ("datetime", date(2026, 3, 9), "'20260309'"),
        ("datetime", datetime(2026, 3, 9, 8, 7, 6, 543210), "'2026-03-09T08:07:06.543'"),
    ],
)
def test_values(type_: str, value: object, expected: str) -> None:
    assert literal(parameter(type_), value, "cp1252") == expected


@pytest.mark.parametrize(
    ("type_", "value", "code"),
    [
        ("char(5)", "123456", "too_long"),
        ("char(15)", "Łódź", "code_page"),
        ("char(15)", "a\x00b", "code_page"),
        ("numeric(19,5)", Decimal("1.000001"), "too_many_decimals"),
        ("numeric(19,2)", Decimal("0.005"), "too_many_decimals"),
        ("numeric(19,5)", Decimal("1E14"), "out_of_range"),
        ("numeric(19,5)", Decimal("NaN"), "out_of_range"),
        ("tinyint", 256, "out_of_range"),
        ("smallint", 40000, "out_of_range"),
        ("int", "12", "wrong_type"),
        ("char(15)", 12, "wrong_type"),
        ("datetime", "2026-01-01", "wrong_type"),
    ],
)
def test_refused_values_name_the_field(type_: str, value: object, code: str) -> None:
    with pytest.raises(DataError, match="CITY") as caught:
        literal(parameter(type_, "CITY"), value, "cp1252")
    assert caught.value.code == code


@given(st.text())
def test_text_never_leaves_its_quotes(text: str) -> None:
    quoted = text_literal(text)
    assert re.fullmatch(r"'(?:[^']|'')*'", quoted)
    assert not re.search(r"\\\r?\n", quoted)
    if "\\" not in text:
        assert quoted[1:-1].replace("''", "'") == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=5, min_value=-(10**13), max_value=10**13))
def test_amounts_are_exact(amount: Decimal) -> None:
    assert Decimal(literal(parameter("numeric(19,5)"), amount, "cp1252")) == amount


def test_names_and_dates() -> None:
    assert identifier("TWO]; DROP") == "[TWO]]; DROP]"
    assert date_literal(date(2026, 11, 5)) == "'20261105'"
