"""Further orders for a shop that already runs: new and known shoppers, ids that continue the world's."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from random import Random

from gp_prestashop.sandbox.world.composer import Composer
from gp_prestashop.sandbox.world.drafts import Counters
from gp_prestashop.sandbox.world.orders import OrderWriter
from gp_prestashop.sandbox.world.rows import Row, RowMaker
from gp_prestashop.sandbox.world.shoppers import new_shopper, shopper_rows
from gp_prestashop.sandbox.world.world import World

__all__ = ["OrderStream"]

_NEW_SHOPPERS = 0.3


class OrderStream:
    """Orders as they come in. Two streams of one world and seed give the same orders, ids included."""

    def __init__(self, world: World, seed: int = 1) -> None:
        self._rng = Random(seed * 1_000_003 + world.seed)
        self._make = RowMaker(world.version)
        self._counters = Counters.after(world.shop)
        self._composer = Composer(self._rng, world.articles, world.shoppers)

    def next_orders(self, n: int, now: datetime) -> dict[str, list[Row]]:
        """Rows of ``n`` orders placed in the ``n`` seconds up to ``now`` (shop-local, no zone), shoppers included."""
        rows: dict[str, list[Row]] = defaultdict(list)
        writer = OrderWriter(self._make, self._counters, now)
        for index in range(n):
            placed = now - timedelta(seconds=n - 1 - index)
            shopper = None
            if self._rng.random() < _NEW_SHOPPERS:
                next_address = self._counters.last["addresses"] + 1
                shopper = new_shopper(self._rng, self._counters.next("customers"), next_address, placed)
                self._counters.last["addresses"] += len(shopper.addresses)
                if not shopper.guest:
                    self._composer.join(shopper)
                self._add(rows, shopper_rows(self._make, shopper))
            draft = self._composer.draft(
                self._counters.next("orders"), self._counters.next("carts"), placed, shopper=shopper
            )
            self._add(rows, writer.write(draft))
        return dict(rows)

    @staticmethod
    def _add(rows: dict[str, list[Row]], more: dict[str, list[Row]]) -> None:
        for resource, added in more.items():
            rows[resource].extend(added)
