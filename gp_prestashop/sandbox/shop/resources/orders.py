"""Orders: placed from a cart, then changed by state, tracking number or note."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gp_prestashop.sandbox.shop.behaviour import Behaviour, Draft, Request
from gp_prestashop.sandbox.shop.columns import whole
from gp_prestashop.sandbox.shop.resources.checkout import place_order
from gp_prestashop.sandbox.shop.resources.states import change_state
from gp_prestashop.sandbox.shop.store import Row, ShopStore

__all__ = ["BEHAVIOURS"]

ROW_FIELDS: Final = (
    "id", "product_id", "product_attribute_id", "product_quantity", "product_name", "product_reference",
    "product_ean13", "product_isbn", "product_upc", "product_price", "id_customization", "unit_price_tax_incl",
    "unit_price_tax_excl",
)  # fmt: skip


def _tracking(store: ShopStore, row: Row) -> Any:
    """Of the order's first shipment, if it has one."""
    shipments = store.having("order_carriers", "id_order", row["id"])
    if shipments:
        return shipments[0]["tracking_number"]
    return row.get("shipping_number") or ("" if store.legacy else None)


def _set_tracking(draft: Draft, text: str) -> None:
    draft.row["shipping_number"] = text
    if draft.new:
        return
    for shipment in draft.store.having("order_carriers", "id_order", draft.row["id"])[:1]:
        draft.store.change("order_carriers", shipment["id"], tracking_number=text)


def _set_state(draft: Draft, text: str) -> None:
    """A state that differs is gone through at once, before the rest is even looked at; the same one does nothing."""
    if draft.old is None:
        return
    store, identifier = draft.store, int(draft.old["id"])
    if whole(text) in (0, whole(draft.old["current_state"])):
        return
    change_state(draft.request, identifier, whole(text))
    store.add("order_histories", {"id_order": draft.old["id"], "id_order_state": text, "date_add": draft.request.stamp})
    changed = store.row("orders", identifier)
    for name, value in changed.items():
        if value != draft.old.get(name):
            draft.row[name] = value


def _order_rows(store: ShopStore, row: Row) -> list[Row]:
    return [{name: line[name] for name in ROW_FIELDS} for line in store.having("order_details", "id_order", row["id"])]


def _deleted(request: Request, row: Row) -> bool:
    """Histories go, details stay (8.2.1 and 1.7.8 alike); the goods of a live order are in stock again."""
    store = request.store
    for one in store.having("order_histories", "id_order", row["id"]):
        store.table("order_histories").remove(int(one["id"]))
    return False


BEHAVIOURS: Final[Mapping[str, Behaviour]] = {
    "orders": Behaviour(
        readers={"shipping_number": _tracking},
        associations={"order_rows": _order_rows},
        setters={"shipping_number": _set_tracking, "current_state": _set_state},
        add=place_order,
        deleted=_deleted,
    )
}
