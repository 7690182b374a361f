"""What hangs on orders: histories, slips, carts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gp_prestashop.sandbox.shop.behaviour import Behaviour, Draft
from gp_prestashop.sandbox.shop.columns import decimal, whole
from gp_prestashop.sandbox.shop.resources.states import change_state
from gp_prestashop.sandbox.shop.store import Row, ShopStore

__all__ = ["BEHAVIOURS"]


def _enter_state(draft: Draft) -> None:
    """Each POST adds a row, whatever state the order is in: not idempotent."""
    if draft.new:
        state = whole(draft.row["id_order_state"])
        change_state(draft.request, whole(draft.row["id_order"]), state, draft.row["id_employee"])
        draft.row["id_order_state"] = state  # PHP has made it a number


def _slip_details(draft: Draft, rows: list[Row]) -> list[Row]:
    """Numbered over all slips; amounts as the table keeps them."""
    known = [
        int(detail["id"])
        for slip in draft.store.table("order_slip").rows.values()
        for detail in slip.get("associations", {}).get("order_slip_details", [])
    ]
    return [
        {
            "id": str(max(known, default=0) + n),
            "id_order_detail": row.get("id_order_detail", "0"),
            "product_quantity": row.get("product_quantity", "0"),
            "amount_tax_excl": f"{decimal(row.get('amount_tax_excl', '0')):.6f}",
            "amount_tax_incl": f"{decimal(row.get('amount_tax_incl', '0')):.6f}",
        }
        for n, row in enumerate(rows, 1)
    ]


def _new_cart(draft: Draft) -> None:
    row = draft.row
    if draft.new:
        row["id_shop"] = row["id_shop"] or "1"
        row["id_shop_group"] = row["id_shop_group"] or "1"
        if row["secure_key"] is None:
            customer = draft.store.get("customers", whole(row["id_customer"] or 0))
            row["secure_key"] = customer["secure_key"] if customer else None


def _cart_rows(draft: Draft, rows: list[Row]) -> list[Row]:
    """Ordered as the table's key."""
    names = draft.shape.associations["cart_rows"].fields
    full = [{name: row.get(name, "0") for name in names} for row in rows]
    return sorted(full, key=lambda row: (whole(row["id_product"]), whole(row["id_product_attribute"])))


def _messages(store: ShopStore, row: Row) -> list[Row]:
    return [{"id": one["id"]} for one in store.having("customer_messages", "id_customer_thread", row["id"])]


BEHAVIOURS: Final[Mapping[str, Behaviour]] = {
    "order_histories": Behaviour(before=_enter_state),
    "order_slip": Behaviour(keepers={"order_slip_details": _slip_details}),
    "carts": Behaviour(before=_new_cart, keepers={"cart_rows": _cart_rows}),
    "customer_threads": Behaviour(associations={"customer_messages": _messages}),
}
