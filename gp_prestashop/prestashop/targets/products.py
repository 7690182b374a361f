"""GP items to products: matched by reference or EAN, made inactive, and changed only in the fields that the flow owns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gp_prestashop.engine.protocols import Existing, Outcome
from gp_prestashop.errors import DataError
from gp_prestashop.mapping.shapes import Column, Document, DocumentShape, Frame, Problem
from gp_prestashop.prestashop.client import PrestaShopClient, Row
from gp_prestashop.prestashop.resources import facts
from gp_prestashop.prestashop.targets.batch import BatchRun, Result
from gp_prestashop.prestashop.targets.comparing import differs, shown
from gp_prestashop.prestashop.targets.handler import Action, owned, write_one
from gp_prestashop.prestashop.targets.matching import Items, match, of_other_kind, recognised
from gp_prestashop.prestashop.targets.related import Related, slug
from gp_prestashop.prestashop.writer import ShopWriter

__all__ = ["ProductHandler"]

PLAIN = (
    *("reference", "ean13", "upc", "isbn", "mpn", "supplier_reference", "price", "wholesale_price", "unity"),
    *("weight", "width", "height", "depth", "id_tax_rules_group", "id_category_default", "minimal_quantity", "active"),
    *("available_for_order", "show_price", "online_only", "is_virtual", "condition", "visibility", "product_type"),
)
TEXTS = ("name", "description", "description_short", "meta_title", "meta_description", "link_rewrite")
# column: resource and field that its id goes to
NAMED = {
    "category": ("categories", "id_category_default"),
    "manufacturer": ("manufacturers", "id_manufacturer"),
    "supplier": ("suppliers", "id_supplier"),
}
# A product that nobody has looked at yet: complete, and invisible. ``state`` 0 would hide it from the back office.
NEW = {
    "state": 1, "id_shop_default": 1, "type": "simple", "price": 0, "minimal_quantity": 1, "available_for_order": True,
    "show_price": True, "visibility": "both", "condition": "new",
}  # fmt: skip

# What a product holds in the shop makes it one of these: no flow makes it something else.
FILLED = frozenset({"combinations", "pack"})


class ProductHandler:
    """The document ``product``; its key is its reference."""

    def __init__(
        self,
        client: Callable[[], PrestaShopClient],
        writer: Callable[[], ShopWriter],
        related: Related,
        made: Callable[[Iterable[str]], None],
        *,
        root: str,
        create: bool,
        items: Items,
    ) -> None:
        """``root`` is the category below which others are made; without ``create`` what is missing is held."""
        self._client = client
        self._writer = writer
        self._related = related
        self._made = made
        self._root = root
        self._create = create
        self._items = items

    def shape(self) -> DocumentShape:
        fields = facts("products").fields
        columns = [
            Column(
                name, fields[name]["type"], required=name == "reference", max_length=fields[name].get("max_length"),
                title="in every language" if name in TEXTS else "",
            )
            for name in (*PLAIN, *TEXTS)
        ]  # fmt: skip
        names = [Column(name, max_length=64, title=f"name of the {name}, made once") for name in NAMED]
        language = Column("language", required=True, max_length=2, title="ISO code")
        texts = [language, *(column for column in columns if column.name in TEXTS)]
        return DocumentShape(
            "prestashop",
            "product",
            ("reference",),
            (Frame("header", (*columns, *names)), Frame("texts", tuple(texts), ("texts",))),
        )

    def preflight(self, documents: Sequence[Document]) -> list[Problem]:  # noqa: ARG002
        return []

    def existing(self, documents: Sequence[Document]) -> dict[str, Existing]:
        columns = {name for document in documents for name in document.header}
        fields = {name for name in (*PLAIN, *TEXTS) if name in columns}
        fields |= {field for name, (_, field) in NAMED.items() if name in columns}
        display = ("id", "reference", "ean13", *sorted(fields - {"reference", "ean13"}))
        matches = match(self._client(), "products", documents, display)
        found = recognised(documents, matches, "products", self._difference, self._items)
        others = {document.key for document in documents if not _makes(document)}  # of products that are known
        found = {key: replace(one, found_by="") if key in others else one for key, one in found.items()}
        single = [one for one in documents if _makes(one) and one.header.get("product_type") != "combinations"]
        return {**of_other_kind(self._client(), "combinations", single, matches), **found}

    def write(self, document: Document, action: Action) -> Outcome:
        return write_one(self, document, action)

    def write_many(self, writes: Sequence[tuple[Document, Action]]) -> list[Result]:
        held = {n: error for n, (document, action) in enumerate(writes) if (error := self._refused(document, action))}
        rest = [number for number in range(len(writes)) if number not in held]
        done = BatchRun(self._send, self._read_back).run([writes[number] for number in rest])
        results: dict[int, Result] = {**held, **dict(zip(rest, done, strict=True))}
        return [results[number] for number in range(len(writes))]

    def _refused(self, document: Document, action: Action) -> DataError | None:
        if action == "change":
            return None
        if not _makes(document):
            return DataError(
                "no_product", f"The shop has no product {document.key}.", remedy="Run the flow that makes it."
            )
        if not self._create:
            return DataError(
                "not_in_shop",
                f"The shop has no product with the reference {document.key}, nor its EAN.",
                remedy="When all matches are as they should be, set GPPS_CATALOGUE__CREATE=yes, and what is held here is made.",
            )
        return None

    def _send(self, writes: Sequence[tuple[Document, Action]]) -> None:
        new = [self._new(document) for document, action in writes if action == "create"]
        old = [document for document, action in writes if action == "change"]
        kind = ("product_type",) if any(document.header.get("product_type") for document in old) else ()
        ids = match(self._client(), "products", old, ("id", "reference", "ean13", *kind)) if old else {}
        changes = []
        for document in old:
            row = ids[document.key].only if document.key in ids else None
            if row is None:
                raise DataError("product_gone", f"Product {document.key} is no longer the one it was.")
            change = self._changes(document)
            if row.get("product_type") in FILLED:
                change.pop("product_type", None)
            changes.append({"id": row["id"], **change})
        if new:
            self._made(str(entity["reference"]) for entity in new)
            self._writer().create("products", new)
        if changes:
            self._writer().update("products", changes, answer=False)

    def _read_back(self, writes: Sequence[tuple[Document, Action]]) -> list[Result | None]:
        there = self.existing([document for document, _ in writes])
        ids = match(self._client(), "products", [document for document, _ in writes], ("id", "reference", "ean13"))
        results: list[Result | None] = []
        for document, action in writes:
            found = there.get(document.key)
            row = ids[document.key].only if document.key in ids else None
            if found is None or row is None:
                results.append(None if found is None else DataError("ambiguous", found.sentence))
            elif action == "create" or found.same:
                action_done = "created" if action == "create" else "changed"
                results.append(Outcome(action_done, document.key, {"id_product": int(row["id"])}))  # type: ignore[arg-type]
            else:
                results.append(None)
        return results

    def _new(self, document: Document) -> dict[str, Any]:
        entity = {**NEW, **self._entity(document, document.header), "active": False}
        if "link_rewrite" not in entity:
            entity["link_rewrite"] = {language: slug(text)[:128] for language, text in entity["name"].items()}
        category = str(entity.get("id_category_default") or self._root)
        entity["id_category_default"] = category
        entity["categories"] = [{"id": number} for number in dict.fromkeys([self._root, category])]
        return entity

    def _changes(self, document: Document) -> dict[str, Any]:
        return self._entity(document, owned(document))

    def _entity(self, document: Document, columns: Mapping[str, Any]) -> dict[str, Any]:
        """Fields of the webservice; what is named is made when it is not there."""
        entity: dict[str, Any] = {n: columns[n] for n in PLAIN if columns.get(n) is not None}
        entity |= {n: self._texts(document, n) for n in TEXTS if columns.get(n) is not None}
        for name, (resource, field) in NAMED.items():
            if columns.get(name):
                parent = self._root if resource == "categories" else ""
                entity[field] = self._related.ensure(resource, str(columns[name]), parent)
        return entity

    def _texts(self, document: Document, name: str) -> dict[str, str]:
        """The header's text in every language, but for those that a row of ``texts`` has another one for."""
        others = {str(row["language"]).lower(): row[name] for row in document.frames.get("texts", ()) if row.get(name)}
        text = str(document.header[name])
        return {identifier: str(others.get(iso, text)) for identifier, iso in self._related.languages()}

    def _difference(self, document: Document, row: Row) -> dict[str, tuple[Any, Any]]:
        header = {name: value for name, value in document.header.items() if value is not None}
        wanted: dict[str, Any] = {name: header[name] for name in PLAIN if name in header}
        wanted |= {name: self._texts(document, name) for name in TEXTS if name in header}
        if row.get("product_type") in FILLED:
            wanted.pop("product_type", None)
        difference = {
            name: shown(row.get(name), value) for name, value in wanted.items() if differs(row.get(name), value)
        }
        for name, (resource, field) in NAMED.items():
            if header.get(name):
                known = self._related.find(resource, str(header[name]), self._root if resource == "categories" else "")
                if known is None or differs(row.get(field), known):
                    difference[name] = (row.get(field), header[name])
        return difference


def _makes(document: Document) -> bool:
    """Whether it is of a flow that makes products; others change a few fields of those that are there."""
    return bool(document.header.get("name"))
