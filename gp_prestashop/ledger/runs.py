"""Runs: alive exactly as long as their process holds the advisory lock on their id, on whatever host it is."""

from __future__ import annotations

import os
import socket
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, Engine, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from gp_prestashop.clock import Clock
from gp_prestashop.ledger import tables as t
from gp_prestashop.ledger.database import lock_engine
from gp_prestashop.ledger.model import Run

__all__ = ["Runs", "living"]

LOCK_SPACE = 0x67707073  # "gpps": the first key of our two-key advisory locks; the second is the run's id
LIVING = text("""
    select objid from pg_locks
    where locktype = 'advisory' and classid = :space and objsubid = 2 and granted
      and database = (select oid from pg_database where datname = current_database())
      and objid = any(cast(cast(:ids as bigint[]) as oid[]))""")


class Runs:
    """Opens runs, and tells which still live."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._locks = lock_engine(engine)
        self._clock = clock

    @contextmanager
    def open(self, flow: str, reason: str) -> Iterator[Run]:
        """A run. Its lock is held on a connection of its own until the block ends or the process dies."""
        row = {
            "flow": flow,
            "reason": reason,
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "started_at": self._clock.now(),
        }
        with self._locks.connect() as own:
            # Nothing can refer to the run before its lock is taken.
            run_id = own.execute(insert(t.run).values(row).returning(t.run.c.id)).scalar_one()
            own.execute(select(func.pg_advisory_lock(LOCK_SPACE, _lock_key(run_id))))
            run = Run(run_id, flow)
            try:
                yield run
            finally:
                self._finish(run)
                with suppress(DBAPIError):  # a session that broke holds nothing any more
                    own.execute(select(func.pg_advisory_unlock(LOCK_SPACE, _lock_key(run_id))))

    def alive(self, run_id: int) -> bool:
        with self._engine.connect() as connection:
            return run_id in living(connection, [run_id])

    def _finish(self, run: Run) -> None:
        done = update(t.run).where(t.run.c.id == run.id)
        with self._engine.begin() as connection:
            connection.execute(done.values(finished_at=self._clock.now(), counts=dict(run.counts)))


def living(connection: Connection, run_ids: Collection[int]) -> set[int]:
    """Which of these runs still live: those whose lock somebody holds."""
    by_key = {_lock_key(run_id): run_id for run_id in run_ids}
    if not by_key:
        return set()
    held = connection.execute(LIVING, {"space": LOCK_SPACE, "ids": list(by_key)}).scalars()
    return {by_key[int(key)] for key in held}


def _lock_key(run_id: int) -> int:
    return run_id % 2**31
