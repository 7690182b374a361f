"""GL distributions of a sales document, SOP10102, in simple form: receivables and discount against sales, freight, taxes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gp_prestashop.sandbox.gp.node import Node, Row

__all__ = ["distribute"]

_STEP = 16384
_SALES, _RECEIVABLES, _TRADE, _FREIGHT, _MISCELLANEOUS, _TAXES, _ROUND = 1, 2, 6, 7, 8, 9, 22

_ACCOUNTS = """
SELECT ptgacdsc, actindx FROM {company}.sy01100 WHERE series = 3
"""
_SALES_BY_ACCOUNT = """
SELECT slsindx, sum(xtndprce) AS f, sum(oxtndprc) AS o FROM {company}.sop10200
WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s AND cmpntseq = 0 GROUP BY slsindx ORDER BY slsindx
"""
_TAXES_BY_ACCOUNT = """
SELECT actindx, sum(staxamnt + frttxamt + msctxamt) AS f, sum(orslstax + orfrttax + ormsctax) AS o FROM {company}.sop10105
WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s AND lnitmseq = 0 GROUP BY actindx ORDER BY actindx
"""
_CLEAR = "DELETE FROM {company}.sop10102 WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s"


def distribute(node: Node, x: Row, header: Row) -> None:
    """Replaces the document's distributions; quotes, and orders without amounts, have none."""
    node.run(_CLEAR)
    if node["SOPTYPE"] == 1:
        return
    sign = -1 if node["SOPTYPE"] == 4 else 1
    entries = [entry for entry in _entries(node, x, header) if entry[2] or entry[3]]
    difference = sum((f for *_, f, _ in entries), Decimal(0))
    if difference:
        entries.append((_ROUND, 0, -difference, Decimal(0)))
    for place, (kind, account, functional, originating) in enumerate(entries, start=1):
        debit, original = functional * sign, originating * sign
        node.insert(
            "SOP10102",
            {
                "SOPTYPE": node["SOPTYPE"], "SOPNUMBE": node["SOPNUMBE"], "SEQNUMBR": place * _STEP, "DISTTYPE": kind,
                "ACTINDX": account, "DEBITAMT": max(debit, Decimal(0)), "ORDBTAMT": max(original, Decimal(0)),
                "CRDTAMNT": max(-debit, Decimal(0)), "ORCRDAMT": max(-original, Decimal(0)), "CURRNIDX": header["CURRNIDX"],
            },
        )  # fmt: skip


def _entries(node: Node, x: Row, header: Row) -> Iterator[tuple[int, int, Decimal, Decimal]]:
    """Distribution type, account, functional and originating amount; debits positive."""
    accounts = {row["ptgacdsc"].upper(): row["actindx"] for row in node.all(_ACCOUNTS, {})}
    paid, originating = header["PYMTRCVD"], header["ORPMTRVD"]
    receivable = x["rmaracc"] or accounts.get("ACCOUNTS RECEIVABLE", 0)
    yield _RECEIVABLES, receivable, header["DOCAMNT"] - paid, header["ORDOCAMT"] - originating
    if paid:
        yield 3, accounts.get("CASH", 0), paid, originating
    yield _TRADE, accounts.get("TRADE DISCOUNTS", 0), header["TRDISAMT"], header["ORTDISAM"]
    for row in node.all(_SALES_BY_ACCOUNT):
        yield _SALES, row["slsindx"] or x["rmslsacc"] or accounts.get("SALES", 0), -row["f"], -row["o"]
    yield _FREIGHT, accounts.get("FREIGHT", 0), -header["FRTAMNT"], -header["ORFRTAMT"]
    yield _MISCELLANEOUS, accounts.get("MISCELLANEOUS", 0), -header["MISCAMNT"], -header["ORMISCAMT"]
    for row in node.all(_TAXES_BY_ACCOUNT):
        yield _TAXES, row["actindx"], -row["f"], -row["o"]
