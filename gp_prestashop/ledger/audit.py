"""The audit trail: appended in the transaction of each change, chained by a sealer after commit.

Writers never queue on one row: rows are written without a hash, and ``seal`` chains those whose transactions are all
over, in the order of their ids.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, text, update

from gp_prestashop.clock import Clock
from gp_prestashop.ledger import tables as t

__all__ = ["append", "seal", "verify"]

SEALER_LOCK = (0x67707073, -1)
GENESIS = "0" * 64
BATCH = 5000


def append(connection: Connection, clock: Clock, entries: Sequence[Mapping[str, Any]]) -> None:
    """Entries with actor, run_id, action, flow, key, before, after; the moment is added."""
    if entries:
        now = clock.now()
        connection.execute(insert(t.audit), [{"at": now, **entry} for entry in entries])


def seal(engine: Engine) -> int:
    """Chain what is committed and can have no earlier row still under way; returns how many rows were sealed."""
    with engine.begin() as connection:
        if not connection.execute(select(func.pg_try_advisory_xact_lock(*SEALER_LOCK))).scalar_one():
            return 0
        last = connection.execute(
            select(t.audit.c.position, t.audit.c.hash)
            .where(t.audit.c.position.is_not(None))
            .order_by(t.audit.c.position.desc())
            .limit(1)
        ).first()
        # An id is taken before its transaction commits: nothing at or after the first open one may be sealed yet.
        horizon = text("(pg_snapshot_xmin(pg_current_snapshot())::text)::bigint")
        rows = connection.execute(
            select(t.audit)
            .where(t.audit.c.position.is_(None), t.audit.c.transaction < horizon)
            .order_by(t.audit.c.id)
            .limit(BATCH)
        ).all()
        position, previous = (last.position, last.hash) if last else (0, GENESIS)
        for row in rows:
            position, digest = position + 1, _digest(previous, row)
            sealed = {"position": position, "previous_hash": previous, "hash": digest}
            connection.execute(update(t.audit).where(t.audit.c.id == row.id).values(sealed))
            previous = digest
        return len(rows)


def verify(engine: Engine) -> int | None:
    """The id of the first row whose content or place in the chain was changed, or None when the chain is whole."""
    previous, position = GENESIS, 0
    with engine.connect().execution_options(stream_results=True, yield_per=BATCH) as connection:
        sealed = select(t.audit).where(t.audit.c.position.is_not(None)).order_by(t.audit.c.position)
        for row in connection.execute(sealed):
            position += 1
            if row.position != position or row.previous_hash != previous or row.hash != _digest(previous, row):
                return int(row.id)
            previous = row.hash
    return None


def _digest(previous: str, row: Any) -> str:
    content = [
        previous,
        row.at.isoformat(),
        row.actor,
        row.run_id,
        row.action,
        row.flow,
        row.key,
        row.before,
        row.after,
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
