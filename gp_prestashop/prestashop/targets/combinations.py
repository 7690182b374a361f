"""Variants to combinations: matched by reference, EAN, or product and option values; changed, never made anew.

A combination that is deleted and made again vanishes from customers' carts, so it is only ever changed. The default
combination is the first one that a product got, and stays it. ``default_on`` is left out of all others: the shop keeps it
unique for each product, and 0 counts like 1 there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from gp_prestashop.engine.protocols import Existing, Outcome
from gp_prestashop.errors import DataError
from gp_prestashop.keys import key_text
from gp_prestashop.mapping.shapes import Column, Document, DocumentShape, Frame, Problem
from gp_prestashop.prestashop.client import PrestaShopClient, Row
from gp_prestashop.prestashop.resources import facts
from gp_prestashop.prestashop.targets.batch import BatchRun, Result
from gp_prestashop.prestashop.targets.comparing import as_existing, differs
from gp_prestashop.prestashop.targets.handler import Action, owned, write_one
from gp_prestashop.prestashop.targets.matching import Items, Match, match, of_other_kind, recognised
from gp_prestashop.prestashop.targets.related import Related
from gp_prestashop.prestashop.writer import ShopWriter

__all__ = ["CombinationHandler"]

PLAIN = (
    "reference",
    "ean13",
    "upc",
    "isbn",
    "mpn",
    "supplier_reference",
    "weight",
    "wholesale_price",
    "minimal_quantity",
)


class CombinationHandler:
    """The document ``combination``; its key is its reference, ``parent`` the product's."""

    def __init__(
        self,
        client: Callable[[], PrestaShopClient],
        writer: Callable[[], ShopWriter],
        related: Related,
        made: Callable[[Iterable[str]], None],
        *,
        create: bool,
        items: Items,
    ) -> None:
        self._client = client
        self._writer = writer
        self._related = related
        self._made = made
        self._create = create
        self._items = items

    def shape(self) -> DocumentShape:
        fields = facts("combinations").fields
        columns = [
            Column(name, fields[name]["type"], required=name == "reference", max_length=fields[name].get("max_length"))
            for name in PLAIN
        ]
        parent = Column("parent", required=True, max_length=64, title="reference of the product")
        options = Frame(
            "options",
            (
                Column("group", required=True, max_length=64, title="name of the option group, made once"),
                Column("value", required=True, max_length=128, title="name of the value, made once"),
            ),
            ("options",),
        )
        return DocumentShape(
            "prestashop", "combination", ("reference",), (Frame("header", (*columns, parent)), options)
        )

    def preflight(self, documents: Sequence[Document]) -> list[Problem]:  # noqa: ARG002
        return []

    def existing(self, documents: Sequence[Document]) -> dict[str, Existing]:
        matches = self._matches(documents)
        found = recognised(documents, matches, "combinations", self._difference, self._items)
        return {**of_other_kind(self._client(), "products", documents, matches), **found}

    def write(self, document: Document, action: Action) -> Outcome:
        return write_one(self, document, action)

    def write_many(self, writes: Sequence[tuple[Document, Action]]) -> list[Result]:
        held: dict[int, Result] = {}
        parents = self._parents([document for document, _ in writes])
        for number, (document, action) in enumerate(writes):
            if action == "create" and (error := self._refused(document, parents)):
                held[number] = error
        rest = [number for number in range(len(writes)) if number not in held]
        done = BatchRun(self._send, self._read_back).run([writes[number] for number in rest])
        results: dict[int, Result] = {**held, **dict(zip(rest, done, strict=True))}
        return [results[number] for number in range(len(writes))]

    def _refused(self, document: Document, parents: Mapping[str, str]) -> DataError | None:
        if key_text(document.header["parent"]) not in parents:
            sentence = f"The shop has no product {document.header['parent']}, or several, for {document.key}."
            return DataError("no_parent", sentence)
        if not document.frames.get("options"):
            return DataError("no_options", f"{document.key} is a variant without any option.")
        if not self._create:
            return DataError(
                "not_in_shop",
                f"The shop has no combination with the reference {document.key}, its EAN or its options.",
                remedy="When all matches are as they should be, set GPPS_CATALOGUE__CREATE=yes, and what is held here is made.",
            )
        return None

    def _send(self, writes: Sequence[tuple[Document, Action]]) -> None:
        documents = [document for document, _ in writes]
        parents = self._parents(documents)
        matches = self._matches([document for document, action in writes if action == "change"])
        with_some = self._have_combinations(set(parents.values()))
        new, changes = [], []
        for document, action in writes:
            if action == "create":
                product = parents[key_text(document.header["parent"])]
                first = product not in with_some
                with_some.add(product)
                new.append(
                    {
                        "id_product": product,
                        "minimal_quantity": 1,
                        **_plain(document.header),
                        **({"default_on": True} if first else {}),
                        "product_option_values": [{"id": value} for value in self._values(document)],
                    }
                )
                continue
            row = matches[document.key].only if document.key in matches else None
            if row is None:
                raise DataError("combination_gone", f"Combination {document.key} is no longer the one it was.")
            changes.append({"id": row["id"], **self._changes(document)})
        if new:
            self._made(str(entity["reference"]) for entity in new)
            self._writer().create("combinations", new)
        if changes:
            self._writer().update("combinations", changes, answer=False)

    def _read_back(self, writes: Sequence[tuple[Document, Action]]) -> list[Result | None]:
        documents = [document for document, _ in writes]
        matches = self._matches(documents)
        results: list[Result | None] = []
        for document, action in writes:
            row = matches[document.key].only if document.key in matches else None
            if row is None or as_existing(document, self._difference(document, row)).difference:
                results.append(None)
                continue
            detail = {"id_product": int(row["id_product"]), "id_product_attribute": int(row["id"])}
            results.append(Outcome("created" if action == "create" else "changed", document.key, detail))
        return results

    def _changes(self, document: Document) -> dict[str, Any]:
        change = _plain(owned(document))
        if not document.owns or "options" in document.owns:
            change["product_option_values"] = [{"id": value} for value in self._values(document)]
        return change

    def _values(self, document: Document) -> list[str]:
        """Ids of the option values; groups and values that are not there are made once."""
        ids = []
        for row in document.frames.get("options", ()):
            group = self._related.ensure("product_options", str(row["group"]))
            ids.append(self._related.ensure("product_option_values", str(row["value"]), group))
        return ids

    def _known_values(self, document: Document) -> list[str] | None:
        """The same without making any; None when one is not there."""
        ids = []
        for row in document.frames.get("options", ()):
            group = self._related.find("product_options", str(row["group"]))
            value = self._related.find("product_option_values", str(row["value"]), group) if group else None
            if value is None:
                return None
            ids.append(value)
        return ids

    def _matches(self, documents: Sequence[Document]) -> dict[str, Match]:
        """By reference or EAN; else by product and options, where the combination has no other reference."""
        found = match(self._client(), "combinations", documents, ()) if documents else {}
        rest = [document for document in documents if document.key not in found]
        parents = self._parents(rest)
        by_product: dict[str, list[Row]] = {}
        for row in self._combinations(set(parents.values())):
            by_product.setdefault(str(row["id_product"]), []).append(row)
        for document in rest:
            wanted = self._known_values(document)
            rows = by_product.get(parents.get(key_text(document.header["parent"]), ""), [])
            same = [
                row for row in rows if wanted and _values_of(row) == set(wanted) and not key_text(row.get("reference"))
            ]
            if same:
                found[document.key] = Match(tuple(same), "options")
        return found

    def _parents(self, documents: Sequence[Document]) -> dict[str, str]:
        """Product ids by reference, for those that exactly one product has."""
        client = self._client()
        wanted = sorted({key_text(document.header["parent"]) for document in documents})
        ids: dict[str, list[str]] = {}
        for page in client.keyed("products", "reference", wanted, display=("id", "reference")) if wanted else ():
            for row in page:
                ids.setdefault(key_text(row["reference"]), []).append(row["id"])
        return {reference: some[0] for reference, some in ids.items() if len(some) == 1}

    def _have_combinations(self, products: set[str]) -> set[str]:
        client, display = self._client(), ("id", "id_product")
        keys = sorted(products, key=int)
        pages = client.keyed("combinations", "id_product", keys, display=display) if keys else ()
        return {str(row["id_product"]) for page in pages for row in page}

    def _combinations(self, products: set[str]) -> list[Row]:
        keys = sorted(products, key=int)
        pages = self._client().keyed("combinations", "id_product", keys) if keys else ()
        return [row for page in pages for row in page]

    def _difference(self, document: Document, row: Row) -> dict[str, tuple[Any, Any]]:
        difference = {
            name: (row.get(name), value)
            for name, value in _plain(document.header).items()
            if differs(row.get(name), value)
        }
        wanted = self._known_values(document)
        if wanted is None or _values_of(row) != set(wanted):
            names = ", ".join(str(one["value"]) for one in document.frames.get("options", ()))
            difference["options"] = (", ".join(sorted(_values_of(row), key=int)), names)
        return difference


def _plain(columns: Mapping[str, Any]) -> dict[str, Any]:
    return {name: columns[name] for name in PLAIN if columns.get(name) is not None}


def _values_of(row: Row) -> set[str]:
    return {str(value["id"]) for value in row.get("product_option_values", ())}
