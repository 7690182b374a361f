"""Values over all the record's rows of another frame: total, count, first, min, max."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from gp_prestashop.mapping.flow_errors import ExpressionError, did_you_mean
from gp_prestashop.mapping.shapes import Frame
from gp_prestashop.mapping.values import Value, decimal_parts

if TYPE_CHECKING:
    from gp_prestashop.mapping.scope import FrameScope

__all__ = ["Aggregates"]

Kind = Literal["sum", "count", "first", "min", "max"]


@dataclass
class _Table:
    """One grouped sub-select, joined by record: its rows' SQL and its columns (SQL by internal name)."""

    alias: str
    rows: dict[str, list[str]] = field(default_factory=dict)  # from table → internal columns, one for each of names
    names: list[str] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)  # SQL → internal name

    def sql(self) -> str:
        parts = []
        for number, (table, internals) in enumerate(self.rows.items()):
            picked = "".join(f', {column} AS "{name}"' for name, column in zip(self.names, internals, strict=True))
            parts.append(f'SELECT "r", "i", {number} AS "part"{picked} FROM {table}')
        columns = ", ".join(f'{sql} AS "{name}"' for sql, name in self.columns.items())
        return f'SELECT "r", {columns} FROM ({" UNION ALL ".join(parts)}) q GROUP BY "r"'


class Aggregates:
    """The aggregates that one relation asks for."""

    def __init__(self, scope: FrameScope) -> None:
        self.scope = scope
        self.tables: dict[str, _Table] = {}

    def value(self, kind: Kind, path: str) -> Value:
        """``path`` is ``frame.column``, or ``frame`` for count."""
        frame, _, column = (path, "", "") if kind == "count" else path.rpartition(".")
        parts = self.scope.mapped.get(frame, [])
        if parts and (kind == "count" or any(column in part.definitions for part in parts)):
            return self._of_mapped(kind, frame, parts, column)
        source = self.scope.catalog.resource.frame(frame)
        if parts and source is None:
            names = [name for part in parts for name in part.definitions]
            raise ExpressionError(f"{frame} has no {column}.", did_you_mean(column, names))
        if source is None or not source.path:
            known = [*self.scope.mapped, *(one.name for one in self.scope.catalog.resource.frames if one.path)]
            hint = did_you_mean(frame, known)
            raise ExpressionError(
                f"There is no frame {frame or path} to look through.", hint or "Write 'frame.column'."
            )
        if kind != "count" and source.column(column) is None:
            names = [one.name for one in source.columns] + [name for part in parts for name in part.definitions]
            raise ExpressionError(f"{frame} has no {column}.", did_you_mean(column, names))
        return self._of_source(kind, source, column)

    def _of_source(self, kind: Kind, frame: Frame, column: str) -> Value:
        catalog = self.scope.catalog
        catalog.touch(frame)
        table = self._table(f"source {frame.name}", [catalog.table(frame)])
        if kind == "count":
            return self._grouped(table, kind, None, "BIGINT", frozenset())
        found = frame.column(column)
        assert found is not None  # noqa: S101
        from_table, internal, type_ = catalog.use(frame, found)
        name = self._picked(table, {from_table: f'"{internal}"'})
        return self._grouped(table, kind, name, type_, frozenset({f"{frame.name}.{column}"}))

    def _of_mapped(self, kind: Kind, frame: str, parts: Sequence[FrameScope], column: str) -> Value:
        table = self._table(f"mapped {frame}", [part.table for part in parts])
        if kind == "count":
            return self._grouped(table, kind, None, "BIGINT", frozenset())
        having = {part: part.define(column) for part in parts if column in part.definitions}
        types = {value.type for value in having.values()}
        if len(types) > 1:
            raise ExpressionError(f"{column} has not the same type in all parts of {frame}.", "Use cast().")
        for part, value in having.items():
            part.exports |= value.uses
        picked = {part.table: having[part].sql if part in having else "NULL" for part in parts}
        sources = frozenset().union(*(value.sources for value in having.values()))
        value = self._grouped(table, kind, self._picked(table, picked), next(iter(types)), sources)
        if not any(part.definitions[column].is_output for part in having) and any(v.error for v in having.values()):
            failed = self._picked(
                table, {part.table: (having[part].error if part in having else None) or "NULL" for part in parts}
            )
            error = self._column(table, f'min("{failed}")', "VARCHAR")
            value = value.but(error=f'"{error}"', uses=value.uses | {error})
        return value

    def _grouped(self, table: _Table, kind: Kind, name: str | None, type_: str, sources: frozenset[str]) -> Value:
        if kind == "sum" and decimal_parts(type_) is None:
            raise ExpressionError(
                f"total() adds numbers, not {type_.lower()}.", "Use cast(… as decimal(19,5)) in a let."
            )
        scale = (decimal_parts(type_) or (0, 0))[1]
        sql, result = {
            "sum": (f'CAST(sum("{name}") AS DECIMAL(38,{scale}))', f"DECIMAL(38,{scale})"),
            "count": ("count(*)", "BIGINT"),
            "first": (f'first("{name}" ORDER BY "part", "i")', type_),
            "min": (f'min("{name}")', type_),
            "max": (f'max("{name}")', type_),
        }[kind]
        internal = self._column(table, sql, result)
        value = self.scope.shared.column(internal, result, sources)
        if kind in ("sum", "count"):
            return value.but(sql=f'coalesce("{internal}", 0)', inputs=frozenset(), atomic=False)
        return value.but(nullable=True)

    def _column(self, table: _Table, sql: str, type_: str) -> str:
        if sql not in table.columns:
            table.columns[sql] = f"{table.alias}_{len(table.columns)}"
        name = table.columns[sql]
        self.scope.need(table.alias, name, type_)
        return name

    def _table(self, identity: str, rows: Sequence[str]) -> _Table:
        if identity not in self.tables:
            self.tables[identity] = _Table(self.scope.shared.fresh("g"), {row: [] for row in rows})
        return self.tables[identity]

    def _picked(self, table: _Table, internals: dict[str, str]) -> str:
        wanted = [internals[row] for row in table.rows]
        for index, name in enumerate(table.names):
            if [internals_[index] for internals_ in table.rows.values()] == wanted:
                return name
        name = f"x{len(table.names)}"
        table.names.append(name)
        for row, internal in zip(table.rows.values(), wanted, strict=True):
            row.append(internal)
        return name
