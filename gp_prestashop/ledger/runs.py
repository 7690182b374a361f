"""Runs: alive exactly as long as their process holds the advisory lock on their id, on whatever host it is."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, func, insert, select, update

from gp_prestashop.clock import Clock
from gp_prestashop.ledger import tables as t
from gp_prestashop.ledger.model import Run

__all__ = ["Runs"]

LOCK_SPACE = 0x67707073  # "gpps": the first key of our two-key advisory locks


class Runs:
    """Opens runs, and tells which still live."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    @contextmanager
    def open(self, flow: str, reason: str) -> Iterator[Run]:
        """A run. Its lock is held on a connection of its own until the block ends or the process dies."""
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            row = {
                "flow": flow,
                "reason": reason,
                "host": socket.gethostname(),
                "pid": os.getpid(),
                "started_at": self._clock.now(),
            }
            # The lock comes with the row, so that nobody can see the run unlocked.
            run_id = connection.execute(insert(t.run).values(row).returning(t.run.c.id)).scalar_one()
            connection.execute(select(func.pg_advisory_lock(LOCK_SPACE, _lock_key(run_id))))
            run = Run(run_id, flow)
            try:
                yield run
            finally:
                done = update(t.run).where(t.run.c.id == run_id)
                connection.execute(done.values(finished_at=self._clock.now(), counts=run.counts))
                connection.execute(select(func.pg_advisory_unlock(LOCK_SPACE, _lock_key(run_id))))

    def alive(self, run_id: int) -> bool:
        with self._engine.connect() as connection:
            return is_alive(connection, run_id)


def is_alive(connection: Connection, run_id: int) -> bool:
    """Whether somebody holds the run's lock: asked by trying to take it, in a transaction that gives it back."""
    taken = connection.execute(select(func.pg_try_advisory_xact_lock(LOCK_SPACE, _lock_key(run_id)))).scalar_one()
    return not taken


def _lock_key(run_id: int) -> int:
    return run_id % 2**31
