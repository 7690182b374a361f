"""Refunds: a credit memo to the cent, once, linked to the order (pain 21), also when the shop forgot one of its parts."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from gp_prestashop.engine.protocols import Selection
from gp_prestashop.engine.reconcile import reconcile
from tests.house import EVER, House
from tests.pains.forgetting import forget
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
    forget(house, "refunds", made["id"])
    assert refund(house, made)[0] == "delivered", state_of(house, made)
    amount, goods, freight, tax, reference, customer = memo(house, made)
    assert amount == Decimal(made["total_products_tax_incl"])
    assert goods == Decimal(made["total_products_tax_excl"])
    assert (freight, tax) == (0, amount - goods)
    assert reference == order["reference"].upper()
    assert (
        customer == house.engine.parts.ledger.xrefs("customers", [str(order["id_customer"])])[str(order["id_customer"])]
    )


def test_two_slips_of_one_order_are_two_credit_memos(house: House, shop: Shop) -> None:
    order = taxed(shop)
    slips = shop.refund(order), shop.refund(order, lines=0, shipping=True)
    for made in slips:
        assert refund(house, made)[0] == "delivered", state_of(house, made)
    for made in slips:
        assert memo(house, made)[0] == Decimal(made["total_products_tax_incl"]) + Decimal(
            made["total_shipping_tax_incl"]
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


def one_tax(shop: Shop, *, voucher: bool = False) -> dict[str, Any]:
    """An order whose lines all have the same tax."""
    for order in shop.delivered():
        lines = shop.rows("order_details", id_order=order["id"])
        taxes = [[tax["id"] for tax in line["associations"]["taxes"]] for line in lines]
        goods, off = Decimal(order["total_products_wt"]), Decimal(order["total_discounts_tax_incl"])
        if taxes[0] and all(one == taxes[0] for one in taxes) and (0 < off < goods / 2) == voucher:
            return order
    raise AssertionError("the world has no such order")


def test_an_amount_of_choice_is_what_is_paid_back(house: House, shop: Shop) -> None:
    """The back office keeps it in ``amount`` alone, beside the totals of the lines (order_slip_type 2)."""
    order = taxed(shop)
    lines = shop.refund(order)
    net, gross = Decimal(lines["total_products_tax_excl"]), Decimal(lines["total_products_tax_incl"])
    half = (gross / 2).quantize(CENT)
    made = shop.refund(order, amount=f"{half:.6f}", order_slip_type="2")
    assert refund(house, made)[0] == "delivered", state_of(house, made)
    amount, goods, freight, tax, _, _ = memo(house, made)
    assert (amount, freight) == (half, 0)
    assert goods == (half * net / gross).quantize(CENT)
    assert tax == amount - goods
    base = f"select taxdtsls, tdttxsls from two.rm10601 where docnumbr = 'PSR{int(made['id']):08d}'"
    assert house.gp(base) == [(goods, goods)]


@pytest.mark.parametrize("side", ["total_products_tax_excl", "total_products_tax_incl"])
def test_a_voucher_that_the_shop_takes_off_a_refund_is_taken_off_with_its_tax(
    house: House, shop: Shop, side: str
) -> None:
    """The back office takes it off one total only, always with tax: off the net one, where the customer sees prices with tax."""
    order = one_tax(shop, voucher=True)
    voucher, voucher_net = (Decimal(order[f"total_discounts_tax_{how}"]) for how in ("incl", "excl"))
    like = shop.refund(order, lines=99)
    made = shop.refund(order, lines=99, **{side: f"{Decimal(like[side]) - voucher:.6f}", "order_slip_type": "1"})
    assert refund(house, made)[0] == "delivered", state_of(house, made)
    amount, goods, _, tax, _, _ = memo(house, made)
    assert abs(amount - (Decimal(like["total_products_tax_incl"]) - voucher)) <= CENT
    assert abs(goods - (Decimal(like["total_products_tax_excl"]) - voucher_net)) <= CENT
    assert tax == amount - goods


def test_an_amount_alone_is_a_credit_memo_at_the_orders_one_tax(house: House, shop: Shop) -> None:
    order = one_tax(shop)
    nothing = {"total_products_tax_excl": "0.000000", "total_products_tax_incl": "0.000000"}
    made = shop.refund(order, lines=0, **nothing, amount="1.000000", order_slip_type="")
    assert refund(house, made)[0] == "delivered", state_of(house, made)
    amount, goods, freight, tax, _, _ = memo(house, made)
    assert (amount, freight) == (1, 0)
    assert goods == (Decimal(order["total_products"]) / Decimal(order["total_products_wt"])).quantize(CENT)
    assert tax == 1 - goods > 0


def test_a_full_refund_whose_lines_the_shop_has_not_kept_is_one_of_all_lines(house: House, shop: Shop) -> None:
    """As the webservice makes them (recordings: ops/order_slip_post_full_no_details)."""
    order = taxed(shop)
    whole = {"total_products_tax_excl": order["total_products"], "total_products_tax_incl": order["total_products_wt"]}
    made = shop.refund(order, lines=0, shipping=True, **whole, amount=order["total_paid"])
    assert refund(house, made)[0] == "delivered", state_of(house, made)
    amount, goods, freight, tax, _, _ = memo(house, made)
    assert amount == goods + freight + tax
    assert abs(amount - Decimal(order["total_paid"])) <= CENT * 5


def test_totals_that_make_another_tax_than_the_lines_are_held(house: House, shop: Shop) -> None:
    order = taxed(shop)
    net = Decimal(shop.refund(order)["total_products_tax_excl"])
    made = shop.refund(order, total_products_tax_excl=f"{net / 2:.6f}")
    assert refund(house, made)[:2] == ("held", "slip_tax")


def test_refunds_add_up(house: House, shop: Shop) -> None:
    orders = shop.delivered()
    foreign = next(order for order in orders if order["id_currency"] != "1")
    for order in (*orders[:3], foreign):
        shop.refund(order)
    house.engine.run("refunds", EVER)
    first, last = EVER.created or (None, None)
    assert first
    assert last
    result = reconcile(house.engine.parts, "refunds", first, last)
    assert result.breaks == []
    assert sum(day.gp[0] for day in result.days) >= 3


@pytest.fixture
def returning(make_house: Callable[..., House], monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[House, Shop]]:
    """A house whose refunds are SOP returns, and its shop with all orders in GP."""

    def make(restock: str) -> tuple[House, Shop]:
        monkeypatch.setenv("GPPS_REFUND__DOCUMENT", "return")
        monkeypatch.setenv("GPPS_REFUND__RESTOCK", restock)
        house = make_house(orders=20, troubles=False)
        house.engine.run("sales_orders", EVER)
        return house, Shop(house)

    return make


def run_both(house: House, made: dict[str, Any]) -> tuple[tuple[str, str], tuple[str, str]]:
    """(state, code or rule) of the slip as a return and as a credit memo."""
    found = []
    for flow in ("returns", "refunds"):
        house.engine.run(flow, Selection(keys=(made["id"],)))
        state = house.engine.parts.ledger.states_of(flow, [made["id"]])[made["id"]]
        found.append((state.state, state.code or state.rule))
    return found[0], found[1]


def test_goods_that_come_back_are_a_return_once_and_an_amount_alone_is_a_credit_memo(
    returning: Callable[..., tuple[House, Shop]],
) -> None:
    house, shop = returning("shop")
    order = taxed(shop)
    made = shop.refund(order, lines=99, shipping=True)
    details = shop.rows("order_details", id_order=order["id"])
    for detail in details:
        stocked = {"product_quantity_reinjected": detail["product_quantity"]}
        shop.put("order_details", {**detail, **stocked, "product_quantity_refunded": detail["product_quantity"]})
    for _ in range(2):
        assert run_both(house, made) == (("delivered", ""), ("ignored", "kind")), state_of(house, made)
    ((amount, freight, reference, number, batch),) = house.gp(
        "select ordocamt, orfrtamt, trim(cstponbr::text), trim(sopnumbe::text), trim(bachnumb::text) "
        f"from two.sop10100 where soptype = 4 and sopnumbe = 'PSR{int(made['id']):08d}'"
    )
    assert amount == Decimal(made["total_products_tax_incl"]) + Decimal(made["total_shipping_tax_incl"])
    assert freight == Decimal(order["total_shipping_tax_excl"])
    assert reference == order["reference"].upper()
    linked = house.gp(f"select trim(userdef1::text) from two.sop10106 where soptype = 4 and sopnumbe = '{number}'")
    assert linked == [(house.engine.parts.ledger.xrefs("sales_orders", [str(order["id"])])[str(order["id"])],)]
    lines = "select sum(quantity), sum(qtyonhnd), sum(qtydmged) from two.sop10200 where soptype = 4"
    pieces = sum(int(detail["product_quantity"]) for detail in details)
    assert house.gp(lines) == [(pieces, pieces, 0)]
    assert batch

    alone = shop.refund(taxed(shop), lines=0, shipping=True)
    assert run_both(house, alone) == (("ignored", "kind"), ("delivered", ""))
    result = reconcile(house.engine.parts, "returns", *EVER.created)  # type: ignore[misc]
    assert result.breaks == []


def test_a_return_less_than_its_goods_is_taxed_on_what_is_paid_back(
    returning: Callable[..., tuple[House, Shop]],
) -> None:
    house, shop = returning("yes")
    order = taxed(shop)
    gross = Decimal(shop.refund(order)["total_products_tax_incl"])
    made = shop.refund(order, amount=f"{(gross / 2).quantize(CENT):.6f}", order_slip_type="2")
    assert run_both(house, made)[0] == ("delivered", "")
    ((paid, off, tax),) = house.gp(
        "select ordocamt, ortdisam, ortaxamt from two.sop10100 "
        f"where soptype = 4 and sopnumbe = 'PSR{int(made['id']):08d}'"
    )
    assert paid == (gross / 2).quantize(CENT)
    assert off > 0
    bases = f"select distinct tdttxsls from two.sop10105 where soptype = 4 and sopnumbe = 'PSR{int(made['id']):08d}'"
    assert house.gp(bases) == [(paid - tax,)]


def test_what_is_not_restocked_is_written_off_and_what_cannot_be_told_is_held(
    returning: Callable[..., tuple[House, Shop]],
) -> None:
    house, shop = returning("shop")
    first, second = [order for order in shop.delivered() if Decimal(order["total_discounts"]) == 0][:2]
    made = shop.refund(first)
    assert run_both(house, made)[0] == ("delivered", "")
    ((back, damaged),) = house.gp("select sum(qtyonhnd), sum(qtydmged) from two.sop10200 where soptype = 4")
    assert back == 0
    assert damaged == int(shop.rows("order_details", id_order=first["id"])[0]["product_quantity"])
    detail = shop.rows("order_details", id_order=second["id"])[0]
    shop.put("order_details", {**detail, "product_quantity_reinjected": "1", "product_quantity_refunded": "2"})
    assert run_both(house, shop.refund(second))[0] == ("held", "restock_unclear")


def test_a_return_of_foreign_money_is_at_the_orders_rate(returning: Callable[..., tuple[House, Shop]]) -> None:
    house, shop = returning("yes")
    order = next(o for o in shop.delivered() if o["id_currency"] != "1" and Decimal(o["total_discounts"]) == 0)
    assert run_both(house, shop.refund(order))[0] == ("delivered", "")
    of_both = house.gp(
        "select xchgrate, trim(curncyid::text) from two.sop10100 where cstponbr = "
        f"'{order['reference'].upper()}' and soptype in (2, 4)"
    )
    assert len(of_both) == 2
    assert of_both[0] == of_both[1]


def test_a_tax_that_the_shop_has_edited_since_is_one_detail_with_the_shippings(house: House, shop: Shop) -> None:
    """An edited tax gets a new id: the order's lines keep the old one, the carrier's rules name the new one."""
    order = taxed(shop)
    detail = shop.rows("order_details", id_order=order["id"])[0]
    old = shop.rows("taxes", id=detail["associations"]["taxes"][0]["id"])[0]
    edited = shop.put("taxes", {**old, "id": shop.new_id()})
    maps = house.engine.parts.ledger.value_maps
    known = maps.resolve("tax_details", [row["id"] for row in shop.rows("taxes")])
    maps.load("tax_details", {**known, edited["id"]: known[old["id"]]}, source="test")
    taxes = {"taxes": [{"id": edited["id"]}]}
    shop.put("order_details", {**detail, "associations": {**detail["associations"], **taxes}})
    made = shop.refund(order, shipping=True)
    assert refund(house, made)[0] == "delivered", state_of(house, made)
    rows = house.gp(
        "select staxamnt > 0, frttxamt > 0, taxamnt = staxamnt + frttxamt from two.rm10601 "
        f"where docnumbr = 'PSR{int(made['id']):08d}'"
    )
    assert rows == [(True, True, True)]
