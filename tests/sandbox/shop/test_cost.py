"""The cost of a request is what was measured on real shops (reference/prestashop/notes.md)."""

from __future__ import annotations

import pytest

from gp_prestashop.sandbox.shop import server
from gp_prestashop.sandbox.shop.cost import seconds
from gp_prestashop.sandbox.shop.server import ShopServer
from gp_prestashop.sandbox.shop.store import ShopStore
from tests.sandbox.shop.conftest import KEY, Client, world_of


@pytest.mark.parametrize(
    ("method", "resource", "rows", "shown", "measured"),
    [
        ("GET", "orders", 1, "full", 11.3),
        ("GET", "orders", 50, "full", 53.5),  # between its median and its minimum
        ("GET", "orders", 300, "full", 163),
        ("GET", "orders", 300, "fields", 39),
        ("GET", "orders", 315, "ids", 21),
        ("GET", "order_details", 100, "full", 24),
        ("GET", "stock_availables", 510, "full", 65),
        ("GET", "products", 506, "full", 697),
        ("GET", "products", 506, "fields", 185),
        ("PUT", "stock_availables", 1, "full", 25),
        ("PUT", "stock_availables", 200, "full", 84),
        ("PATCH", "stock_availables", 100, "full", 26),
        ("POST", "order_histories", 100, "full", 974),
        ("POST", "customers", 10, "full", 576),
        ("POST", "addresses", 200, "full", 141),
        ("POST", "products", 200, "full", 2950),
        ("POST", "orders", 1, "full", 184),
    ],
)
def test_measured(method: str, resource: str, rows: int, shown: str, measured: float) -> None:
    assert seconds(method, resource, rows, shown) * 1000 == pytest.approx(measured, rel=0.35)


def test_the_server_waits_for_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(server.time, "sleep", slept.append)
    store = ShopStore()
    store.load(world_of("8.2.1").shop)
    store.add_key(KEY)
    with ShopServer(store, cost=True) as shop:
        client = Client(shop)
        client.send("GET", "orders/1")
        client.send("POST", "suppliers", *["<s><name>x</name></s>"] * 100)
    one, hundred = slept
    assert 0 <= one <= 0.0113
    assert one < hundred <= 0.093
