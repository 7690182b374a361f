"""A house whose shop can be given more orders and customers, made of those that it has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.house import EVER, House

__all__ = ["Shop"]

FAR = 900_000  # ids beyond all that the world has


class Shop:
    """Changes the stand-in shop's rows as shoppers and merchants do."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._next = FAR

    def rows(self, resource: str, **where: Any) -> list[dict[str, Any]]:
        wanted = {name: str(value) for name, value in where.items()}
        return [
            row
            for row in self.house.world.shop.get(resource, [])
            if all(str(row.get(name)) == value for name, value in wanted.items())
        ]

    def put(self, resource: str, row: dict[str, Any]) -> dict[str, Any]:
        """Insert a row, or replace the one with its id."""
        self.house.sandbox.shop.store.load({resource: [row]})
        known = self.house.world.shop.setdefault(resource, [])
        known[:] = [other for other in known if str(other["id"]) != str(row["id"])] + [row]
        return row

    def new_id(self) -> str:
        self._next += 1
        return str(self._next)

    def copy_order(self, order: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """A new order like another one, with lines of its own and no payment."""
        new = self.new_id()
        details = []
        for detail in self.rows("order_details", id_order=order["id"]):
            details.append(self.put("order_details", {**detail, "id": self.new_id(), "id_order": new}))
        for carrier in self.rows("order_carriers", id_order=order["id"]):
            self.put("order_carriers", {**carrier, "id": self.new_id(), "id_order": new})
        rows = [
            {**row, "id": detail["id"]}
            for row, detail in zip(order["associations"]["order_rows"], details, strict=True)
        ]
        associations = {**order["associations"], "order_rows": rows}
        return self.put(
            "orders", {**order, "id": new, "associations": associations, "reference": f"N{new[-6:]}", **changes}
        )

    def copy_customer(self, customer: dict[str, Any], **changes: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """A new customer like another one, with a copy of an address; both rows."""
        new = self.new_id()
        address = self.rows("addresses", id_customer=customer["id"])[0]
        made = self.put("customers", {**customer, "id": new, **changes})
        return made, self.put("addresses", {**address, "id": self.new_id(), "id_customer": new})

    def delivered(self) -> list[dict[str, Any]]:
        """Orders that GP has by now."""
        states = self.house.engine.parts.ledger.states_of("sales_orders", [str(r["id"]) for r in self.rows("orders")])
        return [
            row
            for row in self.rows("orders")
            if states.get(str(row["id"])) and states[str(row["id"])].state == "delivered"
        ]


@pytest.fixture
def house(make_house: Callable[..., House]) -> House:
    return make_house(orders=20, troubles=False)


@pytest.fixture
def shop(house: House) -> Shop:
    """A shop whose orders are all in GP."""
    house.engine.run("sales_orders", EVER)
    house.engine.run("deposits", EVER)
    return Shop(house)
