"""An order as it is decided upon, before its arithmetic, and the ids that its rows will take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final

from gp_prestashop.sandbox.world.catalogue import Article, Variant
from gp_prestashop.sandbox.world.delivery import Carrier
from gp_prestashop.sandbox.world.lifecycle import Method
from gp_prestashop.sandbox.world.rounding import CartRule, RoundType
from gp_prestashop.sandbox.world.rows import Row
from gp_prestashop.sandbox.world.shoppers import Address, Shopper

__all__ = ["CURRENCY_RATES", "Bought", "Counters", "Draft"]

CURRENCY_RATES: Final = {1: Decimal("1.000000"), 2: Decimal("1.100000")}  # id_currency (EUR, USD) to conversion_rate


@dataclass(frozen=True)
class Bought:
    article: Article
    variant: Variant
    quantity: int


@dataclass
class Draft:
    """An order before its arithmetic. ``path`` are the states it goes through, ``off_by`` what its total is wrong by."""

    id: int
    id_cart: int
    reference: str
    shopper: Shopper
    delivery: Address
    invoice: Address
    placed: datetime
    method: Method
    path: tuple[int, ...]
    bought: list[Bought]
    carrier: Carrier | None  # None: nothing to ship
    id_currency: int = 1
    rules: tuple[CartRule, ...] = ()
    gift: bool = False
    round_type: RoundType = RoundType.LINE
    instalments: int = 1
    message: str = ""
    off_by: Decimal = Decimal(0)
    pays: bool = True  # False: another order of the same reference carries the payment

    @property
    def state(self) -> int:
        return self.path[-1]


@dataclass
class Counters:
    """The next free id of each resource that an order adds rows to, and of the shop's own numbers."""

    last: dict[str, int] = field(default_factory=dict)

    @classmethod
    def after(cls, shop: Mapping[str, list[Row]]) -> Counters:
        last = {resource: max((int(row["id"]) for row in rows), default=0) for resource, rows in shop.items()}
        for name in ("invoice_number", "delivery_number"):
            last[name] = max((int(order[name]) for order in shop.get("orders", ())), default=0)
        return cls(last)

    def next(self, name: str) -> int:
        self.last[name] = self.last.get(name, 0) + 1
        return self.last[name]
