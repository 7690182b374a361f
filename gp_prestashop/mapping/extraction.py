"""Raw records to Arrow tables of text, and the SQL that reads their types.

Text becomes a column's type as follows: '' is NULL but for VARCHAR; BOOLEAN takes '1' and '0'; a whole number with a
fraction is unreadable, not rounded; a decimal with more decimals than its column is rounded half up.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from gp_prestashop.mapping.arrow_rows import numbers, texts
from gp_prestashop.mapping.program import SourceTable
from gp_prestashop.mapping.shapes import SourceRecord
from gp_prestashop.mapping.values import error_text, is_integer

__all__ = ["bad_values_sql", "extract", "typed_sql"]


def extract(sources: Sequence[SourceTable], records: Sequence[SourceRecord]) -> dict[str, pa.Table]:
    """One table for each source frame, parents first: ``i`` row, ``p`` parent row, ``r`` record, columns as text."""
    tables: dict[str, pa.Table] = {}
    objects: dict[str, tuple[list[Mapping[str, Any]], list[int]]] = {}
    for source in sources:
        if source.parent is None:
            rows: list[Mapping[str, Any]] = [record.raw for record in records]
            parents = places = list(range(len(rows)))
        else:
            rows, parents, places = [], [], []
            above, above_places = objects[source.parent]
            for parent, (node, place) in enumerate(zip(above, above_places, strict=True)):
                found = _children(node, source.path)
                for child in found if source.many else [*found][:1]:
                    rows.append(child)
                    parents.append(parent)
                    places.append(place)
        objects[source.table] = rows, places
        data = {"i": numbers(range(len(rows))), "p": numbers(parents), "r": numbers(places)}
        for column, internal, *_ in source.columns:
            data[internal] = texts([_text(row.get(column)) for row in rows])
        tables[source.table] = pa.Table.from_arrays([*data.values()], [*data])
    return tables


def typed_sql(source: SourceTable) -> str:
    """The frame with its columns in their types; ``bad`` says that one of them cannot be read."""
    columns = "".join(f', {_typed(internal, type_)} AS "{internal}"' for _, internal, type_, _ in source.columns)
    checks = [f"({_unreadable(internal, type_)})" for _, internal, type_, _ in source.columns if type_ != "VARCHAR"]
    bad = f"coalesce({' OR '.join(checks)}, false)" if checks else "false"
    return f'SELECT "i", "p", "r"{columns}, {bad} AS "bad" FROM raw_{source.table}'


def bad_values_sql(source: SourceTable) -> str:
    """``r`` and one error for each column, for the rows where a column cannot be read."""
    checks = [(_unreadable(internal, type_), internal, site) for _, internal, type_, site in source.columns]
    errors = [f"CASE WHEN {check} THEN {error_text(site, [quoted(internal)])} END" for check, internal, site in checks]
    failed = " OR ".join(f"({check})" for check, _, _ in checks)
    return f'SELECT "r", {", ".join(errors)} FROM raw_{source.table} WHERE {failed} ORDER BY "r", "i"'


def quoted(name: str) -> str:
    return f'"{name}"'


def _typed(internal: str, type_: str) -> str:
    return quoted(internal) if type_ == "VARCHAR" else f"TRY_CAST(nullif({quoted(internal)}, '') AS {type_})"


def _unreadable(internal: str, type_: str) -> str:
    name = quoted(internal)
    if type_ == "VARCHAR":
        return "false"
    unread = f"{name} <> '' AND {_typed(internal, type_)} IS NULL"
    if not is_integer(type_):
        return unread
    whole = f"coalesce(TRY_CAST({name} AS DECIMAL(38,9)) <> {_typed(internal, type_)}, true)"
    fraction = f"CASE WHEN contains({name}, '.') THEN {whole} ELSE false END"
    return f"{unread} OR {fraction}"


def _children(node: Mapping[str, Any], path: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    value: Any = node.get(path[0])
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, Mapping):
            if len(path) == 1:
                yield item
            else:
                yield from _children(item, path[1:])


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Mapping | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
