"""What a receipt or credit memo is applied to, as far as GP can: open documents, functional currency, what is left of them.

taRMApply refuses foreign documents (4694), documents that are not open (568) and more than what remains (574, 664). What
cannot be applied stays unapplied on the customer's account, and the outcome says so: the money itself must arrive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from gp_prestashop.gp.compare import key_text, plain
from gp_prestashop.gp.currencies import Currencies
from gp_prestashop.gp.reader import Reader
from gp_prestashop.mapping.shapes import Document

__all__ = ["applicable"]

FRAME = "applications"
INVOICE = 1  # RMDTYPAL
AMOUNTS = {"cash_receipt": "ORTRXAMT", "credit_memo": "DOCAMNT"}


def applicable(database: Reader, currencies: Currencies, document: Document) -> tuple[Document, list[str]]:
    """The document with the applications that GP will take, and a sentence for each that it will not, or only in part."""
    wanted = [row for row in document.frames.get(FRAME, ()) if row.get("APTODCNM") and row.get("APPTOAMT")]
    if not wanted:
        return replace(document, frames={**document.frames, FRAME: []}), []
    header = document.header
    if not _functional(currencies, header.get("CURNCYID")):
        said = [
            f"Not applied to {row['APTODCNM']}: eConnect applies in the functional currency only." for row in wanted
        ]
        return replace(document, frames={**document.frames, FRAME: []}), said
    there = _open(database, [str(row["APTODCNM"]) for row in wanted])
    kept: list[dict[str, Any]] = []
    said = []
    left = Decimal(header[AMOUNTS[document.type]])
    for row in wanted:
        kind = row.get("APTODCTY") or INVOICE
        amount, why = _amount(there.get((key_text(row["APTODCNM"]), kind)), row, left, currencies)
        if why:
            said.append(why)
        if amount > 0:
            kept.append({**row, "APPTOAMT": amount})
            left -= amount
    return replace(document, frames={**document.frames, FRAME: kept}), said


def _amount(
    open_: Mapping[str, Any] | None, row: Mapping[str, Any], left: Decimal, currencies: Currencies
) -> tuple[Decimal, str]:
    number, wanted = row["APTODCNM"], Decimal(row["APPTOAMT"])
    if open_ is None:
        return Decimal(0), f"Not applied to {number}: it is not open in GP."
    if not _functional(currencies, open_["CURNCYID"]):
        return Decimal(0), f"Not applied to {number}: it is in a foreign currency."
    amount = min(wanted, left, open_["CURTRXAM"])
    if amount <= 0:
        return Decimal(0), f"Not applied to {number}: nothing of it is left to pay."
    return amount, f"Applied to {number}: {plain(amount)} of {plain(wanted)}." if amount < wanted else ""


def _functional(currencies: Currencies, currency_id: Any) -> bool:
    return currencies.or_functional(currency_id) == key_text(currencies.functional)


def _open(database: Reader, numbers: list[str]) -> dict[tuple[str, int], Mapping[str, Any]]:
    keys = database.tables.RM00401
    customers = {
        key_text(row["CUSTNMBR"])
        for row in database.read_in(keys.c.DOCNUMBR, numbers, lambda found: sa.select(keys.c.CUSTNMBR).where(found))
    }
    table = database.tables.RM20101
    columns = [table.c[name] for name in ("DOCNUMBR", "RMDTYPAL", "CURTRXAM", "CURNCYID")]
    of_these = sa.and_(table.c.CUSTNMBR.in_(sorted(customers)), table.c.VOIDSTTS == 0)
    rows = database.read_in(table.c.DOCNUMBR, numbers, lambda found: sa.select(*columns).where(of_these, found))
    return {(key_text(row["DOCNUMBR"]), row["RMDTYPAL"]): row for row in rows} if customers else {}
