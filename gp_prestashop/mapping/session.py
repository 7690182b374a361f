"""A locked database with a program's statements in it, planned once and run for many batches.

Planning a large map takes DuckDB hundreds of times as long as running it over one order. So a session keeps its prepared
statements, and the tables between them stay outside as Arrow tables that change under names that do not.
"""

from __future__ import annotations

import atexit
import os
import threading
import warnings
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

import duckdb
import pyarrow as pa

from gp_prestashop.mapping.database import Limits, open_locked, watched
from gp_prestashop.mapping.program import Program

__all__ = ["Session", "TooMuchText", "session_of"]

FULL = "more text than memory can hold"
MANY = 1_000_000_000  # rows of one piece
IDLE = 32  # sessions kept for the next batch, of all programs together


warnings.filterwarnings("ignore", "Arrow output on a DB-API result makes an extra copy", UserWarning)  # we know


class TooMuchText(Exception):
    """A batch grew beyond the memory that it may take."""


class _Table:
    """What a name in the database stands for: DuckDB asks it for its rows at every statement."""

    def __init__(self, table: pa.Table, huge: tuple[str, ...]) -> None:
        self.table = table
        self.huge = huge
        self.bytes = 0  # of what was made

    def __arrow_c_schema__(self) -> object:
        return self.table.schema.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.table.__arrow_c_stream__(requested_schema)


class Session:
    """For one thread at a time. Tables and statements are known by their names, their columns are always the same.

    Arrow has no whole numbers of 128 bits: it takes them for decimals, which divide otherwise. A view casts them back.
    """

    def __init__(self, limits: Limits, code_page: str) -> None:
        self._limits = limits
        self._code_page = code_page
        self.memory = _bytes(limits.memory)
        self._open()

    def put(self, name: str, table: pa.Table, huge: Sequence[str] = ()) -> None:
        """Make ``table`` what ``name`` stands for; ``huge``: its columns of type HUGEINT."""
        if name in self._tables:
            self._tables[name].table = table
            return
        self._tables[name] = held = _Table(table, tuple(huge))
        if huge:
            self._connection.register(f"{name}_stored", held)
            casts = ", ".join(f'CAST("{column}" AS HUGEINT) AS "{column}"' for column in huge)
            self._connection.execute(f"CREATE TEMP VIEW {name} AS SELECT * REPLACE ({casts}) FROM {name}_stored")
        else:
            self._connection.register(name, held)

    def extend(self, name: str, columns: Mapping[str, pa.Array], wider: str) -> None:
        """Make ``wider`` the table ``name`` with these columns as well."""
        table = self._tables[name].table
        for column, values in columns.items():
            table = table.append_column(column, values)
        self.put(wider, table, self._tables[name].huge)

    def table(self, name: str) -> pa.Table:
        return self._tables[name].table

    def make(self, name: str, sql: str, types: Mapping[str, str] = MappingProxyType({}), *, fan: int = 1) -> None:
        """Table ``name`` from ``sql``, planned at its first use. ``types`` of its columns, if it may take much memory.

        It has at most ``fan`` times as many rows as the largest table before.

        Raises duckdb.Error, and TooMuchText before text is held that is beyond the limit.
        """
        texts = [f'coalesce(strlen("{column}"), 0)' for column, type_ in types.items() if type_ == "VARCHAR"]
        if name not in self._prepared:
            full = f"CASE WHEN {' + '.join(texts) or '0'} > $1::BIGINT THEN error('{FULL}') END"
            self._connection.execute(f'PREPARE {name}_ AS SELECT *, {full} AS "full_" FROM ({sql}) q')
            self._prepared.add(name)
        used = sum(held.bytes for held in self._tables.values())
        rows = fan * max((held.table.num_rows for held in self._tables.values()), default=1)
        room = max(self.memory - used, 0) // max(rows, 1)
        try:
            reader = self._connection.execute(f"EXECUTE {name}_({room}::BIGINT)").to_arrow_reader(MANY)
            made = reader.read_all().drop_columns("full_")
        except duckdb.InvalidInputException as error:
            if FULL not in str(error):
                raise
            raise TooMuchText from None
        self.put(name, made, [column for column, type_ in types.items() if type_ == "HUGEINT"])
        self._tables[name].bytes = made.nbytes

    def execute(self, sql: str) -> None:
        """Run something once."""
        self._connection.execute(sql).fetchall()

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Interrupts what takes longer than the limit: duckdb.InterruptException."""
        with watched(self._connection, self._limits.seconds):
            yield

    def forget(self) -> None:
        """Keep the plans, and no row."""
        for held in self._tables.values():
            held.table, held.bytes = pa.Table.from_batches([], held.table.schema), 0

    def reopen(self) -> None:
        """Start anew, after what DuckDB does not recover from."""
        self.close()
        self._open()

    def close(self) -> None:
        self._connection.close()

    def _open(self) -> None:
        self._connection: Any = open_locked(self._limits, self._code_page)
        self._tables: dict[str, _Table] = {}
        self._prepared: set[str] = set()


class _Idle:
    """Sessions that wait for the next batch of their program; the one that waited longest is closed for another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sessions: OrderedDict[int, tuple[tuple[int, Limits, str], Program, Session]] = OrderedDict()
        self._process = os.getpid()

    def take(self, key: tuple[int, Limits, str]) -> Session | None:
        with self._lock:
            if self._process != os.getpid():  # a fork may not touch its parent's databases
                self._sessions, self._process = OrderedDict(), os.getpid()
            found = next((number for number, (one, *_) in self._sessions.items() if one == key), None)
            return self._sessions.pop(found)[2] if found is not None else None

    def give(self, key: tuple[int, Limits, str], program: Program, session: Session) -> None:
        with self._lock:
            self._sessions[id(session)] = (key, program, session)
            while len(self._sessions) > IDLE:
                self._sessions.popitem(last=False)[1][2].close()

    def close(self) -> None:
        with self._lock:
            while self._sessions and self._process == os.getpid():
                self._sessions.popitem()[1][2].close()


_idle = _Idle()
atexit.register(_idle.close)


@contextmanager
def session_of(program: Program, limits: Limits, code_page: str) -> Iterator[Session]:
    """A session of this program, for this thread alone; the program is not changed from its first run on."""
    key = (id(program), limits, code_page)  # the idle ones hold the program, so its number is not another's
    session = _idle.take(key) or Session(limits, code_page)
    try:
        yield session
        session.forget()
    except BaseException:
        session.close()
        raise
    _idle.give(key, program, session)


def _bytes(limit: str) -> int:
    """``512MB`` in bytes."""
    units = {"KB": 10**3, "MB": 10**6, "GB": 10**9}
    return int(limit[:-2]) * units[limit[-2:].upper()]
