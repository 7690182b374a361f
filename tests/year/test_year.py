"""A year of orders with edits, cancellations, refunds and foreign currency adds up to the cent."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from random import Random

import pytest

from gp_prestashop.engine.reconcile import reconcile
from tests.house import EVER, House
from tests.shop import Shop

FLOWS = ("sales_orders", "deposits", "receipts", "refunds")
STOPPED = ("held", "dead", "in_doubt", "pending")
ZERO = Decimal(0)


def live(shop: Shop, rng: Random) -> dict[str, int]:
    """What becomes of delivered orders: how many of each kind."""
    done = {"cancelled": 0, "edited": 0, "refunded": 0}
    paid = {row["order_reference"] for row in shop.rows("order_payments")}
    for order in shop.delivered():
        draw = rng.random()
        if draw < 0.04 or (draw < 0.3 and order["reference"] not in paid):
            shop.put("orders", {**order, "current_state": "6"})
            done["cancelled"] += 1
        elif draw < 0.10:
            shop.edit(order)
            done["edited"] += 1
        elif draw < 0.18 and Decimal(order["total_discounts"]) == 0:
            shop.refund(order, lines=rng.choice([1, 99]), shipping=rng.random() < 0.3)
            done["refunded"] += 1
    return done


@pytest.mark.timeout(5400)
@pytest.mark.parametrize("orders", [500, pytest.param(20_000, marks=pytest.mark.slow)])
def test_the_year_adds_up(make_house: Callable[..., House], monkeypatch: pytest.MonkeyPatch, orders: int) -> None:
    monkeypatch.setenv("GPPS_SHOP__PAGE_SIZE", "400")  # as a site with so many orders would set it
    house = make_house(orders=orders)
    assert EVER.created
    for flow in FLOWS:
        house.engine.run(flow, EVER)
    shop = Shop(house)
    done = live(shop, Random(orders))
    assert min(done.values()) > orders // 150
    for flow in FLOWS:
        house.engine.run(flow, EVER)
    results = {flow: reconcile(house.engine.parts, flow, *EVER.created) for flow in FLOWS}
    assert {flow: result.breaks for flow, result in results.items()} == {flow: [] for flow in FLOWS}

    def total(flow: str, *states: str) -> Decimal:
        days = results[flow].days
        return sum((day.states.get(state, (0, ZERO))[1] for day in days for state in states), ZERO)

    def shops(flow: str) -> Decimal:
        return sum((day.shop[1] for day in results[flow].days), ZERO)

    def gps(flow: str) -> Decimal:
        return sum((day.gp[1] for day in results[flow].days), ZERO)

    # Shop paid - refunded = GP documents - credits + what is stopped or ignored, on both sides.
    assert shops("sales_orders") - shops("refunds") == (
        gps("sales_orders") + total("sales_orders", *STOPPED, "ignored")
        - gps("refunds") - total("refunds", *STOPPED, "ignored")
    )  # fmt: skip
    # Every payment is a deposit or a receipt, or stopped, or before go-live.
    before = total("deposits", "ignored") - gps("receipts") - total("receipts", *STOPPED)
    assert gps("deposits") + gps("receipts") + total("deposits", *STOPPED) + total("receipts", *STOPPED) + before == (
        shops("deposits")
    )
    assert gps("refunds") > 0
    ours = "soptype = 2 and left(sopnumbe::text, 2) = 'PS'"
    assert house.gp(f"select count(*) from two.sop30200 where voidstts = 1 and {ours}")[0][0] > 0
    assert house.gp(f"select count(*) from two.sop10100 where xchgrate <> 0 and {ours}")[0][0] > 0
