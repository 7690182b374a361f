"""How much of a line is taken from stock, back ordered or cancelled, and the stock rows that follow (IV00102)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from gp_prestashop.sandbox.gp.money import ZERO, decimals, rounded
from gp_prestashop.sandbox.gp.node import Node, Row

__all__ = ["Quantities", "decide", "move_stock"]

_AVAILABLE = """
SELECT GREATEST(0, CASE WHEN atyalloc < 0 THEN qtyonhnd + atyalloc ELSE qtyonhnd - atyalloc END) AS available
FROM {company}.iv00102 WHERE itemnmbr = %(item)s AND rcrdtype = 2 AND locncode = %(site)s FOR UPDATE
"""

_MOVE = """
UPDATE {company}.iv00102 SET atyalloc = atyalloc + %(allocated)s, qtybkord = qtybkord + %(back_ordered)s
WHERE itemnmbr = %(item)s AND ((rcrdtype = 2 AND locncode = %(site)s) OR (rcrdtype = 1 AND locncode = ''))
"""


@dataclass(frozen=True)
class Quantities:
    """In the line's unit of measure. `total` = `ordered` + `back_ordered` + `cancelled` (SOP10200.QUANTITY)."""

    total: Decimal
    ordered: Decimal
    back_ordered: Decimal
    cancelled: Decimal
    allocated: Decimal = ZERO


def decide(node: Node, x: Row, kits: Decimal | None = None) -> Quantities:
    """Applies the shortage option when stock does not suffice; notes 4776 when the item forbids back orders.

    `kits`: how many of a kit its components allow for; the components do the allocating then.
    """
    total = node["TOTALQTY"] or node["QUANTITY"] + node["QTYCANCE"] + node["QTYTBAOR"]
    asked = Quantities(total, node["QUANTITY"], node["QTYTBAOR"], node["QTYCANCE"])
    stocked = x["itemnmbr"] is not None and x["itemtype"] in {1, 2} and x["stocked"] is not None
    stocked = stocked or kits is not None
    if not stocked or node["SOPTYPE"] not in {2, 3, 6} or node["DROPSHIP"] == 1 or node["QUANTITY"] <= 0:
        return asked
    decided = _after_shortage(node, x, asked, kits) if node["QtyShrtOpt"] != 2 else asked
    if kits is not None:
        return decided
    allocates = (x["allocaby"] or 1) == 1 or node["ALLOCATE"] == 1
    return replace(decided, allocated=decided.ordered) if allocates else decided


def _after_shortage(node: Node, x: Row, asked: Quantities, kits: Decimal | None) -> Quantities:
    base = x["qtybsuom"] or Decimal(1)
    if kits is None:
        available = node.row(_AVAILABLE, {"item": x["itemnmbr"], "site": x["site"]})["available"]
    else:
        available = kits * base
    if asked.ordered * base <= available:
        return asked
    option = node["QtyShrtOpt"]
    places = decimals(x["decplqty"])
    kept = ZERO if option in {3, 5} else min(asked.ordered, rounded(available / base, places))
    short = asked.ordered - kept
    if option in {3, 4}:
        node.error(4776, when=x["alwbkord"] == 0)
        return replace(asked, ordered=kept, back_ordered=asked.back_ordered + short)
    if option in {5, 6}:
        return replace(asked, ordered=kept, cancelled=asked.cancelled + short)
    return replace(asked, total=asked.total - short, ordered=kept)  # sell balance: the rest is not sold


def move_stock(node: Node, item: str, site: str, allocated: Decimal, back_ordered: Decimal) -> None:
    """Adds base-unit quantities to the site's row and to the item's summary row; negative to give them back."""
    if allocated or back_ordered:
        node.run(_MOVE, {"item": item, "site": site, "allocated": allocated, "back_ordered": back_ordered})
