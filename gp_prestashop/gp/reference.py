"""The package's reference data about GP: tables, eConnect procedures, their error numbers, document orders.

Generated from a GP 14-generation company and system database (data/regenerate.py). A release may add columns: what is
really there is read from INFORMATION_SCHEMA at run time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

__all__ = [
    "ErrorFact", "Parameter", "Procedure", "SqlType", "TableFact", "document_order", "error_facts", "procedures", "tables",
]  # fmt: skip

_TYPE = re.compile(r"(\w+)(?:\((\d+)(?:,(\d+))?\))?")


@dataclass(frozen=True, slots=True)
class SqlType:
    """A SQL Server type: ``char(21)`` has size 21; ``numeric(19,5)`` size 19 and scale 5."""

    name: str
    size: int | None = None
    scale: int | None = None

    @classmethod
    def parse(cls, text: str) -> SqlType:
        match = _TYPE.fullmatch(text.strip().lower())
        if match is None:
            raise ValueError(f"no SQL type: {text!r}")
        name, size, scale = match.groups()
        name = "int" if name == "integer" else name
        return cls(name, int(size) if size else None, int(scale) if scale else None)

    @property
    def is_text(self) -> bool:
        return self.name in {"char", "varchar", "text", "nchar", "nvarchar"}

    @property
    def is_integer(self) -> bool:
        return self.name in {"tinyint", "smallint", "int", "bigint"}


@dataclass(frozen=True, slots=True)
class TableFact:
    """One GP table. ``changed``: has DEX_ROW_TS (UTC, set by triggers on insert and update)."""

    name: str
    title: str
    database: Literal["company", "system"]
    key: tuple[str, ...]
    changed: bool
    columns: Mapping[str, SqlType]
    captions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One input parameter of an eConnect procedure, without its ``@I_v``."""

    name: str
    type: SqlType
    required: bool


@dataclass(frozen=True, slots=True)
class ErrorFact:
    """What is known about an eConnect error number. ``parameters``: the fields that the check reads."""

    number: int
    procedure: str
    kind: Literal["validation", "write_failed", "callee_failed"]
    meaning: str = ""
    parameters: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    must_exist: bool = False  # the check wants a row in ``tables``
    custom: bool = False  # comes from a …Pre or …Post procedure, that is from the site's own code


@dataclass(frozen=True, slots=True)
class Procedure:
    name: str
    parameters: Mapping[str, Parameter]
    errors: Mapping[int, ErrorFact]


def _load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(files("gp_prestashop.gp.data").joinpath(name).read_text("utf-8"))
    return loaded


@cache
def tables() -> Mapping[str, TableFact]:
    """The tables that this package reads, by name."""
    return {
        name: TableFact(
            name,
            entry["title"],
            entry["database"],
            tuple(entry["key"]),
            entry["changed"],
            {column: SqlType.parse(type_) for column, type_ in entry["columns"]},
            entry["captions"],
        )
        for name, entry in _load("tables.json").items()
    }


@cache
def procedures() -> Mapping[str, Procedure]:
    """The eConnect procedures that this package calls, by name."""
    return {name: _procedure(name, entry) for name, entry in _load("econnect.json").items() if name[0] != "_"}


@cache
def error_facts() -> Mapping[int, ErrorFact]:
    """All known error numbers, those of the procedures below among them; they are unique over eConnect's procedures."""
    below = [_procedure(name, entry) for name, entry in _load("econnect.json")["_callees"].items()]
    return {n: fact for procedure in (*below, *procedures().values()) for n, fact in procedure.errors.items()}


@cache
def document_order(document_type: str) -> tuple[str, ...]:
    """The procedures of an eConnect document in the order in which they must run."""
    return tuple(_load("econnect.json")["_documents"][document_type])


def _procedure(name: str, entry: Mapping[str, Any]) -> Procedure:
    parameters = {
        full[3:]: Parameter(full[3:], SqlType.parse(type_), need == "required")
        for full, type_, need, *_ in entry["parameters"]
    }
    errors: dict[int, ErrorFact] = {}
    for error in entry["errors"]:
        if error["n"] not in errors:
            errors[error["n"]] = _error(name, error)
    return Procedure(name, parameters, errors)


def _error(procedure: str, error: Mapping[str, Any]) -> ErrorFact:
    callee = error.get("callee", "")
    custom = callee.endswith(("Pre", "Post")) or "custom p" in error.get("meaning", "")
    return ErrorFact(
        error["n"],
        procedure,
        error["kind"],
        error.get("meaning", ""),
        tuple(error.get("params", ())),
        tuple(error.get("tables", ())),
        error.get("test") == "must exist",
        custom,
    )
