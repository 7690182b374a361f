"""Combinations that GP prices keep their whole price when their product's own price moves.

The shop keeps of a combination only what it adds to its product's price, so a new price of the product would move them all.
Those whose reference is an item of GP have a price of their own there; what a person added to others moves as the shop means it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any

from gp_prestashop.keys import key_text
from gp_prestashop.prestashop.client import PrestaShopClient, Row
from gp_prestashop.prestashop.targets.matching import Items

__all__ = ["WholePrices"]


class WholePrices:
    """For one batch: what its products' combinations cost before, remembered until they cost it again."""

    def __init__(self, client: Callable[[], PrestaShopClient], items: Items) -> None:
        self._client = client
        self._items = items
        self._before: dict[int, dict[int, Decimal]] = {}  # by product and combination

    def remember(self, products: Mapping[int, Decimal]) -> None:
        """Products whose price is about to change, with what it is now. A second call for a product changes nothing."""
        new = {product: price for product, price in products.items() if product not in self._before}
        rows = self._rows(new)
        references = {text for row in rows if (text := key_text(row.get("reference")))}
        ours = self._items(sorted(references)) if references else ()
        for product in new:
            self._before[product] = {}
        for row in rows:
            if key_text(row.get("reference")) in ours:
                product = int(row["id_product"])
                self._before[product][int(row["id"])] = new[product] + Decimal(str(row["price"] or 0))

    def changes(self, products: Mapping[int, Decimal], others: Collection[int]) -> list[dict[str, Any]]:
        """What to send when the products get these prices; ``others`` are combinations that are priced by themselves."""
        for before in self._before.values():
            for combination in others:
                before.pop(combination, None)
        return self._wrong(products)

    def moved(self, products: Mapping[int, Decimal]) -> set[int]:
        """Which of the products, that have these prices now, have combinations that moved with them."""
        wrong = {row["id"] for row in self._wrong(products)}
        return {product for product, before in self._before.items() if wrong & before.keys()}

    def _wrong(self, products: Mapping[int, Decimal]) -> list[dict[str, Any]]:
        asked = {product: price for product, price in products.items() if self._before.get(product)}
        found = []
        for row in self._rows(asked):
            product = int(row["id_product"])
            whole = self._before[product].get(int(row["id"]))
            if whole is not None and Decimal(str(row["price"] or 0)) != whole - asked[product]:
                found.append({"id": int(row["id"]), "price": whole - asked[product]})
        return found

    def _rows(self, products: Collection[int]) -> list[Row]:
        keys = [str(product) for product in sorted(products)]
        display = ("id", "id_product", "reference", "price")
        pages = self._client().keyed("combinations", "id_product", keys, display=display) if keys else ()
        return [row for page in pages for row in page]
