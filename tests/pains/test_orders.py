"""Orders: duplicates, lost lines, edits, cancellations, deletions, one bad order among many (pains 1, 4, 5 and beside)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from gp_prestashop.engine.protocols import Selection
from gp_prestashop.engine.reconcile import reconcile
from gp_prestashop.sandbox.tds.faults import Fault
from tests.house import EVER, House
from tests.shop import Shop

WORLD = "from two.sop10100 where soptype = 2 and cstponbr <> 'COUNTER SALE'"


def number_of(house: House, order: dict[str, Any]) -> str:
    return house.engine.parts.ledger.xrefs("sales_orders", [str(order["id"])])[str(order["id"])]


def state_of(house: House, order: dict[str, Any]) -> tuple[str, str, str]:
    state = house.engine.parts.ledger.states_of("sales_orders", [str(order["id"])])[str(order["id"])]
    return state.state, state.code or state.rule, state.sentence


def test_a_lost_answer_between_commit_and_ack_makes_one_document(house: House, shop: Shop) -> None:
    order = shop.copy_order(shop.delivered()[0])
    house.sandbox.tds.faults.add(Fault("close_after", "COMMIT TRANSACTION", count=1))
    for _ in range(3):
        house.engine.run("sales_orders", Selection(keys=(str(order["id"]),)))
    assert state_of(house, order)[0] == "delivered", state_of(house, order)
    number = number_of(house, order)
    assert house.gp(f"select count(*) from two.sop10100 where trim(sopnumbe::text) = '{number}'") == [(1,)]


def test_the_same_cart_ordered_twice_is_two_orders_of_one_customer(house: House, shop: Shop) -> None:
    first = shop.delivered()[0]
    second = shop.copy_order(first, reference=first["reference"])  # the same cart, reference and customer
    house.engine.run("sales_orders", Selection(keys=(str(second["id"]),)))
    assert state_of(house, second)[0] == "delivered"
    assert number_of(house, first) != number_of(house, second)


def test_an_order_with_one_unknown_item_is_held_whole(house: House, shop: Shop) -> None:
    several = (one for one in shop.delivered() if len(shop.rows("order_details", id_order=one["id"])) > 1)
    order = shop.copy_order(next(several))
    detail = shop.rows("order_details", id_order=order["id"])[0]
    shop.put("order_details", {**detail, "product_reference": "NOT-IN-GP"})
    house.engine.run("sales_orders", Selection(keys=(str(order["id"]),)))
    state, code, sentence = state_of(house, order)
    assert (state, code) == ("held", "no_lookup")
    assert "NOT-IN-GP" in sentence
    kept = house.engine.parts.ledger.work("sales_orders", [str(order["id"])])[0].raw
    assert len(kept["order_details"]) == len(
        shop.rows("order_details", id_order=order["id"])
    )  # stored before resolving


def test_every_delivered_order_has_all_its_lines(house: House, shop: Shop) -> None:
    order = shop.copy_order(shop.delivered()[0])  # which gets an item once more, as a gift
    detail = shop.rows("order_details", id_order=order["id"])[0]
    nothing = dict.fromkeys(("total_price_tax_excl", "total_price_tax_incl"), "0.000000")
    shop.put("order_details", {**detail, **nothing, "id": shop.new_id()})
    house.engine.run("sales_orders", Selection(keys=(str(order["id"]),)))
    assert state_of(house, order)[0] == "delivered", state_of(house, order)
    for one in shop.delivered():
        details = shop.rows("order_details", id_order=one["id"])
        lines, pieces = house.gp(
            "select count(*), sum(quantity) from two.sop10200 where soptype = 2 "
            f"and trim(sopnumbe::text) = '{number_of(house, one)}'"
        )[0]
        assert lines == len(details)
        assert pieces == sum(Decimal(detail["product_quantity"]) for detail in details)


def test_one_bad_order_does_not_stop_the_others(house: House, shop: Shop) -> None:
    good = shop.delivered()[0]
    made = [shop.copy_order(good) for _ in range(5)]
    shop.put("orders", {**made[2], "total_paid": "not a number"})  # cannot be mapped
    shop.put("orders", {**made[3], "current_state": "10"})  # a rule holds it
    house.engine.run("sales_orders", Selection(keys=tuple(str(order["id"]) for order in made)))
    states = [state_of(house, order)[0] for order in made]
    assert states == ["delivered", "delivered", "held", "held", "delivered"]
    assert reconcile(house.engine.parts, "sales_orders", *EVER.created).breaks == []  # type: ignore[misc]


def test_a_deleted_order_is_confirmed_and_held_and_gp_keeps_it(fresh: tuple[House, Shop]) -> None:
    house, shop = fresh
    order = shop.delivered()[0]
    before = house.gp(f"select count(*) {WORLD}")
    store = house.sandbox.shop.store
    store.table("orders").remove(int(order["id"]))
    day = order["date_add"][:10]
    house.engine.run("sales_orders", EVER)
    state, code, sentence = state_of(house, order)
    assert (state, code) == ("held", "disappeared"), day
    assert "no longer in the shop" in sentence
    assert house.gp(f"select count(*) {WORLD}") == before


def test_an_order_that_is_cancelled_before_it_reached_gp_is_ignored(house: House, shop: Shop) -> None:
    order = shop.copy_order(shop.delivered()[0], current_state="6")
    house.engine.run("sales_orders", Selection(keys=(str(order["id"]),)))
    assert state_of(house, order)[:2] == ("ignored", "cancelled")


def test_an_order_that_is_cancelled_in_gp_is_voided_and_its_number_stays_taken(house: House, shop: Shop) -> None:
    order = shop.copy_order(shop.delivered()[0])
    house.engine.run("sales_orders", Selection(keys=(str(order["id"]),)))
    number = number_of(house, order)
    shop.put("orders", {**order, "current_state": "6"})
    house.engine.run("sales_orders", Selection(keys=(str(order["id"]),)))
    assert state_of(house, order)[:2] == ("ignored", "cancelled")
    assert house.gp(f"select voidstts from two.sop30200 where trim(sopnumbe::text) = '{number}'") == [(1,)]
    first, last = EVER.created or (None, None)
    assert first
    assert last
    assert reconcile(house.engine.parts, "sales_orders", first, last).breaks == []
    shop.put("orders", {**order, "current_state": "2"})
    house.engine.run("sales_orders", Selection(keys=(str(order["id"]),)))
    assert state_of(house, order)[:2] == ("held", "voided")


def test_a_state_that_turns_bad_after_delivery_is_shown_to_a_person(house: House, shop: Shop) -> None:
    order = shop.delivered()[0]
    shop.put("orders", {**order, "current_state": "8"})
    house.engine.run("sales_orders", Selection(keys=(str(order["id"]),)))
    assert state_of(house, order)[:2] == ("held", "delivered_before")


def test_an_order_waits_for_its_payment_and_then_goes(house: House, shop: Shop) -> None:
    order = shop.copy_order(shop.delivered()[0], current_state="10")
    house.engine.run("sales_orders", Selection(keys=(str(order["id"]),)))
    assert state_of(house, order)[:2] == ("held", "awaiting_payment")
    shop.put("orders", {**order, "current_state": "2"})
    house.engine.run("sales_orders", Selection(keys=(str(order["id"]),)))
    assert state_of(house, order)[0] == "delivered"


def plain_order(house: House, shop: Shop, *, taxed: bool) -> dict[str, Any]:
    """An order of GP's without vouchers, which nobody has paid yet."""
    like = next(
        order
        for order in shop.delivered()
        if Decimal(order["total_discounts"]) == 0
        and (order["total_paid_tax_incl"] != order["total_paid_tax_excl"]) == taxed
    )
    order = shop.copy_order(like, current_state="13")
    house.engine.run("sales_orders", Selection(keys=(str(order["id"]),)))
    return order


def test_an_edited_order_is_changed_in_gp_while_it_is_unposted(house: House, shop: Shop) -> None:
    order = plain_order(house, shop, taxed=False)
    number = number_of(house, order)
    edited = shop.edit(order)
    house.engine.run("sales_orders", Selection(keys=(str(order["id"]),)))
    assert state_of(house, edited)[0] == "delivered", state_of(house, edited)
    amount = house.gp(f"select ordocamt from two.sop10100 where soptype = 2 and trim(sopnumbe::text) = '{number}'")
    assert amount == [(Decimal(edited["total_paid"]),)]
    first, last = EVER.created or (None, None)
    assert first
    assert last
    assert reconcile(house.engine.parts, "sales_orders", first, last).breaks == []


def test_a_taxed_order_that_goes_by_another_carrier_is_changed(house: House, shop: Shop) -> None:
    """GP works the taxes of its lines and shipping out anew, those of the shipping by the schedule of the value map."""
    taxed = [
        one
        for one in shop.delivered()
        if Decimal(one["total_shipping_tax_incl"]) > Decimal(one["total_shipping_tax_excl"])
        and Decimal(one["total_discounts"]) == 0
    ]
    like = min(taxed, key=lambda one: Decimal(one["total_paid"]))  # of one line: GP's cents are the shop's
    order = shop.copy_order(like, current_state="13")
    house.engine.run("sales_orders", Selection(keys=(str(order["id"]),)))
    sent = (
        "select trim(shipmthd::text), ordocamt, ortaxamt + orfrttax from two.sop10100 "
        f"where soptype = 2 and trim(sopnumbe::text) = '{number_of(house, order)}'"
    )
    ((carrier, *amounts),) = house.gp(sent)
    other = next(one for one in shop.rows("carriers") if one["id"] != order["id_carrier"])
    shop.put("orders", {**order, "id_carrier": other["id"]})
    house.engine.run("sales_orders", Selection(keys=(str(order["id"]),)))
    assert state_of(house, order)[0] == "delivered", state_of(house, order)
    ((new, *same),) = house.gp(sent)
    assert new != carrier
    assert same == amounts


def test_an_edited_order_that_is_being_shipped_is_held_with_the_difference(house: House, shop: Shop) -> None:
    order = plain_order(house, shop, taxed=False)  # which could be changed, were it not for that
    number = number_of(house, order)
    of_order = f"where soptype = 2 and trim(sopnumbe::text) = '{number}'"
    house.gp(f"update two.sop10200 set qtyfulfi = quantity {of_order} returning 1")
    before = house.gp(f"select ordocamt from two.sop10100 {of_order}")
    edited = shop.edit(order)
    house.engine.run("sales_orders", Selection(keys=(str(order["id"]),)))
    state, code, sentence = state_of(house, edited)
    assert (state, code) == ("held", "amendment"), sentence
    assert "a part of it is fulfilled" in sentence
    assert "DOCAMNT" in sentence
    assert house.gp(f"select ordocamt from two.sop10100 {of_order}") == before


def test_an_edit_that_gp_would_compute_otherwise_is_held_and_gp_stays_as_it_was(house: House, shop: Shop) -> None:
    """GP computes the taxes of a changed order anew, by its own schedule; a cent of difference is not let through."""
    order = plain_order(house, shop, taxed=True)
    of_order = f"where soptype = 2 and trim(sopnumbe::text) = '{number_of(house, order)}'"
    before = house.gp(f"select ordocamt, ortaxamt from two.sop10100 {of_order}")
    edited = shop.edit(order)
    cent = {name: f"{Decimal(edited[name]) + Decimal('0.01'):.6f}" for name in ("total_paid", "total_paid_tax_incl")}
    shop.put("orders", {**edited, **cent})  # a cent more of tax than the rate gives
    house.engine.run("sales_orders", Selection(keys=(str(order["id"]),)))
    state, code, sentence = state_of(house, edited)
    assert (state, code) == ("held", "amendment"), sentence
    assert house.gp(f"select ordocamt, ortaxamt from two.sop10100 {of_order}") == before
