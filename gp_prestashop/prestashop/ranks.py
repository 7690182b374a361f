"""Who goes first at the shop: orders before stock before catalogue."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

__all__ = ["CATALOGUE", "ORDERS", "RANK_NAMES", "SHARES", "STOCK", "Slots", "rank_of"]

ORDERS, STOCK, CATALOGUE = range(3)
RANK_NAMES = ("orders", "stock", "catalogue")
SHARES = (1.0, 0.9, 0.75)  # of the pace: what comes later in rank leaves room for what comes first
OF_CATALOGUE = frozenset(
    {"products", "combinations", "categories", "manufacturers", "suppliers", "specific_prices", "images",
     "product_options", "product_option_values", "product_features", "product_feature_values", "product_suppliers"}
)  # fmt: skip


def rank_of(resource: str) -> int:
    """The rank of a request, by its resource; small lists that maps look up go with the orders."""
    if resource == "stock_availables":
        return STOCK
    return CATALOGUE if resource in OF_CATALOGUE else ORDERS


class Slots:
    """At most ``limit`` requests at a time; who waits is let in by rank, then in turn.

    The last free slot is kept for orders, where there is more than one.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.limit = most
        self._busy = 0
        self._tickets: list[tuple[int, int]] = []
        self._numbers = count()
        self._free = threading.Condition()

    @contextmanager
    def hold(self, rank: int) -> Iterator[None]:
        with self._free:
            ticket = (rank, next(self._numbers))
            heapq.heappush(self._tickets, ticket)
            self._free.notify_all()
            while self._tickets[0] != ticket or self._busy >= self._open_to(rank):
                self._free.wait()
            heapq.heappop(self._tickets)
            self._busy += 1
            self._free.notify_all()
        try:
            yield
        finally:
            with self._free:
                self._busy -= 1
                self._free.notify_all()

    def fewer(self) -> None:
        """Half as many at a time from now on."""
        with self._free:
            self.limit = max(1, self.limit // 2)

    def more(self) -> None:
        with self._free:
            self.limit = min(self.most, self.limit + 1)
            self._free.notify_all()

    def _open_to(self, rank: int) -> int:
        return self.limit if rank == ORDERS else max(1, self.limit - 1)
