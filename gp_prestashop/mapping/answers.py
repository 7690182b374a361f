"""Macros while a map runs: the distinct keys are asked at once, the answers become tables to join."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

from gp_prestashop.mapping.program import Macro, Resolve
from gp_prestashop.mapping.references import References
from gp_prestashop.mapping.values import decimal_parts, is_integer

__all__ = ["ask"]

ARROW = {
    "VARCHAR": pa.string(), "BOOLEAN": pa.bool_(), "DATE": pa.date32(), "TIMESTAMP": pa.timestamp("us"),
    "BIGINT": pa.int64(), "INTEGER": pa.int32(), "SMALLINT": pa.int16(), "TINYINT": pa.int8(),
}  # fmt: skip


def ask(connection: Any, op: Resolve, references: References, asked: Mapping[tuple[str, str], Sequence[str]]) -> None:
    """Register one table for each macro: k0, k1 … its keys, whether found, and its columns."""
    keys: dict[str, list[tuple[str, ...]]] = {}
    for macro in op.macros:
        names = [f'"{key}"' for key in macro.keys]
        present = " AND ".join(f"{name} <> ''" for name in names)
        sql = f"SELECT DISTINCT {', '.join(names)} FROM {op.table} WHERE {present} ORDER BY ALL"
        keys[macro.table] = connection.execute(sql).fetchall()
    # Macros on one list ask together; which of their keys are known already, the cache knows.
    together: dict[tuple[str, str], dict[tuple[str, ...], None]] = {}
    for macro in op.macros:
        together.setdefault((macro.kind, macro.name), {}).update(dict.fromkeys(keys[macro.table]))
    answers = {
        (kind, name): references.resolve(kind, name, list(wanted), list(asked[kind, name])) if wanted else {}
        for (kind, name), wanted in together.items()
    }
    for macro in op.macros:
        found = [(key, answers[macro.kind, macro.name].get(key)) for key in keys[macro.table]]
        connection.register(macro.table, _table(macro, [(key, row) for key, row in found if row is not None]))


def _table(macro: Macro, rows: Sequence[tuple[tuple[str, ...], Mapping[str, Any]]]) -> pa.Table:
    data = {f"k{index}": pa.array([key[index] for key, _ in rows], pa.string()) for index in range(len(macro.keys))}
    data[macro.found] = pa.array([True] * len(rows), pa.bool_())
    for column, (internal, type_) in macro.columns.items():
        data[internal] = _array([row.get(column) for _, row in rows], type_)
    return pa.table(data)


def _array(values: Sequence[Any], type_: str) -> pa.Array:
    parts = decimal_parts(type_)
    if parts is not None and not is_integer(type_):
        unit = Decimal(1).scaleb(-parts[1])
        return pa.array([None if v is None else Decimal(str(v)).quantize(unit) for v in values], pa.decimal128(*parts))
    return pa.array([_typed(value, type_) for value in values], ARROW[type_])


def _typed(value: Any, type_: str) -> Any:
    """The value as its column's type; look-up lists may hold text as the system sent it."""
    if value is None:
        return None
    if type_ == "VARCHAR":
        return str(value)
    if is_integer(type_):
        return int(value)
    if type_ == "BOOLEAN":
        return value if isinstance(value, bool) else str(value).lower() in ("1", "true")
    if isinstance(value, str):
        return date.fromisoformat(value) if type_ == "DATE" else datetime.fromisoformat(value)
    return value
