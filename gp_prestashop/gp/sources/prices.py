"""Price rows as amounts: IV00108 holds an amount for price method 1, and a percentage for methods 2 to 6.

What GP works out of a percentage it may round besides (IV00107: ROUNDTO, RNDGAMNT): such an amount is not guessed at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

import sqlalchemy as sa

from gp_prestashop.gp.compare import key_text
from gp_prestashop.gp.currencies import Currencies
from gp_prestashop.gp.database import GpDatabase, Row

__all__ = ["amount_of", "complete_prices"]

HUNDRED = Decimal(100)
FIVE = Decimal("0.00001")
LIST = ("ITEMNMBR", "CURNCYID", "PRCLEVEL", "UOFM")
AMOUNT, OF_LIST, MARKUP_CURRENT, MARKUP_STANDARD, MARGIN_CURRENT, MARGIN_STANDARD = range(1, 7)  # IV00101.PRICMTHD


def complete_prices(
    database: GpDatabase,
    currencies: Currencies,
    page: Sequence[Row],
    children: Mapping[str, Mapping[str, list[Row]]],
    level: str,
) -> None:
    """Adds ISOCURRC to both kinds of rows; AMOUNT (None where it cannot be told) and BASE_UNIT to the levels.

    The items get LIST_PRICE, and LEVEL_PRICE of the price level ``level``.
    """
    base = _base_units(database, page)
    home = currencies.or_functional("")
    rounded = _rounded(database, page)
    for item in page:
        key = str(item["ITEMNMBR"])
        lists = children["list_prices"][key]
        for row in lists:
            row["ISOCURRC"] = currencies.iso_of(row["CURNCYID"])
        by_currency = {key_text(row["CURNCYID"]): row["LISTPRCE"] for row in lists}
        for row in children["levels"][key]:
            row["ISOCURRC"] = currencies.iso_of(row["CURNCYID"])
            row["BASE_UNIT"] = key_text(row["UOFM"]) == base.get(key_text(item["UOMSCHDL"]))
            known = item["PRICMTHD"] == AMOUNT or _list_of(row) not in rounded
            row["AMOUNT"] = amount_of(item, row, by_currency.get(key_text(row["CURNCYID"]))) if known else None
            row["HOME"] = (
                bool(level)
                and key_text(row["PRCLEVEL"]) == key_text(level)
                and currencies.or_functional(row["CURNCYID"]) == home
                and row["BASE_UNIT"]
                and row["FROMQTY"] <= 1
            )
        at_home = [row["LISTPRCE"] for row in lists if currencies.or_functional(row["CURNCYID"]) == home]
        item["LIST_PRICE"] = at_home[0] if at_home else None
        item["LEVEL_PRICE"] = next((row["AMOUNT"] for row in children["levels"][key] if row["HOME"]), None)


def amount_of(item: Row, row: Row, list_price: Decimal | None) -> Decimal | None:
    """The price of one of the row's units. Costs and list price are of the base unit."""
    value, units = row["UOMPRICE"], row["QTYBSUOM"] or Decimal(1)
    standard = item["PRICMTHD"] in (MARKUP_STANDARD, MARGIN_STANDARD)
    cost = item["STNDCOST" if standard else "CURRCOST"] * units
    match item["PRICMTHD"]:
        case 1:
            amount = value
        case 2:
            amount = None if list_price is None else list_price * units * value / HUNDRED
        case 3 | 4:
            amount = cost * (1 + value / HUNDRED)
        case 5 | 6:
            amount = None if value >= HUNDRED else cost / (1 - value / HUNDRED)
        case _:
            amount = None
    return None if amount is None else amount.quantize(FIVE, ROUND_HALF_UP)


def _rounded(database: GpDatabase, page: Sequence[Row]) -> set[tuple[str, ...]]:
    """The price lists (item, currency, level, unit) whose worked-out prices GP rounds: ROUNDTO 1 is none."""
    table = database.tables.IV00107
    items = [str(item["ITEMNMBR"]) for item in page if item["PRICMTHD"] != AMOUNT]
    columns = [table.c[name] for name in LIST]
    rows = database.read_in(
        table.c.ITEMNMBR,
        items,
        lambda among: sa.select(*columns).where(among, table.c.ROUNDTO > 1, table.c.RNDGAMNT > 0),
    )
    return {_list_of(row) for row in rows}


def _list_of(row: Row) -> tuple[str, ...]:
    return tuple(key_text(row[name]) for name in LIST)


def _base_units(database: GpDatabase, page: Sequence[Row]) -> dict[str, str]:
    table = database.tables.IV40201
    schedules = sorted({str(row["UOMSCHDL"]) for row in page} - {""})
    rows = database.read_in(
        table.c.UOMSCHDL, schedules, lambda among: sa.select(table.c.UOMSCHDL, table.c.BASEUOFM).where(among)
    )
    return {key_text(row["UOMSCHDL"]): key_text(row["BASEUOFM"]) for row in rows}
