"""Reading GP: on any pooled connection, or on one whose transaction is still open."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, Protocol

from sqlalchemy.engine import Connection
from sqlalchemy.sql import Select, Selectable

from gp_prestashop.gp.database import GpDatabase, Row, chunks
from gp_prestashop.gp.tables import GpTables

__all__ = ["OpenTransaction", "Reader"]


class Reader(Protocol):
    """What guards need of a database; :class:`~gp_prestashop.gp.database.GpDatabase` is one."""

    @property
    def tables(self) -> GpTables: ...

    def read(self, statement: Selectable) -> list[Row]: ...

    def read_in(self, column: Any, keys: Sequence[str], make: Callable[[Any], Select[Any]]) -> Iterator[Row]: ...

    def columns(self, table: str) -> frozenset[str]: ...


class OpenTransaction:
    """Reads what the transaction on ``connection`` has written so far, before it is committed."""

    def __init__(self, database: GpDatabase, connection: Connection) -> None:
        self._database: Final = database
        self._connection: Final = connection

    @property
    def tables(self) -> GpTables:
        return self._database.tables

    def read(self, statement: Selectable) -> list[Row]:
        return self._database.read_with(self._connection, statement)

    def read_in(self, column: Any, keys: Sequence[str], make: Callable[[Any], Select[Any]]) -> Iterator[Row]:
        for chunk in chunks(list(dict.fromkeys(keys))):
            yield from self.read(make(column.in_(chunk)))

    def columns(self, table: str) -> frozenset[str]:
        return self._database.columns(table)
