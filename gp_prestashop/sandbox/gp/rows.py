"""Copies of rows by GP's column lists: what posting and transfers do with whole documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import psycopg
from psycopg.rows import dict_row

from gp_prestashop.sandbox.gp.catalogue import catalogue

__all__ = ["Rows", "copied", "insert"]

Row = dict[str, Any]


class Rows:
    """SQL over the company's schema with rows as dicts of lower-case names."""

    def __init__(self, cursor: psycopg.Cursor[Any], schema: str) -> None:
        self._cursor = cursor.connection.cursor(row_factory=dict_row)
        self.schema = schema

    def all(self, sql: str, values: Mapping[str, object] | Sequence[object] = ()) -> list[Row]:
        self._cursor.execute(sql.replace("{company}", self.schema), values)
        return self._cursor.fetchall() if self._cursor.description else []

    def one(self, sql: str, values: Mapping[str, object] | Sequence[object] = ()) -> Row:
        """The only row. LookupError for none."""
        found = self.all(sql, values)
        if not found:
            raise LookupError(sql)
        return found[0]

    def insert(self, table: str, row: Mapping[str, object]) -> None:
        insert(self._cursor, self.schema, table, row)


@cache
def _columns(table: str) -> frozenset[str]:
    return frozenset(name.lower() for name in catalogue()[table].columns if not name.startswith("DEX_ROW"))


def copied(row: Mapping[str, object], table: str, **changed: object) -> Row:
    """A row for `table` made of another table's row: the columns that both have, and `changed`."""
    return {name: value for name, value in {**row, **changed}.items() if name in _columns(table)}


def insert(cursor: psycopg.Cursor[Any], schema: str, table: str, row: Mapping[str, object]) -> None:
    names = ", ".join(row)
    marks = ", ".join(f"%({name})s" for name in row)
    cursor.execute(f"INSERT INTO {schema}.{table.lower()} ({names}) VALUES ({marks})".encode(), row)
