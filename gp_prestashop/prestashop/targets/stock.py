"""Quantities to ``stock_availables``: absolute, many rows in one request, each batch read back.

PATCH takes the id and the quantity; 1.7.8 has only PUT, which empties what it is not sent, so rows are read and sent back
whole. A request is no transaction: rows before a failing one are saved, those after it are not tried, and the answer
does not say which it was. So after a failure the rows are read, what is not saved yet is halved and sent again (writing
an absolute quantity twice is the same as once), until the failing row is alone and the only one that is held.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gp_prestashop.engine.protocols import Existing, Outcome
from gp_prestashop.errors import ConfigError, DataError, GpPrestashopError, InDoubt, Refused, Transient
from gp_prestashop.mapping.shapes import Column, Document, DocumentShape, Frame, Problem
from gp_prestashop.prestashop.client import PrestaShopClient, Row
from gp_prestashop.prestashop.rows_by_id import rows_by_id
from gp_prestashop.prestashop.targets.handler import Action
from gp_prestashop.prestashop.writer import ShopWriter

__all__ = ["StockHandler"]

RESOURCE = "stock_availables"
IDENTITY = ("id_product", "id_product_attribute")
FIELDS = ("id", *IDENTITY, "id_shop", "id_shop_group", "quantity", "depends_on_stock", "out_of_stock", "location")
LOST = "write_unanswered"  # the call may still be running

Result = Outcome | GpPrestashopError


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
        (result,) = self.write_many([(document, action)])
        if isinstance(result, GpPrestashopError):
            raise result
        return result

    def write_many(self, writes: Sequence[tuple[Document, Action]]) -> list[Result]:
        """One result for each, in order. Raises Transient or ConfigError when nothing was written."""
        results: dict[int, Result] = {}
        for number, (document, action) in enumerate(writes):
            if action == "create":
                results[number] = DataError(
                    "no_stock_row",
                    f"The shop has no stock row {document.header['id']} for {document.key}.",
                    remedy="The shop makes stock rows with products and combinations: see whether it still has this one.",
                )
        batch = _Batch(self, [(n, document) for n, (document, _) in enumerate(writes) if n not in results])
        results |= batch.run()
        return [results[number] for number in range(len(writes))]

    def send(self, documents: Sequence[Document]) -> None:
        """One request."""
        wanted = [{"id": int(document.header["id"]), **_wanted(document)} for document in documents]
        if self._writer().patches:
            self._writer().update(RESOURCE, wanted)
            return
        rows = self._rows([entity["id"] for entity in wanted])
        absent = [entity["id"] for entity in wanted if entity["id"] not in rows]
        if absent:
            raise Refused("absent", f"The shop has no stock row {absent[0]} (any more).")
        self._writer().replace(RESOURCE, [{**rows[entity["id"]], **entity} for entity in wanted])

    def read_back(self, documents: Sequence[Document]) -> list[Result | None]:
        """For each whether the shop holds what was wanted: None when its quantity is another one."""
        rows = self._rows([document.header["id"] for document in documents])
        return [_read_back(document, rows.get(int(document.header["id"]))) for document in documents]

    def _rows(self, ids: Sequence[Any]) -> dict[int, Row]:
        return rows_by_id(self._client(), RESOURCE, [int(i) for i in ids], FIELDS)


class _Batch:
    """One call of write_many under way."""

    def __init__(self, handler: StockHandler, documents: Sequence[tuple[int, Document]]) -> None:
        self._handler = handler
        self._documents = dict(documents)
        self._results: dict[int, Result] = {}
        self._sent: list[int] = []
        self._begun = False

    def run(self) -> dict[int, Result]:
        if self._documents:
            self._attempt(list(self._documents))
            self._confirm()
        return self._results

    def _attempt(self, numbers: list[int]) -> None:
        documents = [self._documents[number] for number in numbers]
        try:
            self._handler.send(documents)
        except (Transient, ConfigError) as error:
            if not self._begun:
                raise
            self._results |= dict.fromkeys(numbers, error)
        except InDoubt as error:
            if error.details.get("cause", error.code) == LOST:
                self._results |= dict.fromkeys(numbers, error)
            else:
                self._divide(numbers, error)
        except (DataError, Refused) as error:
            self._divide(numbers, error)
        else:
            self._begun = True
            self._sent += numbers

    def _divide(self, numbers: list[int], error: GpPrestashopError) -> None:
        """The request is over and was refused somewhere: what it saved is done, the rest is sent again in halves."""
        self._begun = True
        try:
            states = self._handler.read_back([self._documents[number] for number in numbers])
        except GpPrestashopError:
            self._results |= dict.fromkeys(numbers, InDoubt(error.code, error.sentence, details=error.details))
            return
        left = []
        for number, state in zip(numbers, states, strict=True):
            if isinstance(state, Outcome):
                self._results[number] = state
            else:
                left.append(number)
        if len(numbers) == 1 and left:
            self._results[left[0]] = _held(error)
        elif left:
            middle = (len(left) + 1) // 2
            for half in (left[:middle], left[middle:]):
                if half:
                    self._attempt(half)

    def _confirm(self) -> None:
        if not self._sent:
            return
        documents = [self._documents[number] for number in self._sent]
        try:
            states = self._handler.read_back(documents)
        except (Transient, ConfigError) as error:
            doubt = InDoubt("not_read_back", f"The quantity was sent, and could not be read back: {error.sentence}")
            self._results |= dict.fromkeys(self._sent, doubt)
            return
        for number, document, state in zip(self._sent, documents, states, strict=True):
            self._results[number] = state or InDoubt(
                "read_back_differs",
                f"The shop took {document.header['quantity']} of {document.key} and shows another number.",
            )


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


def _held(error: GpPrestashopError) -> GpPrestashopError:
    """A row that fails by itself is held; so is one whose row is gone, since the product may come back."""
    code = str(error.details.get("cause", error.code))
    return DataError(code, error.sentence, remedy=error.remedy, details=error.details)
