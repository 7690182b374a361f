"""Intents: durable before the call, closed with its outcome in one transaction with state, cross-reference and audit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, select, text, update
from sqlalchemy.dialects.postgresql import insert

from gp_prestashop.clock import Clock
from gp_prestashop.ledger import audit
from gp_prestashop.ledger import tables as t
from gp_prestashop.ledger.model import IntentDraft, OpenIntent, Run
from gp_prestashop.ledger.runs import is_alive

__all__ = ["Intents"]

r, i, d = t.record.c, t.intent.c, t.dead_letter.c


class Intents:
    """Operations on ``intent``, and on what an outcome changes with it."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def open(self, run: Run, flow: str, drafts: Sequence[IntentDraft]) -> dict[str, int]:
        """Intent ids by record key. A record whose intent is open already (another run has it in hand) is absent."""
        if not drafts:
            return {}
        now = self._clock.now()
        with self._engine.begin() as connection:
            keys = [draft.key for draft in drafts]
            hashes = dict(
                connection.execute(select(r.key, r.payload_hash).where(r.flow == flow, r.key.in_(keys))).tuples().all()
            )
            rows = [
                {
                    "flow": flow,
                    "key": draft.key,
                    "document_type": draft.document_type,
                    "target_key": draft.target_key,
                    "action": draft.action,
                    "fingerprint": draft.fingerprint,
                    "payload_hash": hashes[draft.key],
                    "document": dict(draft.document),
                    "run_id": run.id,
                    "started_at": now,
                }
                for draft in drafts
            ]
            statement = insert(t.intent).values(rows)
            statement = statement.on_conflict_do_nothing(
                index_elements=["flow", "key"], index_where=text("finished_at is null")
            )
            return dict(connection.execute(statement.returning(i.key, i.id)).tuples().all())

    def finish(
        self,
        run: Run,
        flow: str,
        intent_id: int,
        action: str,
        target_key: str,
        fingerprint: str,
        detail: Mapping[str, Any],
    ) -> None:
        """Delivered: ``action`` is created, changed, unchanged or found."""
        now = self._clock.now()
        with self._engine.begin() as connection:
            intent = self._close(connection, intent_id, action)
            delivered = {
                "state": "delivered",
                "code": "",
                "sentence": "",
                "remedy": "",
                "rule": "",
                "waits_for": [],
                "fingerprint": fingerprint,
                "processed_hash": intent.payload_hash,
                "target_key": target_key,
                "tries": r.tries + 1,
                "run_id": run.id,
                "updated_at": now,
            }
            # A record that changed while its document was on the way stays pending, and is compared again.
            fresh = r.payload_hash == intent.payload_hash
            where = (r.flow == flow, r.key == intent.key)
            connection.execute(update(t.record).where(*where, fresh).values(delivered))
            stale = {name: delivered[name] for name in ("fingerprint", "processed_hash", "target_key", "tries")}
            connection.execute(update(t.record).where(*where, ~fresh).values(stale))
            self._link(connection, flow, {intent.key: target_key})
            connection.execute(
                update(t.dead_letter)
                .where(d.flow == flow, d.key == intent.key, d.resolved_at.is_(None))
                .values(resolved_at=now, resolution="delivered")
            )
            self._audit(connection, run, flow, intent.key, action, {"target_key": target_key, **detail})

    def abandon(self, run: Run, flow: str, intent_id: int, state: str, code: str, sentence: str, remedy: str) -> None:
        """Nothing was written: the record is held, or pending again."""
        with self._engine.begin() as connection:
            intent = self._close(connection, intent_id, state)
            self._state(connection, run, flow, intent.key, state, code, sentence, remedy)
            self._audit(connection, run, flow, intent.key, state, {"code": code})

    def refuse(
        self,
        run: Run,
        flow: str,
        intent_id: int,
        code: str,
        sentence: str,
        remedy: str,
        document: Mapping[str, Any],
    ) -> None:
        """Refused for good: a dead letter with the record as received and as mapped."""
        with self._engine.begin() as connection:
            intent = self._close(connection, intent_id, "dead")
            self._state(connection, run, flow, intent.key, "dead", code, sentence, remedy)
            letter = insert(t.dead_letter).values(
                flow=flow,
                key=intent.key,
                payload_hash=intent.payload_hash,
                document=dict(document),
                code=code,
                sentence=sentence,
                remedy=remedy,
                created_at=self._clock.now(),
            )
            again = {name: letter.excluded[name] for name in ("payload_hash", "document", "code", "sentence", "remedy")}
            connection.execute(
                letter.on_conflict_do_update(
                    index_elements=["flow", "key"],
                    index_where=text("resolved_at is null"),
                    set_={**again, "tries": d.tries + 1},
                )
            )
            self._audit(connection, run, flow, intent.key, "dead", {"code": code})

    def doubt(self, run: Run, flow: str, intent_id: int, sentence: str) -> None:
        """The answer never came: the record is in doubt, the intent stays open."""
        with self._engine.begin() as connection:
            key = connection.execute(select(i.key).where(i.id == intent_id)).scalar_one()
            self._state(connection, run, flow, key, "in_doubt", "no_answer", sentence, "It is settled by asking GP.")
            self._audit(connection, run, flow, key, "in_doubt", {})

    def doubtful(self, flow: str) -> list[OpenIntent]:
        """Open intents, with whether their run still lives."""
        with self._engine.begin() as connection:
            rows = connection.execute(
                select(t.intent).where(i.flow == flow, i.finished_at.is_(None)).order_by(i.id)
            ).all()
            alive = {run_id: is_alive(connection, run_id) for run_id in {row.run_id for row in rows}}
            return [
                OpenIntent(
                    row.id, row.key, row.target_key, row.action, row.fingerprint, row.document, row.run_id,
                    alive[row.run_id], row.started_at,
                )
                for row in rows
            ]  # fmt: skip

    def link(self, run: Run, flow: str, pairs: Mapping[str, str]) -> None:
        """Cross-references found without a write (the document was there already)."""
        if not pairs:
            return
        with self._engine.begin() as connection:
            self._link(connection, flow, pairs)
            for key, target_key in pairs.items():
                connection.execute(update(t.record).where(r.flow == flow, r.key == key).values(target_key=target_key))
                self._audit(connection, run, flow, key, "found", {"target_key": target_key})

    def _close(self, connection: Connection, intent_id: int, outcome: str) -> Any:
        statement = update(t.intent).where(i.id == intent_id, i.finished_at.is_(None))
        closed = connection.execute(
            statement.values(finished_at=self._clock.now(), outcome=outcome).returning(i.key, i.payload_hash)
        ).first()
        if closed is None:
            raise RuntimeError(f"Intent {intent_id} was closed already: two runs hold the same record.")
        return closed

    def _state(
        self, connection: Connection, run: Run, flow: str, key: str, state: str, code: str, sentence: str, remedy: str
    ) -> None:
        values = {"state": state, "code": code, "sentence": sentence, "remedy": remedy, "rule": "", "waits_for": []}
        more = {"tries": r.tries + 1, "run_id": run.id, "updated_at": self._clock.now()}
        connection.execute(update(t.record).where(r.flow == flow, r.key == key).values({**values, **more}))

    def _link(self, connection: Connection, flow: str, pairs: Mapping[str, str]) -> None:
        now = self._clock.now()
        rows = [
            {"flow": flow, "source_key": key, "target_key": target, "updated_at": now} for key, target in pairs.items()
        ]
        statement = insert(t.cross_reference)
        new = {"target_key": statement.excluded.target_key, "updated_at": statement.excluded.updated_at}
        connection.execute(statement.on_conflict_do_update(index_elements=["flow", "source_key"], set_=new), rows)

    def _audit(
        self, connection: Connection, run: Run, flow: str, key: str, action: str, after: Mapping[str, Any]
    ) -> None:
        entry = {"actor": "engine", "run_id": run.id, "action": action, "flow": flow, "key": key}
        audit.append(connection, self._clock, [{**entry, "before": None, "after": dict(after)}])
