"""The amounts of delivered documents as GP holds them, for reconciliation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from gp_prestashop.engine.protocols import MoneyRow
from gp_prestashop.gp.currencies import Currencies
from gp_prestashop.gp.database import GpDatabase, Row
from gp_prestashop.gp.guard_orders import INVOICE, ORDER
from gp_prestashop.gp.guard_receivables import Kind, held_receivables
from gp_prestashop.keys import key_text

__all__ = ["deposit_money", "order_money", "receivables_money"]


def order_money(
    database: GpDatabase, currencies: Currencies, keys: Iterable[str], soptypes: Sequence[int] = (ORDER, INVOICE)
) -> Iterator[MoneyRow]:
    """SOP10100 ∪ SOP30200: ORDOCAMT in the document's currency, DOCAMNT in the functional one; each row as often as it is."""
    asked = {key_text(key): key for key in keys}
    for name in ("SOP10100", "SOP30200"):
        table = database.tables[name]
        columns = [table.c[c] for c in ("SOPNUMBE", "CURNCYID", "ORDOCAMT", "DOCAMNT", "VOIDSTTS")]
        condition = table.c.SOPTYPE.in_(soptypes)
        for row in database.read_in(table.c.SOPNUMBE, list(asked), _selecting(columns, condition)):
            yield MoneyRow(
                asked[key_text(row["SOPNUMBE"])],
                currencies.iso_of(row["CURNCYID"]),
                row["ORDOCAMT"],
                row["DOCAMNT"],
                "voided" if row["VOIDSTTS"] == 1 else ("work" if name == "SOP10100" else "history"),
            )


def deposit_money(database: GpDatabase, currencies: Currencies, keys: Iterable[str]) -> Iterator[MoneyRow]:
    """SOP10103: OAMTPAID and AMNTPAID. Work and history are one table here."""
    asked = {key_text(key): key for key in keys}
    table = database.tables.SOP10103
    columns = [table.c[c] for c in ("DOCNUMBR", "CURNCYID", "OAMTPAID", "AMNTPAID", "TRXSORCE")]
    for row in database.read_in(table.c.DOCNUMBR, list(asked), _selecting(columns, sa.true())):
        yield MoneyRow(
            asked[key_text(row["DOCNUMBR"])],
            currencies.iso_of(row["CURNCYID"]),
            row["OAMTPAID"],
            row["AMNTPAID"],
            _payment_status(row),
        )


def receivables_money(
    database: GpDatabase, currencies: Currencies, keys: Iterable[str], kind: Kind
) -> Iterator[MoneyRow]:
    """Work, open and history of receivables; the functional amount beside the one in the document's currency."""
    asked = {key_text(key): key for key in keys}
    for number, there in held_receivables(database, list(asked), kind).documents.items():
        currency = currencies.iso_of(there.currency)
        yield MoneyRow(asked[number], currency, there.amount, there.functional_amount, there.status)


def _selecting(columns: list[Any], condition: Any) -> Any:
    return lambda keys: sa.select(*columns).where(keys, condition)


def _payment_status(row: Row) -> Any:
    return "work" if not row["TRXSORCE"] else "history"
