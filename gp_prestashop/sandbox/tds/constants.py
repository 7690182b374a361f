"""SELECTs without tables: variables and literals, and what drivers ask a server when they connect."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from gp_prestashop.sandbox.tds.lexer import literal
from gp_prestashop.sandbox.tds.session import Session
from gp_prestashop.sandbox.tds.sql_error import SqlError

__all__ = ["constants"]

VERSION = "Microsoft SQL Server 2019 (RTM) - 15.0.2000.5 (X64) \n\tSandbox"
COLUMN = re.compile(
    r"\s*(?P<value>@@?\w+|N?'(?:[^']|'')*'|-?\d+(?:\.\d+)?|NULL)(?:\s+(?:AS\s+)?(?P<name>\[[^\]]+\]|\w+))?\s*",
    re.IGNORECASE | re.DOTALL,
)
NEXT_COLUMN = re.compile(r",(?=(?:[^']*'[^']*')*[^']*$)")  # a comma that stands in no string
# What a driver, a dialect or a doctor asks, by a piece of its text.
ABOUT_THE_SERVER: dict[str, Any] = {
    "@@version": VERSION,
    "schema_name()": "dbo",
    "test max support": "test max support",
    "fn_listextendedproperty": None,
    "has_perms_by_name": 1,
    "databasepropertyex": "SQL_Latin1_General_CP1_CI_AS",
    "collationproperty": 1252,
    "transaction_isolation_level": "READ COMMITTED",
    "sys.system_views": "dm_exec_sessions",
    "@@spid": 51,
}


def constants(text: str, variables: Mapping[str, Any], session: Session) -> tuple[list[str], list[Any]] | None:
    """Names and the one row; None for a SELECT that reads tables."""
    lowered = text.lower()
    for marker, answer in {**ABOUT_THE_SERVER, "db_name()": session.database}.items():
        if marker in lowered:
            return [""], [answer]
    if re.fullmatch(r"\s*select\s+getutcdate\(\)\s*(as\s+\S+\s*)?", lowered):
        return ["now"], [datetime.now(UTC).replace(tzinfo=None)]
    if re.search(r"\bfrom\b", lowered):
        return None
    names: list[str] = []
    values: list[Any] = []
    for part in NEXT_COLUMN.split(re.sub(r"(?is)^\s*select\s+", "", text)):
        match = COLUMN.fullmatch(part)
        if match is None:
            return None
        names.append((match["name"] or "").strip("[]"))
        values.append(_value(match["value"], variables, session))
    return names, values


def _value(word: str, variables: Mapping[str, Any], session: Session) -> Any:
    if word.upper() == "@@TRANCOUNT":
        return session.transactions
    if not word.startswith("@"):
        return literal("string" if "'" in word else "number" if word[-1].isdigit() else "word", word.lstrip("-"))
    if word.lower() not in variables:
        raise SqlError(137, f'Must declare the scalar variable "{word}".', 15)
    return variables[word.lower()]
