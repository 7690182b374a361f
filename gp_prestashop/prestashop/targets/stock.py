"""Quantities to ``stock_availables``: absolute, many rows in one request, each batch read back.

PATCH takes the id and the quantity; 1.7.8 has only PUT, which empties what it is not sent, so rows are read and sent back
whole. An absolute quantity written twice is the same as once, so what a failed request left is sent again (batch.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gp_prestashop.engine.protocols import Existing, Outcome
from gp_prestashop.errors import DataError, Refused
from gp_prestashop.mapping.shapes import Column, Document, DocumentShape, Frame, Problem
from gp_prestashop.prestashop.client import PrestaShopClient, Row
from gp_prestashop.prestashop.rows_by_id import rows_by_id
from gp_prestashop.prestashop.targets.batch import BatchRun, Result
from gp_prestashop.prestashop.targets.handler import Action, write_one
from gp_prestashop.prestashop.writer import ShopWriter

__all__ = ["StockHandler"]

RESOURCE = "stock_availables"
IDENTITY = ("id_product", "id_product_attribute")
FIELDS = ("id", *IDENTITY, "id_shop", "id_shop_group", "quantity", "depends_on_stock", "out_of_stock", "location")


class StockHandler:
    """The document ``stock_available``; its key is the item's reference, its row ``id`` (id_stock_available)."""

    def __init__(self, client: Callable[[], PrestaShopClient], writer: Callable[[], ShopWriter]) -> None:
        self._client = client
        self._writer = writer

    def shape(self) -> DocumentShape:
        header = Frame(
            "header",
            (
                Column("reference", required=True, max_length=64, title="The item"),
                Column("id", "BIGINT", required=True, title="id_stock_available"),
                Column("id_product", "BIGINT", required=True),
                Column("id_product_attribute", "BIGINT", required=True),
                Column("quantity", "INTEGER", required=True),
                Column(
                    "out_of_stock",
                    "INTEGER",
                    choices=(0, 1, 2),
                    title="0 deny orders, 1 allow, 2 as the shop's default",
                ),
            ),
        )
        sites = Frame(
            "sites",
            (Column("LOCNCODE", max_length=10, title="GP site"), Column("quantity", "DECIMAL(19,5)")),
            ("sites",),
        )  # how the quantity came about; not sent
        return DocumentShape("prestashop", "stock_available", ("reference",), (header, sites))

    def preflight(self, documents: Sequence[Document]) -> list[Problem]:  # noqa: ARG002
        return []

    def existing(self, documents: Sequence[Document]) -> dict[str, Existing]:
        rows = self._rows([document.header["id"] for document in documents])
        found: dict[str, Existing] = {}
        for document in documents:
            row = rows.get(int(document.header["id"]))
            if row is None:
                continue
            if sentence := _not_its_row(document, row):
                found[document.key] = Existing(ours=False, same=False, status="work", sentence=sentence)
                continue
            wanted = _wanted(document)
            difference = {name: (row[name], value) for name, value in wanted.items() if str(row[name]) != str(value)}
            found[document.key] = Existing(ours=True, same=not difference, status="work", difference=difference)
        return found

    def write(self, document: Document, action: Action) -> Outcome:
        return write_one(self, document, action)

    def write_many(self, writes: Sequence[tuple[Document, Action]]) -> list[Result]:
        """One result for each, in order. Raises Transient or ConfigError when nothing was written."""
        missing = {
            number: DataError(
                "no_stock_row",
                f"The shop has no stock row {document.header['id']} for {document.key}.",
                remedy="The shop makes stock rows with products and combinations: see whether it still has this one.",
            )
            for number, (document, action) in enumerate(writes)
            if action == "create"
        }
        rest = [number for number in range(len(writes)) if number not in missing]
        done = BatchRun(self._send, self._read_back).run([writes[number] for number in rest])
        results: dict[int, Result] = {**missing, **dict(zip(rest, done, strict=True))}
        return [results[number] for number in range(len(writes))]

    def _send(self, writes: Sequence[tuple[Document, Action]]) -> None:
        wanted = [{"id": int(document.header["id"]), **_wanted(document)} for document, _ in writes]
        if self._writer().patches:
            self._writer().update(RESOURCE, wanted, answer=False)  # it is read back
            return
        rows = self._rows([entity["id"] for entity in wanted])
        absent = [entity["id"] for entity in wanted if entity["id"] not in rows]
        if absent:
            raise Refused("absent", f"The shop has no stock row {absent[0]} (any more).")
        self._writer().replace(RESOURCE, [{**rows[entity["id"]], **entity} for entity in wanted])

    def _read_back(self, writes: Sequence[tuple[Document, Action]]) -> list[Result | None]:
        rows = self._rows([document.header["id"] for document, _ in writes])
        return [_read_back(document, rows.get(int(document.header["id"]))) for document, _ in writes]

    def _rows(self, ids: Sequence[Any]) -> dict[int, Row]:
        return rows_by_id(self._client(), RESOURCE, [int(i) for i in ids], FIELDS)


def _wanted(document: Document) -> dict[str, Any]:
    names = ("quantity", "out_of_stock")
    return {name: document.header[name] for name in names if document.header.get(name) is not None}


def _not_its_row(document: Document, row: Mapping[str, Any]) -> str:
    if all(str(row[name]) == str(document.header[name]) for name in IDENTITY):
        return ""
    whose = "-".join(str(row[name]) for name in IDENTITY)
    return f"Stock row {row['id']} belongs to {whose}, not to {document.key}."


def _read_back(document: Document, row: Row | None) -> Result | None:
    if row is None:
        return DataError("stock_row_gone", f"The stock row of {document.key} is no longer in the shop.")
    if sentence := _not_its_row(document, row):
        return DataError(
            "stock_row_moved", sentence, remedy="See the shop's combinations: a write may have detached one."
        )
    if any(str(row[name]) != str(value) for name, value in _wanted(document).items()):
        return None
    detail = {name: document.header[name] for name in ("id", "id_product", "id_product_attribute")}
    return Outcome("changed", document.key, detail)
