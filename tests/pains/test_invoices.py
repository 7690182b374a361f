"""A shop state that means an invoice: an unposted one in GP, where GP has no order yet; what is an order stays one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gp_prestashop.engine.protocols import Selection
from gp_prestashop.engine.reconcile import reconcile
from tests.house import EVER, House
from tests.pains.forgetting import forget
from tests.shop import Shop

SHIPPED = 4  # the shop's state


@pytest.fixture
def invoicing(make_house: Callable[..., House], tmp_path: Path) -> tuple[House, Shop]:
    """Orders that the shop has shipped by the time they are first seen are invoices."""
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "states.yaml").write_text(f"order_states: {{{SHIPPED}: invoice}}\n", "utf-8")
    house = make_house(orders=25, troubles=False)
    for flow in ("sales_orders", "deposits", "receipts"):
        house.engine.run(flow, EVER)
    return house, Shop(house)


def types_of(house: House, order: dict[str, Any]) -> list[tuple[int, str]]:
    number = f"PS{int(order['id']):08d}"
    query = f"select soptype, trim(docid::text) from two.sop10100 where trim(sopnumbe::text) = '{number}'"
    return [(int(str(kind)), str(docid)) for kind, docid in house.gp(query)]


def state_after(house: House, order: dict[str, Any], flow: str = "sales_orders") -> tuple[str, str]:
    house.engine.run(flow, Selection(keys=(str(order["id"]),)))
    state = house.engine.parts.ledger.states_of(flow, [str(order["id"])])[str(order["id"])]
    return state.state, state.code or state.rule


def sentence_of(house: House, order: dict[str, Any]) -> str:
    key = str(order["id"])
    return house.engine.parts.ledger.states_of("sales_orders", [key])[key].sentence


def test_an_invoice_is_made_once_is_paid_by_receipts_and_is_not_changed(invoicing: tuple[House, Shop]) -> None:
    house, shop = invoicing
    invoices = [order for order in shop.delivered() if order["current_state"] == str(SHIPPED)]
    assert len(invoices) > 2
    for order in invoices:
        assert types_of(house, order) == [(3, "STDINV")]
    paid = {row["order_reference"]: str(row["id"]) for row in shop.rows("order_payments")}
    payments = [paid[order["reference"]] for order in invoices if order["reference"] in paid]
    assert payments
    receipts = house.engine.parts.ledger.states_of("receipts", payments)
    assert {key: state.state for key, state in receipts.items()} == dict.fromkeys(payments, "delivered")
    for flow in ("sales_orders", "deposits", "receipts"):
        assert reconcile(house.engine.parts, flow, *EVER.created).breaks == []  # type: ignore[misc]

    edited, cancelled, later = invoices[:3]
    shop.edit(edited)
    assert state_after(house, edited) == ("held", "amendment")
    assert "an invoice is not changed" in sentence_of(house, edited)
    shop.put("orders", {**cancelled, "current_state": "6"})
    assert state_after(house, cancelled) == ("held", "not_withdrawn")
    assert "it is an invoice" in sentence_of(house, cancelled)
    shop.put("orders", {**later, "current_state": "5"})  # an order's state again
    assert state_after(house, later) == ("delivered", "")
    for order in invoices:
        assert types_of(house, order) == [(3, "STDINV")]


def test_what_gp_has_as_an_order_stays_one_also_for_a_lost_ledger(invoicing: tuple[House, Shop]) -> None:
    house, shop = invoicing
    order = next(row for row in shop.delivered() if row["current_state"] == "2")
    shop.put("orders", {**order, "current_state": str(SHIPPED)})
    assert state_after(house, order) == ("delivered", "")
    assert types_of(house, order) == [(2, "STDORD")]
    forget(house, "sales_orders", order["id"])  # the number alone says that it is there
    assert state_after(house, order) == ("held", "amendment")
    assert types_of(house, order) == [(2, "STDORD")]
