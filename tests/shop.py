"""Changes the stand-in shop's rows as shoppers and merchants do."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.house import House

__all__ = ["Shop"]

CENT = Decimal("0.01")
FAR = 900_000  # ids beyond all that the world has


class Shop:
    """A shop that can be given more orders and customers, made of those that it has."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._next = FAR

    def rows(self, resource: str, **where: Any) -> list[dict[str, Any]]:
        """By id. From the shop's own indexes: a year has 20,000 orders."""
        store = self.house.sandbox.shop.store
        if not where:
            return [store.row(resource, one) for one in store.ids(resource)]
        (field, value), *more = [(name, str(value)) for name, value in where.items()]
        found = store.having(resource, field, value)
        return [row for row in found if all(str(row.get(name)) == value for name, value in more)]

    def put(self, resource: str, row: dict[str, Any]) -> dict[str, Any]:
        """Insert a row, or replace the one with its id."""
        self.house.sandbox.shop.store.load({resource: [row]})
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
        orders = self.rows("orders")
        states = self.house.engine.parts.ledger.states_of("sales_orders", [str(row["id"]) for row in orders])
        return [row for row in orders if (state := states.get(str(row["id"]))) and state.state == "delivered"]

    def edit(self, order: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """A merchant doubles the first line of an order in the back office; the totals follow."""
        detail = self.rows("order_details", id_order=order["id"])[0]
        net, gross = Decimal(detail["total_price_tax_excl"]), Decimal(detail["total_price_tax_incl"])
        quantity = str(int(detail["product_quantity"]) * 2)
        doubled = {"total_price_tax_excl": f"{net * 2:.6f}", "total_price_tax_incl": f"{gross * 2:.6f}"}
        self.put("order_details", {**detail, "product_quantity": quantity, **doubled})
        rows = [
            {**row, "product_quantity": quantity} if row["id"] == detail["id"] else row
            for row in order["associations"]["order_rows"]
        ]
        more = {
            "total_products": net, "total_products_wt": gross, "total_paid_tax_excl": net, "total_paid_tax_incl": gross,
            "total_paid": gross,
        }  # fmt: skip
        totals = {name: f"{(Decimal(order[name]) + by).quantize(CENT):.6f}" for name, by in more.items()}
        associations = {**order["associations"], "order_rows": rows}
        return self.put("orders", {**order, **totals, "associations": associations, **changes})

    def refund(
        self, order: dict[str, Any], *, lines: int = 1, shipping: bool = False, **changes: Any
    ) -> dict[str, Any]:
        """A slip for the first lines of an order, at their price, and its shipping."""
        details = self.rows("order_details", id_order=order["id"])[:lines]
        net = sum((Decimal(row["total_price_tax_excl"]) for row in details), Decimal(0)).quantize(CENT)
        gross = sum((Decimal(row["total_price_tax_incl"]) for row in details), Decimal(0)).quantize(CENT)
        number = self.new_id()
        row = {
            "id": number, "id_customer": order["id_customer"], "id_order": order["id"],
            "conversion_rate": order["conversion_rate"], "total_products_tax_excl": f"{net:.6f}",
            "total_products_tax_incl": f"{gross:.6f}",
            "total_shipping_tax_excl": order["total_shipping_tax_excl"] if shipping else "0.000000",
            "total_shipping_tax_incl": order["total_shipping_tax_incl"] if shipping else "0.000000",
            "amount": f"{gross:.6f}", "shipping_cost": str(int(shipping)), "shipping_cost_amount": "0.000000",
            "partial": "0", "order_slip_type": "0", "date_add": order["date_add"], "date_upd": order["date_add"],
            "associations": {
                "order_slip_details": [
                    {
                        "id": number, "id_order_detail": detail["id"], "product_quantity": detail["product_quantity"],
                        "amount_tax_excl": detail["total_price_tax_excl"],
                        "amount_tax_incl": detail["total_price_tax_incl"],
                    }
                    for detail in details
                ]
            },
        }  # fmt: skip
        return self.put("order_slip", row | changes)
