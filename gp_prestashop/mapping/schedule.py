"""In which order a relation's cells are computed: layers by dependency, cut where answers must be fetched first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gp_prestashop.mapping.program import Cell, Compute, Macro, Op, Resolve
from gp_prestashop.mapping.relation import Relation

__all__ = ["schedule"]

Steps = list["tuple[Cell, ...] | str"]


def schedule(
    relation: Relation, table: str, base: str, given: Iterable[str], wanted: Iterable[str], keep: str | None
) -> list[Op]:
    """Steps that make ``table`` from ``base`` (SQL yielding r, i and the ``given`` columns) with the ``wanted`` columns.

    ``keep``: the cell that says which rows there are; windows see only those. Its own errors keep their rows.
    """
    return _Scheduler(relation, table, base, set(given)).run(set(wanted), keep)


class _Scheduler:
    def __init__(self, relation: Relation, table: str, base: str, ready: set[str]) -> None:
        self.relation = relation
        self.table = table
        self.base = base
        self.fan = relation.fan
        self.ready = ready
        self.ops: list[Op] = []
        self.steps: Steps = []
        self.macros = {column: macro for macro in relation.macros.values() for column in _columns(macro)}
        self.done: set[str] = set()
        self.wanted: set[str] = set()

    def run(self, wanted: set[str], keep: str | None) -> list[Op]:
        self.wanted = wanted
        if keep is not None:
            self._place(_closure({keep, f"{keep}e"} & {*self.relation.cells, keep}, self.relation.cells, self.macros))
            failed = f' OR "{keep}e" IS NOT NULL' if f"{keep}e" in self.ready else ""
            self.steps.append(f'"{keep}"{failed}')
        self._place(_closure(wanted, self.relation.cells, self.macros))
        self._compute(self.table, wanted)
        return self.ops

    def _needed_later(self) -> set[str]:
        """Columns that are wanted, or that what is still to be computed or asked uses."""
        needed = set(self.wanted)
        for name, cell in self.relation.cells.items():
            if name not in self.ready:
                needed |= cell.uses
        for macro in self.relation.macros.values():
            needed |= set(macro.keys)
        return needed

    def _compute(self, table: str, needed: Iterable[str]) -> None:
        columns = ("r", "i", *sorted(set(needed) & self.ready - {"r", "i"}))
        known = {"r": "BIGINT", "i": "BIGINT", **self.relation.shared.types}
        types = tuple(known[column] for column in columns)
        self.ops.append(Compute(table, self.base, tuple(self.steps), columns, types, self.fan))

    def _place(self, names: set[str]) -> None:
        pending = {name: cell for name, cell in self.relation.cells.items() if name in names and name not in self.ready}
        needed = {self.macros[name].table for name in names if name in self.macros}
        while True:
            while layer := [cell for cell in pending.values() if cell.uses <= self.ready]:
                self.steps.append(tuple(layer))
                self.ready |= {cell.name for cell in layer}
                for cell in layer:
                    del pending[cell.name]
            askable = [
                macro
                for macro in self.relation.macros.values()
                if macro.table in needed and macro.table not in self.done and set(macro.keys) <= self.ready
            ]
            if not askable:
                if pending:
                    raise AssertionError(f"cells that wait for each other: {sorted(pending)}")
                return
            self._ask(askable)

    def _ask(self, macros: list[Macro]) -> None:
        between = self.relation.shared.fresh(f"{self.table}_")
        self._compute(between, self._needed_later())
        answered = f"{between}_answered"
        self.ops.append(Resolve(between, answered, tuple(macros)))
        for macro in macros:
            self.ready |= set(_columns(macro))
            self.done.add(macro.table)
        self.base, self.fan = f"SELECT * FROM {answered}", 1
        self.steps = []


def _columns(macro: Macro) -> list[str]:
    return [macro.found, *(internal for internal, _ in macro.columns.values())]


def _closure(names: Iterable[str], cells: Mapping[str, Cell], macros: Mapping[str, Macro]) -> set[str]:
    """Everything that these columns need."""
    found: set[str] = set()
    stack = list(names)
    while stack:
        name = stack.pop()
        if name in found:
            continue
        found.add(name)
        if name in cells:
            stack += cells[name].uses
        elif name in macros:
            stack += macros[name].keys
    return found
