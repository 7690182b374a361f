"""Tables and views that a flow declares with their key and columns: SOP10106, a view of the site, a third product's table.

Rows come in the order of their key, page by page without offsets. Where the flow names DEX_ROW_TS as ``changed_by`` and
declares it, changes are asked for by it; else all rows are read, and what came out the same is recognised by its hash.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from gp_prestashop.engine.protocols import Selection
from gp_prestashop.errors import ConfigError, Transient
from gp_prestashop.gp.database import GpDatabase, Row
from gp_prestashop.gp.sources.rows import jsonable
from gp_prestashop.gp.tables import GpDate
from gp_prestashop.mapping.column_types import declared_column
from gp_prestashop.mapping.model import SourceRef

__all__ = ["DeclaredTables"]

SEPARATOR = "|"
CHUNK = 100  # keys in one condition
STAMP = "DEX_ROW_TS"


@dataclass(frozen=True, slots=True)
class _Table:
    selectable: Any
    key: tuple[str, ...]
    stamped: bool


class DeclaredTables:
    """By name. A record's key is its key columns joined by ``|``."""

    def __init__(self, database: GpDatabase) -> None:
        self._database: Final = database
        self._tables: dict[str, _Table] = {}

    def declare(self, source: SourceRef) -> None:
        columns = [sa.column(name, _type(type_)) for name, type_ in source.columns.items()]
        name, company = source.resource, self._database.settings.company
        table = sa.table(name, *columns, schema=f"{company}.dbo").alias(name)
        stamped = source.changed_by == STAMP and STAMP in source.columns
        self._tables[name] = _Table(table, source.key, stamped)

    def __contains__(self, name: str) -> bool:
        return name in self._tables

    def pages(self, name: str, selection: Selection, size: int) -> Iterator[list[tuple[str, dict[str, Any]]]]:
        """(key, record) by ascending key. Raises ConfigError where the table or a column is not there."""
        if selection.created is not None:
            raise ConfigError("no_date", f"{name} is not read by days.", remedy="Leave out partitions.daily.")
        table = self._tables[name]
        conditions = []
        if selection.changed_since is not None and table.stamped:
            since = selection.changed_since.astimezone(UTC).replace(tzinfo=None)
            conditions.append(since <= table.selectable.c[STAMP])
        found = (
            self._ordered(table, conditions, size)
            if selection.keys is None
            else self._keyed(table, list(selection.keys), size)
        )
        for page in found:
            yield [(_key(row, table.key), jsonable(row)) for row in page]

    def _ordered(self, table: _Table, conditions: Sequence[Any], size: int) -> Iterator[list[Row]]:
        columns = [table.selectable.c[name] for name in table.key]
        last: tuple[Any, ...] | None = None
        while True:
            after = [_after(columns, last)] if last is not None else []
            statement = sa.select(*table.selectable.c).where(*conditions, *after).order_by(*columns).limit(size)
            page = self._database.read(statement)
            if not page:
                return
            newest = tuple(page[-1][name] for name in table.key)
            if newest == last:
                raise Transient("paging_stuck", f"GP gave the rows after {last} again.")
            last = newest
            yield page
            if len(page) < size:
                return

    def _keyed(self, table: _Table, keys: Sequence[str], size: int) -> Iterator[list[Row]]:
        wanted = [key.split(SEPARATOR) for key in dict.fromkeys(keys)]
        wanted = [parts for parts in wanted if len(parts) == len(table.key)]
        rows: list[Row] = []
        for start in range(0, len(wanted), CHUNK):
            among = sa.or_(*(_equals(table, parts) for parts in wanted[start : start + CHUNK]))
            rows += self._database.read(sa.select(*table.selectable.c).where(among))
        for start in range(0, len(rows), size):
            yield rows[start : start + size]


def _after(columns: Sequence[Any], last: Sequence[Any]) -> Any:
    """Rows after ``last`` in the order of the columns."""
    column, value = columns[0], last[0]
    if len(columns) == 1:
        return column > value
    return sa.or_(column > value, sa.and_(column == value, _after(columns[1:], last[1:])))


def _equals(table: _Table, parts: Sequence[str]) -> Any:
    conditions = []
    for name, part in zip(table.key, parts, strict=True):
        column = table.selectable.c[name]
        whole = isinstance(column.type, sa.Integer)
        if whole and not part.lstrip("-").isdigit():
            return sa.false()
        conditions.append(column == (int(part) if whole else part))
    return sa.and_(*conditions)


def _key(row: Row, names: Sequence[str]) -> str:
    return SEPARATOR.join(str(row[name]) for name in names)


def _type(declared: str) -> TypeEngine[Any]:
    column = declared_column("", declared)
    if column.type == "VARCHAR":
        return sa.CHAR(column.max_length) if column.max_length else sa.Text()
    if column.type in ("DATE", "TIMESTAMP"):
        return GpDate()
    if column.type.startswith("DECIMAL"):
        width, scale = (int(part) for part in column.type[8:-1].split(","))
        return sa.Numeric(width, scale)
    return sa.Integer()
