"""Orders of the stream come beside what the connector wrote meanwhile, not over it."""

from __future__ import annotations

from datetime import datetime

from gp_prestashop.sandbox.shop.arrivals import Arrivals
from gp_prestashop.sandbox.world import OrderStream
from tests.sandbox.shop.conftest import Client, world_of

LATER = datetime(2026, 11, 21, 9)


def test_nothing_written_is_overwritten_and_every_reference_holds(new: Client) -> None:
    store, stream, arrivals = new.shop.store, OrderStream(world_of("8.2.1")), Arrivals(new.shop.store)
    orders = len(store.ids("orders"))
    for step in range(6):
        history = new.saved(
            "POST", "order_histories", "<o><id_order>1</id_order><id_order_state>4</id_order_state></o>"
        )[0]
        customer = new.saved(
            "POST",
            "customers",
            f"<c><lastname>Doe</lastname><firstname>Jane</firstname><email>jane{step}@example.test</email>"
            "<passwd>secret-1</passwd></c>",
        )[0]
        arrivals.add(stream.next_orders(3, LATER))
        assert new.read("order_histories", history["id"])["id_order"] == "1"
        assert new.read("customers", customer["id"])["email"] == f"jane{step}@example.test"
    assert len(store.ids("orders")) == orders + 18
    for identifier in store.ids("orders"):
        order = store.row("orders", identifier)
        customer = store.row("customers", order["id_customer"])
        assert order["secure_key"] == customer["secure_key"]
        assert store.row("addresses", order["id_address_delivery"])["id_customer"] == customer["id"]
        assert store.row("carts", order["id_cart"])["id_customer"] == customer["id"]
        assert store.having("order_histories", "id_order", identifier)
        assert store.having("order_details", "id_order", identifier)
