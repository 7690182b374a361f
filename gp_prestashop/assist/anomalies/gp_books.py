"""Books of GP itself: posted sales invoices, their lines, and what the general ledger got for them.

GP fields used: SOP30200.{SOPTYPE 3, SOPNUMBE, DOCDATE, CREATDDT, CUSTNMBR, BACHNUMB, USER2ENT, SUBTOTAL, FRTAMNT, MISCAMNT, TRDISAMT,
TAXAMNT, DOCAMNT, VOIDSTTS}; SOP30300.{ITEMNMBR, QUANTITY, XTNDPRCE}; GL20000.{ORCTRNUM, JRNENTRY, USWHPSTD, DEX_ROW_TS, ACTINDX, DEBITAMT,
CRDTAMNT, VOIDED}; GL00105.ACTNUMST. Amounts are in the functional currency. The channel is the letters that the batch begins with: the
integration's own batches, those of each till or clerk. Only the open year's ledger is read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa

from gp_prestashop.assist.anomalies.books import Books, make_books
from gp_prestashop.gp.database import GpDatabase

__all__ = ["gp_books"]

INVOICE = 3  # SOPTYPE
SALES = 3  # SERIES
MOST = 20_000  # invoices, the newest


def gp_books(database: GpDatabase, first: date, last: date) -> Books:
    """Books of the invoices of these days, at most the newest 20,000. Raises Transient or ConfigError."""
    headers = _headers(database, first, last)
    numbers = [str(row["SOPNUMBE"]) for row in headers]
    return make_books({
        "orders": _frame([_order(row) for row in headers]),
        "lines": _frame(_lines(database, numbers)),
        "gl": _frame(_postings(database, numbers)),
        "payments": _frame([]),
    })  # fmt: skip


def _headers(database: GpDatabase, first: date, last: date) -> list[dict[str, Any]]:
    c = database.tables.SOP30200.c
    names = (
        "SOPNUMBE", "DOCDATE", "CREATDDT", "CUSTNMBR", "BACHNUMB", "USER2ENT", "SUBTOTAL", "FRTAMNT", "MISCAMNT", "TRDISAMT", "TAXAMNT",
        "DOCAMNT",
    )  # fmt: skip
    query = sa.select(*(c[name] for name in names)).where(
        c.SOPTYPE == INVOICE, c.VOIDSTTS == 0, c.DOCDATE.between(first, last)
    )
    return database.read(query.order_by(c.DOCDATE.desc(), c.SOPNUMBE.desc()).limit(MOST))


def _order(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "order_id": row["SOPNUMBE"], "created_at": row["DOCDATE"], "customer_id": row["CUSTNMBR"], "entered_by": row["USER2ENT"],
        "channel": re.split(r"[\d\s]", str(row["BACHNUMB"]), maxsplit=1)[0], "subtotal": row["SUBTOTAL"],
        "freight": row["FRTAMNT"] + row["MISCAMNT"] - row["TRDISAMT"], "tax": row["TAXAMNT"], "total": row["DOCAMNT"],
    }  # fmt: skip


def _lines(database: GpDatabase, numbers: Sequence[str]) -> list[dict[str, Any]]:
    c = database.tables.SOP30300.c
    columns = (c.SOPNUMBE, c.LNITMSEQ, c.ITEMNMBR, c.QUANTITY, c.XTNDPRCE)
    rows = database.read_in(
        c.SOPNUMBE, numbers, lambda among: sa.select(*columns).where(c.SOPTYPE == INVOICE, c.CMPNTSEQ == 0, among)
    )
    return [
        {
            "order_id": row["SOPNUMBE"], "line_no": row["LNITMSEQ"], "sku": row["ITEMNMBR"], "qty": row["QUANTITY"],
            "unit_price": row["XTNDPRCE"] / row["QUANTITY"] if row["QUANTITY"] else None,
        }
        for row in rows
    ]  # fmt: skip


def _postings(database: GpDatabase, numbers: Sequence[str]) -> list[dict[str, Any]]:
    gl, accounts = database.tables.GL20000, database.tables.GL00105
    c = gl.c
    columns = (c.ORCTRNUM, c.JRNENTRY, c.USWHPSTD, c.DEX_ROW_TS, accounts.c.ACTNUMST, c.DEBITAMT, c.CRDTAMNT)
    joined = gl.join(accounts, accounts.c.ACTINDX == c.ACTINDX)
    rows = database.read_in(
        c.ORCTRNUM,
        numbers,
        lambda among: sa.select(*columns).select_from(joined).where(c.SERIES == SALES, c.VOIDED == 0, among),
    )
    return [
        {
            "order_id": row["ORCTRNUM"], "journal": row["JRNENTRY"], "posted_at": row["DEX_ROW_TS"], "posted_by": row["USWHPSTD"],
            "account": row["ACTNUMST"], "debit": row["DEBITAMT"], "credit": row["CRDTAMNT"],
        }
        for row in rows
    ]  # fmt: skip


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=["order_id"])
