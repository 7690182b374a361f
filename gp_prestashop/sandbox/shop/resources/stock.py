"""Stock: rows come with products and combinations, writes are absolute, a product's row is the sum of its combinations'."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gp_prestashop.sandbox.shop.behaviour import Behaviour, Draft
from gp_prestashop.sandbox.shop.columns import whole
from gp_prestashop.sandbox.shop.store import ShopStore

__all__ = ["BEHAVIOURS", "available", "move", "open_row", "sum_up"]

OUT_OF_STOCK = "2"  # as configured for the shop


def open_row(store: ShopStore, product: int | str, combination: int | str = 0, *, orderable: bool = False) -> None:
    """The row of a new product or combination; ``orderable``: may be bought when there is none."""
    store.add(
        "stock_availables",
        {
            "id_product": str(product),
            "id_product_attribute": str(combination),
            "id_shop": "1",
            "out_of_stock": "1" if orderable else OUT_OF_STOCK,
        },
    )


def sum_up(store: ShopStore, product: int | str) -> None:
    """The product's own row gets the sum of its combinations' rows."""
    rows = store.having("stock_availables", "id_product", product)
    parts = [int(row["quantity"]) for row in rows if row["id_product_attribute"] != "0"]
    for row in rows:
        if row["id_product_attribute"] == "0" and parts:
            store.change("stock_availables", row["id"], quantity=str(sum(parts)))


def available(store: ShopStore, product: int | str, combination: int | str) -> int:
    """What is in stock of one thing."""
    return sum(
        int(row["quantity"])
        for row in store.having("stock_availables", "id_product", product)
        if row["id_product_attribute"] == str(combination)
    )


def move(store: ShopStore, product: int | str, combination: int | str, by: int) -> None:
    """Sold (negative) or taken back."""
    for row in store.having("stock_availables", "id_product", product):
        if row["id_product_attribute"] == str(combination):
            store.change("stock_availables", row["id"], quantity=str(int(row["quantity"]) + by))
    if whole(combination):
        sum_up(store, product)


def _after(draft: Draft) -> None:
    row = draft.store.row("stock_availables", draft.id)
    if row["id_product_attribute"] != "0":
        sum_up(draft.store, row["id_product"])


BEHAVIOURS: Final[Mapping[str, Behaviour]] = {"stock_availables": Behaviour(after=_after)}
