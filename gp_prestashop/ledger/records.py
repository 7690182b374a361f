"""Records: received, worked on, marked with a state."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from gp_prestashop.clock import Clock
from gp_prestashop.ledger import audit
from gp_prestashop.ledger import tables as t
from gp_prestashop.ledger.model import Mark, Received, RecordState, Run, WorkItem
from gp_prestashop.ledger.payloads import pack, unpack

__all__ = ["Records"]

r = t.record.c
OPEN = ("pending", "held")


class Records:
    """Operations on ``record`` and ``payload``; each is one transaction, set-based."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def receive(self, run: Run, system: str, resource: str, flows: Sequence[str], items: Sequence[Received]) -> None:
        """Keep raw records before anything is done with them.

        A new record is pending. One that changed (by hash) is pending again and keeps its document's key and
        fingerprint. An unchanged one is left alone, whatever its state.
        """
        if not items:
            return
        now = self._clock.now()
        by_key = {item.key: item for item in items}  # the last one wins, should a source send a key twice
        payloads = [
            {
                "system": system,
                "resource": resource,
                "key": i.key,
                "hash": i.hash,
                "body": pack(i.raw),
                "received_at": now,
            }
            for i in by_key.values()
        ]
        rows = [
            {
                "flow": flow,
                "key": i.key,
                "system": system,
                "resource": resource,
                "payload_hash": i.hash,
                "state": "pending",
                "amount": i.amount,
                "currency": i.currency,
                "day": i.day,
                "run_id": run.id,
                "first_seen": now,
                "updated_at": now,
            }
            for flow in flows
            for i in by_key.values()
        ]
        upsert = insert(t.record)
        new = upsert.excluded
        changed = {
            name: new[name] for name in ("payload_hash", "state", "amount", "currency", "day", "run_id", "updated_at")
        }
        blank = {"code": "", "sentence": "", "remedy": "", "rule": "", "waits_for": []}
        upsert = upsert.on_conflict_do_update(
            index_elements=["flow", "key"], set_={**changed, **blank}, where=r.payload_hash != new.payload_hash
        )
        with self._engine.begin() as connection:
            connection.execute(insert(t.payload).on_conflict_do_nothing(), payloads)
            connection.execute(upsert, rows)

    def work(
        self,
        flow: str,
        keys: Sequence[str] | None = None,
        *,
        states: Collection[str] = OPEN,
        days: tuple[date, date] | None = None,
        after: str | None = None,
        limit: int = 500,
    ) -> list[WorkItem]:
        """Records to work on, in the order of their keys (as numbers, then as text), after the key ``after``."""
        order = (func.length(r.key), r.key)
        query = (
            select(r.key, r.payload_hash, r.state, r.fingerprint, r.target_key, t.payload.c.body)
            .join(
                t.payload,
                tuple_(r.system, r.resource, r.key, r.payload_hash)
                == tuple_(t.payload.c.system, t.payload.c.resource, t.payload.c.key, t.payload.c.hash),
            )
            .where(r.flow == flow, r.state.in_(states))
            .order_by(*order)
            .limit(limit)
        )
        if keys is not None:
            query = query.where(r.key.in_(keys))
        if days is not None:
            query = query.where(r.day.between(*days))
        if after is not None:
            query = query.where(tuple_(*order) > tuple_(len(after), after))
        with self._engine.connect() as connection:
            return [
                WorkItem(row.key, unpack(row.body), row.payload_hash, row.state, row.fingerprint, row.target_key)
                for row in connection.execute(query)
            ]

    def states_of(self, flow: str, keys: Sequence[str]) -> dict[str, RecordState]:
        """Where these records stand; unknown ones are absent."""
        columns = (r.key, r.state, r.code, r.sentence, r.rule, r.amount, r.currency, r.day, r.target_key)
        with self._engine.connect() as connection:
            rows = connection.execute(select(*columns).where(r.flow == flow, r.key.in_(keys)))
            return {row.key: RecordState(*row) for row in rows}

    def mark(self, run: Run, flow: str, marks: Sequence[Mark], actor: str = "engine") -> None:
        """Give records a state that needed no write. What does not change is not written, nor audited."""
        if not marks:
            return
        by_key = {mark.key: mark for mark in marks}
        with self._engine.begin() as connection:
            before = _lock(connection, flow, list(by_key))
            changed = [mark for key, mark in by_key.items() if key in before and _differs(before[key], mark)]
            if not changed:
                return
            statement = (
                update(t.record)
                .where(r.flow == flow, r.key == bindparam("k"))
                .values(
                    state=bindparam("s"),
                    code=bindparam("c"),
                    sentence=bindparam("t"),
                    remedy=bindparam("m"),
                    rule=bindparam("u"),
                    waits_for=bindparam("w"),
                    fingerprint=func.coalesce(bindparam("f"), r.fingerprint),
                    processed_hash=func.coalesce(bindparam("h"), r.processed_hash),
                    run_id=run.id,
                    updated_at=self._clock.now(),
                )
            )
            connection.execute(statement, [_parameters(mark) for mark in changed])
            audit.append(
                connection,
                self._clock,
                [
                    {
                        "actor": actor,
                        "run_id": run.id,
                        "action": mark.state,
                        "flow": flow,
                        "key": mark.key,
                        "before": {"state": before[mark.key].state, "code": before[mark.key].code},
                        "after": {"state": mark.state, "code": mark.code, "rule": mark.rule},
                    }
                    for mark in changed
                ],
            )

    def waiting_for(self, flow: str, keys: Sequence[str]) -> list[tuple[str, str]]:
        """(flow, key) of the held records that wait for one of these."""
        found: dict[tuple[str, str], None] = {}
        with self._engine.connect() as connection:
            for key in keys:
                query = select(r.flow, r.key).where(r.state == "held", r.waits_for.contains([[flow, key]]))
                found.update(dict.fromkeys((row.flow, row.key) for row in connection.execute(query)))
        return list(found)

    def revive(self, run: Run, flow: str, keys: Sequence[str], actor: str) -> None:
        """Make dead or held records pending again, by a person's decision."""
        self.mark(run, flow, [Mark(key=key, state="pending") for key in keys], actor)

    def erase_payloads(self, system: str, resource: str, keys: Sequence[str]) -> int:
        """Erase every version of these raw records; their states and amounts stay. Returns how many were erased."""
        p = t.payload.c
        with self._engine.begin() as connection:
            erased = connection.execute(
                t.payload.delete().where(p.system == system, p.resource == resource, p.key.in_(keys))
            )
            return int(erased.rowcount)


def _lock(connection: Connection, flow: str, keys: Sequence[str]) -> Mapping[str, Any]:
    query = select(t.record).where(r.flow == flow, r.key.in_(keys)).order_by(r.key).with_for_update()
    return {row.key: row for row in connection.execute(query)}


def _differs(row: Any, mark: Mark) -> bool:
    told = (mark.state, mark.code, mark.sentence, mark.rule, [list(pair) for pair in mark.waits_for])
    known = (row.state, row.code, row.sentence, row.rule, row.waits_for)
    return (
        told != known
        or (mark.fingerprint is not None and mark.fingerprint != row.fingerprint)
        or (mark.processed_hash is not None and mark.processed_hash != row.processed_hash)
    )


def _parameters(mark: Mark) -> dict[str, Any]:
    return {
        "k": mark.key,
        "s": mark.state,
        "c": mark.code,
        "t": mark.sentence,
        "m": mark.remedy,
        "u": mark.rule,
        "w": [list(pair) for pair in mark.waits_for],
        "f": mark.fingerprint,
        "h": mark.processed_hash,
    }
