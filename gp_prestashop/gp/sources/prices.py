"""Price rows as amounts: IV00108 holds an amount for price method 1, and a percentage for methods 2 to 6.

What GP works out of a percentage it may round besides (IV00107, see price_rounding.py). An amount that cannot be told is not
guessed at: UNTOLD says why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

import sqlalchemy as sa

from gp_prestashop.gp.currencies import Currencies, decimals_of
from gp_prestashop.gp.database import GpDatabase, Row
from gp_prestashop.gp.sources.price_rounding import PriceRounding
from gp_prestashop.keys import key_text

__all__ = ["amount_of", "base_units", "complete_prices", "price_levels"]

HUNDRED = Decimal(100)
FIVE = Decimal("0.00001")
ISO_LENGTH = 3  # else it is a CURNCYID, where MC40200 names no code
LIST = ("ITEMNMBR", "CURNCYID", "PRCLEVEL", "UOFM")
AMOUNT, OF_LIST, MARKUP_CURRENT, MARKUP_STANDARD, MARGIN_CURRENT, MARGIN_STANDARD = range(1, 7)  # IV00101.PRICMTHD


def complete_prices(
    database: GpDatabase,
    currencies: Currencies,
    page: Sequence[Row],
    children: Mapping[str, Mapping[str, list[Row]]],
    level: str,
) -> None:
    """Adds ISOCURRC to both kinds of rows; AMOUNT (None where it cannot be told), UNTOLD and BASE_UNIT to the levels.

    The items get FUNCTIONAL, LIST_PRICE, and LEVEL_PRICE and LEVEL_UNTOLD of the price level ``level``.
    """
    base = {schedule: key_text(unit) for schedule, unit in base_units(database, page).items()}
    home, iso = currencies.or_functional(""), currencies.iso_of("")
    roundings = _roundings(database, page)
    for item in page:
        key = str(item["ITEMNMBR"])
        lists = children["list_prices"][key]
        for row in lists:
            row["ISOCURRC"] = currencies.iso_of(row["CURNCYID"])
        by_currency = {key_text(row["CURNCYID"]): row for row in lists}
        for row in children["levels"][key]:
            row["ISOCURRC"] = currencies.iso_of(row["CURNCYID"])
            row["BASE_UNIT"] = key_text(row["UOFM"]) == base.get(key_text(item["UOMSCHDL"]))
            rounding = None if item["PRICMTHD"] == AMOUNT else roundings.get(_list_of(row))
            row["AMOUNT"], row["UNTOLD"] = _told(item, row, by_currency.get(key_text(row["CURNCYID"])), rounding)
            row["HOME"] = (
                bool(level)
                and key_text(row["PRCLEVEL"]) == key_text(level)
                and currencies.or_functional(row["CURNCYID"]) == home
                and row["BASE_UNIT"]
                and row["FROMQTY"] <= 1
            )
        at_home = [row["LISTPRCE"] for row in lists if currencies.or_functional(row["CURNCYID"]) == home]
        item["FUNCTIONAL"] = iso if len(iso) == ISO_LENGTH else ""
        item["LIST_PRICE"] = at_home[0] if at_home else None
        first = next((row for row in children["levels"][key] if row["HOME"]), {})
        item["LEVEL_PRICE"], item["LEVEL_UNTOLD"] = first.get("AMOUNT"), first.get("UNTOLD", "")


def _told(item: Row, row: Row, listed: Row | None, rounding: PriceRounding | None) -> tuple[Decimal | None, str]:
    """The amount, or why there is none: ``rounded``, ``no_list_price`` or ``no_amount``."""
    amount = amount_of(item, row, None if listed is None else listed["LISTPRCE"])
    if amount is None:
        return None, "no_list_price" if item["PRICMTHD"] == OF_LIST and listed is None else "no_amount"
    if rounding is None:
        return amount, ""
    amount = rounding.of(amount, decimals_of((listed or item)["DECPLCUR"]))
    return amount, "" if amount is not None else "rounded"


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


def _roundings(database: GpDatabase, page: Sequence[Row]) -> dict[tuple[str, ...], PriceRounding]:
    """By price list (item, currency, level, unit), for those whose worked-out prices GP rounds."""
    table = database.tables.IV00107
    items = [str(item["ITEMNMBR"]) for item in page if item["PRICMTHD"] != AMOUNT]
    columns = [table.c[name] for name in (*LIST, "ROUNDTO", "ROUNDHOW", "RNDGAMNT")]
    rows = database.read_in(table.c.ITEMNMBR, items, lambda among: sa.select(*columns).where(among))
    found = {_list_of(row): PriceRounding(row["ROUNDTO"], row["ROUNDHOW"], row["RNDGAMNT"]) for row in rows}
    return {key: rounding for key, rounding in found.items() if not rounding.does_nothing}


def _list_of(row: Row) -> tuple[str, ...]:
    return tuple(key_text(row[name]) for name in LIST)


def base_units(database: GpDatabase, page: Sequence[Row]) -> dict[str, str]:
    """BASEUOFM by unit schedule, in capitals (IV40201)."""
    table = database.tables.IV40201
    schedules = sorted({str(row["UOMSCHDL"]) for row in page} - {""})
    rows = database.read_in(
        table.c.UOMSCHDL, schedules, lambda among: sa.select(table.c.UOMSCHDL, table.c.BASEUOFM).where(among)
    )
    return {key_text(row["UOMSCHDL"]): str(row["BASEUOFM"]) for row in rows}


def price_levels(database: GpDatabase) -> list[Row]:
    """PRCLEVEL of all that there are, whether an item has prices of it or not."""
    table = database.tables.IV40800
    return database.read(sa.select(table.c.PRCLEVEL).order_by(table.c.PRCLEVEL))
