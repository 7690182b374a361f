"""What changed in GP since a moment: by DEX_ROW_TS (UTC, kept by triggers) where a table has it, else by comparing.

Pages are keyed by DEX_ROW_ID, so memory stays flat and a row that changes while it is read is at worst read twice.
Deleted rows leave nothing behind: they show only in a key comparison; a posted document moves from work to history.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa

from gp_prestashop.errors import ConfigError
from gp_prestashop.gp.database import GpDatabase, Row
from gp_prestashop.gp.reference import tables

__all__ = ["ChangeReader"]


class ChangeReader:
    """Reads rows of one table at a time. ``now()`` is taken before a read and becomes the next ``since``."""

    def __init__(self, database: GpDatabase, *, page_size: int = 1000) -> None:
        self._database: Final = database
        self._page_size: Final = page_size

    def now(self) -> datetime:
        """The server's clock, which DEX_ROW_TS is written by; aware, UTC."""
        rows = self._database.read(sa.select(sa.func.getutcdate().label("NOW")))
        value: datetime = rows[0]["NOW"]
        return value.replace(tzinfo=UTC)

    def has_timestamps(self, table: str) -> bool:
        """Whether this release's table has DEX_ROW_TS."""
        return "DEX_ROW_TS" in self._database.columns(table)

    def changed(self, table: str, since: datetime | None, columns: Sequence[str]) -> Iterator[list[Row]]:
        """Pages of rows changed at or after ``since`` (aware); all rows when it is None.

        Raises ConfigError when the table keeps no timestamps: use :meth:`fingerprints` there.
        """
        selectable = self._database.tables[table]
        conditions = []
        if since is not None:
            if not self.has_timestamps(table):
                raise ConfigError("no_timestamps", f"GP's table {table} does not say when a row changed.")
            conditions = [since.astimezone(UTC).replace(tzinfo=None) <= selectable.c.DEX_ROW_TS]
        yield from self._pages(table, columns, conditions)

    def fingerprints(self, table: str, columns: Sequence[str]) -> Iterator[tuple[tuple[Any, ...], str]]:
        """(primary key, hash of ``columns``) of every row, for tables without timestamps."""
        key = tables()[table].key
        for page in self._pages(table, list(dict.fromkeys([*key, *columns])), []):
            for row in page:
                text = "\x1f".join(str(row[name]) for name in columns)
                yield tuple(row[name] for name in key), hashlib.sha256(text.encode()).hexdigest()

    @staticmethod
    def compare(
        before: Mapping[tuple[Any, ...], str], now: Mapping[tuple[Any, ...], str]
    ) -> tuple[set[tuple[Any, ...]], set[tuple[Any, ...]]]:
        """(new or changed keys, keys that are gone) between two sets of fingerprints."""
        changed = {key for key, print_ in now.items() if before.get(key) != print_}
        return changed, set(before) - set(now)

    def _pages(self, table: str, columns: Sequence[str], conditions: Sequence[Any]) -> Iterator[list[Row]]:
        selectable, last = self._database.tables[table], 0
        present = self._database.columns(table)
        chosen = [selectable.c[name] for name in columns if name in present]
        while True:
            statement = (
                sa.select(*chosen, selectable.c.DEX_ROW_ID.label("_row"))
                .where(last < selectable.c.DEX_ROW_ID, *conditions)
                .order_by(selectable.c.DEX_ROW_ID)
                .limit(self._page_size)
            )
            page = self._database.read(statement)
            if not page:
                return
            last = page[-1]["_row"]
            yield [{name: value for name, value in row.items() if name != "_row"} for row in page]
            if len(page) < self._page_size:
                return
