"""The update path of taSopLineIvcInsert (UpdateIfExists=1): the line found, its stock given back, its row replaced."""

from __future__ import annotations

from collections.abc import Mapping

from gp_prestashop.sandbox.gp.locks import document_locked
from gp_prestashop.sandbox.gp.node import Node, Row
from gp_prestashop.sandbox.gp.procedures.line_quantities import move_stock

__all__ = ["find", "give_back", "save"]

_LINES = """
SELECT lnitmseq, itemnmbr, locncode, atyalloc, qtytbaor, qtybsuom, qtyprinv FROM {company}.sop10200
WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s AND cmpntseq = 0
  AND (lnitmseq = %(LNITMSEQ)s OR (%(LNITMSEQ)s = 0 AND itemnmbr = %(ITEMNMBR)s))
"""


def find(node: Node, x: Row) -> Row | None:
    """The line to update, by LNITMSEQ or as the item's only line; None adds a line. Notes 2079, 2609, 1741, 2262."""
    node.error(2079, when=document_locked(node, node["SOPTYPE"], node["SOPNUMBE"]))
    found = node.all(_LINES)
    node.error(2609, when=len(found) > 1)
    if len(found) != 1:
        return None
    line = found[0]
    node.error(1741, when=x["itemnmbr"] is not None and line["itemnmbr"].upper() != x["itemnmbr"].upper())
    total = node["TOTALQTY"] or node["QUANTITY"] + node["QTYCANCE"] + node["QTYTBAOR"]
    node.error(2262, when=total < line["qtyprinv"])
    return line


def give_back(node: Node, line: Row) -> None:
    base = line["qtybsuom"]
    move_stock(node, line["itemnmbr"], line["locncode"], -line["atyalloc"] * base, -line["qtytbaor"] * base)


def save(node: Node, row: Mapping[str, object]) -> None:
    """The row is written anew (taSopLineDelete, then an insert), so the line's tax rows are gone."""
    key = {name: row[name] for name in ("SOPNUMBE", "SOPTYPE", "CMPNTSEQ", "LNITMSEQ")}
    node.update("SOP10200", {name: value for name, value in row.items() if name not in key}, key)
    where = "sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s AND lnitmseq = %(LNITMSEQ)s"
    node.run(f"DELETE FROM {{company}}.sop10105 WHERE {where}", key)
