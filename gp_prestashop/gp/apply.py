"""What a receipt or credit memo is applied to, as far as GP can: open documents, functional currency, what is left of them.

taRMApply refuses foreign documents (4694), documents that are not open (568), more than what remains (574, 664) and what
is applied already (670). What cannot be applied stays unapplied on the customer's account, and the outcome says so: the
money itself must arrive. An invoice is often posted after its payment has come: then the receipt is applied to it later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from gp_prestashop.gp.compare import plain
from gp_prestashop.gp.currencies import Currencies
from gp_prestashop.gp.guard_receivables import Held, Kind
from gp_prestashop.gp.reader import Reader
from gp_prestashop.keys import key_text
from gp_prestashop.mapping.shapes import Document

__all__ = ["APPLICATIONS", "applicable", "not_yet_applied", "unapplied"]

APPLICATIONS = "applications"
INVOICE = 1  # RMDTYPAL
Pair = tuple[str, int]  # (DOCNUMBR, RMDTYPAL)


def applicable(
    database: Reader, currencies: Currencies, document: Document, kind: Kind, *, left: Decimal | None = None
) -> tuple[Document, list[str]]:
    """The document with the applications that GP will take, and a sentence for each that it will not, or only in part.

    ``left``: what remains of a document that GP has already.
    """
    wanted = _wanted(document)
    if not wanted:
        return replace(document, frames={**document.frames, APPLICATIONS: []}), []
    header = document.header
    if not _functional(currencies, header.get("CURNCYID")):
        said = [
            f"Not applied to {row['APTODCNM']}: eConnect applies in the functional currency only." for row in wanted
        ]
        return replace(document, frames={**document.frames, APPLICATIONS: []}), said
    there = _open(database, [str(row["APTODCNM"]) for row in wanted])
    kept: list[dict[str, Any]] = []
    said = []
    left = Decimal(header[kind.amount]) if left is None else left
    for row in wanted:
        amount, why = _amount(there.get(_to(row)), row, left, currencies)
        if why:
            said.append(why)
        if amount > 0:
            kept.append({**row, "APPTOAMT": amount})
            left -= amount
    return replace(document, frames={**document.frames, APPLICATIONS: kept}), said


def not_yet_applied(
    database: Reader, currencies: Currencies, documents: Sequence[Document], kind: Kind, held: Held
) -> dict[str, Document]:
    """By key, documents that GP has and that could now be applied to what they were not applied to: with these rows only."""
    asked = {key_text(document.header["DOCNUMBR"]): document for document in documents if _wanted(document)}
    remaining = {number: left for number, left in unapplied(held, currencies).items() if number in asked}
    applied = _applied(database, list(remaining), kind) if remaining else set()
    found: dict[str, Document] = {}
    for number, left in remaining.items():
        document = asked[number]
        rows = [row for row in _wanted(document) if (number, _to(row)) not in applied]
        rest = replace(document, frames={**document.frames, APPLICATIONS: rows})
        rest, _ = applicable(database, currencies, rest, kind, left=left)
        if rest.frames[APPLICATIONS]:
            found[document.key] = rest
    return found


def unapplied(held: Held, currencies: Currencies) -> dict[str, Decimal]:
    """By number in capitals, what is left of each document; not there are those of which nothing is left, or nothing that GP
    could apply (foreign money, voided)."""
    living = {number: one for number, one in held.documents.items() if one.left > 0 and one.status != "voided"}
    return {number: one.left for number, one in living.items() if _functional(currencies, one.currency)}


def _wanted(document: Document) -> list[dict[str, Any]]:
    return [row for row in document.frames.get(APPLICATIONS, ()) if row.get("APTODCNM") and row.get("APPTOAMT")]


def _to(row: Mapping[str, Any]) -> Pair:
    return key_text(row["APTODCNM"]), int(row.get("APTODCTY") or INVOICE)


def _applied(database: Reader, numbers: Sequence[str], kind: Kind) -> set[tuple[str, Pair]]:
    """What these documents are applied to: (number, what it is applied to)."""
    table = database.tables.RM20201
    columns = [table.c[name] for name in ("APFRDCNM", "APTODCNM", "APTODCTY")]
    select = sa.select(*columns).where(table.c.APFRDCTY.in_([kind.rmdtypal]))
    rows: Iterable[Mapping[str, Any]] = database.read_in(table.c.APFRDCNM, numbers, select.where)
    return {(key_text(row["APFRDCNM"]), (key_text(row["APTODCNM"]), int(row["APTODCTY"]))) for row in rows}


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


def _open(database: Reader, numbers: list[str]) -> dict[Pair, Mapping[str, Any]]:
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
