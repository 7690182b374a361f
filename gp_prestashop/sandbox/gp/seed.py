"""Rows into GP's tables, in bulk, by GP's table and column names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

import psycopg

from gp_prestashop.sandbox.gp.catalogue import catalogue
from gp_prestashop.sandbox.gp.company_setup import company_setup
from gp_prestashop.sandbox.gp.schema import schema_of

__all__ = ["company_setup", "load"]


def load(
    cursor: psycopg.Cursor[Any],
    company: str,
    rows: Mapping[str, Sequence[Mapping[str, object]]],
    *,
    system: str = "DYNAMICS",
) -> None:
    """Inserts `rows` by GP table; columns that a row leaves out take GP's default. KeyError for a name GP does not have.

    `company` and `system` are database names. A row that exists already (primary key) is an error.
    """
    schemas = {"company": schema_of(company), "system": schema_of(system), "tempdb": "tempdb"}
    for table, entries in rows.items():
        info = catalogue()[table]
        known = {name.lower(): name for name in info.columns}
        for columns, batch in _alike(entries):
            for column in columns:
                if column.lower() not in known:
                    raise KeyError(f"{table}.{column}")
            names = ", ".join(column.lower() for column in columns)
            with cursor.copy(f"COPY {schemas[info.database]}.{table.lower()} ({names}) FROM STDIN") as copy:
                for entry in batch:
                    copy.write_row([_stored(entry[column]) for column in columns])


def _alike(entries: Sequence[Mapping[str, object]]) -> list[tuple[tuple[str, ...], list[Mapping[str, object]]]]:
    """Rows grouped by the columns they have, in the order of their first appearance."""
    groups: dict[tuple[str, ...], list[Mapping[str, object]]] = {}
    for entry in entries:
        groups.setdefault(tuple(entry), []).append(entry)
    return list(groups.items())


def _stored(value: object) -> object:
    if isinstance(value, str):
        return value.rstrip(" ")
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time())
    return value
