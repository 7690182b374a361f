"""The FROM of a relation: its own rows with the columns of other tables that its cells need."""

from __future__ import annotations

from gp_prestashop.mapping.scope import REPEATED, REPETITION, FrameScope

__all__ = ["base_sql"]


def base_sql(scope: FrameScope) -> str:
    """SQL yielding r, i and every column in ``scope.needs``."""
    catalog = scope.catalog
    needs = {table: sorted(columns) for table, columns in scope.needs.items()}
    if scope.own is not None:
        own = catalog.table(scope.own)
    elif scope.record is not None:
        own = scope.record.table
    else:
        own = catalog.table(catalog.resource.main)
    row = f'{own}."i"'
    if scope.repeat is not None:
        row = f'{row} * {scope.repeat} + {REPEATED}."{REPETITION}" AS "i"'
    columns = [f'{own}."r"', row, *(f'{table}."{name}"' for table, names in needs.items() for name in names)]
    joins = [*_ancestors(scope, own, set(needs)), *_mapped(scope, set(needs))]
    if scope.record is not None and scope.own is not None and scope.record.table in needs:
        joins.append(f'JOIN {scope.record.table} ON {scope.record.table}."r" = {own}."r"')
    if scope.record is None:
        singles = [catalog.table(frame) for frame in catalog.resource.frames[1:] if catalog.is_single(frame)]
        joins += [f'LEFT JOIN {table} ON {table}."r" = {own}."r"' for table in singles if table in needs]
    for group in scope.aggregates.tables.values():
        joins.append(f'LEFT JOIN ({group.sql()}) {group.alias} ON {group.alias}."r" = {own}."r"')
    if scope.repeat is not None:
        joins.append(f'CROSS JOIN range(1, {scope.repeat + 1}) {REPEATED}("{REPETITION}")')
    if "settings" in needs:
        joins.append("CROSS JOIN settings")
    return f"SELECT {', '.join(columns)} FROM {own} {' '.join(joins)}"


def _ancestors(scope: FrameScope, own: str, needed: set[str]) -> list[str]:
    """The chain of parent rows, as far up as a column is needed."""
    chain = [scope.catalog.table(frame) for frame in scope.frames[1:]]
    wanted = [index for index, table in enumerate(chain) if table in needed or table in _row_tables(scope, needed)]
    joins, below = [], own
    for table in chain[: max(wanted, default=-1) + 1]:
        joins.append(f'LEFT JOIN {table} ON {table}."i" = {below}."p"')
        below = table
    return joins


def _mapped(scope: FrameScope, needed: set[str]) -> list[str]:
    """Mapped rows that were made from a source row that ours is in."""
    joins = []
    for parts in scope.mapped.values():
        for part in parts:
            if part.table in needed and part.own is not None:
                row = scope.catalog.table(part.own)
                joins.append(f'LEFT JOIN {part.table} ON {part.table}."i" = {row}."i"')
    return joins


def _row_tables(scope: FrameScope, needed: set[str]) -> set[str]:
    """Source tables whose row numbers lead to mapped rows."""
    parts = [part for parts in scope.mapped.values() for part in parts]
    return {scope.catalog.table(part.own) for part in parts if part.table in needed and part.own is not None}
