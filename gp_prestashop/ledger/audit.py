"""The audit trail: appended in the transaction of each change, chained by a sealer after commit.

Writers never queue on one row: rows are written without a hash, and ``seal`` chains those whose transactions are all
over. The trail names records by their keys and holds states, codes and document keys only: no personal data.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC
from typing import Any

from sqlalchemy import Connection, Engine, func, select, text

from gp_prestashop.ledger import tables as t

__all__ = ["seal", "verify"]

SEALER_LOCK = 0x6770707374  # one key, so that it cannot meet the two-key locks of runs
GENESIS = "0" * 64
BATCH = 5000

# An id is taken before its transaction commits, so nothing of a transaction at or after the oldest open one is sealed yet.
READY = text("""
    select id, at, actor, run_id, action, flow, key, before, after from gpps.audit
    where position is null and transaction < cast(cast(pg_snapshot_xmin(pg_current_snapshot()) as text) as bigint)
    order by id limit :batch""")
SEAL = text("""
    update gpps.audit a set position = g.position, previous_hash = g.previous, hash = g.hash
    from unnest(cast(:ids as bigint[]), cast(:positions as bigint[]), cast(:previous as text[]), cast(:hashes as text[]))
        as g (id, position, previous, hash)
    where a.id = g.id""")
SET_HEAD = text("""
    insert into gpps.audit_head (one, position, hash) values (1, :position, :hash)
    on conflict (one) do update set position = excluded.position, hash = excluded.hash""")

Head = tuple[int, str]  # position and hash of the last sealed row


def seal(engine: Engine) -> int:
    """Chain what is committed and can have no earlier row under way; returns how many rows were sealed."""
    total = 0
    while True:
        with engine.begin() as connection:
            if not connection.execute(select(func.pg_try_advisory_xact_lock(SEALER_LOCK))).scalar_one():
                return total  # another process seals
            sealed = _seal_batch(connection)
        total += sealed
        if sealed < BATCH:
            return total


def verify(engine: Engine) -> int | None:
    """The first place where the chain is broken, as a row's id; None when it is whole.

    Rows cut off the end break it at the id after the last one left.
    """
    position, previous, last_id = 0, GENESIS, 0
    query = select(t.audit).where(t.audit.c.position.is_not(None)).order_by(t.audit.c.position)
    with engine.connect().execution_options(isolation_level="REPEATABLE READ", yield_per=BATCH) as connection:
        head = _head(connection)
        with connection.execute(query) as rows:
            for row in rows:
                position += 1
                digest = _digest(previous, position, row)
                if (row.position, row.previous_hash, row.hash) != (position, previous, digest):
                    return int(row.id)
                previous, last_id = digest, int(row.id)
    return None if (position, previous) == head else last_id + 1


def _seal_batch(connection: Connection) -> int:
    rows = connection.execute(READY, {"batch": BATCH}).all()
    if not rows:
        return 0
    position, previous = _head(connection)
    positions: list[int] = []
    hashes = [previous]
    for row in rows:
        position += 1
        positions.append(position)
        hashes.append(_digest(hashes[-1], position, row))
    ids = [row.id for row in rows]
    connection.execute(SEAL, {"ids": ids, "positions": positions, "previous": hashes[:-1], "hashes": hashes[1:]})
    connection.execute(SET_HEAD, {"position": position, "hash": hashes[-1]})
    return len(rows)


def _head(connection: Connection) -> Head:
    found = connection.execute(select(t.audit_head.c.position, t.audit_head.c.hash)).first()
    return (found.position, found.hash) if found else (0, GENESIS)


def _digest(previous: str, position: int, row: Any) -> str:
    moment = row.at.astimezone(UTC).isoformat()
    content = [previous, position, row.id, moment, row.actor, row.run_id, row.action, row.flow, row.key]
    return hashlib.sha256(json.dumps([*content, row.before, row.after], sort_keys=True).encode()).hexdigest()
