"""Comparing as GP sees values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from gp_prestashop.gp.compare import differences, plain
from gp_prestashop.gp.currencies import decimals_of


def test_only_what_is_named_is_compared() -> None:
    wanted = {"A": "x", "B": None, "C": Decimal("1.50"), "D": "main", "E": date(2026, 1, 1), "F": ""}
    there = {"A": "x  ", "B": "kept", "C": Decimal("1.50000"), "D": "MAIN", "E": date(2026, 1, 1), "F": ""}
    columns = {name: name for name in "ABCDEF"}
    assert differences(wanted, there, columns, keys=frozenset({"D"})) == {}
    changed = differences({**wanted, "C": Decimal("1.51")}, there, columns, keys=frozenset({"D"}))
    assert changed == {"C": (Decimal("1.50"), Decimal("1.51"))}
    assert str(changed["C"][0]) == "1.50"


def test_text_is_case_sensitive_but_keys_are_not() -> None:
    assert differences({"A": "paris"}, {"A": "Paris"}, {"A": "A"}, keys=frozenset())
    assert differences({"A": "paris"}, {"A": "Paris "}, {"A": "A"}, keys=frozenset({"A"})) == {}
    assert plain(Decimal("20.10000")) == Decimal("20.1")
    assert str(plain(Decimal("20.10000"))) == "20.10"
    assert str(plain(Decimal("0.12345"))) == "0.12345"


def test_decimal_codes() -> None:
    assert [decimals_of(code) for code in (1, 3, 6, 7, 9, 12)] == [0, 2, 5, 0, 2, 5]
