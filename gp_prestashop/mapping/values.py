"""Compiled values: a piece of SQL with its type, what can go wrong in it, and where it comes from.

An expression compiles to two pieces of SQL: its value, and its *error*, which is NULL for rows where all is well. Errors
are as lazy as SQL itself: ``coalesce(try_value(…), lookup(…))`` is wrong only where the look-up was needed and failed.
So one bad record is found in the same pass that maps the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

__all__ = [
    "Site",
    "Value",
    "decimal_parts",
    "error_text",
    "is_decimal",
    "is_integer",
    "quote",
    "read_error",
    "spell_decimal",
]

SEPARATOR = "\x1f"
DECIMAL = re.compile(r"^DECIMAL\((\d+),\s*(\d+)\)$")
INTEGERS = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"})
NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Value:
    """``sql`` over internal columns. ``error`` is SQL that yields NULL or an :func:`error_text`.

    ``uses``: internal columns in ``sql`` and ``error``. ``inputs``: those whose NULL explains a NULL value.
    ``sources``: source columns as ``frame.column``, for lineage. ``nullable``: has a part that makes NULL on purpose.
    ``calls``: a function is called in it. ``grows``: it may be longer than the text it is made of.
    ``warns``: internal columns (among ``uses``) that hold an :func:`error_text` to be told without holding the record.
    """

    sql: str
    type: str
    error: str | None = None
    uses: frozenset[str] = NONE
    inputs: frozenset[str] = NONE
    sources: frozenset[str] = NONE
    nullable: bool = False
    atomic: bool = False
    calls: bool = False
    grows: bool = False
    warns: frozenset[str] = NONE
    literal: str | int | None = field(default=None)

    def but(self, **changes: object) -> Value:
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Site:
    """One place where a record can fail. ``sentence`` and ``remedy`` take the failing values as {0}, {1} …"""

    code: str
    sentence: str
    remedy: str = ""
    severity: str = "hold"


def error_text(site: int, arguments: Iterable[str] = ()) -> str:
    """SQL for an error: the site's number and the values concerned (SQL of any type), separated."""
    pieces = [f"'{site}'", *(f"coalesce(left(CAST({sql} AS VARCHAR), 200), '')" for sql in arguments)]
    return "concat_ws(chr(31), " + ", ".join(pieces) + ")" if len(pieces) > 1 else pieces[0]


def read_error(text: str) -> tuple[int, list[str]]:
    """The site's number and the values of an :func:`error_text`."""
    site, *arguments = text.split(SEPARATOR)
    return int(site), arguments


def quote(text: str) -> str:
    """An SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def decimal_parts(type_: str) -> tuple[int, int] | None:
    """Width and scale of a DECIMAL type; integers are decimals of scale 0."""
    if match := DECIMAL.match(type_):
        return int(match[1]), int(match[2])
    return {"TINYINT": (3, 0), "SMALLINT": (5, 0), "INTEGER": (10, 0), "BIGINT": (19, 0), "HUGEINT": (38, 0)}.get(type_)


def is_decimal(type_: str) -> bool:
    return DECIMAL.match(type_) is not None


def is_integer(type_: str) -> bool:
    return type_ in INTEGERS


def spell_decimal(width: int, scale: int) -> str:
    return f"DECIMAL({min(width, 38)},{scale})"
