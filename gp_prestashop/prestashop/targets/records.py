"""Any resource of the shop as a document of its own name: one record, its fields, nothing beside them.

The guard is the key that a flow names. ``id`` changes a record that is there and never makes one. Any other field is a
natural key: it is looked up before and after each write; what it finds is changed, what it does not find is made, and
what it finds twice is left to a person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gp_prestashop.engine.protocols import Existing, Outcome
from gp_prestashop.errors import DataError, InDoubt
from gp_prestashop.mapping.shapes import Column, Document, DocumentShape, Frame, Problem
from gp_prestashop.prestashop.client import PrestaShopClient, Row
from gp_prestashop.prestashop.resources import facts, resource_shapes
from gp_prestashop.prestashop.targets.comparing import as_existing, differs, shown
from gp_prestashop.prestashop.targets.handler import Action, owned
from gp_prestashop.prestashop.targets.matching import unaskable
from gp_prestashop.prestashop.targets.related import Related
from gp_prestashop.prestashop.writer import NOT_WRITABLE, ShopWriter

__all__ = ["READ_ONLY", "RecordHandler"]

READ_ONLY = frozenset({"stock_movements", "order_cart_rules", "shops"})  # the shop's own books
KEPT = frozenset({"date_add", "date_upd"})  # the shop's own clock


class RecordHandler:
    """The document named like ``resource``. ``keys``: the columns that flows use as its key, by its name."""

    def __init__(
        self,
        resource: str,
        client: Callable[[], PrestaShopClient],
        writer: Callable[[], ShopWriter],
        related: Related,
        keys: Mapping[str, set[str]],
    ) -> None:
        self._resource = resource
        self._client = client
        self._writer = writer
        self._related = related
        self._keys = keys

    def shape(self) -> DocumentShape:
        known = facts(self._resource)
        i18n = known.i18n
        left_out = {*KEPT, *NOT_WRITABLE.get(self._resource, ())}
        main = resource_shapes()[self._resource].main
        columns = [
            Column(
                column.name,
                column.type,
                max_length=column.max_length,
                title="in every language" if column.name in i18n else column.title,
                personal=column.personal,
            )
            for column in main.columns
            if column.name not in left_out and (column.name in known.fields or column.name == "id")
        ]
        keys = tuple(column.name for column in columns if column.name not in i18n)
        return DocumentShape("prestashop", self._resource, keys, (Frame("header", tuple(columns)),))

    def preflight(self, documents: Sequence[Document]) -> list[Problem]:  # noqa: ARG002
        return []

    def existing(self, documents: Sequence[Document]) -> dict[str, Existing]:
        found: dict[str, Existing] = {}
        for field, some in self._by_key(documents).items():
            rows = self._rows(field, [document.key for document in some])
            for document in some:
                there = rows.get(document.key, [])
                if odd := unaskable(document):
                    found[document.key] = odd
                elif len(there) > 1:
                    found[document.key] = self._ambiguous(document, field, there)
                elif there:
                    found[document.key] = as_existing(document, self._difference(document, there[0]))
        return found

    def write(self, document: Document, action: Action) -> Outcome:
        """The record is read right before, and once more after."""
        field = self._key_of(document)
        there = self._rows(field, [document.key]).get(document.key, [])
        if len(there) > 1:
            raise DataError("ambiguous", self._ambiguous(document, field, there).sentence)
        if action == "change" or there:
            if not there:
                raise DataError("record_gone", f"{self._resource} {document.key} is no longer in the shop.")
            change = {"id": there[0]["id"], **self._entity({k: v for k, v in owned(document).items() if k != "id"})}
            self._writer().update(self._resource, [change])
        elif field == "id":
            raise DataError("not_in_shop", f"The shop has no {self._resource} {document.key}.")
        else:
            given = {name: value for name, value in document.header.items() if value is not None and name != "id"}
            self._writer().create(self._resource, [self._entity(given)])
        return self._read_back(document, field, action)

    def _read_back(self, document: Document, field: str, action: Action) -> Outcome:
        rows = self._rows(field, [document.key]).get(document.key, [])
        left = as_existing(document, self._difference(document, rows[0])).difference if len(rows) == 1 else {}
        if len(rows) != 1 or (left and action == "change"):
            what = f"shows something else in {', '.join(left)}" if left else f"is there {len(rows)} times"
            raise InDoubt("read_back_differs", f"{self._resource} {document.key} was written, and {what}.")
        return Outcome("created" if action == "create" else "changed", document.key, {"id": int(rows[0]["id"])})

    def _by_key(self, documents: Sequence[Document]) -> dict[str, list[Document]]:
        found: dict[str, list[Document]] = {}
        for document in documents:
            found.setdefault(self._key_of(document), []).append(document)
        return found

    def _key_of(self, document: Document) -> str:
        """The column that the document's key is in; of those that flows use for it."""
        for field in sorted(self._keys.get(self._resource, ()), key=lambda name: name != "id"):
            if str(document.header.get(field)) == document.key:
                return field
        raise DataError("no_key", f"{self._resource} {document.key} has no column that holds its key.")

    def _rows(self, field: str, keys: Sequence[str]) -> dict[str, list[Row]]:
        askable = [key for key in dict.fromkeys(keys) if not set("|[],") & set(key)]
        found: dict[str, list[Row]] = {}
        for page in self._client().keyed(self._resource, field, askable) if askable else ():
            for row in page:
                found.setdefault(str(row.get(field)), []).append(row)
        return found

    def _ambiguous(self, document: Document, field: str, rows: Sequence[Row]) -> Existing:
        ids = ", ".join(str(row["id"]) for row in rows)
        sentence = f"The {self._resource} {ids} of the shop all have {field} = {document.key}."
        return Existing(ours=False, same=False, status="work", sentence=sentence)

    def _entity(self, columns: Mapping[str, Any]) -> dict[str, Any]:
        texts = facts(self._resource).i18n
        return {
            name: self._related.in_all_languages(str(value)) if name in texts else self._plain(value)
            for name, value in columns.items()
        }

    def _plain(self, value: Any) -> Any:
        """Dates as the shop writes them."""
        return (
            value.isoformat(sep=" ")
            if hasattr(value, "hour")
            else value.isoformat()
            if hasattr(value, "day")
            else value
        )

    def _difference(self, document: Document, row: Row) -> dict[str, tuple[Any, Any]]:
        given = {name: value for name, value in document.header.items() if value is not None and name != "id"}
        return {
            name: shown(row.get(name), wanted)
            for name, wanted in self._entity(given).items()
            if differs(row.get(name), wanted)
        }
