"""Rows of GP's tables in the order of a key: page by page, or those of given keys, with only the columns there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from gp_prestashop.errors import Transient
from gp_prestashop.gp.database import GpDatabase, Row
from gp_prestashop.gp.reference import tables

__all__ = ["chosen", "jsonable", "keyed_pages", "keys_changed", "ordered_pages", "within"]

BLANKS: dict[str, Any] = {"int": 0, "smallint": 0, "tinyint": 0, "numeric": Decimal(0)}


def chosen(database: GpDatabase, table: str, names: Sequence[str]) -> list[Any]:
    """The columns as this release has them; a column that it lacks reads as GP's blank."""
    selectable, present, fact = database.tables[table], database.columns(table), tables()[table]
    return [
        selectable.c[name]
        if name in present
        else sa.literal(BLANKS.get(fact.columns[name].name, ""), selectable.c[name].type).label(name)
        for name in names
    ]


def ordered_pages(
    database: GpDatabase, table: str, key: str, names: Sequence[str], conditions: Sequence[Any], size: int
) -> Iterator[list[Row]]:
    """All rows by ascending key, ``size`` at a time: no offset, so a row that comes or goes moves no other."""
    column, last = database.tables[table].c[key], ""
    columns = chosen(database, table, names)
    while True:
        page = database.read(sa.select(*columns).where(column > last, *conditions).order_by(column).limit(size))
        if not page:
            return
        if page[-1][key] == last:
            raise Transient("paging_stuck", f"GP gave {table} {last} again instead of the rows after it.")
        last = page[-1][key]
        yield page
        if len(page) < size:
            return


def keyed_pages(
    database: GpDatabase,
    table: str,
    key: str,
    names: Sequence[str],
    conditions: Sequence[Any],
    keys: Sequence[str],
    size: int,
) -> Iterator[list[Row]]:
    """The rows of these keys, in their order."""
    column = database.tables[table].c[key]
    columns = chosen(database, table, names)
    wanted = sorted(dict.fromkeys(keys))
    for start in range(0, len(wanted), size):
        chunk = wanted[start : start + size]
        rows = database.read_in(column, chunk, lambda among: sa.select(*columns).where(among, *conditions))
        if page := sorted(rows, key=lambda row: str(row[key])):
            yield page


def within(column: Any, keys: Sequence[str], *, contiguous: bool) -> list[Any]:
    """Conditions for the rows of a page's keys: its range where the page is one, else lists of keys."""
    if contiguous and keys:
        return [sa.and_(column >= keys[0], column <= keys[-1])]
    return [column.in_(list(keys[start : start + 500])) for start in range(0, len(keys), 500)]


def keys_changed(database: GpDatabase, table: str, key: str, since: datetime, conditions: Sequence[Any]) -> set[str]:
    """Keys of ``table`` with rows changed at or after ``since`` (aware), by DEX_ROW_TS (UTC); all where it has none."""
    selectable = database.tables[table]
    changed = (
        [since.astimezone(UTC).replace(tzinfo=None) <= selectable.c.DEX_ROW_TS]
        if "DEX_ROW_TS" in database.columns(table)
        else []
    )
    found: set[str] = set()
    last = ""
    while True:
        statement = (
            sa.select(selectable.c[key])
            .where(selectable.c[key] > last, *changed, *conditions)
            .group_by(selectable.c[key])
            .order_by(selectable.c[key])
            .limit(5000)
        )
        page = [str(row[key]) for row in database.read(statement)]
        found.update(page)
        if len(page) < 5000:
            return found
        last = page[-1]


def jsonable(row: Row) -> dict[str, Any]:
    """Amounts and dates as text, as a record keeps them; whole numbers and text as they are."""
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value
