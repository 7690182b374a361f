"""Exchange rates: which table a currency's documents use (MC40301, MC40300) and what was in force on a day (MC00100).

A rate is either units of the functional currency for one of the foreign (RTCLCMTD 0, multiply) or the other way round (1,
divide). PrestaShop's is foreign money for one of the shop's currency, so it goes to GP as it is, with RTCLCMTD 1: the
inverse would lose digits.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from gp_prestashop.gp.currencies import Currencies
from gp_prestashop.gp.database import GpDatabase
from gp_prestashop.keys import key_text
from gp_prestashop.mapping.shapes import Column, Document, LookupList, Problem

__all__ = ["RATES", "Rate", "currency_problems", "exchange_tables", "rate_list", "rate_rows", "rates_in_force"]

RATES = "gp.exchange_rates"
MONEY = frozenset({"sales_order", "sales_return", "cash_receipt", "credit_memo"})


@dataclass(frozen=True, slots=True)
class Rate:
    """``method`` is RTCLCMTD."""

    table: str
    rate_type: str
    rate: Decimal
    method: int
    since: date


def rates_in_force(database: GpDatabase, wanted: Collection[tuple[str, date]]) -> dict[tuple[str, date], Rate]:
    """The rate of each (CURNCYID, day) that has one: the default table's first, the newest in force that day."""
    if not wanted:
        return {}
    tables = exchange_tables(database, {currency for currency, _ in wanted})
    days = [day for _, day in wanted]
    rates = database.tables.MC00100
    columns = [rates.c[name] for name in ("EXGTBLID", "EXCHDATE", "TIME1", "XCHGRATE", "EXPNDATE")]
    within = sa.and_(max(days) >= rates.c.EXCHDATE, min(days) <= rates.c.EXPNDATE)
    rows = [
        row
        for row in database.read_in(
            rates.c.EXGTBLID, [table for _, table, *_ in tables], lambda keys: sa.select(*columns).where(keys, within)
        )
        if row["XCHGRATE"] > 0
    ]
    found: dict[tuple[str, date], Rate] = {}
    for currency, table, rate_type, method in tables:
        for day in {day for id_, day in wanted if key_text(id_) == currency}:
            current = [r for r in rows if key_text(r["EXGTBLID"]) == table and r["EXCHDATE"] <= day <= r["EXPNDATE"]]
            if current and (currency, day) not in found:
                newest = max(current, key=lambda row: (row["EXCHDATE"], _time(row["TIME1"])))
                found[currency, day] = Rate(table, rate_type, newest["XCHGRATE"], method, newest["EXCHDATE"])
    return found


def exchange_tables(database: GpDatabase, currencies: Collection[str]) -> list[tuple[str, str, str, int]]:
    """(currency, exchange table, rate type, method) of the company, default tables first."""
    access, setup = database.tables.MC40301, database.tables.MC40300
    statement = (
        sa.select(access.c.CURNCYID, access.c.EXGTBLID, access.c.RATETPID, access.c.DFLTRATE, setup.c.RTCLCMTD)
        .select_from(access.join(setup, setup.c.EXGTBLID == access.c.EXGTBLID))
        .where(access.c.CURNCYID.in_(sorted(currencies)))
    )
    rows = sorted(database.read(statement), key=lambda row: (-row["DFLTRATE"], row["RATETPID"], row["EXGTBLID"]))
    return [(key_text(row["CURNCYID"]), key_text(row["EXGTBLID"]), row["RATETPID"], row["RTCLCMTD"]) for row in rows]


def _time(value: Any) -> str:
    return value.strftime("%H:%M:%S") if isinstance(value, datetime) else ""


def currency_problems(database: GpDatabase, currencies: Currencies, documents: Sequence[Document]) -> Iterable[Problem]:
    """Holds: a currency that the company does not have, and a foreign one without a rate for the document's day."""
    known = {key_text(currency.id) for currency in currencies.by_iso.values()}
    own = key_text(currencies.functional)
    rateless: list[tuple[Document, str, date]] = []
    for document in documents:
        if document.type not in MONEY:
            continue
        header = document.header
        currency = key_text(header.get("CURNCYID"))
        if currency and currency not in known:
            sentence = f"The company has no currency {currency} in GP."
            remedy = "Set the currency up in GP and give the company access to it (Multicurrency Access)."
            yield Problem(document.source_key, "unknown_currency", sentence, column="CURNCYID", remedy=remedy)
        elif currency and currency != own and not header.get("XCHGRATE") and isinstance(header.get("DOCDATE"), date):
            rateless.append((document, currency, header["DOCDATE"]))
    found = rates_in_force(database, {(currency, day) for _, currency, day in rateless})
    for document, currency, day in rateless:
        if (currency, day) not in found:
            sentence = f"GP has no exchange rate of {currency} for {day}."
            remedy = (
                "Enter one in GP (Exchange Rate Maintenance), or let the map pass the shop's rate: XCHGRATE, RTCLCMTD."
            )
            yield Problem(document.source_key, "no_rate", sentence, column="XCHGRATE", remedy=remedy)


def rate_list() -> LookupList:
    """``lookup('gp.exchange_rates', iso, cast(order_date as varchar), 'XCHGRATE')``."""
    columns = (
        Column("XCHGRATE", "DECIMAL(19,7)", title="Exchange Rate"),
        Column("RTCLCMTD", "INTEGER", title="0 multiply, 1 divide"),
        Column("EXGTBLID", max_length=15, title="Exchange Table ID"),
        Column("RATETPID", max_length=15, title="Rate Type ID"),
        Column("EXCHDATE", "DATE", title="Exchange Date"),
    )
    return LookupList(RATES, ("ISOCURRC", "DAY"), columns)


def rate_rows(
    database: GpDatabase, currencies: Currencies, keys: Sequence[tuple[str, ...]]
) -> list[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """Rows by (ISO code, ISO date), for foreign currencies of the company only."""
    asked: dict[tuple[str, date], tuple[str, ...]] = {}
    for key in keys:
        currency, day = currencies.by_iso.get(key[0]), _day(key[1])
        if currency is not None and day is not None and not currency.functional:
            asked[key_text(currency.id), day] = key
    return [
        (
            asked[at],
            {
                "XCHGRATE": r.rate,
                "RTCLCMTD": r.method,
                "EXGTBLID": r.table,
                "RATETPID": r.rate_type,
                "EXCHDATE": r.since,
            },
        )
        for at, r in rates_in_force(database, asked).items()
    ]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
