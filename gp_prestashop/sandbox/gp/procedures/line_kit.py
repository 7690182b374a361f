"""Kits (ITEMTYPE 3): sold through their components (IV00104), which take the stock."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal

from gp_prestashop.sandbox.gp.node import Node, Row
from gp_prestashop.sandbox.gp.procedures import component
from gp_prestashop.sandbox.gp.procedures.line_quantities import Quantities, move_stock

__all__ = ["KIT", "available", "insert_components", "remove_components"]

KIT = 3  # ITEMTYPE
_STEP = 16384
_COMPONENTS = """
SELECT k.cmptitnm, k.cmpituom, k.cmpitqty, i.itemtype, COALESCE(u.qtybsuom, 1) AS base,
       GREATEST(0, CASE WHEN q.atyalloc < 0 THEN q.qtyonhnd + q.atyalloc ELSE q.qtyonhnd - q.atyalloc END) AS available
FROM {company}.iv00104 k
JOIN {company}.iv00101 i ON i.itemnmbr = k.cmptitnm
LEFT JOIN {company}.iv40202 u ON u.uomschdl = i.uomschdl AND u.uofm = k.cmpituom
LEFT JOIN {company}.iv00102 q ON q.itemnmbr = k.cmptitnm AND q.rcrdtype = 2 AND q.locncode = %(site)s
WHERE k.itemnmbr = %(item)s ORDER BY k.seqnumbr, k.cmptitnm
"""
_OLD = """
SELECT itemnmbr, locncode, atyalloc, qtytbaor, qtybsuom FROM {company}.sop10200
WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s AND lnitmseq = %(line)s AND cmpntseq > 0
"""


def _components(node: Node, item: str, site: str) -> list[Row]:
    return node.all(_COMPONENTS, {"item": item, "site": site})


def available(node: Node, item: str, site: str) -> Decimal:
    """How many kits the scarcest component allows for, in whole kits."""
    stocked = [row for row in _components(node, item, site) if row["itemtype"] in {1, 2}]
    kits = [(row["available"] or 0) / (row["cmpitqty"] * row["base"]) for row in stocked if row["cmpitqty"]]
    return min(kits, default=Decimal(999_999)).to_integral_value(ROUND_FLOOR)


def insert_components(node: Node, item: str, site: str, line: int, quantities: Quantities) -> None:
    """The components of the line's kits, unless the caller sends them himself (KitCompMan=1). Notes 115."""
    if node["KitCompMan"] == 1:
        return
    for place, row in enumerate(_components(node, item, site), start=1):
        each = row["cmpitqty"]
        buckets = {name: node[name] * each for name in ("QTYONHND", "QTYRTRND", "QTYINUSE", "QTYINSVC", "QTYDMGED")}
        call = node.child(
            "taSopLineIvcInsertComponent",
            {
                "SOPTYPE": node["SOPTYPE"], "SOPNUMBE": node["SOPNUMBE"], "LNITMSEQ": line, "CMPNTSEQ": place * _STEP,
                "ITEMNMBR": row["cmptitnm"], "CMPITUOM": row["cmpituom"], "CUSTNMBR": node["CUSTNMBR"],
                "DOCID": node["DOCID"], "LOCNCODE": site, "QUANTITY": quantities.ordered * each,
                "QTYTBAOR": quantities.back_ordered * each, "QTYCANCE": quantities.cancelled * each, **buckets,
            },
        )  # fmt: skip
        component.execute(call)
        node.absorb(call.errors, 115)


def remove_components(node: Node, line: int) -> None:
    values = {**node.values, "line": line}
    for row in node.all(_OLD, values):
        base = row["qtybsuom"]
        move_stock(node, row["itemnmbr"], row["locncode"], -row["atyalloc"] * base, -row["qtytbaor"] * base)
    node.run(
        "DELETE FROM {company}.sop10200 WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s"
        " AND lnitmseq = %(line)s AND cmpntseq > 0",
        values,
    )
