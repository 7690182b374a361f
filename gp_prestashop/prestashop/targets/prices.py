"""Prices of products and combinations, and their quantity, group and currency prices as ``specific_prices``.

A combination's price is kept as what it adds to its product's; what is compared and sent is the whole price, so a product
price that somebody edits moves no combination for long. Of an article's specific prices the flow has those that
hold for ever and for everybody of a group, at a fixed price: what a person made with dates, a customer, a cart, a rule or a
reduction is left alone. They collide on nothing, so the whole tuple is their key, looked up before and after.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from gp_prestashop.engine.protocols import Existing, Outcome
from gp_prestashop.errors import DataError, InDoubt
from gp_prestashop.mapping.shapes import Column, Document, DocumentShape, Frame, Problem
from gp_prestashop.prestashop.articles import Articles
from gp_prestashop.prestashop.client import PrestaShopClient, Row
from gp_prestashop.prestashop.targets.comparing import as_existing
from gp_prestashop.prestashop.targets.handler import Action
from gp_prestashop.prestashop.writer import ShopWriter

__all__ = ["PriceHandler"]

NEVER = "0000-00-00 00:00:00"
SIX = Decimal("0.000001")
KEY = ("id_product_attribute", "id_currency", "id_country", "id_group", "from_quantity")
EVERYBODY = {"id_cart": "0", "id_customer": "0", "id_specific_price_rule": "0", "from": NEVER, "to": NEVER}
DISPLAY = ("id", "id_product", *KEY, "id_shop", *EVERYBODY, "price", "reduction", "reduction_type", "reduction_tax")

SpecificKey = tuple[int, ...]


class _Priced:
    """What the shop asks for an article: ``base`` is the product's price, zero for a product itself."""

    def __init__(self, product: int, attribute: int, base: Decimal, own: Decimal, wholesale: Decimal) -> None:
        self.product, self.attribute = product, attribute
        self.base, self.own, self.wholesale = base, own, wholesale
        self.specific: dict[SpecificKey, list[Row]] = {}

    @property
    def price(self) -> Decimal:
        return self.base + self.own


class PriceHandler:
    """The document ``price``; its key is the article's reference. Amounts are without tax, in the shop's currency."""

    def __init__(
        self, client: Callable[[], PrestaShopClient], writer: Callable[[], ShopWriter], articles: Articles
    ) -> None:
        self._client = client
        self._writer = writer
        self._articles = articles

    def shape(self) -> DocumentShape:
        money = "DECIMAL(20,6)"
        header = Frame(
            "header",
            (
                Column("reference", required=True, max_length=64),
                Column("price", money, required=True, title="The whole price of a product or combination, without tax"),
                Column("wholesale_price", money),
            ),
        )
        specific = Frame(
            "specific_prices",
            (
                Column("id_currency", "BIGINT", required=True, title="0 for all"),
                Column("id_country", "BIGINT", title="0 for all"),
                Column("id_group", "BIGINT", required=True, title="0 for all"),
                Column("from_quantity", "BIGINT", required=True),
                Column("price", money, required=True, title="Fixed price without tax, in the row's currency"),
            ),
            ("specific_prices",),
        )
        return DocumentShape("prestashop", "price", ("reference",), (header, specific))

    def preflight(self, documents: Sequence[Document]) -> list[Problem]:  # noqa: ARG002
        return []

    def existing(self, documents: Sequence[Document]) -> dict[str, Existing]:
        priced = self._priced([document.key for document in documents])
        return {
            document.key: as_existing(document, self._difference(document, priced[document.key]))
            for document in documents
            if document.key in priced
        }

    def write(self, document: Document, action: Action) -> Outcome:  # noqa: ARG002
        """Only what differs. What is written twice is the same, but for new specific prices, which are looked up first."""
        priced = self._priced([document.key]).get(document.key)
        if priced is None:
            raise DataError("no_article", f"The shop has no article {document.key}, or several.")
        self._write_own(document, priced)
        self._write_specific(document, priced)
        after = self._priced([document.key]).get(document.key)
        if after is None or (left := self._difference(document, after)):
            names = ", ".join(left) if after is not None else "it"
            raise InDoubt("read_back_differs", f"The shop took {names} of {document.key}, and shows something else.")
        return Outcome(
            "changed", document.key, {"id_product": priced.product, "id_product_attribute": priced.attribute}
        )

    def _write_own(self, document: Document, priced: _Priced) -> None:
        change: dict[str, Any] = {}
        wanted = document.header
        if wanted["price"] != priced.price:
            change["price"] = wanted["price"] - priced.base
        if wanted.get("wholesale_price") is not None and wanted["wholesale_price"] != priced.wholesale:
            change["wholesale_price"] = wanted["wholesale_price"]
        if change:
            resource = "combinations" if priced.attribute else "products"
            self._writer().update(resource, [{"id": priced.attribute or priced.product, **change}])

    def _write_specific(self, document: Document, priced: _Priced) -> None:
        wanted = _wanted(document, priced.attribute)
        changes, gone = [], []
        for key, rows in priced.specific.items():
            first, *doubles = rows
            gone += [str(row["id"]) for row in doubles]
            if key not in wanted:
                gone.append(str(first["id"]))
            elif Decimal(str(first["price"])) != wanted[key]:
                changes.append({"id": first["id"], "price": wanted[key]})
        new = [self._new(priced, key, price) for key, price in wanted.items() if key not in priced.specific]
        if new:
            self._writer().create("specific_prices", new)
        if changes:
            self._writer().update("specific_prices", changes)
        self._writer().delete("specific_prices", gone)

    def _new(self, priced: _Priced, key: SpecificKey, price: Decimal) -> dict[str, Any]:
        return {
            "id_shop": 0,
            "id_shop_group": 0,
            "id_product": priced.product,
            **dict(zip(KEY, key, strict=True)),
            **EVERYBODY,
            "price": price,
            "reduction": 0,
            "reduction_tax": 1,
            "reduction_type": "amount",
        }

    def _priced(self, references: Sequence[str]) -> dict[str, _Priced]:
        """What the shop asks for these articles; ambiguous ones are absent."""
        found = self._articles.find("reference", "reference", references)
        ids: dict[str, tuple[int, int]] = {}
        for reference in references:
            some = found.get(reference.strip().upper(), [])
            some = [one for one in some if not one.has_combinations] or some
            if len(some) == 1:
                ids[reference] = (some[0].id_product, some[0].id_attribute)
        products = self._amounts("products", {product for product, _ in ids.values()})
        combinations = self._amounts("combinations", {attribute for _, attribute in ids.values() if attribute})
        priced: dict[str, _Priced] = {}
        for reference, (product, attribute) in ids.items():
            own = combinations.get(attribute) if attribute else products.get(product)
            if own is None or product not in products:
                continue
            base = products[product][0] if attribute else Decimal(0)
            priced[reference] = _Priced(product, attribute, base, *own)
        self._add_specific(priced)
        return priced

    def _amounts(self, resource: str, ids: set[int]) -> dict[int, tuple[Decimal, Decimal]]:
        display = ("id", "price", "wholesale_price")
        keys = [str(i) for i in sorted(ids)]
        pages = self._client().keyed(resource, "id", keys, display=display) if keys else ()
        return {
            int(row["id"]): (_amount(row.get("price")), _amount(row.get("wholesale_price")))
            for page in pages
            for row in page
        }

    def _add_specific(self, priced: Mapping[str, _Priced]) -> None:
        by_article = {(one.product, one.attribute): one for one in priced.values()}
        keys = [str(product) for product in sorted({one.product for one in priced.values()})]
        pages = self._client().keyed("specific_prices", "id_product", keys, display=DISPLAY) if keys else ()
        for page in pages:
            for row in page:
                one = by_article.get((int(row["id_product"]), int(row.get("id_product_attribute") or 0)))
                if one is not None and _ours(row):
                    key = tuple(int(row.get(name) or 0) for name in KEY)
                    one.specific.setdefault(key, []).append(row)

    def _difference(self, document: Document, priced: _Priced) -> dict[str, tuple[Any, Any]]:
        difference: dict[str, tuple[Any, Any]] = {}
        for name, there in (("price", priced.price), ("wholesale_price", priced.wholesale)):
            wanted = document.header.get(name)
            if wanted is not None and wanted != there:
                difference[name] = (there, wanted)
        wanted_rows = _wanted(document, priced.attribute)
        there_rows = {key: [_amount(row["price"]) for row in rows] for key, rows in priced.specific.items()}
        if there_rows != {key: [price] for key, price in wanted_rows.items()}:
            difference["specific_prices"] = (_said(there_rows), _said({k: [v] for k, v in wanted_rows.items()}))
        return difference


def _wanted(document: Document, attribute: int) -> dict[SpecificKey, Decimal]:
    """By key; of two rows for the same quantity the cheaper one counts, as it does in the shop."""
    found: dict[SpecificKey, Decimal] = {}
    for row in document.frames.get("specific_prices", ()):
        key = (attribute, *(int(row.get(name) or 0) for name in KEY[1:]))
        found[key] = min(found.get(key, row["price"]), row["price"])
    return found


def _ours(row: Row) -> bool:
    """A fixed price for ever and everybody. ``price`` -1 leaves the price as it is: a reduction, made by a person."""
    plain = all(str(row.get(name) or default) in (default, "") for name, default in EVERYBODY.items())
    return plain and _amount(row.get("price")) >= 0 and _amount(row.get("reduction")) == 0


def _amount(value: Any) -> Decimal:
    return Decimal(str(value or 0)).quantize(SIX)


def _said(rows: Mapping[SpecificKey, Sequence[Decimal]]) -> str:
    return "; ".join(
        f"from {key[-1]} for group {key[3]}, currency {key[1]}: {', '.join(f'{price:f}' for price in prices)}"
        for key, prices in sorted(rows.items())
    )
