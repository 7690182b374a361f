"""Receipts and credit memos that came before the invoice: applied to it once GP's people have posted it, and only once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import dagster as dg
import psycopg
import pytest

from gp_prestashop.components.build import build_definitions
from gp_prestashop.engine.engine import Engine
from gp_prestashop.engine.protocols import Selection
from gp_prestashop.engine.unfinished import unfinished
from gp_prestashop.sandbox.gp.client import post_batch, post_receivables_batch, transfer_to_invoice
from tests.both import Both
from tests.house import EVER, House
from tests.shop import Shop

LONG_AGO = date(2000, 1, 1)


class Desk:
    """Orders paid by receipts (payment.document), and what GP's people do with them."""

    def __init__(self, house: House) -> None:
        self.house, self.shop = house, Shop(house)
        self.engine: Engine = Both(house).again(GPPS_PAYMENT__DOCUMENT="receipt")
        self.engine.run("sales_orders", EVER)

    def order(self, *, foreign: bool = False, lines: int = 1) -> dict[str, Any]:
        """An order of its own, unposted in GP."""
        like = next(
            row
            for row in self.shop.delivered()
            if (row["id_currency"] != "1") == foreign
            and Decimal(row["total_discounts"]) == 0
            and len(row["associations"]["order_rows"]) >= lines
        )
        order = self.shop.copy_order(like, current_state="13")
        self.engine.run("sales_orders", Selection(keys=(order["id"],)))
        assert self.state("sales_orders", order) == "delivered"
        return order

    def pay(self, order: dict[str, Any]) -> dict[str, Any]:
        row = {
            **self.shop.rows("order_payments")[0], "id": self.shop.new_id(), "order_reference": order["reference"],
            "id_currency": order["id_currency"], "amount": order["total_paid"], "date_add": order["date_add"],
        }  # fmt: skip
        payment = self.shop.put("order_payments", row)
        self.engine.run("receipts", Selection(keys=(str(payment["id"]),)))
        assert self.state("receipts", payment) == "delivered"
        return payment

    def post(self, order: dict[str, Any], quantities: dict[int, Decimal] | None = None) -> str:
        """GP's people transfer the order, or a part of it, and post the invoice."""
        with psycopg.connect(self.house.gp_url) as connection, connection.cursor() as cursor:
            number = transfer_to_invoice(cursor, f"PS{int(order['id']):08d}", quantities)
            assert post_batch(cursor, "INVOICES") == [number]
        return number

    def sweep(self, flow: str, row: dict[str, Any]) -> int:
        """Documents written."""
        return self.engine.run(flow, Selection(keys=(str(row["id"]),)), sweep=True).written

    def state(self, flow: str, row: dict[str, Any]) -> str:
        states = self.engine.parts.ledger.states_of(flow, [str(row["id"])])
        return states[str(row["id"])].state

    def applied(self, payment: dict[str, Any], prefix: str = "PSP") -> list[tuple[object, ...]]:
        """What a document is applied to: (invoice, amount), in the order in which it was."""
        number = f"{prefix}{int(payment['id']):08d}"
        return self.house.gp(
            f"select trim(aptodcnm::text), apptoamt from two.rm20201 where apfrdcnm = '{number}' order by dex_row_id"
        )

    def owed(self, invoice: str) -> Decimal:
        ((left,),) = self.house.gp(f"select curtrxam from two.rm20101 where docnumbr = '{invoice}' and rmdtypal = 1")
        return Decimal(str(left))


@pytest.fixture(scope="module")
def desk(make_shared_house: Callable[..., House]) -> Desk:
    return Desk(make_shared_house(orders=24, troubles=False))


@pytest.mark.parametrize("posted", [False, True])
def test_a_receipt_is_applied_once_when_its_invoice_is_posted_later(desk: Desk, posted: bool) -> None:
    order = desk.order()
    payment = desk.pay(order)
    assert desk.sweep("receipts", payment) == 0
    if posted:
        ((batch,),) = desk.house.gp(
            f"select trim(bachnumb::text) from two.rm10201 where docnumbr = 'PSP{int(payment['id']):08d}'"
        )
        with psycopg.connect(desk.house.gp_url) as connection, connection.cursor() as cursor:
            post_receivables_batch(cursor, str(batch))
    invoice = desk.post(order)
    assert desk.sweep("receipts", payment) == 1
    assert desk.applied(payment) == [(invoice, Decimal(order["total_paid"]))]
    assert desk.owed(invoice) == 0
    assert desk.sweep("receipts", payment) == 0
    assert desk.state("receipts", payment) == "delivered"


def test_a_receipt_pays_one_invoice_after_the_other(desk: Desk) -> None:
    order = desk.order(lines=2)
    payment = desk.pay(order)
    ((line,),) = desk.house.gp(
        f"select min(lnitmseq) from two.sop10200 where sopnumbe = 'PS{int(order['id']):08d}' and cmpntseq = 0"
    )
    first = desk.post(order, {int(str(line)): Decimal(1)})
    wanted = desk.owed(first)
    assert wanted < Decimal(order["total_paid"])
    assert desk.sweep("receipts", payment) == 1
    assert desk.applied(payment) == [(first, wanted)]
    second = desk.post(order)
    assert desk.sweep("receipts", payment) == 1
    assert desk.applied(payment)[1] == (second, Decimal(order["total_paid"]) - wanted)


def test_what_gps_people_applied_themselves_stays_as_they_did_it(desk: Desk) -> None:
    order = desk.order()
    payment = desk.pay(order)
    invoice = desk.post(order)
    both = Both(desk.house)
    both.gp("update two.rm10201 set curtrxam = 0 where docnumbr = %s", f"PSP{int(payment['id']):08d}")
    assert desk.sweep("receipts", payment) == 0
    assert desk.state("receipts", payment) == "delivered"
    assert desk.owed(invoice) > 0


def test_foreign_money_is_left_to_gps_people(desk: Desk) -> None:
    """taRMApply takes the functional currency only."""
    order = desk.order(foreign=True)
    payment = desk.pay(order)
    desk.post(order)
    assert desk.sweep("receipts", payment) == 0
    assert desk.applied(payment) == []
    assert str(payment["id"]) not in [key for key, _ in unfinished(desk.engine.parts, "receipts", LONG_AGO)]


def test_a_credit_memo_is_applied_later_as_well(desk: Desk) -> None:
    order = desk.order()
    slip = desk.shop.refund(order, lines=1)
    desk.engine.run("refunds", Selection(keys=(str(slip["id"]),)))
    assert desk.applied(slip, "PSR") == []
    invoice = desk.post(order)
    assert desk.sweep("refunds", slip) == 1
    assert desk.applied(slip, "PSR") == [(invoice, Decimal(slip["total_products_tax_incl"]))]
    assert desk.sweep("refunds", slip) == 0


def test_a_schedule_takes_up_what_is_left_and_nothing_else(desk: Desk) -> None:
    order = desk.order()
    payment, done = desk.pay(order), desk.pay(desk.order())
    Both(desk.house).gp("update two.rm10201 set curtrxam = 0 where docnumbr = %s", f"PSP{int(done['id']):08d}")
    left = [key for key, _ in unfinished(desk.engine.parts, "receipts", LONG_AGO)]
    assert str(payment["id"]) in left
    assert str(done["id"]) not in left
    invoice = desk.post(order)
    definitions = build_definitions(desk.engine.parts.flows, [], desk.house.settings, lambda: desk.engine)
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_schedule_context(
            instance=instance,
            scheduled_execution_time=datetime.now(UTC),
            repository_def=definitions.get_repository_def(),
            resources={"engine": (definitions.resources or {})["engine"]},
        )
        requests = definitions.resolve_schedule_def("receipts_finish").evaluate_tick(context).run_requests or ()
        asked = {key for one in requests for op in one.run_config["ops"].values() for key in op["config"]["keys"]}
        assert asked == {*left}
        for request in requests:
            assert request.tags["gpps/trigger"] == "finish"
            done_run = definitions.resolve_job_def("run_receipts").execute_in_process(
                run_config=request.run_config, instance=instance, tags=dict(request.tags),
                partition_key=request.partition_key,
            )  # fmt: skip
            assert done_run.success
    assert desk.applied(payment) == [(invoice, Decimal(order["total_paid"]))]
    assert desk.owed(invoice) == 0
