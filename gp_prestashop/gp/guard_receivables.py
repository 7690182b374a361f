"""The guard of cash receipts and credit memos: DOCNUMBR by RM00401, then customer, reference, currency and amount.

A document moves with its state (RM00401.DCSTATUS): work RM10201 or RM10301, open RM20101, history RM30101. Amounts are
functional there; those of a foreign document are in MC020102, whatever its state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import sqlalchemy as sa

from gp_prestashop.engine.protocols import Existing
from gp_prestashop.gp.compare import differences
from gp_prestashop.gp.currencies import Currencies
from gp_prestashop.gp.database import GpDatabase, Row
from gp_prestashop.keys import key_text
from gp_prestashop.mapping.shapes import Document

__all__ = ["MEMOS", "RECEIPTS", "Held", "Kind", "Stored", "existing_receivables", "held_receivables"]

WORK, OPEN, HISTORY = 1, 2, 3  # RM00401.DCSTATUS


@dataclass(frozen=True, slots=True)
class Kind:
    """``amount`` is the document's amount parameter; the others are columns: of work, and of open and history alike.

    ``reference`` is where the customer's reference is kept, blank where there is none. ``work_applied`` is what is
    applied of a work document; blank where CURTRXAM says what is left, as it does of open ones.
    """

    rmdtypal: int
    amount: str
    work: str
    work_amount: str
    compared: tuple[str, ...]  # in work only: open documents keep them elsewhere
    work_reference: str = ""
    open_reference: str = ""
    work_applied: str = ""


RECEIPTS = Kind(9, "ORTRXAMT", "RM10201", "ORTRXAMT", ("CHEKBKID", "CSHRCTYP"))
MEMOS = Kind(7, "DOCAMNT", "RM10301", "DOCAMNT", (), "CSTPONBR", "CSPORNBR", "APPLDAMT")


@dataclass(frozen=True, slots=True)
class Stored:
    """What GP holds under a number. ``row`` has the compared columns of a work document."""

    customer: str
    currency: str  # CURNCYID
    amount: Decimal
    functional_amount: Decimal
    left: Decimal  # functional: what it is not applied by yet
    status: Literal["work", "history", "voided"]
    reference: str
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """What GP has of some numbers (in capitals). ``customers`` by the key file, which knows deposits as well: those are no
    ``documents``."""

    customers: Mapping[str, str]
    documents: Mapping[str, Stored]


def held_receivables(database: GpDatabase, numbers: Iterable[str], kind: Kind) -> Held:
    """What the key file, work, open and history hold."""
    keys = _keys(database, [key_text(number) for number in numbers], kind)
    found: dict[str, Stored] = {}
    original = _originals(database, list(keys), kind)
    for status, name in ((WORK, kind.work), (OPEN, "RM20101"), (HISTORY, "RM30101")):
        there = {number: row for number, row in keys.items() if row["DCSTATUS"] == status}
        for row in _rows(database, name, there, kind) if there else ():
            number = key_text(row["DOCNUMBR"])
            functional: Decimal = row[kind.work_amount if status == WORK else "ORTRXAMT"]
            found[number] = Stored(
                row["CUSTNMBR"],
                row["CURNCYID"],
                original.get(number, functional),
                functional,
                _left(row, kind, status),
                "work" if status == WORK else "voided" if row["VOIDSTTS"] == 1 else "history",
                row.get(kind.work_reference if status == WORK else kind.open_reference, ""),
                row,
            )
    return Held({number: row["CUSTNMBR"] for number, row in keys.items()}, found)


def existing_receivables(
    held: Held, currencies: Currencies, documents: Sequence[Document], kind: Kind
) -> dict[str, Existing]:
    """By document key. A receipt's number that only the key file knows is a deposit: the payment is in GP already."""
    found: dict[str, Existing] = {}
    for document in documents:
        number = key_text(document.header["DOCNUMBR"])
        if number in held.documents:
            found[document.key] = _compare(document, held.documents[number], currencies, kind)
        elif number in held.customers:
            found[document.key] = _deposit(document, held.customers[number])
    return found


def _left(row: Row, kind: Kind, status: int) -> Decimal:
    if status == WORK and kind.work_applied:
        return Decimal(row[kind.work_amount] - row[kind.work_applied])
    return Decimal(0) if status == HISTORY else Decimal(row["CURTRXAM"])


def _keys(database: GpDatabase, numbers: Sequence[str], kind: Kind) -> dict[str, Row]:
    table = database.tables.RM00401
    columns = [table.c[name] for name in ("DOCNUMBR", "CUSTNMBR", "DCSTATUS")]
    of_kind = table.c.RMDTYPAL.in_([kind.rmdtypal])
    rows = database.read_in(table.c.DOCNUMBR, numbers, lambda found: sa.select(*columns).where(found, of_kind))
    return {key_text(row["DOCNUMBR"]): row for row in rows}


def _rows(database: GpDatabase, name: str, keys: Mapping[str, Row], kind: Kind) -> Iterable[Row]:
    """By customer as well: the primary key of open and history begins with it."""
    table = database.tables[name]
    work = name == kind.work
    wanted = ["DOCNUMBR", "CUSTNMBR", "CURNCYID", kind.work_amount if work else "ORTRXAMT"]
    wanted += [*kind.compared, kind.work_reference] if work else ["VOIDSTTS", kind.open_reference]
    wanted += [kind.work_applied or "CURTRXAM"] if work else ["CURTRXAM"] if name == "RM20101" else []
    columns = [table.c[column] for column in dict.fromkeys(wanted) if column]
    customers = sorted({key_text(row["CUSTNMBR"]) for row in keys.values()})
    for start in range(0, len(customers), 500):
        condition = sa.and_(table.c.CUSTNMBR.in_(customers[start : start + 500]), table.c.RMDTYPAL.in_([kind.rmdtypal]))
        yield from database.read_in(
            table.c.DOCNUMBR,
            list(keys),
            lambda found: sa.select(*columns).where(condition, found),  # noqa: B023
        )


def _originals(database: GpDatabase, numbers: Sequence[str], kind: Kind) -> dict[str, Decimal]:
    """Amounts of foreign documents in their own currency."""
    table = database.tables.MC020102
    columns = [table.c.DOCNUMBR, table.c.ORORGTRX]
    of_kind = table.c.RMDTYPAL.in_([kind.rmdtypal])
    rows = database.read_in(table.c.DOCNUMBR, numbers, lambda found: sa.select(*columns).where(found, of_kind))
    return {key_text(row["DOCNUMBR"]): row["ORORGTRX"] for row in rows}


def _deposit(document: Document, customer: str) -> Existing:
    header = document.header
    ours = key_text(customer) == key_text(header["CUSTNMBR"])
    sentence = "" if ours else f"{header['DOCNUMBR']} is in GP already, of customer {customer}."
    return Existing(ours=ours, same=ours, status="work", sentence=sentence)


def _compare(document: Document, there: Stored, currencies: Currencies, kind: Kind) -> Existing:
    header = document.header
    checks = [
        ("CUSTNMBR", header["CUSTNMBR"], there.customer),
        ("CURNCYID", currencies.or_functional(header.get("CURNCYID")), currencies.or_functional(there.currency)),
    ]
    if kind.work_reference:
        checks.append((kind.work_reference, header.get(kind.work_reference), there.reference))
    wrong = [
        f"{name} {theirs!r} instead of {mine or ''!r}"
        for name, mine, theirs in checks
        if key_text(mine) != key_text(theirs)
    ]
    if wrong:
        sentence = f"{header['DOCNUMBR']} is taken in GP by another document: {', '.join(wrong)}."
        return Existing(ours=False, same=False, status=there.status, sentence=sentence)
    row = {**there.row, "AMOUNT": there.amount}
    columns = {kind.amount: "AMOUNT", **{name: name for name in kind.compared}}
    difference = differences(header, row, columns, keys=frozenset({"CHEKBKID"}))
    return Existing(ours=True, same=not difference, status=there.status, difference=difference)
