"""Intents: durable before the call, closed with its outcome in one transaction with state, cross-reference and audit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, TextClause, select, text

from gp_prestashop.clock import Clock
from gp_prestashop.ledger import tables as t
from gp_prestashop.ledger.database import transact
from gp_prestashop.ledger.model import Delivery, IntentDraft, OpenIntent, Run
from gp_prestashop.ledger.payloads import as_jsonb, storable
from gp_prestashop.ledger.records import among, lock_records
from gp_prestashop.ledger.runs import living

__all__ = ["Intents"]

i = t.intent.c

# Only records that are still to be delivered: what another run has delivered since it was planned is left out.
OPEN = text("""
    insert into gpps.intent (
        flow, key, document_type, target_key, action, fingerprint, payload_hash, document, run_id, started_at)
    select :flow, g.key, g.document_type, g.target_key, g.action, g.fingerprint,
           coalesce(g.payload_hash, r.payload_hash), g.document, :run, :now
    from jsonb_to_recordset(cast(:rows as jsonb)) as g (
        key text, document_type text, target_key text, action text, fingerprint text, payload_hash text, document jsonb)
    join gpps.record r on r.flow = :flow and r.key = g.key and r.state in ('pending', 'held')
    order by g.key collate "C"
    on conflict (flow, key) where finished_at is null do nothing
    returning key, id""")

# A record that changed while its document was on the way is pending, and is compared again.
FINISH = text("""
    with given as (
        select * from jsonb_to_recordset(cast(:rows as jsonb)) as g (
            id bigint, action text, target_key text, fingerprint text, detail jsonb)
    ), closed as (
        update gpps.intent i set finished_at = :now, outcome = g.action, detail = g.detail
        from given g where i.id = g.id and i.flow = :flow and i.finished_at is null
        returning i.key, i.payload_hash, g.action, g.target_key, g.fingerprint
    ), known as (
        select r.key, r.state, r.code from gpps.record r join closed c on c.key = r.key where r.flow = :flow
    ), changed as (
        update gpps.record r set
            state = case r.payload_hash when c.payload_hash then 'delivered' else 'pending' end,
            code = '', sentence = '', remedy = '', rule = '', waits_for = '[]', fingerprint = c.fingerprint,
            processed_hash = c.payload_hash, target_key = c.target_key, tries = r.tries + 1, run_id = :run,
            updated_at = :now
        from closed c join known k on k.key = c.key where r.flow = :flow and r.key = c.key
        returning r.key, r.state, r.target_key, c.action, k.state as old_state, k.code as old_code
    ), linked as (
        insert into gpps.cross_reference as x (flow, source_key, target_key, updated_at)
        select :flow, key, target_key, :now from closed order by key collate "C"
        on conflict (flow, source_key) do update set target_key = excluded.target_key, updated_at = excluded.updated_at
    ), letters as (
        update gpps.dead_letter d set resolved_at = :now, resolution = 'delivered'
        from closed c where d.flow = :flow and d.key = c.key and d.resolved_at is null
    ), told as (
        insert into gpps.audit (at, actor, run_id, action, flow, key, before, after)
        select :now, 'engine', :run, c.action, :flow, c.key,
               jsonb_build_object('state', c.old_state, 'code', c.old_code),
               jsonb_build_object('state', c.state, 'target_key', c.target_key)
        from changed c order by c.key
    )
    select count(*) from changed""")

# Not delivered. A newer payload that arrived meanwhile makes the record pending instead.
END = text("""
    with closed as (
        update gpps.intent set finished_at = :now, outcome = :state
        where id = :intent and flow = :flow and finished_at is null
        returning key, payload_hash, document_type
    ), known as (
        select r.key, r.state, r.code, r.payload_hash = c.payload_hash as fresh
        from gpps.record r join closed c on c.key = r.key where r.flow = :flow
    ), changed as (
        update gpps.record r set
            state = case when k.fresh then :state else 'pending' end, code = case when k.fresh then :code else '' end,
            sentence = case when k.fresh then :sentence else '' end, remedy = case when k.fresh then :remedy else '' end,
            rule = '', waits_for = '[]', tries = r.tries + 1, run_id = :run, updated_at = :now,
            -- What was taken back is no longer what the target holds, should the record come to life again.
            fingerprint = case :state when 'ignored' then null else r.fingerprint end
        from known k where r.flow = :flow and r.key = k.key
        returning r.key, r.state, r.code, k.state as old_state, k.code as old_code
    ), letters as (
        insert into gpps.dead_letter as d (
            flow, key, payload_hash, document, code, sentence, remedy, created_at, resolved_at, resolution)
        select :flow, c.key, c.payload_hash, cast(:document as jsonb), :code, :sentence, :remedy, :now,
               case when not k.fresh then cast(:now as timestamptz) end, case when k.fresh then '' else 'changed' end
        from closed c join known k on k.key = c.key where :state = 'dead'
        on conflict (flow, key) where resolved_at is null do update set
            payload_hash = excluded.payload_hash, document = excluded.document, code = excluded.code,
            sentence = excluded.sentence, remedy = excluded.remedy, tries = d.tries + 1
    ), told as (
        insert into gpps.audit (at, actor, run_id, action, flow, key, before, after)
        select :now, 'engine', :run, cast(:state as text), :flow, key,
               jsonb_build_object('state', old_state, 'code', old_code), jsonb_build_object('state', state, 'code', code)
        from changed
    )
    select count(*) from changed""")

DOUBT = text("""
    with known as (
        select r.key, r.state, r.code from gpps.record r join gpps.intent i on i.flow = r.flow and i.key = r.key
        where i.id = :intent and i.flow = :flow and i.finished_at is null
    ), changed as (
        update gpps.record r set
            state = 'in_doubt', code = 'no_answer', sentence = :sentence, remedy = :remedy, rule = '', waits_for = '[]',
            run_id = :run, updated_at = :now
        from known k where r.flow = :flow and r.key = k.key
        returning r.key, r.state, r.code, k.state as old_state, k.code as old_code
    ), told as (
        insert into gpps.audit (at, actor, run_id, action, flow, key, before, after)
        select :now, 'engine', :run, state, :flow, key, jsonb_build_object('state', old_state, 'code', old_code),
               jsonb_build_object('state', state, 'code', code)
        from changed
    )
    select count(*) from changed""")

LINK = text("""
    with given as (
        select * from unnest(cast(:keys as text[]), cast(:targets as text[])) as g (key, target_key)
    ), linked as (
        insert into gpps.cross_reference as x (flow, source_key, target_key, updated_at)
        select :flow, key, target_key, :now from given order by key collate "C"
        on conflict (flow, source_key) do update set target_key = excluded.target_key, updated_at = excluded.updated_at
        where x.target_key <> excluded.target_key
    ), changed as (
        update gpps.record r set target_key = g.target_key, run_id = :run, updated_at = :now
        from given g where r.flow = :flow and r.key = g.key and r.target_key is distinct from g.target_key
        returning r.key, r.target_key
    )
    insert into gpps.audit (at, actor, run_id, action, flow, key, after)
    select :now, 'engine', :run, 'linked', :flow, key, jsonb_build_object('target_key', target_key)
    from changed order by key""")


class Intents:
    """Operations on ``intent``, and on what an outcome changes with it. Each is one transaction, set-based."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def open(self, run: Run, flow: str, drafts: Sequence[IntentDraft]) -> dict[str, int]:
        """Intent ids by record key, durable on return.

        A record is absent when another run has it in hand (an intent is open) or has dealt with it since it was planned.
        """
        if not drafts:
            return {}
        rows = [
            {
                "key": draft.key,
                "document_type": draft.document_type,
                "target_key": draft.target_key,
                "action": draft.action,
                "fingerprint": draft.fingerprint,
                "payload_hash": draft.payload_hash,
                "document": draft.document,
            }
            for draft in drafts
        ]
        keys = {draft.key for draft in drafts}
        parameters = self._common(run, flow) | {"rows": as_jsonb(rows)}

        def write(connection: Connection) -> dict[str, int]:
            if unknown := keys - lock_records(connection, flow, list(keys)):
                raise LookupError(f"{flow} has no records {', '.join(sorted(unknown))}.")
            return {row.key: row.id for row in connection.execute(OPEN, parameters)}

        return transact(self._engine, write)

    def finish_many(self, run: Run, flow: str, deliveries: Sequence[Delivery]) -> None:
        """Delivered. Raises RuntimeError, and does nothing, when one of the intents was closed already."""
        if not deliveries:
            return
        rows = [
            {
                "id": d.intent_id,
                "action": d.action,
                "target_key": d.target_key,
                "fingerprint": d.fingerprint,
                "detail": d.detail,
            }
            for d in deliveries
        ]
        parameters = self._common(run, flow) | {"rows": as_jsonb(rows)}
        self._settle(flow, [delivery.intent_id for delivery in deliveries], FINISH, parameters)

    def end(
        self,
        run: Run,
        flow: str,
        intent_id: int,
        state: str,
        code: str,
        sentence: str,
        remedy: str,
        document: Mapping[str, Any] | None = None,
    ) -> None:
        """Not delivered: held, pending again, or dead (with a dead letter that holds ``document``)."""
        words = {"code": code, "sentence": storable(sentence), "remedy": storable(remedy)}
        parameters = self._common(run, flow) | words
        parameters |= {"intent": intent_id, "state": state, "document": as_jsonb(document)}
        self._settle(flow, [intent_id], END, parameters)

    def doubt(self, run: Run, flow: str, intent_id: int, sentence: str) -> None:
        """The answer never came: the record is in doubt, the intent stays open."""
        parameters = self._common(run, flow) | {
            "intent": intent_id,
            "sentence": storable(sentence),
            "remedy": "It settles itself: the target is asked whether the document arrived.",
        }
        self._settle(flow, [intent_id], DOUBT, parameters)

    def doubtful(self, flow: str, keys: Sequence[str] | None = None) -> list[OpenIntent]:
        """Open intents, with whether their run still lives."""
        query = select(t.intent).where(i.flow == flow, i.finished_at.is_(None)).order_by(i.id)
        if keys is not None:
            query = query.where(i.key == among(keys))
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
            alive = living(connection, {row.run_id for row in rows})
        return [_open_intent(row, alive=row.run_id in alive) for row in rows]

    def link(self, run: Run, flow: str, pairs: Mapping[str, str]) -> None:
        """Cross-references found without a write (the document was there already)."""
        if not pairs:
            return
        parameters = self._common(run, flow) | {"keys": list(pairs), "targets": list(pairs.values())}

        def write(connection: Connection) -> None:
            lock_records(connection, flow, list(pairs))
            connection.execute(LINK, parameters)

        transact(self._engine, write)

    def _common(self, run: Run, flow: str) -> dict[str, Any]:
        return {"run": run.id, "flow": flow, "now": self._clock.now()}

    def _settle(self, flow: str, ids: Sequence[int], statement: TextClause, parameters: Mapping[str, Any]) -> None:
        """One outcome for open intents, whose records are locked first so that it sees them as they are."""

        def write(connection: Connection) -> None:
            keys = connection.execute(select(i.key).where(i.flow == flow, i.id.in_(ids))).scalars().all()
            lock_records(connection, flow, list(keys))
            done = connection.execute(statement, parameters).scalar_one()
            if done != len(ids):
                lost = len(ids) - done
                raise RuntimeError(f"Of the intents {list(ids)}, {lost} were closed already: two runs hold a record.")

        transact(self._engine, write)


def _open_intent(row: Any, *, alive: bool) -> OpenIntent:
    return OpenIntent(
        id=row.id,
        key=row.key,
        target_key=row.target_key,
        action=row.action,
        fingerprint=row.fingerprint,
        document=row.document,
        run_id=row.run_id,
        run_alive=alive,
        started_at=row.started_at,
        payload_hash=row.payload_hash,
        document_type=row.document_type,
    )
