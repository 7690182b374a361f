"""Look-up lists about the lines of sales documents: which site has the goods, and which site a line is at already.

``gp.site_with_stock`` answers for (item, base units wanted, sites) with the first of the sites (with commas) that has so
many to sell: on hand less allocated less open lines that nothing is allocated to, kits by their components.
``gp.sales_lines`` holds the lines of orders and invoices, work and history (SOP10200 ∪ SOP30300).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa

from gp_prestashop.gp.database import GpDatabase
from gp_prestashop.gp.guard_orders import INVOICE, ORDER
from gp_prestashop.gp.sources.stock import free_stock
from gp_prestashop.keys import key_text
from gp_prestashop.mapping.shapes import Column, LookupList

__all__ = ["ABOUT_LINES", "line_lists", "line_rows"]

Key = tuple[str, ...]
STOCK, LINES = "gp.site_with_stock", "gp.sales_lines"
ABOUT_LINES = (STOCK, LINES)


def line_lists() -> dict[str, LookupList]:
    site = Column("LOCNCODE", max_length=11, title="Site ID")
    quantity = Column("QUANTITY", "DECIMAL(19,5)", title="Quantity, in the line's unit")
    return {
        STOCK: LookupList(STOCK, ("ITEMNMBR", "base_units", "sites"), (site,)),
        LINES: LookupList(LINES, ("SOPNUMBE", "LNITMSEQ", "ITEMNMBR"), (site, quantity)),
    }


def line_rows(database: GpDatabase, name: str, keys: Sequence[Key]) -> list[tuple[Key, Mapping[str, Any]]]:
    """Rows by key in upper case, as GP compares."""
    return _with_stock(database, keys) if name == STOCK else _lines(database, keys)


def _with_stock(database: GpDatabase, keys: Sequence[Key]) -> list[tuple[Key, Mapping[str, Any]]]:
    free = free_stock(database, sorted({key[0] for key in keys if key[0]}))
    found: list[tuple[Key, Mapping[str, Any]]] = []
    for key in keys:
        item, wanted, sites = key
        there = {key_text(site): amount for site, amount in free.get(item, {}).items()}
        for site in (one.strip() for one in sites.split(",")):
            if there.get(site, Decimal(-1)) >= _number(wanted):
                found.append((key, {"LOCNCODE": site}))
                break
    return found


def _number(text: str) -> Decimal:
    """What cannot be read as a number is more than anything that there is."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("Infinity")


def _lines(database: GpDatabase, keys: Sequence[Key]) -> list[tuple[Key, Mapping[str, Any]]]:
    found: list[tuple[Key, Mapping[str, Any]]] = []
    for name in ("SOP30300", "SOP10200"):  # a work row wins
        table = database.tables[name]
        columns = [table.c[c] for c in ("SOPNUMBE", "LNITMSEQ", "ITEMNMBR", "LOCNCODE", "QUANTITY")]
        ours = (table.c.SOPTYPE.in_((ORDER, INVOICE)), table.c.CMPNTSEQ == 0)
        statement = sa.select(*columns).where(*ours)
        for row in database.read_in(table.c.SOPNUMBE, sorted({key[0] for key in keys if key[0]}), statement.where):
            key = key_text(row["SOPNUMBE"]), str(row["LNITMSEQ"]), key_text(row["ITEMNMBR"])
            found.append((key, {"LOCNCODE": row["LOCNCODE"], "QUANTITY": row["QUANTITY"]}))
    return found
