"""A payment becomes one record for each order that it pays: oldest order first, up to total_paid, to the cent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gp_prestashop.prestashop.payment_shares import payment_keys, payment_shares

cents = st.integers(1, 100_000).map(lambda n: Decimal(n) / 100)


def shares(
    payments: list[Decimal], totals: list[Decimal], currency: str = "1"
) -> dict[str, tuple[str | None, Decimal]]:
    orders = [
        {"id": str(100 + n), "id_currency": "1", "total_paid": f"{total:f}"} for n, total in enumerate(totals, start=1)
    ]
    rows = [
        {"id": str(n), "id_currency": currency, "amount": f"{amount:f}", "order_reference": "ABC"}
        for n, amount in enumerate(payments, start=1)
    ]
    found: dict[str, tuple[str | None, Decimal]] = {}
    for row in rows:
        payment: dict[str, Any] = {**row, "orders": list(reversed(orders)), "payments": rows}
        for key, record in payment_shares(payment):
            assert key not in found
            found[key] = (record["id_order"], Decimal(record["share"]))
    return found


def test_one_order_is_paid_by_its_payments_as_they_come() -> None:
    assert shares([Decimal("20.00"), Decimal("30.00")], [Decimal("50.00")]) == {
        "1": ("101", Decimal("20.00")),
        "2": ("101", Decimal("30.00")),
    }


def test_a_shared_reference_is_paid_oldest_order_first() -> None:
    assert shares([Decimal("50.00"), Decimal("50.00")], [Decimal("60.00"), Decimal("40.00")]) == {
        "1": ("101", Decimal("50.00")),
        "1-101": ("101", Decimal(0)),
        "1-102": ("102", Decimal(0)),
        "2": ("101", Decimal("10.00")),
        "2-101": ("101", Decimal(0)),
        "2-102": ("102", Decimal("40.00")),
    }


@given(st.lists(cents, min_size=1, max_size=4), st.lists(st.tuples(cents, cents), min_size=2, max_size=4))
def test_a_changed_total_moves_shares_and_removes_none(
    payments: list[Decimal], totals: list[tuple[Decimal, Decimal]]
) -> None:
    before, after = (shares(payments, [pair[n] for pair in totals]) for n in (0, 1))
    assert {key for key in before if "over" not in key} == {key for key in after if "over" not in key}


def test_what_no_order_is_left_for_is_apart() -> None:
    assert shares([Decimal("70.00")], [Decimal("60.00")]) == {
        "1": ("101", Decimal("60.00")),
        "1-over": (None, Decimal("10.00")),
    }
    assert shares([Decimal("60.00"), Decimal("60.00")], [Decimal("60.00")])["2"] == (None, Decimal("60.00"))


def test_a_payment_without_an_order_or_in_another_currency_stays_whole() -> None:
    assert shares([Decimal("5.00")], []) == {"1": (None, Decimal("5.00"))}
    assert shares([Decimal("5.00")], [Decimal("4.00")], currency="2") == {"1": ("101", Decimal("5.00"))}
    assert shares([Decimal("-5.00")], [Decimal("4.00")]) == {"1": ("101", Decimal("-5.00"))}


def test_keys_lead_back_to_their_payments() -> None:
    assert payment_keys(["12", "12-34", "12-over", "7"]) == ("12", "7")


@given(st.lists(cents, min_size=1, max_size=6), st.lists(cents, min_size=1, max_size=5))
def test_no_cent_is_lost_and_no_order_is_overpaid(payments: list[Decimal], totals: list[Decimal]) -> None:
    found = shares(payments, totals)
    assert sum(share for _, share in found.values()) == sum(payments)
    for number, total in enumerate(totals, start=1):
        paid = sum((share for order, share in found.values() if order == str(100 + number)), Decimal(0))
        assert paid <= total
        older = sum(totals[: number - 1], Decimal(0))
        assert paid == min(max(sum(payments) - older, Decimal(0)), total)
