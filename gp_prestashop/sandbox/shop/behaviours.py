"""Which resources do more than keep their fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gp_prestashop.sandbox.shop.behaviour import Behaviour
from gp_prestashop.sandbox.shop.resources import (
    carriers,
    catalogue,
    combinations,
    currencies,
    customers,
    orders,
    products,
    sales,
    stock,
)

__all__ = ["BEHAVIOURS"]

BEHAVIOURS: Final[Mapping[str, Behaviour]] = {
    **carriers.BEHAVIOURS,
    **catalogue.BEHAVIOURS,
    **combinations.BEHAVIOURS,
    **currencies.BEHAVIOURS,
    **customers.BEHAVIOURS,
    **orders.BEHAVIOURS,
    **products.BEHAVIOURS,
    **sales.BEHAVIOURS,
    **stock.BEHAVIOURS,
}
