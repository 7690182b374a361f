"""Look-up lists that find the GP customer of a shopper: by e-mail address (SY01200.INET1), by name and postcode (RM00101).

``matches`` says how many customers there are; with more than one, CUSTNMBR is the lowest of them. Inactive ones count only
where there is no other: they take no documents (1790).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from gp_prestashop.gp.database import GpDatabase
from gp_prestashop.keys import key_text
from gp_prestashop.mapping.shapes import Column, LookupList

__all__ = ["EMAILS", "MATCHING", "NAMES", "matching_lists", "matching_rows"]

Key = tuple[str, ...]
EMAILS, NAMES = "gp.customer_emails", "gp.customer_names"
MATCHING = (EMAILS, NAMES)


def matching_lists() -> dict[str, LookupList]:
    columns = (
        Column("CUSTNMBR", max_length=15, title="Customer Number"),
        Column("matches", "INTEGER", title="How many customers match"),
    )
    return {
        EMAILS: LookupList(EMAILS, ("INET1",), columns),
        NAMES: LookupList(NAMES, ("CUSTNAME", "ZIP"), columns),
    }


def matching_rows(database: GpDatabase, name: str, keys: Sequence[Key]) -> list[tuple[Key, Mapping[str, Any]]]:
    """Rows by key in upper case, as GP compares."""
    pairs = _by_email(database, keys) if name == EMAILS else _by_name(database, keys)
    found: dict[Key, set[str]] = {}
    for key, number in pairs:
        found.setdefault(key, set()).add(number)
    inactive = _inactive(database, {number for numbers in found.values() for number in numbers if len(numbers) > 1})
    found = {key: numbers - inactive or numbers for key, numbers in found.items()}
    return [(key, {"CUSTNMBR": min(numbers), "matches": len(numbers)}) for key, numbers in found.items()]


def _inactive(database: GpDatabase, numbers: Collection[str]) -> set[str]:
    table = database.tables.RM00101
    select = sa.select(table.c.CUSTNMBR).where(table.c.INACTIVE == 1)
    return {key_text(row["CUSTNMBR"]) for row in database.read_in(table.c.CUSTNMBR, sorted(numbers), select.where)}


def _by_email(database: GpDatabase, keys: Sequence[Key]) -> list[tuple[Key, str]]:
    table = database.tables.SY01200
    select = sa.select(table.c.INET1, table.c.Master_ID).where(table.c.Master_Type == "CUS")
    rows = database.read_in(table.c.INET1, [key[0] for key in keys if key[0]], select.where)
    return [((key_text(row["INET1"]),), key_text(row["Master_ID"])) for row in rows]


def _by_name(database: GpDatabase, keys: Sequence[Key]) -> list[tuple[Key, str]]:
    table = database.tables.RM00101
    select = sa.select(table.c.CUSTNAME, table.c.ZIP, table.c.CUSTNMBR)
    rows = database.read_in(table.c.CUSTNAME, [key[0] for key in keys if all(key)], select.where)
    return [((key_text(row["CUSTNAME"]), key_text(row["ZIP"])), key_text(row["CUSTNMBR"])) for row in rows]
