"""Combinations of products: each has a stock row, and the first is the product's default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gp_prestashop.sandbox.shop.behaviour import Behaviour, Draft, Request
from gp_prestashop.sandbox.shop.columns import whole
from gp_prestashop.sandbox.shop.resources import stock
from gp_prestashop.sandbox.shop.store import Row, ShopStore

__all__ = ["BEHAVIOURS"]


def _stock_row(store: ShopStore, row: Row) -> Row | None:
    rows = store.having("stock_availables", "id_product", row["id_product"])
    return next((one for one in rows if one["id_product_attribute"] == str(row["id"])), None)


def _quantity(store: ShopStore, row: Row) -> Any:
    """1.7 reads stock into the combination; the answer to a write does not know it."""
    found = _stock_row(store, row)
    return row.get("quantity") if row.get("quantity") is None or found is None else int(found["quantity"])


def _location(store: ShopStore, row: Row) -> Any:
    found = _stock_row(store, row)
    return row.get("location") if row.get("location") is None or found is None else found["location"]


def _before(draft: Draft) -> None:
    """Only one combination of a product may have 1: all others keep null."""
    draft.row["default_on"] = "1" if whole(draft.row.get("default_on") or 0) else None


def _after(draft: Draft) -> None:
    store, row = draft.store, draft.store.row("combinations", draft.id)
    if draft.new:
        stock.open_row(store, row["id_product"], row["id"])
        stock.sum_up(store, row["id_product"])
    _choose_default(store, row["id_product"])


def _choose_default(store: ShopStore, product: str) -> None:
    rows = store.having("combinations", "id_product", product)
    default = next((one["id"] for one in rows if one.get("default_on") == "1"), rows[0]["id"] if rows else "0")
    if store.get("products", int(product)):
        kind = (
            {"product_type": "combinations" if rows else ""}
            if "product_type" in store.shapes["products"].fields
            else {}
        )
        store.change("products", product, cache_default_attribute=default, **kind)


def _deleted(request: Request, row: Row) -> bool:
    store = request.store
    for one in store.having("stock_availables", "id_product", row["id_product"]):
        if one["id_product_attribute"] == row["id"]:
            store.table("stock_availables").remove(int(one["id"]))
    for one in store.having("specific_prices", "id_product_attribute", row["id"]):
        store.table("specific_prices").remove(int(one["id"]))
    store.table("combinations").remove(int(row["id"]))
    stock.sum_up(store, row["id_product"])
    _choose_default(store, row["id_product"])
    return True


BEHAVIOURS: Final[Mapping[str, Behaviour]] = {
    "combinations": Behaviour(
        readers={"quantity": _quantity, "location": _location}, before=_before, after=_after, deleted=_deleted
    )
}
