"""The guard of deposits: DOCNUMBR, made from the payment's id, is unique among receipts (RM00401, RMDTYPAL 9).

SOP10103 holds the payment itself, in work and history alike; a transfer moves it from the order to its invoice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import sqlalchemy as sa

from gp_prestashop.engine.protocols import Existing
from gp_prestashop.gp.compare import differences
from gp_prestashop.gp.database import GpDatabase, Row
from gp_prestashop.keys import key_text
from gp_prestashop.mapping.shapes import Document

__all__ = ["existing_deposits"]

RECEIPT = 9  # RMDTYPAL
ORDER = 2  # SOPTYPE
HISTORY = 3  # RM00401.DCSTATUS
COLUMNS = {"DOCAMNT": "OAMTPAID", "CHEKBKID": "CHEKBKID", "PYMTTYPE": "PYMTTYPE"}


def existing_deposits(database: GpDatabase, documents: Sequence[Document]) -> dict[str, Existing]:
    """By document key: deposits whose number is taken."""
    by_number = {key_text(document.header["DOCNUMBR"]): document for document in documents}
    receipts = _receipts(database, list(by_number))
    orders = [key_text(document.header["SOPNUMBE"]) for document in documents]
    paid = _payments(database, "SOPNUMBE", orders)
    elsewhere = [number for number in receipts if number not in paid]
    paid |= _payments(database, "DOCNUMBR", elsewhere)  # no index of GP's helps here, so only these are asked for
    return {
        document.key: _compare(document, receipts.get(number), paid.get(number))
        for number, document in by_number.items()
        if number in receipts or number in paid
    }


def _receipts(database: GpDatabase, numbers: Sequence[str]) -> dict[str, Row]:
    keys = database.tables.RM00401
    columns = [keys.c[name] for name in ("DOCNUMBR", "CUSTNMBR", "DCSTATUS")]
    rows = database.read_in(
        keys.c.DOCNUMBR, numbers, lambda condition: sa.select(*columns).where(condition, keys.c.RMDTYPAL == RECEIPT)
    )
    return {key_text(row["DOCNUMBR"]): row for row in rows}


def _payments(database: GpDatabase, by: str, values: Sequence[str]) -> dict[str, Row]:
    payments = database.tables.SOP10103
    columns = [payments.c[name] for name in ("SOPNUMBE", "SOPTYPE", "DOCNUMBR", *COLUMNS.values())]
    rows = database.read_in(payments.c[by], values, lambda condition: sa.select(*columns).where(condition))
    return {key_text(row["DOCNUMBR"]): row for row in rows if key_text(row["DOCNUMBR"])}


def _compare(document: Document, receipt: Row | None, payment: Row | None) -> Existing:
    header = document.header
    status: Literal["work", "history"] = "history" if receipt and receipt["DCSTATUS"] == HISTORY else "work"
    if receipt and key_text(receipt["CUSTNMBR"]) != key_text(header["CUSTNMBR"]):
        sentence = f"Receipt {header['DOCNUMBR']} is in GP already, of customer {receipt['CUSTNMBR']}."
        return Existing(ours=False, same=False, status=status, sentence=sentence)
    if payment is None or payment["SOPTYPE"] != ORDER:  # posted, or moved to the invoice that the order became
        return Existing(ours=True, same=True, status=status)
    if key_text(payment["SOPNUMBE"]) != key_text(header["SOPNUMBE"]):
        sentence = f"Receipt {header['DOCNUMBR']} is in GP already, on {payment['SOPNUMBE']}."
        return Existing(ours=False, same=False, status=status, sentence=sentence)
    difference = differences(header, payment, COLUMNS, keys=frozenset({"CHEKBKID"}))
    return Existing(ours=True, same=not difference, status=status, difference=difference)
