"""taRMApply: a receipt, credit memo or return applied to an open document, RM20201."""

from __future__ import annotations

from decimal import Decimal

from gp_prestashop.sandbox.gp.calls import ProcedureResult
from gp_prestashop.sandbox.gp.locks import receivable_locked
from gp_prestashop.sandbox.gp.money import ZERO
from gp_prestashop.sandbox.gp.node import Node, Row
from gp_prestashop.sandbox.gp.numbers import audit_trail_code
from gp_prestashop.sandbox.gp.values import BLANK_DATE

__all__ = ["execute"]

_CREDITS, _DEBITS = (7, 8, 9), (1, 3, 4, 5)  # RMDTYPAL
_OPEN = 2  # RM00401.DCSTATUS

_FACTS = """
SELECT t.docnumbr AS to_number, t.custnmbr AS to_customer, t.cprcstnm AS to_parent, t.ortrxamt AS to_amount,
       t.curtrxam AS to_rest, t.curncyid AS to_currency, t.docdate AS to_date, t.glpostdt AS to_posted,
       k.docnumbr AS from_number, k.dcstatus, k.custnmbr AS from_customer,
       COALESCE(o.cprcstnm, '') AS from_parent,
       COALESCE(o.curtrxam, w.curtrxam, d.docamnt - d.appldamt) AS from_rest,
       COALESCE(o.curncyid, w.curncyid, d.curncyid) AS from_currency,
       COALESCE(o.docdate, w.docdate, d.docdate) AS from_date, COALESCE(o.glpostdt, w.glpostdt, d.glpostdt) AS from_posted,
       f.funlcurr, f.funcridx,
       EXISTS (SELECT 1 FROM {company}.rm20201 WHERE apfrdcty = %(APFRDCTY)s AND apfrdcnm = %(APFRDCNM)s
               AND aptodcty = %(APTODCTY)s AND aptodcnm = %(APTODCNM)s) AS applied
FROM (SELECT 1) one
LEFT JOIN {company}.rm20101 t ON t.rmdtypal = %(APTODCTY)s AND t.docnumbr = %(APTODCNM)s AND t.voidstts = 0
LEFT JOIN {company}.rm00401 k ON k.rmdtypal = %(APFRDCTY)s AND k.docnumbr = %(APFRDCNM)s AND k.dcstatus IN (1, 2)
LEFT JOIN {company}.rm20101 o ON o.rmdtypal = %(APFRDCTY)s AND o.docnumbr = %(APFRDCNM)s AND o.voidstts = 0
LEFT JOIN {company}.rm10201 w ON w.rmdtypal = %(APFRDCTY)s AND w.docnumbr = %(APFRDCNM)s
LEFT JOIN {company}.rm10301 d ON d.rmdtypal = %(APFRDCTY)s AND d.docnumbr = %(APFRDCNM)s
LEFT JOIN {company}.mc40000 f ON true
LIMIT 1
"""
_LESS = {
    "rm20101": "curtrxam = curtrxam - %(amount)s",
    "rm10201": "curtrxam = curtrxam - %(amount)s",
    "rm10301": "appldamt = appldamt + %(amount)s",
}


def execute(node: Node) -> ProcedureResult:
    """Takes the amount off both documents at once; a work document is applied as well (POSTED 0 until it is posted)."""
    optional = ("APPLYDATE", "GLPOSTDT", "DISTKNAM", "WROFAMNT")
    if not node.check_not_null(562, except_for=optional):
        return node.result()
    node.error(563, when=not node["APTODCNM"])
    node.error(564, when=not node["APFRDCNM"])
    node.error(565, when=node["APPTOAMT"] < 0)
    node.check_range({"APFRDCTY": 184}, _CREDITS)
    node.check_range({"APTODCTY": 1660}, _DEBITS)
    x = node.row(_FACTS)
    node.error(568, when=x["to_number"] is None)
    node.error(569, when=x["from_rest"] is None or x["from_number"] is None)
    if not node.errors:
        _check(node, x)
    if not node.errors:
        _apply(node, x)
    return node.result()


def _check(node: Node, x: Row) -> None:
    amount = node["APPTOAMT"]
    discount, write_off = node["DISTKNAM"] or ZERO, node["WROFAMNT"] or ZERO
    own = {"", (x["funlcurr"] or "").upper()}
    node.error(4694, when=not {x["to_currency"].upper(), x["from_currency"].upper()} <= own)
    node.error(570, when=amount > x["to_amount"])
    node.error(574, when=amount + discount + write_off > x["to_rest"])
    node.error(664, when=amount > x["from_rest"])
    same = x["to_customer"].upper() == x["from_customer"].upper()
    family = bool(x["to_parent"]) and x["to_parent"].upper() == x["from_parent"].upper()
    node.error(165, when=not (same or family))
    node.error(3386, when=receivable_locked(node, node["APTODCTY"], node["APTODCNM"]))
    node.error(670, when=x["applied"])


def _apply(node: Node, x: Row) -> None:
    amount: Decimal = node["APPTOAMT"]
    discount, write_off = node["DISTKNAM"] or ZERO, node["WROFAMNT"] or ZERO
    whole = amount + discount + write_off
    _reduce(node, "rm20101", node["APTODCTY"], node["APTODCNM"], whole)
    posted = x["dcstatus"] == _OPEN
    work = "rm10201" if node["APFRDCTY"] == 9 else "rm10301"
    _reduce(node, "rm20101" if posted else work, node["APFRDCTY"], node["APFRDCNM"], amount)
    day = node["APPLYDATE"] or node.today
    ledger_day = node["GLPOSTDT"] if node["GLPOSTDT"] not in {None, BLANK_DATE} else day
    node.insert(
        "RM20201",
        {
            "CUSTNMBR": x["from_customer"], "CPRCSTNM": x["from_parent"], "TRXSORCE": audit_trail_code(node, "RMAPY"),
            "DATE1": day, "GLPOSTDT": ledger_day, "POSTED": int(posted), "APTODCNM": x["to_number"],
            "APTODCTY": node["APTODCTY"], "APTODCDT": x["to_date"], "ApplyToGLPostDate": x["to_posted"],
            "CURNCYID": x["to_currency"], "CURRNIDX": x["funcridx"] or 0, "APPTOAMT": amount, "DISTKNAM": discount,
            "WROFAMNT": write_off, "ORAPTOAM": amount, "ORDISTKN": discount, "ORWROFAM": write_off,
            "APFRDCNM": x["from_number"], "APFRDCTY": node["APFRDCTY"], "APFRDCDT": x["from_date"],
            "ApplyFromGLPostDate": x["from_posted"], "FROMCURR": x["from_currency"], "APFRMAPLYAMT": amount,
            "ActualApplyToAmount": amount, "ActualDiscTakenAmount": discount, "ActualWriteOffAmount": write_off,
        },
    )  # fmt: skip


def _reduce(node: Node, table: str, kind: int, number: str, amount: Decimal) -> None:
    node.run(
        f"UPDATE {{company}}.{table} SET {_LESS[table]} WHERE rmdtypal = %(kind)s AND docnumbr = %(number)s",
        {"kind": kind, "number": number, "amount": amount},
    )
