"""Quantities by site (IV00102), with the open order lines that no stock is allocated to, and kits from components."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Any

import sqlalchemy as sa

from gp_prestashop.gp.database import GpDatabase, Row
from gp_prestashop.keys import key_text

__all__ = ["Demand", "complete_stock", "free_stock", "kits_of"]

KIT = 3  # IV00101.ITEMTYPE
STOCKED = (1, 2)  # sales inventory, discontinued
OPEN_TYPES = (2, 3, 6)  # SOPTYPE: orders, invoices, fulfilment orders; quotes and returns take nothing
# What of a line is neither allocated nor on its way, received, back ordered, transferred or cancelled.
TAKEN = ("ATYALLOC", "QTYONPO", "QTYRECVD", "QTYTBAOR", "QTYPRBAC", "QTYPRINV", "QTYCANCE")
ZERO = Decimal("0.00000")
FIVE = ZERO  # decimals of GP's quantities

SiteKey = tuple[str, str]  # item, site


class Demand:
    """Unallocated demand by item and site, in base units. Read once, before the quantities: what is allocated in
    between then counts twice for a moment, and too little is offered rather than too much."""

    def __init__(self, database: GpDatabase, items: Sequence[str] | None) -> None:
        self._database = database
        self._open = self._read(items)

    def of(self, item: str, site: str) -> Decimal:
        return max(self._open.get((key_text(item), key_text(site)), ZERO), ZERO).quantize(FIVE)

    def ensure(self, items: Iterable[str]) -> None:
        """Also for these (components of kits)."""
        self._open |= self._read(list(items))

    def _read(self, items: Sequence[str] | None) -> dict[SiteKey, Decimal]:
        lines = self._database.tables.SOP10200
        left: Any = lines.c.QUANTITY
        for name in TAKEN:
            left = left - lines.c[name]
        quantity = sa.cast(sa.func.sum(left * lines.c.QTYBSUOM), sa.Numeric(19, 5)).label("QUANTITY")
        group = (lines.c.ITEMNMBR, lines.c.LOCNCODE)
        base = (lines.c.SOPTYPE.in_(OPEN_TYPES), lines.c.DROPSHIP == 0)

        def statement(*conditions: Any) -> sa.Select[Any]:
            return sa.select(*group, quantity).where(*base, *conditions).group_by(*group)

        rows = (
            self._database.read(statement())
            if items is None
            else self._database.read_in(lines.c.ITEMNMBR, items, statement)
        )
        return {(key_text(row["ITEMNMBR"]), key_text(row["LOCNCODE"])): row["QUANTITY"] for row in rows}


def complete_stock(database: GpDatabase, page: Sequence[Row], sites: dict[str, list[Row]], demand: Demand) -> None:
    """Adds UNALLOCATED to each site's row, and gives kits rows of what their components make."""
    kits = [str(row["ITEMNMBR"]) for row in page if row["ITEMTYPE"] == KIT]
    for key, rows in sites.items():
        for row in rows:
            row["UNALLOCATED"] = demand.of(key, row["LOCNCODE"])
    if kits:
        sites |= _kit_rows(database, kits, demand)


def free_stock(database: GpDatabase, items: Sequence[str]) -> dict[str, dict[str, Decimal]]:
    """By item (upper case) and site: base units that nobody has claimed; of a kit, how many its components make."""
    demand = Demand(database, items)
    free = _available(database, items, demand)
    made = _components(database, items)
    kits = [item for item in items if key_text(item) in made]
    for kit, rows in _kit_rows(database, kits, demand).items() if kits else ():
        free[key_text(kit)] = {row["LOCNCODE"]: row["QTYONHND"] for row in rows}
    return free


def kits_of(database: GpDatabase, components: Sequence[str]) -> set[str]:
    """The kits that these items are components of."""
    table = database.tables.IV00104
    rows = database.read_in(
        table.c.CMPTITNM, components, lambda among: sa.select(table.c.ITEMNMBR).where(among).distinct()
    )
    return {str(row["ITEMNMBR"]) for row in rows}


def _kit_rows(database: GpDatabase, kits: Sequence[str], demand: Demand) -> dict[str, list[Row]]:
    """For each kit and site how many can be made there: QTYONHND, with nothing allocated.

    A kit leaves from one site, so the scarcest component counts for each site by itself.
    """
    parts = _components(database, kits)
    items = {str(part["CMPTITNM"]) for rows in parts.values() for part in rows}
    demand.ensure(sorted(items))
    available = _available(database, sorted(items), demand)
    found: dict[str, list[Row]] = {}
    for kit in kits:
        needed = parts.get(key_text(kit), [])
        places = sorted({site for part in needed for site in available.get(key_text(part["CMPTITNM"]), {})})
        found[kit] = [_kit_row(kit, site, needed, available) for site in places]
    return found


def _kit_row(kit: str, site: str, needed: Sequence[Row], available: Mapping[str, Mapping[str, Decimal]]) -> Row:
    counts = [
        (available.get(key_text(part["CMPTITNM"]), {}).get(site, ZERO) / part["EACH"]).to_integral_value(ROUND_FLOOR)
        for part in needed
        if part["EACH"] > 0
    ]
    made = min(counts, default=ZERO)
    blank = dict.fromkeys(("ATYALLOC", "QTYBKORD", "QTYONORD", "SFTYSTCKQTY", "UNALLOCATED"), ZERO)
    return {"ITEMNMBR": kit, "LOCNCODE": site, "QTYONHND": made, **blank, "INACTIVE": 0}


def _components(database: GpDatabase, kits: Sequence[str]) -> dict[str, list[Row]]:
    """Components that carry stock, with EACH: base units of the component in one kit. Services need none."""
    parts, items, units = (database.tables[name] for name in ("IV00104", "IV00101", "IV40202"))
    columns = [parts.c[name] for name in ("ITEMNMBR", "CMPTITNM", "CMPITUOM", "CMPITQTY")]
    joined = parts.join(items, items.c.ITEMNMBR == parts.c.CMPTITNM).outerjoin(
        units, sa.and_(units.c.UOMSCHDL == items.c.UOMSCHDL, units.c.UOFM == parts.c.CMPITUOM)
    )

    def statement(among: Any) -> sa.Select[Any]:
        return sa.select(*columns, units.c.QTYBSUOM).select_from(joined).where(among, items.c.ITEMTYPE.in_(STOCKED))

    found: dict[str, list[Row]] = {}
    for row in database.read_in(parts.c.ITEMNMBR, kits, statement):
        row["EACH"] = row["CMPITQTY"] * (row["QTYBSUOM"] or Decimal(1))
        found.setdefault(key_text(row["ITEMNMBR"]), []).append(row)
    return found


def _available(database: GpDatabase, items: Sequence[str], demand: Demand) -> dict[str, dict[str, Decimal]]:
    table = database.tables.IV00102
    columns = [table.c[name] for name in ("ITEMNMBR", "LOCNCODE", "QTYONHND", "ATYALLOC")]
    found: dict[str, dict[str, Decimal]] = {}
    for row in database.read_in(
        table.c.ITEMNMBR, items, lambda among: sa.select(*columns).where(among, table.c.RCRDTYPE == 2)
    ):
        free = row["QTYONHND"] - abs(row["ATYALLOC"]) - demand.of(row["ITEMNMBR"], row["LOCNCODE"])
        found.setdefault(key_text(row["ITEMNMBR"]), {})[str(row["LOCNCODE"])] = max(free, ZERO)
    return found
