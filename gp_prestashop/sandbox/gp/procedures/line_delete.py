"""taSopLineDelete: a line of a sales document in work is removed, with its comment, taxes, components and claims on stock."""

from __future__ import annotations

from gp_prestashop.sandbox.gp.calls import ProcedureResult
from gp_prestashop.sandbox.gp.locks import document_locked
from gp_prestashop.sandbox.gp.node import Node, Row
from gp_prestashop.sandbox.gp.procedures.line_quantities import move_stock
from gp_prestashop.sandbox.gp.recalculate import recalculate

__all__ = ["execute", "remove"]

_WHOLE, _COMPONENT = 1, 2  # DeleteType
_LINES = """
SELECT lnitmseq, cmpntseq, itemnmbr, locncode, atyalloc, qtytbaor, qtybsuom FROM {company}.sop10200
WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s AND itemnmbr = %(ITEMNMBR)s
  AND (lnitmseq = %(LNITMSEQ)s OR %(LNITMSEQ)s = 0)
  AND ((%(DeleteType)s = 1 AND cmpntseq = 0) OR (%(DeleteType)s = 2 AND cmpntseq > 0
       AND (cmpntseq = %(CMPNTSEQ)s OR %(CMPNTSEQ)s = 0)))
ORDER BY lnitmseq, cmpntseq
"""
_LINKED = """
SELECT 1 AS linked FROM {company}.sop60100 WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s
  AND lnitmseq = %(line)s AND (cmpntseq = %(component)s OR %(component)s = 0)
"""
_OF_LINE = "sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s AND lnitmseq = %(line)s"


def execute(node: Node) -> ProcedureResult:
    if not node.check_not_null(407):
        return node.result()
    node.check_range({"SOPTYPE": 411}, range(1, 7))
    node.check_range({"RequesterTrx": 2220, "RecreateDist": 752})
    node.error(408, when=not (node["SOPNUMBE"] and node["ITEMNMBR"]))
    node.check_range({"DeleteType": 3566}, (_WHOLE, _COMPONENT))
    if node.errors:
        return node.result()
    found = node.all(_LINES)
    node.error(409, when=len(found) > 1)  # the reference gives no meaning; the documentation wants LNITMSEQ then
    missing = 999 if node["DeleteType"] == _WHOLE else 3449
    node.error(missing, when=not found)
    if len(found) == 1:
        key = {"line": found[0]["lnitmseq"], "component": found[0]["cmpntseq"]}
        node.error(2091, when=node.one(_LINKED, {**node.values, **key}) is not None)
    node.error(7017, when=document_locked(node, node["SOPTYPE"], node["SOPNUMBE"]))
    if not node.errors:
        remove(node, found[0])
        recalculate(node, node["SOPTYPE"], node["SOPNUMBE"])
    return node.result()


def remove(node: Node, line: Row) -> None:
    """Gives stock back and deletes the line's rows; of a component that row only."""
    values = {**node.values, "line": line["lnitmseq"], "component": line["cmpntseq"]}
    component = line["cmpntseq"] > 0
    which = f"{_OF_LINE} AND cmpntseq = %(component)s" if component else _OF_LINE
    for row in node.all(f"SELECT * FROM {{company}}.sop10200 WHERE {which}", values):
        base = row["qtybsuom"]
        move_stock(node, row["itemnmbr"], row["locncode"], -row["atyalloc"] * base, -row["qtytbaor"] * base)
    tables = ("sop10200",) if component else ("sop10200", "sop10202", "sop10105")
    for table in tables:
        node.run(f"DELETE FROM {{company}}.{table} WHERE {which}", values)
