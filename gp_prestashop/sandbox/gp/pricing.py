"""The price list: IV00108 rows read as the item's price method (IV00101.PRICMTHD) says."""

from __future__ import annotations

from decimal import Decimal

from gp_prestashop.sandbox.gp.money import ZERO, rounded
from gp_prestashop.sandbox.gp.node import Node, Row

__all__ = ["list_price"]

_ROW = """
SELECT uomprice FROM {company}.iv00108
WHERE itemnmbr = %(item)s AND curncyid = %(currency)s AND prclevel = %(level)s AND uofm = %(uofm)s
  AND %(quantity)s BETWEEN fromqty AND toqty ORDER BY toqty LIMIT 1
"""


def list_price(node: Node, x: Row, currency_id: str, places: int) -> tuple[Decimal, str]:
    """The unit price and its level for DEFPRICING=1: the line's level, else the customer's, the setup's, the item's.

    Notes 771 (no level) or 9177 (no row) and gives zero.
    """
    levels = (node["PRCLEVEL"], x["cust_prclevel"], x["setup_prclevel"], x["item_prclevel"])
    level = next((level for level in levels if level), "")
    if not level:
        node.error(771)
        return ZERO, ""
    values = {
        "item": x["itemnmbr"], "currency": currency_id, "level": level, "uofm": x["uofm"], "quantity": node["QUANTITY"],
    }  # fmt: skip
    found = node.one(_ROW, values)
    if found is None:
        node.error(9177)
        return ZERO, level
    return rounded(_price(x, found["uomprice"]), places), level


def _price(x: Row, value: Decimal) -> Decimal:
    """`value` is an amount for method 1, a percentage for 2 to 6; costs are for the base unit."""
    share, units = value / 100, x["qtybsuom"] or Decimal(1)
    match x["pricmthd"]:
        case 2:
            return Decimal(x["listprce"] or 0) * share
        case 3:
            return Decimal(x["currcost"]) * units * (1 + share)
        case 4:
            return Decimal(x["stndcost"]) * units * (1 + share)
        case 5:
            return Decimal(x["currcost"]) * units / (1 - share)
        case 6:
            return Decimal(x["stndcost"]) * units / (1 - share)
    return value
