"""Posting, as the GP client does it: sales documents and receipts leave work, and receivables know them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import psycopg

from gp_prestashop.sandbox.gp.history import move_statements
from gp_prestashop.sandbox.gp.rows import Row, Rows, copied
from gp_prestashop.sandbox.gp.schema import schema_of

__all__ = ["post_batch", "post_receivables_batch"]

_INVOICE, _RETURN = 3, 4  # SOPTYPE
_OPEN_KIND = {_INVOICE: 1, _RETURN: 8}  # RMDTYPAL
_RECEIPT = 9
_TRAILS = {"RM_Cash": "RMCSH", "RM_Sales": "RMSLS", "Sales Entry": "SLSTE"}


def post_batch(cursor: psycopg.Cursor[Any], bachnumb: str, *, company: str = "TWO") -> list[str]:
    """Posts a batch of sales documents: all of them move to history, the batch header goes; gives their SOPNUMBEs.

    Invoices and returns become open receivables and move stock; the deposits and payments of an invoice become receipts
    that are applied to it. Each is posted on its own GL date. Orders move as a full transfer to invoices leaves them. A batch that is not there posts
    nothing.
    """
    rows = Rows(cursor, schema_of(company))
    batch = {"batch": bachnumb}
    documents = rows.all(
        "SELECT * FROM {company}.sop10100 WHERE bchsourc = 'Sales Entry' AND bachnumb = %(batch)s ORDER BY sopnumbe",
        batch,
    )
    for document in documents:
        number, kind, today = document["sopnumbe"], document["soptype"], document["glpostdt"]
        values = {"number": number, "type": kind, "today": today}
        if kind in _OPEN_KIND:
            trail = _trail(rows, "Sales Entry")
            _stock(rows, values)
            _open_document(rows, document, trail, today)
            _receipts(rows, document, trail, today)
        changed = {"pstgstus": "2", "posteddt": "%(today)s", "ptdusrid": "'sa'"}
        for statement in move_statements(rows.schema, changed):
            rows.all(statement, values)
    rows.all("DELETE FROM {company}.sy00500 WHERE bchsourc = 'Sales Entry' AND bachnumb = %(batch)s", batch)
    return [str(document["sopnumbe"]) for document in documents]


def post_receivables_batch(
    cursor: psycopg.Cursor[Any], bachnumb: str, source: str = "RM_Cash", *, company: str = "TWO"
) -> list[str]:
    """Posts a batch of cash receipts (RM_Cash) or receivables documents (RM_Sales): work becomes open; gives their DOCNUMBRs."""
    rows = Rows(cursor, schema_of(company))
    table = {"RM_Cash": "rm10201", "RM_Sales": "rm10301"}[source]
    batch = {"batch": bachnumb, "source": source}
    documents = rows.all(
        f"SELECT * FROM {{company}}.{table} WHERE bchsourc = %(source)s AND bachnumb = %(batch)s ORDER BY docnumbr",
        batch,
    )
    for document in documents:
        today = document["glpostdt"]
        trail = _trail(rows, source)
        amounts = _open_amounts(document, source)
        rows.insert(
            "RM20101",
            copied(
                document, "RM20101", bachnumb=bachnumb, bchsourc=source, trxsorce=trail, postdate=today,
                pstusrid="sa", **amounts,
            ),
        )  # fmt: skip
        key = {"kind": document["rmdtypal"], "number": document["docnumbr"], "trail": trail}
        _opened(rows, key)
        rows.all(f"DELETE FROM {{company}}.{table} WHERE rmdtypal = %(kind)s AND docnumbr = %(number)s", key)
    rows.all("DELETE FROM {company}.sy00500 WHERE bchsourc = %(source)s AND bachnumb = %(batch)s", batch)
    return [str(document["docnumbr"]) for document in documents]


def _open_amounts(document: Row, source: str) -> Row:
    if source == "RM_Cash":
        checkbook = {0: "cbkidchk", 1: "cbkidcsh", 2: "cbkidcrd"}[document["cshrctyp"]]
        return {checkbook: document["chekbkid"]}
    return {
        "ortrxamt": document["docamnt"], "curtrxam": document["docamnt"] - document["appldamt"],
        "cspornbr": document["cstponbr"], "trxdscrn": document["docdescr"],
        "slstercd": document["salsterr"],
    }  # fmt: skip


def _opened(rows: Rows, key: Row) -> None:
    """The key file, the multicurrency row, the distributions and the applications know that the document is open."""
    for table in ("rm00401", "mc020102", "rm10101"):
        rows.all(
            f"UPDATE {{company}}.{table} SET dcstatus = 2, trxsorce = %(trail)s"
            " WHERE rmdtypal = %(kind)s AND docnumbr = %(number)s",
            key,
        )
    rows.all("UPDATE {company}.rm20201 SET posted = 1 WHERE apfrdcty = %(kind)s AND apfrdcnm = %(number)s", key)


def _trail(rows: Rows, source: str) -> str:
    prefix = _TRAILS[source]
    found = rows.one(
        "INSERT INTO {company}.sy01000 (series, trxsrcpx, seqnumbr, ntrxsnum) VALUES (3, %(prefix)s, 0, 2)"
        " ON CONFLICT (series, trxsrcpx) DO UPDATE SET ntrxsnum = sy01000.ntrxsnum + 1 RETURNING ntrxsnum - 1 AS taken",
        {"prefix": prefix},
    )
    return prefix + str(found["taken"]).zfill(13 - len(prefix))


def _stock(rows: Rows, values: Row) -> None:
    """An invoice takes what it sells off the site's and the item's stock, a return brings its five kinds of quantity."""
    lines = rows.all("SELECT * FROM {company}.sop10200 WHERE sopnumbe = %(number)s AND soptype = %(type)s", values)
    for line in lines:
        base = line["qtybsuom"]
        sold = line["quantity"] if line["soptype"] == _INVOICE and not line["dropship"] else Decimal(0)
        rows.all(
            "UPDATE {company}.iv00102 SET qtyonhnd = qtyonhnd - %(sold)s + %(qtyonhnd)s, atyalloc = atyalloc - %(atyalloc)s,"
            " qtyrtrnd = qtyrtrnd + %(qtyrtrnd)s, qtyinuse = qtyinuse + %(qtyinuse)s, qtyinsvc = qtyinsvc + %(qtyinsvc)s,"
            " qtydmged = qtydmged + %(qtydmged)s FROM {company}.iv00101 i"
            " WHERE iv00102.itemnmbr = %(item)s AND i.itemnmbr = iv00102.itemnmbr AND i.itemtype IN (1, 2)"
            " AND ((rcrdtype = 2 AND iv00102.locncode = %(site)s) OR rcrdtype = 1)",
            {
                "sold": sold * base, "item": line["itemnmbr"], "site": line["locncode"], "atyalloc": line["atyalloc"] * base,
                **{n: line[n] * base for n in ("qtyonhnd", "qtyrtrnd", "qtyinuse", "qtyinsvc", "qtydmged")},
            },
        )  # fmt: skip


def _open_document(rows: Rows, document: Row, trail: str, today: datetime) -> None:
    """RM20101 of an invoice (1) or a return (8), its key and, where it is foreign, its multicurrency row."""
    kind, number = _OPEN_KIND[document["soptype"]], document["sopnumbe"]
    tax = document["taxamnt"] + document["frttxamt"] + document["msctxamt"]
    rows.insert(
        "RM20101",
        {
            "custnmbr": document["custnmbr"], "docnumbr": number, "bachnumb": document["bachnumb"],
            "bchsourc": "Sales Entry", "trxsorce": trail, "rmdtypal": kind, "duedate": document["duedate"],
            "docdate": document["docdate"], "postdate": today, "pstusrid": "sa", "glpostdt": document["glpostdt"],
            "ortrxamt": document["docamnt"], "curtrxam": document["docamnt"], "slsamnt": document["subtotal"],
            "frtamnt": document["frtamnt"], "miscamnt": document["miscamnt"], "taxamnt": tax,
            "trdisamt": document["trdisamt"], "cspornbr": document["cstponbr"], "taxschid": document["taxschid"],
            "curncyid": document["curncyid"], "pymtrmid": document["pymtrmid"], "shipmthd": document["shipmthd"],
            "adrscode": document["prbtadcd"],
        },
    )  # fmt: skip
    rows.insert(
        "RM00401",
        {
            "docnumbr": number, "rmdtypal": kind, "dcstatus": 2, "bchsourc": "Sales Entry", "trxsorce": trail,
            "custnmbr": document["custnmbr"], "docdate": document["docdate"],
        },
    )  # fmt: skip
    if document["mctrxstt"]:
        rows.insert(
            "MC020102",
            copied(
                document, "MC020102", dcstatus=2, rmdtypal=kind, docnumbr=number, trxsorce=trail,
                ororgtrx=document["ordocamt"], orctrxam=document["ordocamt"],
            ),
        )  # fmt: skip


def _receipts(rows: Rows, document: Row, trail: str, today: datetime) -> None:
    """Payments of an invoice become open receipts; in functional currency they are applied to it."""
    if document["soptype"] != _INVOICE:
        return
    values = {"number": document["sopnumbe"]}
    for payment in rows.all("SELECT * FROM {company}.sop10103 WHERE sopnumbe = %(number)s AND soptype = 3", values):
        receipt = payment["docnumbr"] or f"PMT{document['sopnumbe'][:10]}{payment['seqnumbr']}"
        amount = Decimal(payment["amntpaid"])
        checkbook = {1: "cbkidcsh", 2: "cbkidchk", 0: "cbkidcrd"}[payment["pymttype"] % 3]
        rows.insert(
            "RM20101",
            {
                "custnmbr": document["custnmbr"], "docnumbr": receipt, "bchsourc": "Sales Entry", "trxsorce": trail,
                "rmdtypal": _RECEIPT, "cshrctyp": {1: 1, 2: 0, 0: 2}[payment["pymttype"] % 3],
                checkbook: payment["chekbkid"], "docdate": payment["docdate"], "postdate": today, "pstusrid": "sa",
                "glpostdt": payment["glpostdt"], "ortrxamt": amount, "curtrxam": 0, "curncyid": payment["curncyid"],
                "cheknmbr": payment["cheknmbr"],
            },
        )  # fmt: skip
        rows.all(
            "INSERT INTO {company}.rm00401 (docnumbr, rmdtypal, dcstatus, bchsourc, trxsorce, custnmbr, docdate)"
            " VALUES (%(d)s, 9, 2, 'Sales Entry', %(t)s, %(c)s, %(day)s)"
            " ON CONFLICT (rmdtypal, docnumbr) DO UPDATE SET dcstatus = 2",
            {"d": receipt, "t": trail, "c": document["custnmbr"], "day": payment["docdate"]},
        )
        rows.insert(
            "RM20201",
            {
                "custnmbr": document["custnmbr"], "trxsorce": trail, "date1": today, "posted": 1,
                "aptodcnm": document["sopnumbe"], "aptodcty": 1, "aptodcdt": document["docdate"],
                "curncyid": document["curncyid"], "currnidx": document["currnidx"], "apptoamt": amount,
                "oraptoam": payment["oamtpaid"], "apfrdcnm": receipt, "apfrdcty": _RECEIPT,
                "apfrdcdt": payment["docdate"], "fromcurr": payment["curncyid"], "apfrmaplyamt": amount,
            },
        )  # fmt: skip
        rows.all(
            "UPDATE {company}.rm20101 SET curtrxam = curtrxam - %(a)s WHERE rmdtypal = 1 AND docnumbr = %(n)s",
            {"a": amount, "n": document["sopnumbe"]},
        )
