"""A relation: rows to which cells (computed columns) are added. Implements what functions may ask of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from gp_prestashop.mapping.binder import Binder
from gp_prestashop.mapping.flow_errors import ExpressionError, did_you_mean
from gp_prestashop.mapping.functions import combine
from gp_prestashop.mapping.program import MOST_TEXT, Cell, Macro, Program
from gp_prestashop.mapping.shapes import LookupList
from gp_prestashop.mapping.values import Site, Value, error_text
from gp_prestashop.words import list_called

__all__ = ["Relation", "Shared"]

BARE = re.compile(r'^"([a-z0-9_]+)"$')
MOST_CELLS = 5000


@dataclass
class Shared:
    """What all relations of one program share while it is compiled."""

    program: Program
    binder: Binder
    lists: Mapping[str, LookupList]
    settings: frozenset[str]
    types: dict[str, str] = field(default_factory=dict)  # internal column → type
    counter: int = 0

    def fresh(self, prefix: str) -> str:
        self.counter += 1
        return f"{prefix}{self.counter}"

    def site(self, code: str, sentence: str, remedy: str = "", severity: str = "hold") -> int:
        site = Site(code, sentence, remedy, severity)
        if site not in self.program.sites:
            self.program.sites.append(site)
        return self.program.sites.index(site)

    def column(self, name: str, type_: str, sources: frozenset[str] = frozenset()) -> Value:
        """An internal column as a value."""
        self.types[name] = type_
        only = frozenset({name})
        return Value(f'"{name}"', type_, uses=only, inputs=only, sources=sources, atomic=True)


class Relation:
    """Cells over rows that have ``r`` (record) and ``i`` (row). ``needs`` gathers columns of other tables by table."""

    def __init__(self, name: str, shared: Shared) -> None:
        self.name = name
        self.shared = shared
        self.cells: dict[str, Cell] = {}
        self.macros: dict[tuple[str, str, tuple[str, ...]], Macro] = {}
        self.needs: dict[str, set[str]] = {}  # table → its columns
        self.owner: list[str] = [name]
        self.fan = 1  # rows made of each row of the base
        self.windows_allowed = True
        self._memo: dict[tuple[str, str | None], Value] = {}

    # What functions may ask.

    def hoist(self, value: Value) -> Value:
        if value.atomic:
            return value
        match = BARE.match(value.sql)
        if match and (value.error is None or BARE.match(value.error)):
            return value.but(atomic=True)
        return self._cell(value, window=False)

    def window(self, value: Value) -> Value:
        if not self.windows_allowed:
            raise ExpressionError("line_number(), allocate() and together() cannot decide which rows there are.")
        return self._cell(value, window=True)

    def site(self, code: str, sentence: str, remedy: str = "", severity: str = "hold") -> int:
        return self.shared.site(code, sentence, remedy, severity)

    def type_of(self, sql: str, uses: Iterable[str]) -> str:
        return self.shared.binder.type_of(sql, {name: self.shared.types[name] for name in sorted(uses)})

    def setting(self, name: str) -> Value:
        if name not in self.shared.settings:
            raise ExpressionError(f"There is no setting {name}.", did_you_mean(name, self.shared.settings))
        settings = self.shared.program.settings
        column = settings.setdefault(name, f"set_{len(settings)}")
        return self.need("settings", column, "VARCHAR").but(inputs=frozenset())

    def macro(self, kind: str, name: str, keys: Sequence[Value], column: str | None, *, strict: bool) -> Value:
        types = self._macro_types(kind, name, keys, column)
        wanted = column or "value"
        parts = [self._key(key) for key in keys]
        identity = (kind, name, tuple(part.sql.strip('"') for part in parts))
        macro = self.macros.get(identity)
        if macro is None:
            table = self.shared.fresh("m")
            macro = Macro(table, kind, name, identity[2], f"{table}_found", {})
            self.macros[identity] = macro
            self.shared.types[macro.found] = "BOOLEAN"
        asked = self.shared.program.asked.setdefault((kind, name), [])
        if wanted not in asked:
            asked.append(wanted)
        internal, _ = macro.columns.setdefault(wanted, (f"{macro.table}_{len(macro.columns)}", types[wanted]))
        self.shared.types[internal] = types[wanted]
        value = combine(f'"{internal}"', types[wanted], parts, calls=False)
        value = value.but(uses=value.uses | {internal, macro.found}, nullable=True)
        return value if not strict else value.but(error=self._not_found(macro, parts, wanted, value))

    def aggregate(self, kind: Literal["sum", "count", "first", "min", "max"], path: str) -> Value:
        raise ExpressionError(f"{kind} of {path} is not known here.")

    # What scopes use.

    def need(self, table: str, column: str, type_: str, sources: frozenset[str] = frozenset()) -> Value:
        """A column of another table that is joined to this relation's rows."""
        self.needs.setdefault(table, set()).add(column)
        return self.shared.column(column, type_, sources)

    def keep(self, value: Value) -> Value:
        """The value and its error as columns, whatever they are."""
        match = BARE.match(value.sql)
        if match and match[1] in self.cells and (value.error is None or BARE.match(value.error)):
            return value.but(atomic=True)
        return self._cell(value, window=False)

    def _cell(self, value: Value, *, window: bool) -> Value:
        identity = (value.sql, value.error)
        if identity in self._memo:
            return self._memo[identity]
        if len(self.cells) > MOST_CELLS:
            raise ExpressionError("The flow is too large.")
        type_ = "VARCHAR" if value.type == "NULL" else value.type
        sql = f"CAST({value.sql} AS {type_})" if value.type == "NULL" else value.sql
        grows = value.grows and type_ == "VARCHAR"
        if grows:
            sql = f"left({sql}, {MOST_TEXT})"
        name = self.shared.fresh("c")
        self._add(Cell(name, sql, value.uses, self.owner[-1], window, grows), type_)
        uses, error = {name}, None
        if value.error is not None:
            error = f'"{name}e"'
            self._add(Cell(f"{name}e", value.error, value.uses, self.owner[-1]), "VARCHAR")
            uses.add(f"{name}e")
        kept = Value(
            f'"{name}"',
            type_,
            error,
            frozenset(uses) | value.warns,
            frozenset({name}),
            value.sources,
            value.nullable,
            atomic=True,
            warns=value.warns,
        )
        self._memo[identity] = kept
        return kept

    def _add(self, cell: Cell, type_: str) -> None:
        self.cells[cell.name] = cell
        self.shared.types[cell.name] = type_

    def _key(self, key: Value) -> Value:
        if key.type == "BOOLEAN":
            raise ExpressionError("A truth value is no key.")
        text = key if key.type == "VARCHAR" else combine(f"CAST({key.sql} AS VARCHAR)", "VARCHAR", [key], calls=False)
        return self.keep(text)

    def _macro_types(self, kind: str, name: str, keys: Sequence[Value], column: str | None) -> dict[str, str]:
        if kind != "lookup":
            return {column or "value": "VARCHAR"}
        known = self.shared.lists.get(name)
        if known is None:
            raise ExpressionError(f"There is no look-up list {name}.", did_you_mean(name, self.shared.lists))
        if len(keys) != len(known.keys):
            raise ExpressionError(
                f"{name} is asked by {' and '.join(known.keys)}: {len(known.keys)} keys, not {len(keys)}."
            )
        types = {found.name: found.type for found in known.columns}
        if column not in types:
            suggestion = did_you_mean(str(column), types) or f"It has {', '.join(types)}."
            raise ExpressionError(f"{name} has no column {column}.", suggestion)
        return types

    def _not_found(self, macro: Macro, parts: Sequence[Value], column: str, value: Value) -> str:
        sentence, remedy, code = _words(macro.kind, macro.name, column, len(parts))
        site = self.site(code, sentence, remedy)
        present = " AND ".join(f"{part.sql} IS NOT NULL" for part in parts)
        missing = f'"{macro.found}" IS NULL'
        if macro.kind == "value":
            missing = f"({missing} OR {value.sql} IS NULL)"
        own = f"CASE WHEN {present} AND {missing} THEN {error_text(site, [part.sql for part in parts])} END"
        errors = [*(part.error for part in parts if part.error is not None), own]
        return errors[0] if len(errors) == 1 else f"coalesce({', '.join(errors)})"


def _words(kind: str, name: str, column: str, keys: int) -> tuple[str, str, str]:
    """Sentence, remedy and code of a key that is not there."""
    shown = ", ".join(f"“{{{index}}}”" for index in range(keys))
    plain = name.replace("{", "").replace("}", "")
    if kind == "xref":
        return (
            f"{shown} of the flow '{plain}' is not in the other system yet.",
            f"Run the flow '{plain}' for it, or see why it was held.",
            "no_xref",
        )
    if kind == "value":
        what = "" if column == "value" else f" with a {column}"
        return (
            f"{shown} has no entry{what} in the value map '{plain}'.",
            f"Add it to the value map '{plain}'.",
            "no_value",
        )
    return (
        f"{shown} is not among {list_called(plain)}.",
        f"Add it there ({plain}), or correct the record.",
        "no_lookup",
    )
