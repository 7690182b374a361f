"""taCreateSopPaymentInsertRecord: payments and deposits of a sales document, SOP10103."""

from __future__ import annotations

from gp_prestashop.sandbox.gp.calls import ProcedureResult
from gp_prestashop.sandbox.gp.deposits import give_back_deposit, take_deposit
from gp_prestashop.sandbox.gp.money import convert
from gp_prestashop.sandbox.gp.node import Node, Row
from gp_prestashop.sandbox.gp.numbers import next_receipt_number
from gp_prestashop.sandbox.gp.recalculate import recalculate
from gp_prestashop.sandbox.gp.values import BLANK_DATE

__all__ = ["execute", "remove_payment"]

_STEP = 16384
_DEPOSITS = {1, 2, 3}
_CHECKS = {2, 5}
_CARDS = {3, 6}

_FACTS = """
SELECT c.custnmbr, c.custname, b.chekbkid, b.inactive, b.actindx, k.cardname, k.ckbknum1, k.actindx AS card_account,
       h.curncyid, h.currnidx, h.xchgrate, h.rtclcmtd, h.bachnumb, h.sopnumbe AS header,
       fc.decplcur AS funcdec, f.funlcurr, f.funcridx,
       (SELECT max(seqnumbr) FROM {company}.sop10103 WHERE soptype = %(SOPTYPE)s AND sopnumbe = %(SOPNUMBE)s) AS last,
       EXISTS (SELECT 1 FROM {company}.rm00401 WHERE rmdtypal = 9 AND docnumbr = %(DOCNUMBR)s) AS receipt
FROM (SELECT 1) one
LEFT JOIN {company}.rm00101 c ON c.custnmbr = %(CUSTNMBR)s
LEFT JOIN {company}.cm00100 b ON b.chekbkid = %(CHEKBKID)s
LEFT JOIN {company}.sy03100 k ON k.cardname = %(CARDNAME)s
LEFT JOIN {company}.sop10100 h ON h.sopnumbe = %(SOPNUMBE)s AND h.soptype = %(SOPTYPE)s
LEFT JOIN {company}.mc40000 f ON true
LEFT JOIN {system}.mc40200 fc ON fc.curncyid = f.funlcurr
LIMIT 1
"""

_MATCH = """
SELECT * FROM {company}.sop10103 WHERE soptype = %(SOPTYPE)s AND sopnumbe = %(SOPNUMBE)s
  AND (seqnumbr = %(SEQNUMBR)s OR (docnumbr = %(DOCNUMBR)s AND docnumbr <> '' AND pymttype = %(PYMTTYPE)s))
LIMIT 1
"""


def execute(node: Node) -> ProcedureResult:
    if not node.check_not_null(35, except_for=("MDFUSRID", "VOIDDATE", "AUTHCODE", "CUSTNAME")):
        return node.result()
    x = node.row(_FACTS)
    match = node.one(_MATCH)
    action = node["Action"] or (3 if match else 1)
    _check(node, x, match, action)
    if node.errors:
        return node.result()
    if action in {2, 3} and match:
        remove_payment(node, match)
    if action in {1, 3}:
        _insert(node, x)
    if x["header"] is not None:
        recalculate(node, node["SOPTYPE"], node["SOPNUMBE"])
    return node.result()


def _check(node: Node, x: Row, match: Row | None, action: int) -> None:
    kind, payment = node["SOPTYPE"], node["PYMTTYPE"]
    node.error(6618, when=kind in {2, 5} and payment == 6 and bool(node["DOCNUMBR"]))
    node.error(36, when=not (node["CUSTNMBR"] and node["SOPNUMBE"]))
    node.check_range({"PYMTTYPE": 3426}, range(1, 7))
    node.error(3427, when=action not in {1, 2, 3, 9})
    node.error(581, when=kind not in range(2, 7))
    node.check_range({"PROCESSELECTRONICALLY": 11456})
    if action == 2:
        node.error(3428, when=payment in _DEPOSITS and not node["DOCNUMBR"])
        node.error(3552, when=match is None)
        return
    node.error(109, when=node["DOCAMNT"] <= 0)
    node.error(3640, when=kind in {3, 4, 6} and payment not in {4, 5, 6})
    node.error(4006, when=kind in {2, 5} and payment not in {1, 2, 3, 6})
    node.error(753, when=payment in _CHECKS and not node["CHEKNMBR"])
    node.error(214, when=payment not in _CARDS and not node["CHEKBKID"])
    node.error(212, when=bool(node["CHEKBKID"]) and x["chekbkid"] is None)
    node.error(9528, when=x["inactive"] == 1)
    node.error(48, when=payment in _CARDS and x["cardname"] is None)
    own = match is not None and match["docnumbr"].upper() == node["DOCNUMBR"] and action == 3
    node.error(42, when=bool(node["DOCNUMBR"]) and x["receipt"] and not own)


def _insert(node: Node, x: Row) -> None:
    payment = node["PYMTTYPE"]
    deposit = payment in _DEPOSITS and node["SOPTYPE"] in {2, 5}
    number = node["DOCNUMBR"]
    if deposit and not number:
        number = next_receipt_number(node)
    foreign = bool(x["curncyid"]) and x["curncyid"] != x["funlcurr"]
    amount = node["DOCAMNT"]
    places = (x["funcdec"] or 3) - 1
    functional = convert(amount, x["xchgrate"], x["rtclcmtd"], places) if foreign else amount
    row: Row = {
        "SOPTYPE": node["SOPTYPE"], "SOPNUMBE": node["SOPNUMBE"],
        "SEQNUMBR": node["SEQNUMBR"] or ((x["last"] or 0) // _STEP + 1) * _STEP,
        "PYMTTYPE": payment, "DOCNUMBR": number, "RMDTYPAL": 9,
        "CHEKBKID": x["chekbkid"] or x["ckbknum1"] or "", "CHEKNMBR": node["CHEKNMBR"],
        "CARDNAME": x["cardname"] or "", "RCTNCCRD": node["RCTNCCRD"], "AUTHCODE": node["AUTHCODE"] or "",
        "AMNTPAID": functional, "OAMTPAID": amount, "AMNTREMA": functional, "OAMNTREM": amount,
        "DOCDATE": node["DOCDATE"] if node["DOCDATE"] != BLANK_DATE else node.today, "EXPNDATE": node["EXPNDATE"],
        "CURNCYID": x["curncyid"] or "", "CURRNIDX": x["currnidx"] or x["funcridx"] or 0,
        "GLPOSTDT": node["DOCDATE"] if node["DOCDATE"] != BLANK_DATE else node.today,
        "CASHINDEX": x["actindx"] or x["card_account"] or 0,
    }  # fmt: skip
    if deposit:
        row |= take_deposit(node, row, x["custname"] or node["CUSTNAME"] or "")
    node.insert("SOP10103", row)


def remove_payment(node: Node, payment: Row) -> None:
    """Deletes a payment row and undoes what a deposit had set in motion."""
    if payment["pymttype"] in _DEPOSITS:
        give_back_deposit(node, payment)
    key = {"SOPTYPE": payment["soptype"], "SOPNUMBE": payment["sopnumbe"], "SEQNUMBR": payment["seqnumbr"]}
    node.run(
        "DELETE FROM {company}.sop10103 WHERE soptype = %(SOPTYPE)s AND sopnumbe = %(SOPNUMBE)s"
        " AND seqnumbr = %(SEQNUMBR)s",
        key,
    )
