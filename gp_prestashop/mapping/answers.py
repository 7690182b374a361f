"""Macros while a map runs: the distinct keys are asked at once, the answers become columns of the rows that asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

from gp_prestashop.mapping.arrow_rows import numbers, texts
from gp_prestashop.mapping.program import Resolve
from gp_prestashop.mapping.references import Key, References
from gp_prestashop.mapping.values import decimal_parts, is_integer

__all__ = ["ask"]

ARROW = {
    "VARCHAR": pa.string(), "BOOLEAN": pa.bool_(), "DATE": pa.date32(), "TIMESTAMP": pa.timestamp("us"),
    "BIGINT": pa.int64(), "INTEGER": pa.int32(), "SMALLINT": pa.int16(), "TINYINT": pa.int8(),
}  # fmt: skip


def ask(
    rows: pa.Table, op: Resolve, references: References, asked: Mapping[tuple[str, str], Sequence[str]]
) -> dict[str, pa.Array]:
    """A column for each answer: whether each row's key was found, and what was; NULL where it was not."""
    keys = {macro.table: _distinct(rows, macro.keys) for macro in op.macros}
    # Macros on one list ask together; which of their keys are known already, the cache knows.
    together: dict[tuple[str, str], dict[Key, None]] = {}
    for macro in op.macros:
        whole = sorted(key for key in keys[macro.table][0] if all(key))
        together.setdefault((macro.kind, macro.name), {}).update(dict.fromkeys(whole))
    answers = {
        (kind, name): references.resolve(kind, name, list(wanted), list(asked[kind, name])) if wanted else {}
        for (kind, name), wanted in together.items()
    }
    columns: dict[str, pa.Array] = {}
    for macro in op.macros:
        distinct, places = keys[macro.table]
        found = [answers[macro.kind, macro.name].get(key) for key in distinct]
        columns[macro.found] = _array([None if row is None else True for row in found], "BOOLEAN").take(places)
        for column, (internal, type_) in macro.columns.items():
            values = [None if row is None else row.get(column) for row in found]
            columns[internal] = _array(values, type_).take(places)
    return columns


def _distinct(rows: pa.Table, names: Sequence[str]) -> tuple[list[Key], pa.Array]:
    """The distinct keys of these columns, and which of them each row has."""
    known: dict[Key, int] = {}
    keys = zip(*(rows[name].to_pylist() for name in names), strict=True)
    places = [known.setdefault(key, len(known)) for key in keys]
    return list(known), numbers(places)


def _array(values: Sequence[Any], type_: str) -> pa.Array:
    """As the column's type; look-up lists may hold text as the system sent it."""
    plain = texts([None if value is None else _spelled(value, type_) for value in values])
    parts = None if is_integer(type_) else decimal_parts(type_)
    return plain.cast(ARROW[type_] if parts is None else pa.decimal128(*parts))


def _spelled(value: Any, type_: str) -> str:
    if type_ == "BOOLEAN":
        return "true" if str(value).lower() in ("1", "true") else "false"
    if is_integer(type_):
        return str(int(value))
    if type_ == "DATE" and isinstance(value, datetime):
        value = value.date()
    parts = decimal_parts(type_)
    return str(value) if parts is None else format(Decimal(str(value)).quantize(Decimal(1).scaleb(-parts[1])), "f")
