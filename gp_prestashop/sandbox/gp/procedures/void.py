"""taSopVoidDocument: a work document becomes a voided document of history."""

from __future__ import annotations

from gp_prestashop.sandbox.gp.batch import add_to_batch
from gp_prestashop.sandbox.gp.calls import ProcedureResult
from gp_prestashop.sandbox.gp.history import move_statements
from gp_prestashop.sandbox.gp.locks import document_locked
from gp_prestashop.sandbox.gp.node import Node
from gp_prestashop.sandbox.gp.numbers import audit_trail_code
from gp_prestashop.sandbox.gp.procedures.line_quantities import move_stock
from gp_prestashop.sandbox.gp.procedures.payment import remove_payment
from gp_prestashop.sandbox.gp.values import BLANK_DATE

__all__ = ["execute"]

_FACTS = """
SELECT h.sopnumbe, h.bachnumb, h.docamnt,
       EXISTS (SELECT 1 FROM {company}.sop30200 WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s) AS history,
       EXISTS (SELECT 1 FROM {company}.sop60100 WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s) AS linked
FROM (SELECT 1) one LEFT JOIN {company}.sop10100 h ON h.sopnumbe = %(SOPNUMBE)s AND h.soptype = %(SOPTYPE)s
"""
_PAYMENTS = "SELECT * FROM {company}.sop10103 WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s AND delete1 = 0"
_LINES = """
SELECT itemnmbr, locncode, atyalloc, qtytbaor, qtybsuom FROM {company}.sop10200
WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s ORDER BY lnitmseq
"""
_SATELLITES = ("sop10101", "sop10104", "sop10105", "sop10202", "sop10103")


def execute(node: Node) -> ProcedureResult:
    """Payments and deposits go first (RemovePayments=1), stock is given back, the batch 'Sales Void' takes the document."""
    if not node.check_not_null(7000):
        return node.result()
    node.error(7001, when=not (node["SOPTYPE"] and node["SOPNUMBE"]))
    node.check_range({"RemovePayments": 1588})
    node.check_range({"SOPTYPE": 7003}, range(1, 7))
    x = node.row(_FACTS)
    node.error(7004, when=x["history"])
    node.error(2939, when=x["sopnumbe"] is None)
    node.error(3422, when=x["linked"])
    node.error(7134, when=document_locked(node, node["SOPTYPE"], node["SOPNUMBE"]))
    payments = node.all(_PAYMENTS)
    node.error(7002, when=bool(payments) and node["RemovePayments"] == 0)
    if node.errors:
        return node.result()
    for payment in payments:
        remove_payment(node, payment)
    for line in node.all(_LINES):
        base = line["qtybsuom"]
        move_stock(node, line["itemnmbr"], line["locncode"], -line["atyalloc"] * base, -line["qtytbaor"] * base)
    trail = audit_trail_code(node, "SLSVT")
    batch = node["BACHNUMB"] or trail
    date = node["VOIDDATE"] if node["VOIDDATE"] != BLANK_DATE else node.today
    values = {
        "number": node["SOPNUMBE"], "type": node["SOPTYPE"], "trail": trail, "batch": batch, "date": date,
    }  # fmt: skip
    for table in _SATELLITES:
        node.run(
            f"UPDATE {{company}}.{table} SET trxsorce = %(trail)s WHERE sopnumbe = %(number)s AND soptype = %(type)s",
            values,
        )
    node.run("DELETE FROM {company}.sop10102 WHERE sopnumbe = %(number)s AND soptype = %(type)s", values)
    changed = {
        "voidstts": "1", "bchsourc": "'Sales Void'", "bachnumb": "%(batch)s", "trxsorce": "%(trail)s",
        "posteddt": "%(date)s", "ptdusrid": "'sa'", "pymtrcvd": "0", "orpmtrvd": "0", "deprecvd": "0", "ordeprvd": "0",
    }  # fmt: skip
    for statement in move_statements(node.company, changed):
        node.run(statement, values)
    add_to_batch(node, "Sales Entry", x["bachnumb"], -x["docamnt"], -1)
    node.insert(
        "SOP30100",
        {
            "TRXSORCE": trail, "BCHSOURC": "Sales Void", "BACHNUMB": batch, "GLPOSTDT": date, "BCHTOTAL": x["docamnt"],
            "NUMOFTRX": 1, "USERID": "sa",
        },
    )  # fmt: skip
    return node.result()
