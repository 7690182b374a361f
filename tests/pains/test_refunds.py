"""Refunds: a credit memo to the cent, once, linked to the order (pain 21), also when the shop forgot one of its parts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from gp_prestashop.engine.protocols import Selection
from gp_prestashop.engine.reconcile import reconcile
from tests.house import EVER, House
from tests.shop import Shop

CENT = Decimal("0.01")


def state_of(house: House, made: dict[str, Any]) -> tuple[str, str, str]:
    state = house.engine.parts.ledger.states_of("refunds", [made["id"]])[made["id"]]
    return state.state, state.code or state.rule, state.sentence


def refund(house: House, made: dict[str, Any]) -> tuple[str, str, str]:
    house.engine.run("refunds", Selection(keys=(made["id"],)))
    return state_of(house, made)


def taxed(shop: Shop) -> dict[str, Any]:
    """A plain order of GP's: taxed, shipped, no vouchers."""
    return next(
        order
        for order in shop.delivered()
        if Decimal(order["total_shipping_tax_incl"]) > Decimal(order["total_shipping_tax_excl"])
        and Decimal(order["total_discounts"]) == 0
        and order["id_currency"] == "1"
    )


def memo(house: House, made: dict[str, Any]) -> tuple[Any, ...]:
    rows = house.gp(
        "select docamnt, slsamnt, frtamnt, taxamnt, trim(cstponbr::text), trim(custnmbr::text) from two.rm10301 "
        f"where trim(docnumbr::text) = 'PSR{int(made['id']):08d}' and rmdtypal = 7"
    )
    assert len(rows) == 1
    return rows[0]


def test_a_partial_refund_is_a_credit_memo_to_the_cent_and_only_once(house: House, shop: Shop) -> None:
    order = taxed(shop)
    made = shop.refund(order)
    assert refund(house, made)[0] == "delivered", state_of(house, made)
    refund(house, made)
    amount, goods, freight, tax, reference, customer = memo(house, made)
    assert amount == Decimal(made["total_products_tax_incl"])
    assert goods == Decimal(made["total_products_tax_excl"])
    assert (freight, tax) == (0, amount - goods)
    assert reference == order["reference"].upper()
    assert (
        customer == house.engine.parts.ledger.xrefs("customers", [str(order["id_customer"])])[str(order["id_customer"])]
    )


def test_shipping_is_refunded_with_its_tax(house: House, shop: Shop) -> None:
    order = taxed(shop)
    made = shop.refund(order, lines=99, shipping=True)
    assert refund(house, made)[0] == "delivered", state_of(house, made)
    amount, goods, freight, tax, _, _ = memo(house, made)
    assert freight == Decimal(order["total_shipping_tax_excl"])
    assert amount == goods + freight + tax
    assert abs(amount - Decimal(order["total_paid"])) <= CENT * 5


def test_shipping_alone_can_be_refunded(house: House, shop: Shop) -> None:
    order = taxed(shop)
    made = shop.refund(order, lines=0, shipping=True)
    assert refund(house, made)[0] == "delivered", state_of(house, made)
    assert memo(house, made)[0] == Decimal(order["total_shipping_tax_incl"])


def test_more_than_the_order_cost_is_held(house: House, shop: Shop) -> None:
    order = taxed(shop)
    made = shop.refund(order, total_products_tax_incl=f"{Decimal(order['total_paid']) + 10:.6f}")
    assert refund(house, made)[:2] == ("held", "more_than_paid")


def test_a_refund_of_an_order_that_is_not_in_gp_waits(house: House, shop: Shop) -> None:
    order = shop.copy_order(taxed(shop), current_state="10")  # waits for its payment
    made = shop.refund(order)
    state, code, sentence = refund(house, made)
    assert (state, code) in (("held", "waits"), ("held", "order_not_in_gp")), sentence


def test_refunds_add_up(house: House, shop: Shop) -> None:
    for order in shop.delivered()[:4]:
        shop.refund(order)
    house.engine.run("refunds", EVER)
    first, last = EVER.created or (None, None)
    assert first
    assert last
    result = reconcile(house.engine.parts, "refunds", first, last)
    assert result.breaks == []
    assert sum(day.gp[0] for day in result.days) >= 3
