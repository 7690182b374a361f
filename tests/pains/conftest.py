"""A house whose shop can be given more orders and customers, made of those that it has.

A module's tests share one: each makes what it needs. Those that spoil it for others (an order that is gone) take ``fresh``.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.house import EVER, House
from tests.shop import Shop


@pytest.fixture(scope="module")
def house(make_shared_house: Callable[..., House]) -> House:
    return make_shared_house(orders=20, troubles=False)


@pytest.fixture(scope="module")
def shop(house: House) -> Shop:
    """A shop whose orders are all in GP."""
    return _delivered(house)


@pytest.fixture
def fresh(make_house: Callable[..., House]) -> tuple[House, Shop]:
    """The same for one test alone."""
    house = make_house(orders=20, troubles=False)
    return house, _delivered(house)


def _delivered(house: House) -> Shop:
    house.engine.run("sales_orders", EVER)
    house.engine.run("deposits", EVER)
    return Shop(house)
