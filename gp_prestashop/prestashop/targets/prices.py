"""Prices of products and combinations, and their quantity, group and currency prices as ``specific_prices``.

A combination's price is kept as what it adds to its product's; what is compared and sent is the whole price, so a product
price that somebody edits moves no combination for long, and one that is written here none at all (whole_prices.py). Of an
article's specific prices the flow has those that hold for ever and for everybody of a group that it prices (frame
``groups``), at a fixed price: another group's, and what a person made with dates, a customer, a cart, a rule or a reduction,
is left alone. They collide on nothing, so the whole tuple is their key, looked up before and after.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from gp_prestashop.engine.protocols import Existing, Outcome
from gp_prestashop.errors import DataError
from gp_prestashop.keys import key_text
from gp_prestashop.mapping.shapes import Column, Document, DocumentShape, Frame, Problem
from gp_prestashop.prestashop.articles import Articles
from gp_prestashop.prestashop.client import PrestaShopClient, Row
from gp_prestashop.prestashop.targets.batch import BatchRun, Result
from gp_prestashop.prestashop.targets.comparing import as_existing
from gp_prestashop.prestashop.targets.handler import Action, write_one
from gp_prestashop.prestashop.targets.matching import Items
from gp_prestashop.prestashop.targets.whole_prices import WholePrices
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
        self,
        client: Callable[[], PrestaShopClient],
        writer: Callable[[], ShopWriter],
        articles: Articles,
        items: Items,
    ) -> None:
        self._client = client
        self._writer = writer
        self._articles = articles
        self._items = items

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
        group = Column(
            "id_group", "BIGINT", required=True, title="A group whose fixed prices are the flow's; 0 for all"
        )
        groups = Frame("groups", (group,), ("groups",))
        return DocumentShape("prestashop", "price", ("reference",), (header, specific, groups))

    def preflight(self, documents: Sequence[Document]) -> list[Problem]:  # noqa: ARG002
        return []

    def existing(self, documents: Sequence[Document]) -> dict[str, Existing]:
        priced = self._priced(documents)
        return {
            document.key: as_existing(document, self._difference(document, priced[document.key]))
            for document in documents
            if document.key in priced
        }

    def write(self, document: Document, action: Action) -> Outcome:
        return write_one(self, document, action)

    def write_many(self, writes: Sequence[tuple[Document, Action]]) -> list[Result]:
        """One result for each, in order. Raises Transient or ConfigError when nothing was written."""
        whole = WholePrices(self._client, self._items)
        return BatchRun(partial(self._send, whole), partial(self._read_back, whole)).run(writes)

    def _send(self, whole: WholePrices, writes: Sequence[tuple[Document, Action]]) -> None:
        """Only what differs. What is written twice is the same, but for new specific prices, which are looked up first."""
        priced = self._priced([document for document, _ in writes])
        if absent := [document.key for document, _ in writes if document.key not in priced]:
            raise DataError("no_article", f"The shop has no article {absent[0]}, or several.")
        self._send_own(whole, [(document, priced[document.key]) for document, _ in writes])
        new, changes, gone = [], [], []
        for document, _ in writes:
            one = priced[document.key]
            wanted = _wanted(document, one.attribute)
            for key, (first, *doubles) in one.specific.items():
                gone += [str(row["id"]) for row in doubles]
                if key not in wanted:
                    gone.append(str(first["id"]))
                elif _amount(first["price"]) != wanted[key]:
                    changes.append({"id": first["id"], "price": wanted[key]})
            new += [self._new(one, key, price) for key, price in wanted.items() if key not in one.specific]
        if new:
            self._writer().create("specific_prices", new)
        if changes:
            self._writer().update("specific_prices", changes, answer=False)
        self._writer().delete("specific_prices", gone)

    def _send_own(self, whole: WholePrices, wanted: Sequence[tuple[Document, _Priced]]) -> None:
        """Products first: a combination's price counts from its product's, which may just be changing."""
        bases = {one.product: document.header["price"] for document, one in wanted if not one.attribute}
        moved = {one.product: one.own for _, one in wanted if not one.attribute and bases[one.product] != one.own}
        whole.remember(moved)
        changes: dict[str, list[dict[str, Any]]] = {"products": [], "combinations": []}
        for document, one in wanted:
            base = bases.get(one.product, one.base) if one.attribute else Decimal(0)
            change: dict[str, Any] = {}
            if document.header["price"] != base + one.own:
                change["price"] = document.header["price"] - base
            wholesale = document.header.get("wholesale_price")
            if wholesale is not None and wholesale != one.wholesale:
                change["wholesale_price"] = wholesale
            if change:
                resource = "combinations" if one.attribute else "products"
                changes[resource].append({"id": one.attribute or one.product, **change})
        changes["combinations"] += whole.changes(bases, {one.attribute for _, one in wanted})
        for resource, some in changes.items():
            if some:
                self._writer().update(resource, some, answer=False)

    def _read_back(self, whole: WholePrices, writes: Sequence[tuple[Document, Action]]) -> list[Result | None]:
        after = self._priced([document for document, _ in writes])
        own = {one.product: one.own for one in after.values() if not one.attribute}
        moved = whole.moved(own)
        results: list[Result | None] = []
        for document, _ in writes:
            one = after.get(document.key)
            if one is None or self._difference(document, one) or (not one.attribute and one.product in moved):
                results.append(None)
                continue
            detail = {"id_product": one.product, "id_product_attribute": one.attribute}
            results.append(Outcome("changed", document.key, detail))
        return results

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

    def _priced(self, documents: Sequence[Document]) -> dict[str, _Priced]:
        """What the shop asks for these articles, by key; ambiguous ones are absent."""
        references = [document.key for document in documents]
        found = self._articles.find("reference", "reference", references)
        ids: dict[str, tuple[int, int]] = {}
        for reference in references:
            some = found.get(key_text(reference), [])
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
        self._add_specific(priced, {document.key: _groups(document) for document in documents})
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

    def _add_specific(self, priced: Mapping[str, _Priced], groups: Mapping[str, set[int]]) -> None:
        by_article = {(one.product, one.attribute): (one, groups[key]) for key, one in priced.items()}
        keys = [str(product) for product in sorted({one.product for one in priced.values()})]
        pages = self._client().keyed("specific_prices", "id_product", keys, display=DISPLAY) if keys else ()
        for page in pages:
            for row in page:
                article = int(row["id_product"]), int(row.get("id_product_attribute") or 0)
                one, ours = by_article.get(article, (None, set()))
                if one is not None and int(row.get("id_group") or 0) in ours and _plain(row):
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


def _groups(document: Document) -> set[int]:
    """Whose fixed prices the flow has."""
    frames = ("groups", "specific_prices")
    return {int(row.get("id_group") or 0) for frame in frames for row in document.frames.get(frame, ())}


def _plain(row: Row) -> bool:
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
