"""Sales orders with what became of them: SOP10100 ∪ SOP30200, their invoices and back orders, tracking numbers.

Invoices and back orders name the document that they came from (ORIGTYPE, ORIGNUMB), an order's invoice of a back order
its back order. An invoice that names none was made in place of an order (docs/decisions/0012-invoices.md), and is read
like one. Tracking numbers (SOP10107) stay when a document is posted, and carry no date: documents that changed in the
last days are read again with theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa

from gp_prestashop.engine.protocols import Selection
from gp_prestashop.gp.database import GpDatabase, Row
from gp_prestashop.gp.sources.resource import RESOURCES
from gp_prestashop.gp.sources.rows import chosen, jsonable, keyed_pages, keys_changed, ordered_pages
from gp_prestashop.keys import key_text

__all__ = ["OrderReader", "status_of"]

ORDER, INVOICE, BACK_ORDER, FULFILMENT = 2, 3, 5, 6  # SOPTYPE
WORK, HISTORY = "SOP10100", "SOP30200"
SHIPPED = 6  # SOPSTATUS of a fulfilment order or invoice
TRACKED = timedelta(days=14)  # how long after its last change a document may still get a tracking number


class OrderReader:
    """Orders, and invoices in their place, whose number starts with ``prefix``: the shop's."""

    def __init__(self, database: GpDatabase, prefix: str) -> None:
        self._database: Final = database
        self._prefix: Final = prefix

    def pages(self, selection: Selection, size: int) -> Iterator[list[dict[str, Any]]]:
        keys = self.selected_keys(selection)
        names = RESOURCES["sales_documents"].columns
        for table, stage in ((WORK, "work"), (HISTORY, "history")):
            conditions = self._ours(table, selection.created)
            pages = (
                ordered_pages(self._database, table, "SOPNUMBE", names, conditions, size)
                if keys is None
                else keyed_pages(self._database, table, "SOPNUMBE", names, conditions, keys, size)
            )
            for page in pages:
                yield self._complete(page, stage)

    def selected_keys(self, selection: Selection) -> list[str] | None:
        """Order numbers to read; None for all of the selection's days. Changes of followers and recent tracking count."""
        if selection.keys is not None:
            return list(selection.keys)
        if selection.changed_since is None:
            return None
        found: set[str] = set()
        tracked = set(self._tracked(selection))
        for table in (WORK, HISTORY):
            found |= keys_changed(self._database, table, "SOPNUMBE", selection.changed_since, self._ours(table, None))
            followers = self._database.tables[table]
            changed = keys_changed(
                self._database, table, "SOPNUMBE", selection.changed_since,
                [followers.c.SOPTYPE.in_((INVOICE, BACK_ORDER, FULFILMENT)), followers.c.ORIGNUMB > ""],
            )  # fmt: skip
            tracked |= changed
        return sorted(found | self._origins(tracked))

    def _ours(self, table: str, days: tuple[date, date] | None) -> list[Any]:
        header = self._database.tables[table]
        at_once = sa.and_(header.c.SOPTYPE == INVOICE, header.c.ORIGNUMB == "")
        conditions: list[Any] = [sa.or_(header.c.SOPTYPE == ORDER, at_once)]
        if self._prefix:
            conditions.append(sa.func.left(header.c.SOPNUMBE, len(self._prefix)) == self._prefix)
        if days is not None:
            conditions += [days[0] <= header.c.DOCDATE, days[1] >= header.c.DOCDATE]
        return conditions

    def _tracked(self, selection: Selection) -> Iterator[str]:
        """Documents of the last days that have tracking numbers."""
        if selection.changed_since is None:
            return
        numbers = self._database.tables.SOP10107
        for table in (WORK, HISTORY):
            header = self._database.tables[table]
            since = (selection.changed_since - TRACKED).date()
            both = sa.and_(header.c.SOPNUMBE == numbers.c.SOPNUMBE, header.c.SOPTYPE == numbers.c.SOPTYPE)
            statement = (
                sa.select(header.c.SOPNUMBE)
                .select_from(header.join(numbers, both))
                .where(since <= header.c.DEX_ROW_TS)
                .distinct()
            )
            yield from (str(row["SOPNUMBE"]) for row in self._database.read(statement))

    def _origins(self, numbers: set[str]) -> set[str]:
        """The orders of ours that these documents are, or came from, directly or by a back order."""
        found: set[str] = set()
        todo = set(numbers)
        for _ in range(3):
            found |= {number for number in todo if key_text(number).startswith(key_text(self._prefix))}
            above: set[str] = set()
            for table in (WORK, HISTORY):
                header = self._database.tables[table]
                came = sa.select(header.c.ORIGNUMB).where(header.c.ORIGNUMB > "")
                rows = self._database.read_in(header.c.SOPNUMBE, sorted(todo), came.where)
                above |= {str(row["ORIGNUMB"]) for row in rows}
            todo = above - found
        return found

    def _complete(self, page: Sequence[Row], stage: str) -> list[dict[str, Any]]:
        numbers = [str(row["SOPNUMBE"]) for row in page]
        followers = self._followers(numbers)
        short = self._back_ordered(numbers) if stage == "work" else set()
        chain = {(str(row["SOPNUMBE"]), int(row["SOPTYPE"])) for row in page}
        chain |= {(str(one["SOPNUMBE"]), int(one["SOPTYPE"])) for rows in followers.values() for one in rows}
        tracking = self._tracking(chain)
        records = []
        for number, row in zip(numbers, page, strict=True):
            behind = followers.get(key_text(number), [])
            documents = [
                (number, int(row["SOPTYPE"])),
                *((str(one["SOPNUMBE"]), int(one["SOPTYPE"])) for one in behind),
            ]
            found = [line for document in documents for line in tracking.get((key_text(document[0]), document[1]), ())]
            records.append(
                {
                    **jsonable(row),
                    "STAGE": stage,
                    "STATUS": status_of(row, stage, behind, back_ordered=key_text(number) in short),
                    "followers": [jsonable(one) for one in behind],
                    "tracking": list({line["Tracking_Number"]: line for line in found}.values()),
                }
            )
        return records

    def _followers(self, numbers: Sequence[str]) -> dict[str, list[Row]]:
        """Invoices, back orders and fulfilment orders by the order that they come from in the end."""
        found: dict[str, list[Row]] = {}
        root = {key_text(number): key_text(number) for number in numbers}
        todo = list(numbers)
        for _ in range(2):
            below: list[str] = []
            for table, stage in ((WORK, "work"), (HISTORY, "history")):
                header = self._database.tables[table]
                columns = chosen(
                    self._database, table, ("SOPNUMBE", "SOPTYPE", "ORIGNUMB", "VOIDSTTS", "SOPSTATUS", "DOCDATE")
                )
                kinds = header.c.SOPTYPE.in_((INVOICE, BACK_ORDER, FULFILMENT))
                below_it = sa.select(*columns).where(kinds).order_by(header.c.SOPNUMBE)
                rows = self._database.read_in(header.c.ORIGNUMB, todo, below_it.where)
                for row in rows:
                    top = root[key_text(row.pop("ORIGNUMB"))]
                    found.setdefault(top, []).append({**row, "STAGE": stage})
                    if row["SOPTYPE"] != INVOICE:
                        root[key_text(row["SOPNUMBE"])] = top
                        below.append(str(row["SOPNUMBE"]))
            todo = below
        return found

    def _back_ordered(self, numbers: Sequence[str]) -> set[str]:
        lines = self._database.tables.SOP10200
        rows = self._database.read_in(
            lines.c.SOPNUMBE,
            numbers,
            lambda among: (
                sa.select(lines.c.SOPNUMBE)
                .where(among, lines.c.SOPTYPE.in_((ORDER, INVOICE)), lines.c.QTYTBAOR > 0)
                .distinct()
            ),
        )
        return {key_text(row["SOPNUMBE"]) for row in rows}

    def _tracking(self, documents: set[tuple[str, int]]) -> dict[tuple[str, int], list[dict[str, Any]]]:
        table = self._database.tables.SOP10107
        columns = [table.c[name] for name in ("Tracking_Number", "SOPNUMBE", "SOPTYPE")]
        rows = self._database.read_in(
            table.c.SOPNUMBE,
            sorted({number for number, _ in documents}),
            lambda among: sa.select(*columns).where(among).order_by(table.c.SOPNUMBE, table.c.Tracking_Number),
        )
        found: dict[tuple[str, int], list[dict[str, Any]]] = {}
        for row in rows:
            if row["Tracking_Number"]:
                found.setdefault((key_text(row["SOPNUMBE"]), int(row["SOPTYPE"])), []).append(row)
        return found


def status_of(
    order: Mapping[str, Any], stage: str, followers: Sequence[Mapping[str, Any]], *, back_ordered: bool
) -> str:
    """One word for what became of an order.

    ``invoiced``: all of it is posted. ``partial``: some invoice is posted, and more is to come. ``shipped``: nothing is
    posted yet, but its fulfilment order or invoice says that the goods have left. ``back_ordered``: it waits for goods.
    """
    if order["VOIDSTTS"]:
        return "voided"
    living = [one for one in followers if not one["VOIDSTTS"]]
    if order["SOPTYPE"] == INVOICE:
        living.append({**order, "STAGE": stage})
    posted = [one for one in living if one["SOPTYPE"] == INVOICE and one["STAGE"] == "history"]
    open_ = [one for one in living if one["STAGE"] == "work"]
    if stage == "history" and not open_ and (posted or not followers):
        return "invoiced"
    if posted:
        return "partial"
    if any(one["SOPTYPE"] != BACK_ORDER and one["SOPSTATUS"] == SHIPPED for one in open_):
        return "shipped"
    if back_ordered or any(one["SOPTYPE"] == BACK_ORDER for one in open_):
        return "back_ordered"
    return "open"
