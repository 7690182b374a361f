"""Where payments and refunds end up in GP: checkbook by module, foreign money, applied to the posted invoice where GP can.

The orders whose state says `invoice` are unposted invoices in GP, which these tests post.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from gp_prestashop.engine.protocols import Selection
from gp_prestashop.sandbox.gp.client import post_batch
from tests.both import Both
from tests.house import EVER, House
from tests.shop import Shop

TO_INVOICE = "3"  # the shop's state
MODULES = {"ps_wirepayment": "BANK-EUR", "paypal": "PAYPAL", "ps_cashondelivery": "CASH"}


class Desk:
    """Orders of every kind, their payments and slips."""

    def __init__(self, house: House) -> None:
        self.house, self.both, self.shop = house, Both(house), Shop(house)
        states = house.engine.parts.ledger.value_maps
        known = states.resolve("order_states", [row["id"] for row in self.shop.rows("order_states")])
        states.load("order_states", {**known, TO_INVOICE: {"value": "invoice"}}, source="test")
        house.engine.run("sales_orders", EVER)

    def order(self, *, foreign: bool = False, **changes: object) -> dict[str, Any]:
        like = next(
            row
            for row in self.shop.delivered()
            if (row["id_currency"] != "1") == foreign and Decimal(row["total_discounts"]) == 0
        )
        order = self.shop.copy_order(like, **{"current_state": "13", **changes})
        assert self.run("sales_orders", order) == ("delivered", ""), self.sentence
        return order

    def posted(self, **changes: Any) -> dict[str, Any]:
        """An order that GP has as a posted invoice."""
        order = self.order(current_state=TO_INVOICE, **changes)
        number = f"PS{int(order['id']):08d}"
        ((batch,),) = self.house.gp(f"select trim(bachnumb::text) from two.sop10100 where sopnumbe = '{number}'")
        with psycopg.connect(self.house.gp_url) as connection, connection.cursor() as cursor:
            cursor.execute("update two.sop10100 set bachnumb = 'LATER' where sopnumbe <> %s", (number,))
            assert post_batch(cursor, str(batch)) == [number]
        return order

    def pay(self, order: dict[str, Any], **changes: object) -> dict[str, Any]:
        row = {
            **self.shop.rows("order_payments")[0], "id": self.shop.new_id(), "order_reference": order["reference"],
            "id_currency": order["id_currency"], "amount": order["total_paid"], "date_add": order["date_add"],
        }  # fmt: skip
        return self.shop.put("order_payments", {**row, **changes})

    def run(self, flow: str, row: dict[str, Any], **settings: str) -> tuple[str, str]:
        engine = self.both.again(**settings) if settings else self.house.engine
        engine.run(flow, Selection(keys=(str(row["id"]),)))
        state = self.both.state(flow, str(row["id"]))
        self.sentence = state.sentence
        return state.state, state.code or state.rule

    def owed(self, order: dict[str, Any]) -> Decimal:
        """What is left to pay of the posted invoice."""
        number = f"PS{int(order['id']):08d}"
        ((left,),) = self.house.gp(f"select curtrxam from two.rm20101 where docnumbr = '{number}' and rmdtypal = 1")
        return Decimal(str(left))


@pytest.fixture(scope="module")
def desk(make_shared_house: Callable[..., House]) -> Desk:
    return Desk(make_shared_house(orders=20, troubles=False))


@pytest.mark.parametrize(("module", "checkbook"), MODULES.items())
def test_the_checkbook_is_the_modules_whatever_the_method_is_called(desk: Desk, module: str, checkbook: str) -> None:
    payment = desk.pay(desk.order(module=module), payment_method="Überweisung / virement")
    assert desk.run("deposits", payment) == ("delivered", ""), desk.sentence
    number = f"PSP{int(payment['id']):08d}"
    assert desk.house.gp(f"select trim(chekbkid::text) from two.sop10103 where docnumbr = '{number}'") == [(checkbook,)]


def test_a_deposit_in_foreign_money_is_in_the_orders_currency_and_at_its_rate(desk: Desk) -> None:
    order = desk.order(foreign=True, conversion_rate="1.250000")
    payment = desk.pay(order)
    assert desk.run("deposits", payment) == ("delivered", ""), desk.sentence
    ((amount, functional, currency),) = desk.house.gp(
        f"select oamtpaid, amntpaid, trim(curncyid::text) from two.sop10103 where docnumbr = 'PSP{int(payment['id']):08d}'"
    )
    assert amount == Decimal(order["total_paid"])
    assert functional == (Decimal(order["total_paid"]) / Decimal("1.25")).quantize(Decimal("0.01"))
    assert currency == "USD"


def test_a_payment_of_a_posted_invoice_is_a_receipt_that_pays_it(desk: Desk) -> None:
    order = desk.posted()
    total = Decimal(order["total_paid"])
    assert desk.owed(order) == total
    first, rest = desk.pay(order, amount="1.000000"), desk.pay(order, amount=f"{total - 1:.6f}")
    assert desk.run("deposits", first) == ("ignored", "kind")
    assert desk.run("receipts", first) == ("delivered", ""), desk.sentence
    assert desk.owed(order) == total - 1
    assert desk.run("receipts", rest) == ("delivered", ""), desk.sentence
    assert desk.owed(order) == 0
    assert desk.run("receipts", first) == ("delivered", "")
    applied = f"select count(*), sum(apptoamt) from two.rm20201 where aptodcnm = 'PS{int(order['id']):08d}'"
    assert desk.house.gp(applied) == [(2, total)]


def test_a_payment_of_a_posted_order_waits_for_a_person_where_the_setting_says_so(desk: Desk) -> None:
    payment = desk.pay(desk.posted())
    assert desk.run("deposits", payment, GPPS_PAYMENT__POSTED="hold") == ("held", "order_closed")
    assert desk.run("receipts", payment, GPPS_PAYMENT__POSTED="hold") == ("ignored", "kind")


def test_foreign_money_arrives_unapplied_at_the_orders_rate(desk: Desk) -> None:
    """taRMApply takes the functional currency only."""
    order = desk.posted(foreign=True, conversion_rate="1.250000")
    payment = desk.pay(order)
    assert desk.run("receipts", payment) == ("delivered", ""), desk.sentence
    number = f"PSP{int(payment['id']):08d}"
    assert desk.house.gp(f"select count(*) from two.rm20201 where apfrdcnm = '{number}'") == [(0,)]
    ((rate,),) = desk.house.gp(f"select xchgrate from two.mc020102 where docnumbr = '{number}'")
    assert rate == Decimal("1.25")


def test_a_credit_memo_is_applied_to_its_posted_invoice_and_to_an_order_by_its_reference(desk: Desk) -> None:
    posted, unposted = desk.posted(), desk.order()
    slip = desk.shop.refund(posted, lines=1)
    assert desk.run("refunds", slip) == ("delivered", ""), desk.sentence
    assert desk.owed(posted) == Decimal(posted["total_paid"]) - Decimal(slip["total_products_tax_incl"])
    slip = desk.shop.refund(unposted, lines=1)
    assert desk.run("refunds", slip) == ("delivered", ""), desk.sentence
    number = f"PSR{int(slip['id']):08d}"
    linked = f"select trim(cstponbr::text), trim(docdescr::text) from two.rm10301 where docnumbr = '{number}'"
    assert desk.house.gp(linked) == [(unposted["reference"].upper(), f"Refund of PS{int(unposted['id']):08d}")]


def test_a_credit_memo_of_foreign_money_is_at_the_orders_rate_and_not_the_slips(desk: Desk) -> None:
    order = desk.order(foreign=True, conversion_rate="1.250000")
    slip = desk.shop.refund(order, lines=1, conversion_rate="1.500000")
    assert desk.run("refunds", slip) == ("delivered", ""), desk.sentence
    ((rate,),) = desk.house.gp(f"select xchgrate from two.mc020102 where docnumbr = 'PSR{int(slip['id']):08d}'")
    assert rate == Decimal("1.25")


def test_an_order_that_is_paid_does_not_wait_for_the_other_one_of_its_reference(desk: Desk) -> None:
    paid = desk.order(current_state="2")
    other = desk.shop.copy_order(paid, reference=paid["reference"], current_state="10")  # waits for a wire
    desk.house.engine.run("sales_orders", Selection(keys=(str(other["id"]),)))
    payment = desk.pay(paid)
    assert desk.run("deposits", payment) == ("delivered", ""), desk.sentence


def test_what_falls_short_is_the_share_of_the_order_that_is_not_paid(desk: Desk) -> None:
    one, two = desk.order(current_state="2"), desk.order(current_state="2")
    two = desk.shop.put("orders", {**two, "reference": one["reference"]})
    total = Decimal(one["total_paid"]) + Decimal(two["total_paid"])
    payment = desk.pay(one, amount=f"{total - 1:.6f}")
    short = f"{payment['id']}-{two['id']}"
    for _ in range(2):  # the share that was delivered does not let the other one through
        assert desk.run("deposits", payment) == ("delivered", ""), desk.sentence
        state = desk.both.state("deposits", short)
        assert (state.state, state.code) == ("held", "paid_short"), state.sentence
    rest = desk.pay(two, amount="1.000000")
    desk.house.engine.run("deposits", Selection(keys=(payment["id"], rest["id"])))
    assert desk.both.state("deposits", short).state == "delivered", desk.both.state("deposits", short).sentence


def test_a_payment_of_an_order_that_gp_has_voided_is_held(desk: Desk) -> None:
    order = desk.order()
    desk.shop.put("orders", {**order, "current_state": "6"})
    assert desk.run("sales_orders", order) == ("ignored", "cancelled")
    assert desk.run("deposits", desk.pay(order)) == ("held", "order_voided")


def test_a_check_for_two_orders_is_two_receipts(desk: Desk) -> None:
    """GP takes no check number twice of a customer (11481), and no receipt's number of more than 17 characters (12004)."""
    one, two = desk.order(module="ps_checkpayment"), desk.order(module="ps_checkpayment")
    two = desk.shop.put("orders", {**two, "reference": one["reference"]})
    payment = desk.pay(one, amount=f"{Decimal(one['total_paid']) + Decimal(two['total_paid']):.6f}")
    assert desk.run("receipts", payment, GPPS_PAYMENT__DOCUMENT="receipt") == ("delivered", ""), desk.sentence
    state = desk.both.state("receipts", f"{payment['id']}-{two['id']}")
    assert state.state == "delivered", state.sentence
    sums = f"select count(*), sum(ortrxamt) from two.rm10201 where docnumbr in ('PSP{int(payment['id']):08d}', '{state.target_key}')"
    assert desk.house.gp(sums) == [(2, Decimal(payment["amount"]))]
