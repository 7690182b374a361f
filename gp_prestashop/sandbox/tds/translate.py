"""SELECT and plain INSERT, UPDATE, DELETE of T-SQL as Postgres, over the schemas of the GP databases."""

from __future__ import annotations

import re
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError

from gp_prestashop.sandbox.gp.catalogue import catalogue
from gp_prestashop.sandbox.gp.schema import schema_of
from gp_prestashop.sandbox.tds.sql_error import SqlError

__all__ = ["CHAR_LENGTHS", "COLUMNS_TABLE", "SPELLINGS", "Translation", "create_columns_table", "translate"]

COLUMNS_TABLE = "information_schema_columns"

SPELLINGS = {column.lower(): column for info in catalogue().values() for column in info.columns}


def _char_lengths() -> dict[str, int]:
    """Columns that are char(n) of one and the same length in every table."""
    found: dict[str, set[str]] = {}
    for info in catalogue().values():
        for column, kind in info.columns.items():
            found.setdefault(column.lower(), set()).add(kind)
    lengths = {}
    for column, kinds in found.items():
        match = re.fullmatch(r"char\((\d+)\)", next(iter(kinds)))
        if len(kinds) == 1 and match:
            lengths[column] = int(match[1])
    return lengths


CHAR_LENGTHS = _char_lengths()


class Translation:
    """Postgres text, and how the result's columns are spelt."""

    def __init__(self, sql: str, names: dict[str, str], *, reads: bool) -> None:
        self.sql, self.names, self.reads = sql, names, reads

    def spelt(self, column: str) -> str:
        return self.names.get(column, SPELLINGS.get(column, column))


@lru_cache(maxsize=4096)
def translate(sql: str, database: str) -> Translation:
    """Raises SqlError (102, 208) for what is not among the statements that the stand-in knows."""
    text = re.sub(
        r"\bgetutcdate\s*\(\s*\)|\bgetdate\s*\(\s*\)", "CAST(CURRENT_TIMESTAMP AS DATETIME2)", sql, flags=re.IGNORECASE
    )
    try:
        tree = sqlglot.parse_one(text, read="tsql")
    except ParseError as error:
        raise SqlError(102, f"Incorrect syntax near: {str(error)[:200]}", 15) from error
    if not isinstance(tree, exp.Select | exp.Union | exp.Insert | exp.Update | exp.Delete):
        raise SqlError(102, f"The sandbox does not know this statement: {sql[:80]}", 15)
    names = {alias.alias.lower(): alias.alias for alias in tree.find_all(exp.Alias)}
    for hint in list(tree.find_all(exp.WithTableHint)):
        hint.parent.set("hints", None) if hint.parent else None
    for table in tree.find_all(exp.Table):
        _place(table, database)
    for national in list(tree.find_all(exp.National)):
        national.replace(exp.Literal.string(national.this))
    for identifier in tree.find_all(exp.Identifier):
        identifier.set("this", identifier.this.lower())
        identifier.set("quoted", False)
    for literal in tree.find_all(exp.Literal):  # trailing blanks do not count in a comparison
        if literal.is_string and isinstance(literal.parent, exp.EQ | exp.NEQ | exp.In):
            literal.set("this", literal.this.rstrip(" "))
    for like in list(tree.find_all(exp.Like)):  # patterns do not work over a collation that ignores case
        plain = exp.Collate(this=exp.cast(like.this.copy(), "text"), expression=exp.to_identifier("C", quoted=True))
        like.replace(exp.ILike(this=plain, expression=like.expression.copy()))
    return Translation(tree.sql("postgres"), names, reads=isinstance(tree, exp.Select | exp.Union))


def _place(table: exp.Table, database: str) -> None:
    """``TWO.dbo.X``, ``DYNAMICS..X`` and ``X``: the schema of the database."""
    if not table.name:
        return
    catalog, middle = table.catalog, table.db
    owner = catalog or (middle if middle and middle.lower() not in ("dbo", "information_schema") else "") or database
    if "information_schema" in (middle or "").lower():
        if table.name.lower() != "columns":
            raise SqlError(208, f"Invalid object name 'INFORMATION_SCHEMA.{table.name}'.")
        alias = table.alias or "columns"
        table.set("this", exp.to_identifier(COLUMNS_TABLE))
        table.set("alias", exp.TableAlias(this=exp.to_identifier(alias)))
    try:
        table.set("db", exp.to_identifier(schema_of(owner)))
    except ValueError as error:
        raise SqlError(911, f"Database '{owner}' does not exist.") from error
    table.set("catalog", None)


def create_columns_table(company: str, system: str) -> list[str]:
    """Statements that make what INFORMATION_SCHEMA.COLUMNS answers from, for both databases."""
    statements = []
    for database, kind in ((company, "company"), (system, "system")):
        name = f"{schema_of(database)}.{COLUMNS_TABLE}"
        rows = [
            f"('{info.name}', '{column}', {position}, '{sql_type}')"
            for info in catalogue().values()
            if info.database == kind
            for position, (column, sql_type) in enumerate(info.columns.items(), 1)
        ]
        statements.append(
            f"create table if not exists {name} (table_name public.gp_char, column_name public.gp_char, ordinal_position int, data_type text)"
        )
        statements.append(f"truncate {name}")
        statements.append(f"insert into {name} values {', '.join(rows)}")
    return statements
