"""Taxes: by detail and to the cent, supplied by the shop or worked out by GP (pain 7)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from tests.house import EVER, House
from tests.shop import Shop

NUMBER = "trim(sopnumbe::text)"


def test_taxes_that_gp_works_out_come_to_what_the_customer_paid_or_the_order_is_held(
    make_house: Callable[..., House], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GPPS_SOP__TAXES", "gp")
    house = make_house(orders=40, troubles=False)
    report = house.engine.run("sales_orders", EVER)
    shop = Shop(house)
    orders = {f"PS{int(order['id']):08d}": order for order in shop.delivered()}
    in_gp = house.gp(f"select {NUMBER}, ordocamt, ortaxamt + orfrttax + ormsctax from two.sop10100 where soptype = 2")
    ours = {str(number): (amount, tax) for number, amount, tax in in_gp if number in orders}
    assert set(ours) == set(orders)
    assert len(ours) > 10, report.reasons
    for number, (amount, tax) in ours.items():
        order = orders[number]
        assert amount == Decimal(order["total_paid"])
        assert tax == Decimal(order["total_paid_tax_incl"]) - Decimal(order["total_paid_tax_excl"])
    assert sum(tax for _, tax in ours.values()) > 0  # type: ignore[misc, arg-type]
    states = house.engine.parts.ledger.states_of("sales_orders", [str(row["id"]) for row in shop.rows("orders")])
    assert {state.code for state in states.values() if state.state == "held"} <= {"taxes_differ", "awaiting_payment"}
    assert not [state for state in states.values() if state.state in ("dead", "in_doubt", "pending")]


def test_each_tax_stands_in_the_details(house: House, shop: Shop) -> None:
    freight = 0
    for order in shop.delivered():
        number = f"PS{int(order['id']):08d}"
        tax = Decimal(order["total_paid_tax_incl"]) - Decimal(order["total_paid_tax_excl"])
        ((header, total, lines),) = house.gp(
            "select (select ortaxamt + orfrttax + ormsctax from two.sop10100 where soptype = 2 "
            f"and {NUMBER} = '{number}'), coalesce(sum(orslstax + orfrttax + ormsctax) filter (where lnitmseq = 0), 0), "
            "coalesce(sum(orslstax + orfrttax + ormsctax) filter (where lnitmseq <> 0), 0) "
            f"from two.sop10105 where soptype = 2 and {NUMBER} = '{number}'"
        )
        assert header == total == lines == tax.quantize(Decimal("0.01"))
        freight += order["total_shipping_tax_incl"] != order["total_shipping_tax_excl"]
    assert freight > 3, house.engine.run("sales_orders", EVER).reasons
