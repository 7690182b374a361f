"""The ledger: one front for all state. Every change of a state is one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.dialects.postgresql import insert

from gp_prestashop.clock import Clock, SystemClock
from gp_prestashop.ledger import audit
from gp_prestashop.ledger import tables as t
from gp_prestashop.ledger.intents import Intents
from gp_prestashop.ledger.model import (
    ConservationRow,
    IntentDraft,
    Mark,
    OpenIntent,
    Received,
    RecordState,
    Run,
    WorkItem,
)
from gp_prestashop.ledger.payloads import content_hash
from gp_prestashop.ledger.records import Records
from gp_prestashop.ledger.runs import Runs
from gp_prestashop.ledger.value_maps import ValueMaps

__all__ = [
    "ConservationRow", "IntentDraft", "Ledger", "Mark", "OpenIntent", "Received", "RecordState", "Run", "WorkItem",
    "content_hash",
]  # fmt: skip

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 0x67707073
r, x = t.record.c, t.cross_reference.c


class Ledger:
    """State in the Postgres behind ``url`` (``postgresql://``, as libpq has it)."""

    def __init__(self, url: str, clock: Clock | None = None) -> None:
        clock = clock or SystemClock()
        self._clock = clock
        self.engine = create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20)
        self.value_maps = ValueMaps(self.engine, clock)
        self._runs = Runs(self.engine, clock)
        self._records = Records(self.engine, clock)
        self._intents = Intents(self.engine, clock)

    def migrate(self) -> None:
        """Bring the tables up to date. Safe when several processes do it at once."""
        with self.engine.begin() as connection:
            connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
            connection.execute(text(f"create schema if not exists {t.SCHEMA}"))
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def close(self) -> None:
        self.engine.dispose()

    # Runs

    def open_run(self, flow: str, reason: str) -> AbstractContextManager[Run]:
        """A run, alive as long as the block is in, wherever its process is."""
        return self._runs.open(flow, reason)

    def run_alive(self, run_id: int) -> bool:
        return self._runs.alive(run_id)

    # Records

    def receive(self, run: Run, system: str, resource: str, flows: Sequence[str], items: Sequence[Received]) -> None:
        self._records.receive(run, system, resource, flows, items)

    def work(
        self,
        flow: str,
        keys: Sequence[str] | None = None,
        *,
        states: Collection[str] = ("pending", "held"),
        days: tuple[date, date] | None = None,
        after: str | None = None,
        limit: int = 500,
    ) -> list[WorkItem]:
        return self._records.work(flow, keys, states=states, days=days, after=after, limit=limit)

    def states_of(self, flow: str, keys: Sequence[str]) -> dict[str, RecordState]:
        return self._records.states_of(flow, keys)

    def mark(self, run: Run, flow: str, marks: Sequence[Mark]) -> None:
        self._records.mark(run, flow, marks)

    def revive(self, run: Run, flow: str, keys: Sequence[str], actor: str) -> None:
        self._records.revive(run, flow, keys, actor)

    def waiting_for(self, flow: str, keys: Sequence[str]) -> list[tuple[str, str]]:
        return self._records.waiting_for(flow, keys)

    def erase_payloads(self, system: str, resource: str, keys: Sequence[str]) -> int:
        return self._records.erase_payloads(system, resource, keys)

    # Intents and outcomes

    def open_intents(self, run: Run, flow: str, drafts: Sequence[IntentDraft]) -> dict[str, int]:
        return self._intents.open(run, flow, drafts)

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
        self._intents.finish(run, flow, intent_id, action, target_key, fingerprint, detail)

    def abandon(self, run: Run, flow: str, intent_id: int, state: str, code: str, sentence: str, remedy: str) -> None:
        self._intents.abandon(run, flow, intent_id, state, code, sentence, remedy)

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
        self._intents.refuse(run, flow, intent_id, code, sentence, remedy, document)

    def doubt(self, run: Run, flow: str, intent_id: int, sentence: str) -> None:
        self._intents.doubt(run, flow, intent_id, sentence)

    def doubtful(self, flow: str) -> list[OpenIntent]:
        return self._intents.doubtful(flow)

    def link(self, run: Run, flow: str, pairs: Mapping[str, str]) -> None:
        self._intents.link(run, flow, pairs)

    def xrefs(self, flow: str, keys: Sequence[str]) -> dict[str, str]:
        """The other side's keys, by ours."""
        with self.engine.connect() as connection:
            query = select(x.source_key, x.target_key).where(x.flow == flow, x.source_key.in_(keys))
            return dict(connection.execute(query).tuples().all())

    # Watermarks

    def watermark(self, name: str) -> datetime | None:
        with self.engine.connect() as connection:
            found = connection.execute(select(t.watermark.c.value).where(t.watermark.c.name == name)).scalar()
            return found if found is None else datetime.fromisoformat(str(found))

    def set_watermark(self, name: str, value: datetime) -> None:
        """Move it forwards; it never moves back."""
        statement = insert(t.watermark).values(name=name, value=value, updated_at=self._clock.now())
        new = statement.excluded
        with self.engine.begin() as connection:
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["name"],
                    set_={"value": new.value, "updated_at": new.updated_at},
                    where=t.watermark.c.value < new.value,
                )
            )

    # Conservation

    def conservation(self, flow: str, first: date | None = None, last: date | None = None) -> list[ConservationRow]:
        """Records and money by day, currency, state and reason."""
        reason = func.coalesce(func.nullif(r.rule, ""), r.code)
        query = select(r.day, r.currency, r.state, reason, func.count(), func.sum(r.amount)).where(r.flow == flow)
        query = _between(query, first, last).group_by(r.day, r.currency, r.state, reason).order_by(r.day, r.currency)
        with self.engine.connect() as connection:
            return [ConservationRow(*row) for row in connection.execute(query)]

    def delivered_keys(
        self, flow: str, first: date | None = None, last: date | None = None
    ) -> Iterator[tuple[str, str, Decimal | None, str | None, date]]:
        """(key, target key, amount, currency, day) of delivered records."""
        query = select(r.key, r.target_key, r.amount, r.currency, r.day).where(r.flow == flow, r.state == "delivered")
        with self.engine.connect() as connection:
            for row in connection.execution_options(yield_per=1000).execute(_between(query, first, last)):
                yield row.key, row.target_key, row.amount, row.currency, row.day

    def record_keys(self, flow: str, first: date | None = None, last: date | None = None) -> Iterator[str]:
        """Keys of all records of these days, in every state."""
        query = _between(select(r.key).where(r.flow == flow), first, last)
        with self.engine.connect() as connection:
            yield from connection.execution_options(yield_per=5000).execute(query).scalars()

    # Audit

    def seal(self) -> int:
        """Chain committed audit entries; returns how many."""
        return audit.seal(self.engine)

    def verify(self) -> int | None:
        """The id of the first tampered audit entry, or None."""
        return audit.verify(self.engine)


def _between(query: Any, first: date | None, last: date | None) -> Any:
    if first is not None:
        query = query.where(r.day >= first)
    if last is not None:
        query = query.where(r.day <= last)
    return query
