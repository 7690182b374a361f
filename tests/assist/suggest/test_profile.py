"""What values look like: their kind, their shape, and the keys under which both systems' values meet."""

from __future__ import annotations

import pytest

from gp_prestashop.assist.suggest.fields import Field
from gp_prestashop.assist.suggest.profile import CLASSES, blank, profile_of


def field(*values: str, kind: str = "string", name: str = "x") -> Field:
    return Field(f"t.{name}", "t", name, kind, None, "", values)


@pytest.mark.parametrize(
    ("shape", "values"),
    [
        ("email", ["a.b@example.com", "c@d.fr"]),
        ("postcode", ["49000", "SW1A 1AA"]),
        ("vat", ["FR59867540330", "DE248396268"]),
        ("country", ["FRANCE", "Allemagne"]),
        ("ean", ["4006381333931"]),
        ("bin", ["C7-08", "B3-13"]),
        ("terms", ["Net 30", "2% 10/Net 30", "30 jours"][:1]),
        ("street", ["39, rue de Laurent", "16771 Daniel Lakes"]),
        ("code_digits", ["PSV00017", "S-16326"]),
    ],
)
def test_shapes_are_recognised(shape: str, values: list[str]) -> None:
    assert profile_of(field(*values)).classes[CLASSES.index(shape)] == 1.0


def test_flags_amounts_and_line_sequences_are_told_apart() -> None:
    def strongest(*values: str) -> set[str]:
        classes = profile_of(field(*values, kind="isInt")).classes
        return {name for name, value in zip(CLASSES, classes, strict=True) if value == 1.0}

    assert "flag" in strongest("0", "1", "1")
    assert "money" in strongest("12.50", "3.99", "100.00")
    assert "order_seq" in strongest("16384", "32768", "16384")


@pytest.mark.parametrize("value", ["", " ", "1900-01-01 00:00:00", "0000-00-00"])
def test_blank_dates_are_blank(value: str) -> None:
    assert blank(value)


def test_values_of_both_systems_meet_under_one_key() -> None:
    assert profile_of(field("12.50", kind="isPrice")).keys == profile_of(field("12.50000", kind="numeric(19,5)")).keys
    assert profile_of(field("Head office")).keys == profile_of(field("HEAD OFFICE", kind="char(15)")).keys
    assert (
        profile_of(field("2024-12-21 00:41:56", kind="isDate")).keys
        == profile_of(field("2024-12-21 00:00:00", kind="datetime")).keys
    )


def test_phone_numbers_meet_by_their_last_digits() -> None:
    shop = profile_of(field("+33 (0)4 89 15 28 39", "01 75 61 45 22"))
    gp = profile_of(field("34891528390000", "01756145220000", kind="char(21)"))
    assert shop.phones == gp.phones


def test_the_number_inside_a_code_meets_the_id() -> None:
    assert profile_of(field("PSV00017", kind="char(15)")).cores == profile_of(field("17", kind="isUnsignedId")).cores


def test_a_field_without_values_has_a_profile() -> None:
    profile = profile_of(field())
    assert (profile.kind, profile.count, profile.filled) == ("empty", 0, 0.0)
