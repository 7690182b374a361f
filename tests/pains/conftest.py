"""A house whose shop can be given more orders and customers, made of those that it has."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.house import EVER, House
from tests.shop import Shop


@pytest.fixture
def house(make_house: Callable[..., House]) -> House:
    return make_house(orders=20, troubles=False)


@pytest.fixture
def shop(house: House) -> Shop:
    """A shop whose orders are all in GP."""
    house.engine.run("sales_orders", EVER)
    house.engine.run("deposits", EVER)
    return Shop(house)
