"""taRMCashReceiptInsert: a cash receipt in work, RM10201."""

from __future__ import annotations

from gp_prestashop.sandbox.gp.batch import add_to_batch
from gp_prestashop.sandbox.gp.calls import ProcedureResult
from gp_prestashop.sandbox.gp.currency import Currency, Rate, currency, exchange
from gp_prestashop.sandbox.gp.node import Node, Row
from gp_prestashop.sandbox.gp.numbers import next_note_index
from gp_prestashop.sandbox.gp.receivables import (
    add_key,
    add_multicurrency,
    distribute,
    move_totals,
    posting_account,
)

__all__ = ["execute"]

SOURCE = "RM_Cash"
_RECEIPT = 9  # RMDTYPAL
_CHECK, _CASH, _CARD = 0, 1, 2  # CSHRCTYP
_LONGEST = 17
_CASH_ENTRY, _RECEIVABLE_ENTRY = 1, 3  # RM10101.DISTTYPE

_FACTS = """
SELECT c.custnmbr, c.custname, c.ratetpid, c.rmaracc, b.chekbkid, b.inactive, b.actindx, bb.chekbkid AS batch_checkbook,
       bb.inactive AS batch_inactive, k.cardname, y.mkdtopst, y.approvl,
       EXISTS (SELECT 1 FROM {company}.mc40100 WHERE ratetpid = %(RATETPID)s) AS known_ratetpid,
       EXISTS (SELECT 1 FROM {company}.rm00401 WHERE rmdtypal = 9 AND docnumbr = %(DOCNUMBR)s)
       OR EXISTS (SELECT 1 FROM {company}.rm10201 WHERE rmdtypal = 9 AND docnumbr = %(DOCNUMBR)s)
       OR EXISTS (SELECT 1 FROM {company}.rm20101 WHERE rmdtypal = 9 AND docnumbr = %(DOCNUMBR)s)
       OR EXISTS (SELECT 1 FROM {company}.rm30101 WHERE rmdtypal = 9 AND docnumbr = %(DOCNUMBR)s) AS taken,
       EXISTS (SELECT 1 FROM {company}.rm00401 WHERE rmdtypal = 9 AND custnmbr = %(CUSTNMBR)s
               AND cheknmbr = %(CHEKNMBR)s) AS check_used
FROM (SELECT 1) one
LEFT JOIN {company}.rm00101 c ON c.custnmbr = %(CUSTNMBR)s
LEFT JOIN {company}.cm00100 b ON b.chekbkid = %(CHEKBKID)s
LEFT JOIN {company}.cm00100 bb ON bb.chekbkid = %(BatchCHEKBKID)s
LEFT JOIN {company}.sy03100 k ON k.cardname = %(CRCARDID)s AND k.cbrcvble = 1
LEFT JOIN {company}.sy00500 y ON y.bchsourc = 'RM_Cash' AND y.bachnumb = %(BACHNUMB)s
"""


def execute(node: Node) -> ProcedureResult:
    """Writes RM10201, RM00401, RM10101, RM00103, a foreign receipt's MC020102, and the batch; nothing is posted."""
    if not node.check_not_null(1):
        return node.result()
    x = node.row(_FACTS)
    money = currency(node)
    _check(node, x, money)
    rate = exchange(node, money, x) if money.found and x["custnmbr"] is not None else Rate()
    node.error(546, when=money.foreign and rate.rate == 0)
    if not node.errors:
        _insert(node, x, money, rate)
    return node.result()


def _check(node: Node, x: Row, money: Currency) -> None:
    kind, cheque = node["CSHRCTYP"], node["CHEKNMBR"]
    node.error(225, when=bool(node["RATETPID"]) and not x["known_ratetpid"])
    node.error(2, when=not node["CUSTNMBR"])
    node.error(24, when=bool(node["CUSTNMBR"]) and x["custnmbr"] is None)
    node.error(3, when=not node["DOCNUMBR"])
    node.error(12004, when=len(node["DOCNUMBR"]) > _LONGEST)
    node.error(7, when=bool(node["DOCNUMBR"]) and x["taken"])
    node.error(5629, when=node["XCHGRATE"] < 0)
    node.error(5630, when=node["RATEVARC"] < 0)
    node.error(5, when=not node["BACHNUMB"])
    node.error(25, when=x["mkdtopst"] == 1)
    node.error(5627, when=x["approvl"] == 1)
    node.error(362, when=bool(node["BatchCHEKBKID"]) and x["batch_checkbook"] is None)
    node.error(9513, when=x["batch_inactive"] == 1)
    node.error(6, when=not node["CHEKBKID"])
    node.error(12, when=bool(node["CHEKBKID"]) and x["chekbkid"] is None)
    node.error(9512, when=x["inactive"] == 1)
    node.check_range({"CSHRCTYP": 14}, (_CHECK, _CASH, _CARD))
    node.error(22, when=kind == _CASH and bool(cheque))
    node.error(16, when=kind == _CARD and not node["CRCARDID"])
    node.error(17, when=kind == _CARD and bool(node["CRCARDID"]) and x["cardname"] is None)
    node.error(23, when=kind != _CARD and bool(node["CRCARDID"]))
    node.check_range({"CREATEDIST": 5654, "RequesterTrx": 3722})
    node.error(11481, when=kind == _CHECK and bool(cheque) and x["check_used"])
    node.error(232, when=not money.found)
    node.error(774, when=money.foreign and not money.accessible)


def _insert(node: Node, x: Row, money: Currency, rate: Rate) -> None:
    amount = node["ORTRXAMT"]
    functional = rate.functional(amount, money)
    if node["CREATEDIST"] == 1:
        receivable = x["rmaracc"] or posting_account(node, "Accounts Receivable")
        entries = [
            (_CASH_ENTRY, int(x["actindx"]), functional, amount),
            (_RECEIVABLE_ENTRY, receivable, -functional, -amount),
        ]
        distribute(node, _RECEIPT, money, entries)
    add_multicurrency(node, _RECEIPT, money, rate, {"ORORGTRX": amount, "ORCTRXAM": amount})
    add_key(node, _RECEIPT, SOURCE, node["CHEKNMBR"])
    move_totals(node, "unpstdca", functional)
    node.insert(
        "RM10201",
        {
            "BACHNUMB": node["BACHNUMB"], "BCHSOURC": SOURCE, "DOCNUMBR": node["DOCNUMBR"], "CUSTNMBR": x["custnmbr"],
            "RMDTYPAL": _RECEIPT, "DOCDATE": node["DOCDATE"], "CSHRCTYP": node["CSHRCTYP"], "CHEKNMBR": node["CHEKNMBR"],
            "CHEKBKID": x["chekbkid"], "CRCARDID": x["cardname"] or "", "CURNCYID": money.id,
            "TRXDSCRN": node["TRXDSCRN"], "NOTEINDX": next_note_index(node), "LSTEDTDT": node.today,
            "LSTUSRED": node["LSTUSRED"] or "sa", "ORTRXAMT": functional, "CURTRXAM": functional,
            "GLPOSTDT": node["GLPOSTDT"],
        },
    )  # fmt: skip
    add_to_batch(
        node, SOURCE, node["BACHNUMB"], functional, checkbook=node["BatchCHEKBKID"], posting_date=node["GLPOSTDT"]
    )
