"""Payments: once each, to the cent, on the right order; what does not fit is held (pain 20's duplicate line, split orders)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from gp_prestashop.engine.protocols import Selection
from gp_prestashop.engine.reconcile import reconcile
from tests.house import EVER, House
from tests.shop import Shop


def pay(shop: Shop, order: dict[str, Any], amount: Decimal, **changes: Any) -> dict[str, Any]:
    like = shop.rows("order_payments")[0]
    row = {
        **like, "id": shop.new_id(), "order_reference": order["reference"], "id_currency": order["id_currency"],
        "amount": f"{amount:.6f}", "date_add": order["date_add"],
    }  # fmt: skip
    return shop.put("order_payments", {**row, **changes})


def paid_in_gp(house: House, order: dict[str, Any]) -> Decimal:
    number = house.engine.parts.ledger.xrefs("sales_orders", [str(order["id"])])[str(order["id"])]
    rows = house.gp(f"select coalesce(sum(oamtpaid), 0) from two.sop10103 where trim(sopnumbe::text) = '{number}'")
    return Decimal(str(rows[0][0]))


def run(house: House, *payments: dict[str, Any]) -> dict[str, tuple[str, str]]:
    keys = tuple(str(payment["id"]) for payment in payments)
    house.engine.run("deposits", Selection(keys=keys))
    all_ = list(house.engine.parts.ledger.record_keys("deposits"))
    known = [key for key in all_ if key.partition("-")[0] in keys]
    return {
        key: (state.state, state.code) for key, state in house.engine.parts.ledger.states_of("deposits", known).items()
    }


def new_order(house: House, shop: Shop, **changes: Any) -> dict[str, Any]:
    like = next(order for order in shop.delivered() if order["id_currency"] == "1")
    order = shop.copy_order(like, **changes)
    house.engine.run("sales_orders", Selection(keys=(str(order["id"]),)))
    return order


def test_partial_payments_are_delivered_as_they_come(house: House, shop: Shop) -> None:
    order = new_order(house, shop, current_state="13")  # cash on delivery: goes to GP, and is not paid yet
    total = Decimal(order["total_paid"])
    first = pay(shop, order, Decimal("1.00"))
    assert run(house, first) == {first["id"]: ("delivered", "")}
    assert paid_in_gp(house, order) == 1
    second = pay(shop, order, total - 1)
    run(house, first, second)
    run(house, first, second)
    assert paid_in_gp(house, order) == total


def test_a_payment_of_split_orders_is_shared_out_oldest_first(house: House, shop: Shop) -> None:
    one = new_order(house, shop)
    two = new_order(house, shop, reference=one["reference"])
    both = Decimal(one["total_paid"]) + Decimal(two["total_paid"])
    payment = pay(shop, one, both)
    key, own, other = payment["id"], f"{payment['id']}-{one['id']}", f"{payment['id']}-{two['id']}"
    states = run(house, payment)
    assert {key: state for key, (state, _) in states.items()} == {key: "delivered", own: "ignored", other: "delivered"}
    assert paid_in_gp(house, one) == Decimal(one["total_paid"])
    assert paid_in_gp(house, two) == Decimal(two["total_paid"])


def test_a_share_that_an_edit_moved_to_another_order_is_held_and_still_counted(house: House, shop: Shop) -> None:
    one = new_order(house, shop)
    two = new_order(house, shop, reference=one["reference"])
    both = Decimal(one["total_paid"]) + Decimal(two["total_paid"])
    payment = pay(shop, one, both)
    run(house, payment)
    shop.put("orders", {**one, "total_paid": f"{both:.6f}"})  # now the first order takes it all
    other = f"{payment['id']}-{two['id']}"
    assert run(house, payment)[other] == ("held", "delivered_before")
    first, last = EVER.created or (None, None)
    assert first
    assert last
    result = reconcile(house.engine.parts, "deposits", first, last)
    assert [line for line in result.breaks if "no longer in the shop" in line] == []
    assert all(day.conserved for day in result.days)


def test_an_overpayment_is_held_and_only_that(house: House, shop: Shop) -> None:
    order = new_order(house, shop)
    payment = pay(shop, order, Decimal(order["total_paid"]) + 5)
    states = run(house, payment)
    assert states == {payment["id"]: ("delivered", ""), f"{payment['id']}-over": ("held", "overpayment")}
    assert paid_in_gp(house, order) == Decimal(order["total_paid"])


def test_another_currency_than_the_orders_is_held(house: House, shop: Shop) -> None:
    order = new_order(house, shop, current_state="13")
    payment = pay(shop, order, Decimal("5.00"), id_currency="2")
    assert run(house, payment) == {payment["id"]: ("held", "other_currency")}


def test_a_paid_state_whose_payments_fall_short_is_held_until_the_rest_comes(house: House, shop: Shop) -> None:
    order = new_order(house, shop, current_state="2")
    first = pay(shop, order, Decimal("1.00"))
    assert run(house, first) == {first["id"]: ("held", "paid_short")}
    second = pay(shop, order, Decimal(order["total_paid"]) - 1)
    states = run(house, first, second)
    assert {state for state, _ in states.values()} == {"delivered"}
    assert paid_in_gp(house, order) == Decimal(order["total_paid"])


def test_a_refund_is_no_deposit_and_card_data_is_never_kept(house: House, shop: Shop) -> None:
    order = new_order(house, shop, current_state="13")
    payment = pay(shop, order, Decimal("-3.00"), card_number="4111111111111111", card_holder="A. BERG")
    assert run(house, payment) == {payment["id"]: ("held", "negative_payment")}
    raw = house.engine.parts.ledger.work("deposits", [payment["id"]])[0].raw
    assert "4111" not in str(raw)
    assert not {"card_number", "card_holder", "card_brand", "card_expiration"} & set(raw)


def test_payments_add_up(house: House, shop: Shop) -> None:
    one = new_order(house, shop)
    two = new_order(house, shop, reference=one["reference"])
    pay(shop, one, Decimal(one["total_paid"]) + Decimal(two["total_paid"]) + 5)  # of two orders, and too much
    house.engine.run("deposits", EVER)
    first, last = EVER.created or (None, None)
    assert first
    assert last
    result = reconcile(house.engine.parts, "deposits", first, last)
    assert result.breaks == []
    assert sum(day.gp[0] for day in result.days) > 5
    assert sum(day.states.get("held", (0, 0))[1] for day in result.days) >= 5


def test_all_payments_can_be_cash_receipts_instead(make_house: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("GPPS_PAYMENT__DOCUMENT", "receipt")
    house = make_house(orders=15, troubles=False)
    house.engine.run("sales_orders", EVER)
    deposits = house.engine.run("deposits", EVER)
    assert set(deposits.states) == {"ignored"}
    receipts = house.engine.run("receipts", EVER)
    assert receipts.states["delivered"] > 5, receipts.reasons
    house.engine.run("receipts", EVER)
    rows = house.gp(
        "select count(*), count(distinct docnumbr), sum(ortrxamt) from two.rm10201 where left(docnumbr::text, 3) = 'PSP'"
    )
    assert rows[0][0] == rows[0][1] == receipts.states["delivered"]
    first, last = EVER.created or (None, None)
    assert first
    assert last
    assert reconcile(house.engine.parts, "receipts", first, last).breaks == []


def test_a_payment_of_an_order_that_gp_has_closed_is_a_receipt(house: House, shop: Shop) -> None:
    order = new_order(house, shop, current_state="13")
    number = house.engine.parts.ledger.xrefs("sales_orders", [str(order["id"])])[str(order["id"])]
    close_in_gp(house, number)
    payment = pay(shop, order, Decimal(order["total_paid"]))
    assert run(house, payment)[payment["id"]] == ("ignored", "")
    house.engine.run("receipts", Selection(keys=(payment["id"],)))
    state = house.engine.parts.ledger.states_of("receipts", [payment["id"]])[payment["id"]]
    assert state.state == "delivered", state.sentence
    rows = house.gp(f"select ortrxamt from two.rm10201 where trim(docnumbr::text) = 'PSP{int(payment['id']):08d}'")
    assert rows == [(Decimal(order["total_paid"]),)]


def close_in_gp(house: House, number: str) -> None:
    """The order goes to history, as it does when all of it was invoiced."""
    columns = [
        row[0]
        for row in house.gp(
            "select a.column_name from information_schema.columns a join information_schema.columns b "
            "on b.table_schema = a.table_schema and b.table_name = 'sop30200' and b.column_name = a.column_name "
            "where a.table_schema = 'two' and a.table_name = 'sop10100' and a.column_name <> 'dex_row_id'"
        )
    ]
    names = ", ".join(f'"{column}"' for column in columns)
    house.gp(
        f"with gone as (delete from two.sop10100 where trim(sopnumbe::text) = '{number}' returning {names}) "
        f"insert into two.sop30200 ({names}) select {names} from gone returning 1"
    )
