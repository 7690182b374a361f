"""GP's tables as SQLAlchemy selectables, named by database: ``[TWO].[dbo].[SOP10100]``, ``[DYNAMICS].[dbo].[SY01500]``.

Each is aliased by its own name, since SQL Server has deprecated columns with more than two parts. Character columns are
``char(n)``, blank padded; values compare as non-Unicode literals, since a comparison with nvarchar would make SQL
Server convert the column and scan the index.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any, Final

from sqlalchemy import CHAR, Column, Integer, MetaData, Numeric, Table, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import FromClause
from sqlalchemy.types import LargeBinary, TypeEngine, UserDefinedType

from gp_prestashop.gp.literals import date_literal
from gp_prestashop.gp.reference import SqlType, TableFact, tables

__all__ = ["GpDate", "GpTables", "column_type"]


class GpDate(UserDefinedType[date]):
    """``datetime``; written so that no language or DATEFORMAT of the server matters."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "datetime"

    def literal_processor(self, dialect: Dialect) -> Callable[[date], str]:  # noqa: ARG002
        return date_literal


class GpTables:
    """The tables of one company and its system database."""

    def __init__(self, company: str, system: str) -> None:
        self._databases: Final[Mapping[str, str]] = {"company": company, "system": system}
        self._aliases: dict[str, FromClause] = {}

    def __getitem__(self, name: str) -> FromClause:
        """The table as a selectable, aliased by its own name."""
        if name not in self._aliases:  # one alias for each: two would be a cross join
            self._aliases[name] = _table(self._databases[tables()[name].database], name).alias(name)
        return self._aliases[name]

    def __getattr__(self, name: str) -> FromClause:
        if name not in tables():
            raise AttributeError(name)
        return self[name]

    def database_of(self, name: str) -> str:
        return self._databases[tables()[name].database]


@cache
def _table(database: str, name: str) -> Table:
    fact: TableFact = tables()[name]
    columns = [
        Column(column, column_type(type_), primary_key=column in fact.key) for column, type_ in fact.columns.items()
    ]
    return Table(name, MetaData(), *columns, schema=f"{database}.dbo")


def column_type(type_: SqlType) -> TypeEngine[Any]:
    """The SQLAlchemy type of a GP column."""
    if type_.name in {"char", "varchar"}:
        return CHAR(type_.size)
    if type_.is_integer:
        return Integer()
    if type_.name == "numeric":
        return Numeric(type_.size, type_.scale)
    if type_.name == "datetime":
        return GpDate()
    if type_.name == "text":
        return Text()
    return LargeBinary(type_.size)
