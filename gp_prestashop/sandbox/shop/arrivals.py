"""Rows of orders that shoppers place, numbered as the shop numbers: what was written meanwhile keeps its ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from gp_prestashop.sandbox.shop.store import Row, ShopStore

__all__ = ["Arrivals"]

REFERENCES: Final = {
    "id_customer": "customers",
    "id_address_delivery": "addresses",
    "id_address_invoice": "addresses",
    "id_cart": "carts",
    "id_order": "orders",
    "id_order_invoice": "order_invoices",
}


class Arrivals:
    """Adds rows made elsewhere with ids of their own; where such an id is taken, the row and all that name it get another."""

    def __init__(self, store: ShopStore) -> None:
        self._store = store
        self._given: dict[tuple[str, str], str] = {}

    def add(self, rows: Mapping[str, Iterable[Row]]) -> None:
        """In one step, so that no reader sees a part of it."""
        with self._store.lock:
            listed = {resource: list(more) for resource, more in rows.items()}
            for resource, more in listed.items():
                self._number(resource, more)
            self._store.load(
                {resource: [self._moved(resource, row) for row in more] for resource, more in listed.items()}
            )

    def _number(self, resource: str, rows: list[Row]) -> None:
        table = self._store.table(resource)
        table.start_after(max((int(row["id"]) for row in rows), default=0))
        for row in rows:
            if int(row["id"]) in table.rows:
                self._given[resource, row["id"]] = str(table.next_id())

    def _moved(self, resource: str, row: Row) -> Row:
        names = {
            field: self._given[target, row[field]]
            for field, target in REFERENCES.items()
            if (target, row.get(field)) in self._given
        }
        return row | names | {"id": self._given.get((resource, row["id"]), row["id"])}
