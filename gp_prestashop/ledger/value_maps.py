"""Value maps: versioned tables of codes. A new version is made only when the content differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Engine, func, insert, select, text

from gp_prestashop.clock import Clock
from gp_prestashop.ledger import tables as t

__all__ = ["ValueMaps"]

Row = Mapping[str, str]  # column → value

v, m = t.value_map_version.c, t.value_map.c


class ValueMaps:
    """Loads and resolves maps. A version never changes, so each is read once; which one is current is always asked."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._read: dict[str, tuple[int, dict[str, dict[str, str]]]] = {}  # name → version, rows

    def load(self, name: str, rows: Mapping[str, Row], source: str) -> bool:
        """Make ``rows`` (by code) the map's content; returns whether that was a change."""
        wanted = {code: dict(row) for code, row in rows.items()}
        with self._engine.begin() as connection:
            connection.execute(text("lock table gpps.value_map_version in share row exclusive mode"))
            latest = _latest(connection, name)
            if latest and wanted == _rows(connection, name, latest):
                return False
            at = {"name": name, "version": latest + 1}
            head = insert(t.value_map_version).values(**at, source=source, loaded_at=self._clock.now())
            connection.execute(head)
            if wanted:
                values = [{**at, "code": code, "columns": row} for code, row in wanted.items()]
                connection.execute(insert(t.value_map), values)
        return True

    def resolve(self, name: str, codes: Sequence[str], columns: Sequence[str] = ()) -> dict[str, Row]:
        """The rows of these codes that the map has; ``columns`` narrows them.

        A blank counts as no entry: it is left out of its row, and a row with none of the columns is absent.
        """
        latest = self._current(name)
        found: dict[str, Row] = {code: latest[code] for code in codes if code in latest}
        if not columns:
            return found
        narrowed = {code: {c: row[c] for c in columns if row.get(c)} for code, row in found.items()}
        return {code: row for code, row in narrowed.items() if row}

    def names(self) -> list[str]:
        with self._engine.connect() as connection:
            return list(connection.execute(select(v.name).distinct().order_by(v.name)).scalars())

    def _current(self, name: str) -> dict[str, dict[str, str]]:
        with self._engine.connect() as connection:
            latest = _latest(connection, name)
            known = self._read.get(name)
            if known is None or known[0] != latest:
                known = self._read[name] = (latest, _rows(connection, name, latest))
        return known[1]


def _latest(connection: Connection, name: str) -> int:
    """The current version, 0 when there is none."""
    return int(connection.execute(select(func.coalesce(func.max(v.version), 0)).where(v.name == name)).scalar_one())


def _rows(connection: Connection, name: str, version: int) -> dict[str, dict[str, str]]:
    query = select(m.code, m.columns).where(m.name == name, m.version == version)
    return {row.code: dict(row.columns) for row in connection.execute(query)}
