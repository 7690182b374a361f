"""The lists that maps ask with ``lookup('gp.items', …)``, each over one or two of GP's tables.

Keys compare as GP compares them: trimmed, without regard to case. A column that this release of GP lacks reads as 0 or
blank.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.sql import FromClause, Select

from gp_prestashop.gp.currencies import Currencies, decimals_of
from gp_prestashop.gp.customer_matching import MATCHING, matching_lists, matching_rows
from gp_prestashop.gp.database import GpDatabase, Row
from gp_prestashop.gp.invoice_list import POSTED_INVOICES, posted_invoices, posted_invoices_list
from gp_prestashop.gp.line_lists import ABOUT_LINES, line_lists, line_rows
from gp_prestashop.gp.rates import RATES, rate_list, rate_rows
from gp_prestashop.gp.reference import SqlType, tables
from gp_prestashop.keys import key_text
from gp_prestashop.mapping.shapes import Column, LookupList

__all__ = ["Lookups", "lookup_lists"]

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _List:
    """``columns`` are read from ``table``; ``decimals`` is the coded column that the column ``decimals`` decodes.

    ``account`` joins GL00105 on ACTINDX for the account number string ACTNUMST, ``unit`` IV40201 for the base unit.
    """

    table: str
    keys: Key
    columns: tuple[str, ...]
    decimals: str = ""
    account: bool = False
    unit: bool = False


LISTS: Mapping[str, _List] = {
    "gp.items": _List(
        "IV00101",
        ("ITEMNMBR",),
        ("ITEMDESC", "ITEMTYPE", "UOMSCHDL", "SELNGUOM", "TAXOPTNS", "ITMTSHID", "INACTIVE", "ITMCLSCD", "LOCNCODE"),
        decimals="DECPLQTY",
        unit=True,
    ),
    "gp.sites": _List("IV40700", ("LOCNCODE",), ("LOCNDSCR", "INACTIVE")),
    "gp.document_ids": _List("SOP40200", ("SOPTYPE", "DOCID"), ("DOCTYABR", "ALLOCABY", "COMMNTID")),
    "gp.tax_details": _List("TX00201", ("TAXDTLID",), ("TXDTLDSC", "TXDTLTYP", "TXDTLPCT", "TXDTLBSE", "ACTINDX")),
    "gp.tax_schedules": _List("TX00101", ("TAXSCHID",), ("TXSCHDSC",)),
    "gp.checkbooks": _List("CM00100", ("CHEKBKID",), ("DSCRIPTN", "CURNCYID", "INACTIVE"), account=True),
    "gp.customers": _List(
        "RM00101", ("CUSTNMBR",), ("CUSTNAME", "CUSTCLAS", "TAXSCHID", "CURNCYID", "PYMTRMID", "INACTIVE", "HOLD")
    ),
    "gp.customer_classes": _List("RM00201", ("CLASSID",), ("CLASDSCR", "TAXSCHID", "SHIPMTHD", "PYMTRMID", "CURNCYID")),
    "gp.shipping_methods": _List("SY03000", ("SHIPMTHD",), ("SHMTHDSC", "SHIPTYPE")),
    "gp.payment_terms": _List("SY03300", ("PYMTRMID",), ("DUETYPE", "DUEDTDS")),
    "gp.sales_documents": _List("SOP10100", ("SOPTYPE", "SOPNUMBE"), ("VOIDSTTS", "CUSTNMBR", "TAXSCHID")),  # unposted
    "gp.closed_orders": _List("SOP30200", ("SOPTYPE", "SOPNUMBE"), ("VOIDSTTS", "CUSTNMBR", "TAXSCHID")),
    "gp.units": _List("IV40202", ("UOMSCHDL", "UOFM"), ("EQUIVUOM", "QTYBSUOM")),
}
CURRENCIES = "gp.currencies"
CURRENCY_COLUMNS = (
    Column("ISOCURRC", max_length=3, title="ISO code"),
    Column("CURNCYID", max_length=15, title="Currency ID, blank without multicurrency"),
    Column("CURRNIDX", "INTEGER", title="Currency index"),
    Column("decimals", "INTEGER", title="Decimals of an amount"),
    Column("functional", "BOOLEAN", title="Whether it is the functional currency"),
)


def lookup_lists() -> dict[str, LookupList]:
    """All lists, by name."""
    lists = {name: LookupList(name, one.keys, tuple(_columns(one))) for name, one in LISTS.items()}
    return {
        **lists,
        **matching_lists(),
        **line_lists(),
        RATES: rate_list(),
        POSTED_INVOICES: posted_invoices_list(),
        CURRENCIES: LookupList(CURRENCIES, ("ISOCURRC",), CURRENCY_COLUMNS),
    }


def _columns(one: _List) -> Iterable[Column]:
    fact = tables()[one.table]
    for name in (*one.keys, *one.columns):
        yield _column(name, fact.columns[name], fact.captions.get(name, ""))
    if one.decimals:
        yield Column("decimals", "INTEGER", title="Decimals of a quantity")
    if one.account:
        yield Column("ACTNUMST", max_length=129, title="GL account number")
    if one.unit:
        yield Column("BASEUOFM", max_length=9, title="Base U of M of its schedule")


def _column(name: str, type_: SqlType, title: str) -> Column:
    if type_.is_text:
        return Column(name, "VARCHAR", max_length=type_.size, title=title)
    if type_.is_integer:
        return Column(name, "INTEGER", title=title)
    return Column(name, f"DECIMAL({type_.size},{type_.scale})", title=title)


class Lookups:
    """Answers look-ups; ``currencies`` gives the company's currencies."""

    def __init__(self, database: GpDatabase, currencies: Callable[[], Currencies]) -> None:
        self._database: Final = database
        self._currencies: Final = currencies

    def lookup(self, name: str, keys: Sequence[Key], columns: Sequence[str]) -> dict[Key, Mapping[str, Any]]:
        """Rows found, by key as asked. Raises KeyError for an unknown list, Transient or ConfigError."""
        asked: dict[Key, list[Key]] = {}
        for key in keys:
            asked.setdefault(tuple(key_text(part) for part in key), []).append(key)
        rows = self._all(name, list(asked))
        found: dict[Key, Mapping[str, Any]] = {}
        for normal, row in rows:
            for key in asked.get(normal, ()):
                found[key] = {column: row[column] for column in columns} if columns else row
        return found

    def _all(self, name: str, keys: Sequence[Key]) -> Sequence[tuple[Key, Mapping[str, Any]]]:
        if name == CURRENCIES:
            return self._currency_rows()
        if name == RATES:
            return rate_rows(self._database, self._currencies(), keys)
        if name == POSTED_INVOICES:
            return posted_invoices(self._database, keys)
        if name in MATCHING:
            return matching_rows(self._database, name, keys)
        if name in ABOUT_LINES:
            return line_rows(self._database, name, keys)
        return self._rows(LISTS[name], keys)

    def _currency_rows(self) -> list[tuple[Key, Row]]:
        return [
            (
                (iso,),
                {
                    "ISOCURRC": iso,
                    "CURNCYID": currency.id,
                    "CURRNIDX": currency.index,
                    "decimals": currency.decimals,
                    "functional": currency.functional,
                },
            )
            for iso, currency in self._currencies().by_iso.items()
        ]

    def _rows(self, one: _List, keys: Sequence[Key]) -> list[tuple[Key, Row]]:
        table = self._database.tables[one.table]
        statement = self._select(one, table)
        last = one.keys[-1]  # the most selective part; the others are compared here
        wanted = [key[-1] for key in keys if key[-1]]
        rows = self._database.read_in(table.c[last], wanted, statement.where)
        return [(tuple(key_text(row[name]) for name in one.keys), _decoded(one, row)) for row in rows]

    def _select(self, one: _List, table: FromClause) -> Select[Any]:
        present = self._database.columns(one.table)
        fact = tables()[one.table]
        names = [*one.keys, *one.columns, *([one.decimals] if one.decimals else [])]
        columns: list[Any] = [
            table.c[name]
            if name in present
            else sa.literal("" if fact.columns[name].is_text else 0, table.c[name].type).label(name)
            for name in names
        ]
        if one.unit:
            schedules = self._database.tables.IV40201
            with_unit = table.outerjoin(schedules, table.c.UOMSCHDL == schedules.c.UOMSCHDL)
            return sa.select(*columns, schedules.c.BASEUOFM).select_from(with_unit)
        if not one.account:
            return sa.select(*columns)
        accounts = self._database.tables.GL00105
        joined = table.outerjoin(accounts, table.c.ACTINDX == accounts.c.ACTINDX)
        return sa.select(*columns, accounts.c.ACTNUMST).select_from(joined)


def _decoded(one: _List, row: Row) -> Row:
    if one.decimals:
        row["decimals"] = decimals_of(row.pop(one.decimals))
    return row
