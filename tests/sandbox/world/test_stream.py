"""Further orders for a running shop."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from gp_prestashop.sandbox.world import OrderStream, World

NOW = datetime.fromisoformat("2026-11-05 14:00:00")


def test_ids_continue_and_nothing_is_used_twice(world: World) -> None:
    stream = OrderStream(world)
    batches = [stream.next_orders(15, NOW), stream.next_orders(25, NOW + timedelta(minutes=1))]
    for resource, rows in world.shop.items():
        keys = [int(row["id"]) for row in rows]
        added = [int(row["id"]) for batch in batches for row in batch.get(resource, [])]
        assert added == list(range(max(keys, default=0) + 1, max(keys, default=0) + 1 + len(added))), resource
    assert [len(batch["orders"]) for batch in batches] == [15, 25]
    assert batches[0]["customers"]


def test_orders_are_complete_and_add_up(world: World) -> None:
    rows = OrderStream(world, 5).next_orders(40, NOW)
    customers = {row["id"] for row in world.shop["customers"] + rows["customers"]}
    addresses = {row["id"]: row for row in world.shop["addresses"] + rows["addresses"]}
    carts = {row["id"] for row in rows["carts"]}
    for order in rows["orders"]:
        assert order["id_customer"] in customers
        assert order["id_cart"] in carts
        assert addresses[order["id_address_delivery"]]["id_customer"] == order["id_customer"]
        assert "2026-11-05 13:59:20" <= order["date_add"] <= order["date_upd"] <= "2026-11-05 14:00:00"
        lines = [line for line in rows["order_details"] if line["id_order"] == order["id"]]
        assert lines
        off = Decimal(order["total_paid"]) - (
            Decimal(order["total_products_wt"])
            + Decimal(order["total_shipping"])
            + Decimal(order["total_wrapping"])
            - Decimal(order["total_discounts"])
        )
        assert abs(off) <= Decimal("0.005") * (len(lines) + 1)


def test_same_seed_same_stream(world: World) -> None:
    one, two, other = (OrderStream(world, seed).next_orders(10, NOW) for seed in (1, 1, 2))
    assert one == two
    assert one != other
