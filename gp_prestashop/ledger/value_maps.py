"""Value maps: versioned tables of codes. A new version is made only when the content differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from sqlalchemy import Engine, func, insert, select, text

from gp_prestashop.clock import Clock
from gp_prestashop.ledger import tables as t

__all__ = ["ValueMaps"]

Row = Mapping[str, str]  # column → value


class ValueMaps:
    """Loads and resolves maps. The latest version of each is read once for the life of this object or until ``load``."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._read = lru_cache(maxsize=None)(self._read_latest)

    def load(self, name: str, rows: Mapping[str, Row], source: str) -> bool:
        """Make ``rows`` (by code) the map's content; returns whether that was a change."""
        with self._engine.begin() as connection:
            connection.execute(text("lock table gpps.value_map in share row exclusive mode"))
            latest = self._latest_rows(name, connection)
            if latest == {code: dict(row) for code, row in rows.items()}:
                return False
            highest = connection.execute(
                select(func.max(t.value_map.c.version)).where(t.value_map.c.name == name)
            ).scalar()
            now, version = self._clock.now(), (highest or 0) + 1
            values = [
                {
                    "name": name,
                    "version": version,
                    "code": code,
                    "columns": dict(row),
                    "source": source,
                    "loaded_at": now,
                }
                for code, row in rows.items()
            ]
            if values:
                connection.execute(insert(t.value_map), values)
        self._read.cache_clear()
        return True

    def resolve(self, name: str, codes: Sequence[str], columns: Sequence[str] = ()) -> dict[str, Row]:
        """The rows of these codes that the map has; ``columns`` narrows them (a row lacking one is absent)."""
        latest = self._read(name)
        found: dict[str, Row] = {code: latest[code] for code in codes if code in latest}
        if not columns:
            return found
        return {c: {n: row[n] for n in columns} for c, row in found.items() if all(row.get(n) for n in columns)}

    def names(self) -> list[str]:
        with self._engine.connect() as connection:
            return list(
                connection.execute(select(t.value_map.c.name).distinct().order_by(t.value_map.c.name)).scalars()
            )

    def _read_latest(self, name: str) -> dict[str, dict[str, str]]:
        with self._engine.connect() as connection:
            return self._latest_rows(name, connection)

    @staticmethod
    def _latest_rows(name: str, connection: object) -> dict[str, dict[str, str]]:
        latest = select(func.max(t.value_map.c.version)).where(t.value_map.c.name == name).scalar_subquery()
        query = select(t.value_map.c.code, t.value_map.c.columns).where(
            t.value_map.c.name == name, t.value_map.c.version == latest
        )
        return {row.code: dict(row.columns) for row in connection.execute(query)}  # type: ignore[attr-defined]
