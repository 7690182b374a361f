"""Records: received, worked on, marked with a state."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Engine, any_, case, func, literal, select, text, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from gp_prestashop.clock import Clock
from gp_prestashop.ledger import tables as t
from gp_prestashop.ledger.database import transact
from gp_prestashop.ledger.model import Mark, Received, RecordState, Run, Tally, WorkItem
from gp_prestashop.ledger.payloads import as_jsonb, pack, storable, unpack

__all__ = ["Records", "lock_records"]

r = t.record.c
OPEN = ("pending", "held")
MARKABLE = ("pending", "held", "ignored", "delivered")
LARGEST = Decimal(10) ** 14  # record.amount is numeric(20, 6)

# Rows are always locked in the order of their keys (byte order, whatever the database's collation), so that runs with
# common records wait for each other instead of dead-locking.
LOCK = text("""
    select key from gpps.record where flow = any(cast(:flows as text[])) and key = any(cast(:keys as text[]))
    order by flow collate "C", key collate "C" for update""")

KEEP_PAYLOADS = text("""
    insert into gpps.payload (system, resource, key, hash, body, received_at)
    select :system, :resource, g.key, g.hash, g.body, :now
    from unnest(cast(:keys as text[]), cast(:hashes as text[]), cast(:bodies as bytea[])) as g (key, hash, body)
    order by g.key collate "C"
    on conflict do nothing""")

LOCK_CHANGED = text("""
    select 1
    from gpps.record r
    join unnest(cast(:keys as text[]), cast(:hashes as text[])) as g (key, hash) on g.key = r.key
    where r.flow = any(cast(:flows as text[])) and r.payload_hash <> g.hash
    order by r.flow collate "C", r.key collate "C" for update of r""")

# A record in doubt stays so, whatever arrives: its intent is settled first, and then compared with the new payload.
RECEIVE = text("""
    with given as (
        select f.flow, g.*
        from jsonb_to_recordset(cast(:rows as jsonb)) as g (key text, hash text, amount numeric, currency text, day date)
        cross join unnest(cast(:flows as text[])) as f (flow)
        -- What is unchanged is not even locked. (Postgres takes an anti-join here for one row, and then joins in loops.)
        where (f.flow, g.key, g.hash) not in (
            select r.flow, r.key, r.payload_hash::text from gpps.record r
            where r.flow = any(cast(:flows as text[])) and r.key = any(cast(:keys as text[])))
    ), known as materialized (
        select r.flow, r.key, r.state, r.code from gpps.record r join given g on g.flow = r.flow and g.key = r.key
    ), stored as (
        insert into gpps.record as r (
            flow, key, system, resource, payload_hash, state, amount, currency, day, run_id, first_seen, updated_at)
        select flow, key, :system, :resource, hash, 'pending', amount, currency, day, :run, :now, :now
        from given order by flow collate "C", key collate "C"
        on conflict (flow, key) do update set
            payload_hash = excluded.payload_hash, amount = excluded.amount, currency = excluded.currency,
            day = excluded.day, run_id = excluded.run_id, updated_at = excluded.updated_at,
            state = case r.state when 'in_doubt' then r.state else 'pending' end,
            code = case r.state when 'in_doubt' then r.code else '' end,
            sentence = case r.state when 'in_doubt' then r.sentence else '' end,
            remedy = case r.state when 'in_doubt' then r.remedy else '' end,
            rule = '', waits_for = '[]'
        where r.payload_hash <> excluded.payload_hash
        returning r.flow, r.key, r.state
    ), letters as (
        update gpps.dead_letter d set resolved_at = :now, resolution = 'changed'
        from stored s where d.flow = s.flow and d.key = s.key and d.resolved_at is null
    )
    insert into gpps.audit (at, actor, run_id, action, flow, key, before, after)
    select :now, 'engine', :run, case when k.key is null then 'received' else 'changed' end, s.flow, s.key,
           case when k.key is not null then jsonb_build_object('state', k.state, 'code', k.code) end,
           jsonb_build_object('state', s.state)
    from stored s left join known k on k.flow = s.flow and k.key = s.key
    order by s.flow, s.key""")

MARK = text("""
    with given as (
        select * from jsonb_to_recordset(cast(:rows as jsonb)) as g (
            key text, state text, code text, sentence text, remedy text, rule text, waits_for jsonb, fingerprint text,
            processed_hash text)
    ), known as (
        select r.key, r.state, r.code from gpps.record r join given g on g.key = r.key where r.flow = :flow
    ), changed as (
        update gpps.record r set
            state = g.state, code = g.code, sentence = g.sentence, remedy = g.remedy, rule = g.rule,
            waits_for = g.waits_for, fingerprint = coalesce(g.fingerprint, r.fingerprint),
            processed_hash = coalesce(g.processed_hash, r.processed_hash), run_id = :run, updated_at = :now
        from given g join known k on k.key = g.key
        where r.flow = :flow and r.key = g.key and r.state <> 'in_doubt'
          and (g.processed_hash is null or g.processed_hash = r.payload_hash)
          and (cast(:only as text[]) is null or r.state = any(cast(:only as text[])))
          and ((r.state, r.code, r.sentence, r.remedy, r.rule, r.waits_for)
                is distinct from (g.state, g.code, g.sentence, g.remedy, g.rule, g.waits_for)
            or r.fingerprint is distinct from coalesce(g.fingerprint, r.fingerprint)
            or r.processed_hash is distinct from coalesce(g.processed_hash, r.processed_hash))
        returning r.key, r.state, r.code, r.rule, k.state as old_state, k.code as old_code
    ), letters as (
        update gpps.dead_letter d set resolved_at = :now, resolution = c.state
        from changed c where d.flow = :flow and d.key = c.key and d.resolved_at is null
    )
    insert into gpps.audit (at, actor, run_id, action, flow, key, before, after)
    select :now, :actor, :run, c.state, :flow, c.key, jsonb_build_object('state', c.old_state, 'code', c.old_code),
           jsonb_build_object('state', c.state, 'code', c.code, 'rule', c.rule)
    from changed c order by c.key
    returning key""")

# Containment uses the index but ignores the order within a pair, hence the second look.
WAITING = text("""
    select distinct r.flow, r.key
    from (
        select jsonb_build_array(cast(:flow as text), key) as pair from unnest(cast(:keys as text[])) as k (key)
    ) as w
    join gpps.record r on r.state = 'held' and r.waits_for @> jsonb_build_array(w.pair)
    where exists (select from jsonb_array_elements(r.waits_for) as e (pair) where e.pair = w.pair)
    order by r.flow, r.key""")


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
        by_key = {item.key: item for item in items}  # the last one wins, should a source send a key twice
        if not by_key:
            return
        keys, hashes = list(by_key), [item.hash for item in by_key.values()]
        rows = [
            {
                "key": i.key,
                "hash": i.hash,
                "amount": _amount(i.amount),
                "currency": i.currency,
                "day": i.day and str(i.day),
            }
            for i in by_key.values()
        ]
        common = {"system": system, "resource": resource, "now": self._clock.now()}
        bodies = [pack(item.raw) for item in by_key.values()]

        def keep(connection: Connection) -> None:
            connection.execute(KEEP_PAYLOADS, common | {"keys": keys, "hashes": hashes, "bodies": bodies})
            connection.execute(LOCK_CHANGED, {"flows": list(flows), "keys": keys, "hashes": hashes})
            parameters = common | {"flows": list(flows), "keys": keys, "run": run.id, "rows": as_jsonb(rows)}
            connection.execute(RECEIVE, parameters)

        transact(self._engine, keep)

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
        """Records to work on, in the order of their keys (by length, then as text: numbers count up), after the key ``after``."""
        text_key = r.key.collate("C")
        order = (func.length(r.key), text_key)
        p = t.payload.c
        same = (p.system == r.system) & (p.resource == r.resource) & (p.key == r.key) & (p.hash == r.payload_hash)
        columns = (r.payload_hash, r.state, r.fingerprint, r.target_key, r.amount, r.currency, r.day, r.code)
        query = select(r.key, p.body, *columns).join_from(t.record, t.payload, same)
        query = query.where(r.flow == flow, r.state == among(list(states))).order_by(*order).limit(limit)
        if keys is not None:
            query = query.where(r.key == among(keys))
        if days is not None:
            query = query.where(r.day.between(*days))
        if after is not None:
            query = query.where(tuple_(*order) > tuple_(literal(len(after)), literal(after)))
        with self._engine.connect() as connection:
            return [_work_item(row) for row in connection.execute(query)]

    def states_of(self, flow: str, keys: Sequence[str]) -> dict[str, RecordState]:
        """Where these records stand; unknown ones are absent."""
        columns = (r.key, r.state, r.code, r.sentence, r.rule, r.amount, r.currency, r.day, r.target_key)
        query = select(*columns, r.remedy, r.tries, r.waits_for).where(r.flow == flow, r.key == among(keys))
        with self._engine.connect() as connection:
            return {row["key"]: _record_state(row) for row in connection.execute(query).mappings()}

    def tally(self, flow: str, keys: Sequence[str]) -> list[Tally]:
        """How these records stand, counted; the reasons of those that are delivered or pending are not told apart."""
        moving = r.state.in_(["delivered", "pending"])
        reason = case((moving, ""), else_=func.coalesce(func.nullif(r.code, ""), r.rule))
        sentence = case((moving, ""), else_=r.sentence)
        groups = (r.state, reason, sentence, func.coalesce(r.currency, ""))
        query = select(*groups, func.count(), func.sum(r.amount)).where(r.flow == flow, r.key == among(keys))
        with self._engine.connect() as connection:
            return [Tally(*row) for row in connection.execute(query.group_by(*(text(str(n)) for n in range(1, 5))))]

    def mark(self, run: Run | None, flow: str, marks: Sequence[Mark], actor: str = "engine") -> None:
        """Give records a state that needed no write. What does not change is not written, nor audited.

        A record in doubt keeps its state, and so does one whose payload is another by now than was decided upon.
        """
        if wrong := {mark.state for mark in marks} - set(MARKABLE):
            raise ValueError(f"No mark can make a record {', '.join(sorted(wrong))}.")
        self._mark(run, flow, marks, actor, None)

    def revive(self, flow: str, keys: Sequence[str], actor: str, run: Run | None = None) -> list[str]:
        """Make dead or held records pending again, by a person's decision; returns those that were."""
        return self._mark(run, flow, [Mark(key=key, state="pending") for key in keys], actor, ["dead", "held"])

    def waiting_for(self, flow: str, keys: Sequence[str]) -> list[tuple[str, str]]:
        """(flow, key) of the held records that wait for one of these."""
        with self._engine.connect() as connection:
            rows = connection.execute(WAITING, {"flow": flow, "keys": list(keys)})
            return [(row.flow, row.key) for row in rows]

    def _mark(
        self, run: Run | None, flow: str, marks: Sequence[Mark], actor: str, only: Sequence[str] | None
    ) -> list[str]:
        by_key = {mark.key: mark for mark in marks}
        if not by_key:
            return []
        parameters = {
            "flow": flow,
            "run": None if run is None else run.id,
            "actor": actor,
            "now": self._clock.now(),
            "only": only,
            "rows": as_jsonb([_row(mark) for mark in by_key.values()]),
        }

        def give(connection: Connection) -> list[str]:
            lock_records(connection, flow, list(by_key))
            return list(connection.execute(MARK, parameters).scalars())

        return transact(self._engine, give)


def lock_records(connection: Connection, flow: str, keys: Sequence[str]) -> set[str]:
    """Lock these records until the transaction's end; returns those that there are."""
    return set(connection.execute(LOCK, {"flows": [flow], "keys": list(keys)}).scalars())


def among(values: Sequence[str]) -> Any:
    """``= any(array)``: one parameter and one cached statement, however many values."""
    return any_(literal(list(values), ARRAY(Text)))


def _work_item(row: Any) -> WorkItem:
    key, body, *others = row
    return WorkItem(key, unpack(body), *others)


def _record_state(row: Any) -> RecordState:
    waits_for = tuple((flow, key) for flow, key in row["waits_for"])
    return RecordState(**{**row, "waits_for": waits_for})


def _amount(amount: Decimal | None) -> str | None:
    """What the column can hold; anything else (NaN, absurd sizes) counts as no amount."""
    if amount is None or not amount.is_finite() or abs(amount) >= LARGEST:
        return None
    return f"{amount:f}"


def _row(mark: Mark) -> Mapping[str, Any]:
    return {
        "key": mark.key,
        "state": mark.state,
        "code": mark.code,
        "sentence": storable(mark.sentence),
        "remedy": storable(mark.remedy),
        "rule": mark.rule,
        "waits_for": [list(pair) for pair in mark.waits_for],
        "fingerprint": mark.fingerprint,
        "processed_hash": mark.processed_hash,
    }
