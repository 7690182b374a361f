"""The stand-ins as people start them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from gp_prestashop.commands.sandbox import place_orders
from tests.house import House


def test_orders_that_shoppers_place_are_new_by_the_shops_own_clock(make_house: Callable[..., House]) -> None:
    house = make_house(orders=12, troubles=False)
    store = house.sandbox.shop.store
    there, before, stop = set(store.ids("orders")), datetime.now(UTC) - timedelta(seconds=2), threading.Event()
    shoppers = place_orders(house.sandbox, stop, every=0.05)
    end = time.monotonic() + 30
    while set(store.ids("orders")) == there and time.monotonic() < end:
        time.sleep(0.05)
    stop.set()
    shoppers.join(timeout=10)
    placed = {str(key) for key in set(store.ids("orders")) - there}
    assert placed
    assert placed == {change.key for change in house.engine.parts.sources["prestashop"].changed("orders", before)}
