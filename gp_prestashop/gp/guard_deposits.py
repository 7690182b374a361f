"""The guard of deposits: DOCNUMBR, made from the payment's id, is unique among receipts (RM00401, RMDTYPAL 9).

SOP10103 holds the payment itself, in work and history alike; a transfer moves it from the order to its invoice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import sqlalchemy as sa

from gp_prestashop.engine.protocols import Existing
from gp_prestashop.gp.compare import differences, key_text
from gp_prestashop.gp.database import GpDatabase, Row
from gp_prestashop.mapping.shapes import Document

__all__ = ["existing_deposits"]

RECEIPT = 9  # RMDTYPAL
HISTORY = 3  # RM00401.DCSTATUS
COLUMNS = {"DOCAMNT": "OAMTPAID", "CHEKBKID": "CHEKBKID", "PYMTTYPE": "PYMTTYPE"}


def existing_deposits(database: GpDatabase, documents: Sequence[Document]) -> dict[str, Existing]:
    """By document key: deposits whose number is taken."""
    by_number = {key_text(document.header["DOCNUMBR"]): document for document in documents}
    keys, payments = database.tables.RM00401, database.tables.SOP10103
    receipts = {
        key_text(row["DOCNUMBR"]): row
        for row in database.read_in(
            keys.c.DOCNUMBR,
            list(by_number),
            lambda numbers: sa.select(keys.c.DOCNUMBR, keys.c.CUSTNMBR, keys.c.DCSTATUS).where(
                numbers, keys.c.RMDTYPAL == RECEIPT
            ),
        )
    }
    columns = [payments.c[name] for name in ("SOPNUMBE", "SOPTYPE", "DOCNUMBR", "DELETE1", *COLUMNS.values())]
    orders = [key_text(document.header["SOPNUMBE"]) for document in documents]
    paid: dict[str, Row] = {}
    for row in database.read_in(payments.c.SOPNUMBE, orders, lambda numbers: sa.select(*columns).where(numbers)):
        if key_text(row["DOCNUMBR"]) in by_number:
            paid[key_text(row["DOCNUMBR"])] = row
    return {
        document.key: _compare(document, receipts.get(number), paid.get(number))
        for number, document in by_number.items()
        if number in receipts or number in paid
    }


def _compare(document: Document, receipt: Row | None, payment: Row | None) -> Existing:
    header = document.header
    status: Literal["work", "history"] = "history" if receipt and receipt["DCSTATUS"] == HISTORY else "work"
    if receipt and key_text(receipt["CUSTNMBR"]) != key_text(header["CUSTNMBR"]):
        sentence = f"Receipt {header['DOCNUMBR']} is in GP already, of customer {receipt['CUSTNMBR']}."
        return Existing(ours=False, same=False, status=status, sentence=sentence)
    if payment is None:  # transferred to an invoice, or posted: the receipt's key is what remains
        return Existing(ours=True, same=True, status=status)
    if key_text(payment["SOPNUMBE"]) != key_text(header["SOPNUMBE"]):
        sentence = f"Receipt {header['DOCNUMBR']} is in GP already, on {payment['SOPNUMBE']}."
        return Existing(ours=False, same=False, status=status, sentence=sentence)
    difference = differences(header, payment, COLUMNS, keys=frozenset({"CHEKBKID"}))
    return Existing(ours=True, same=not difference, status=status, difference=difference)
