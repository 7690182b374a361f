"""The look-up list ``gp.posted_invoices``: what of an order is posted, by its number and a position from 1, oldest first.

An invoice names the document that it was transferred from (ORIGNUMB): the order, or a back order of it. One that names
none was made in place of an order, and has its number. Voided ones are not there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from gp_prestashop.gp.database import GpDatabase, Row
from gp_prestashop.gp.guard_orders import INVOICE
from gp_prestashop.keys import key_text
from gp_prestashop.mapping.shapes import Column, LookupList

__all__ = ["POSTED_INVOICES", "posted_invoices", "posted_invoices_list"]

POSTED_INVOICES = "gp.posted_invoices"
BACK_ORDER = 5  # SOPTYPE
Key = tuple[str, ...]


def posted_invoices_list() -> LookupList:
    invoice = Column("INVOICE", max_length=21, title="SOP Number of the invoice")
    return LookupList(POSTED_INVOICES, ("SOPNUMBE", "position"), (invoice,))


def posted_invoices(database: GpDatabase, keys: Sequence[Key]) -> list[tuple[Key, Mapping[str, Any]]]:
    """Rows by key in upper case, as GP compares."""
    orders = sorted({key[0] for key in keys if key[0]})
    top = {number: number for number in orders} | _back_orders(database, orders)
    invoices: dict[str, list[Row]] = {}
    for row in [*_invoices(database, "SOPNUMBE", orders), *_invoices(database, "ORIGNUMB", sorted(top))]:
        order = top[key_text(row["ORIGNUMB"] or row["SOPNUMBE"])]
        invoices.setdefault(order, []).append(row)
    found: list[tuple[Key, Mapping[str, Any]]] = []
    for order, rows in invoices.items():
        rows.sort(key=lambda row: (row["DOCDATE"], row["SOPNUMBE"]))
        found += [((order, str(at)), {"INVOICE": row["SOPNUMBE"]}) for at, row in enumerate(rows, start=1)]
    return found


def _back_orders(database: GpDatabase, orders: Sequence[str]) -> dict[str, str]:
    """The order of each back order, in work or history."""
    found: dict[str, str] = {}
    for name in ("SOP10100", "SOP30200"):
        table = database.tables[name]
        select = sa.select(table.c.SOPNUMBE, table.c.ORIGNUMB).where(table.c.SOPTYPE == BACK_ORDER)
        rows = database.read_in(table.c.ORIGNUMB, orders, select.where)
        found |= {key_text(row["SOPNUMBE"]): key_text(row["ORIGNUMB"]) for row in rows}
    return found


def _invoices(database: GpDatabase, column: str, numbers: Sequence[str]) -> list[Row]:
    """Posted, by their number (those that name no other document) or by what they name."""
    table = database.tables.SOP30200
    columns = [table.c[name] for name in ("SOPNUMBE", "ORIGNUMB", "DOCDATE")]
    select = sa.select(*columns).where(table.c.SOPTYPE == INVOICE, table.c.VOIDSTTS == 0)
    if column == "SOPNUMBE":
        select = select.where(table.c.ORIGNUMB == "")
    return list(database.read_in(table.c[column], numbers, select.where))
