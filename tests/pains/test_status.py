"""Pains of order status: what is written back to the shop is complete, and once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from gp_prestashop.engine.protocols import Selection
from gp_prestashop.sandbox.gp.client import post_batch
from tests.both import both

__all__ = ["both"]

ALL = Selection()
Make = Callable[..., Any]


@pytest.mark.parametrize("version", ["8.2.1", "1.7.8.11"])
def test_20_history_row_mail_flag_and_a_single_payment(both: Make, version: str) -> None:
    """PrestaShop 25639, 14842, 15513: no mail without sendemail=1; a state change that books the payment twice."""
    here = both(version=version, orders=30, settings={"GPPS_FULFILMENT__EMAIL": "yes"})
    here.house.engine.run("sales_orders", ALL)
    open_orders = [
        row["id"]
        for row in here.rows("orders")
        if row["current_state"] in {"2", "3", "11"}
        and here.house.engine.parts.ledger.xrefs("sales_orders", [row["id"]])
    ]
    paid = {row["order_reference"] for row in here.rows("order_payments")}
    payments = [row for row in here.rows("order_payments") if row["order_reference"] in paid]
    batches = {str(row[0]) for row in here.house.gp("select trim(bachnumb::text) from two.sop10100")}
    with psycopg.connect(here.house.gp_url) as connection, connection.cursor() as cursor:
        for batch in batches:
            post_batch(cursor, batch)
    mails: list[Any] = []
    transport = here.house.engine.parts.sources["prestashop"].client.transport
    write = transport.write

    def note(method: str, path: str, body: Any, params: Any = None) -> Any:
        if path == "order_histories":
            mails.append(dict(params or {}))
        return write(method, path, body, params)

    transport.write = note
    here.house.engine.run("fulfilment", ALL)
    assert open_orders
    assert all(mail == {"sendemail": "1"} for mail in mails)
    for order in open_orders:
        states = Counter(row["id_order_state"] for row in here.rows("order_histories", id_order=order))
        assert states["4"] == 1
        assert here.store.row("orders", order)["current_state"] == "4"
    # An order that was not paid gets its payment with a paid state, from the shop itself; no other gets a second one.
    assert [row for row in here.rows("order_payments") if row["order_reference"] in paid] == payments
    sent = len(mails)
    for _ in range(2):
        here.house.engine.run("fulfilment", ALL, sweep=True)
    assert len(mails) == sent
