"""The ledger: one front for all state. Every change of a state is one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine

from gp_prestashop.clock import Clock, SystemClock
from gp_prestashop.ledger import audit, queries
from gp_prestashop.ledger.database import open_engine, reach
from gp_prestashop.ledger.dead_letters import DeadLetters
from gp_prestashop.ledger.erasure import erase
from gp_prestashop.ledger.identities import claim
from gp_prestashop.ledger.intents import Intents
from gp_prestashop.ledger.migrate import migrate
from gp_prestashop.ledger.model import (
    ConservationRow,
    DeadLetter,
    Delivery,
    IntentDraft,
    Mark,
    OpenIntent,
    Received,
    RecordState,
    Run,
    Tally,
    WorkItem,
)
from gp_prestashop.ledger.payloads import content_hash
from gp_prestashop.ledger.records import Records
from gp_prestashop.ledger.runs import Runs
from gp_prestashop.ledger.value_maps import ValueMaps

__all__ = [
    "ConservationRow",
    "DeadLetter",
    "Delivery",
    "IntentDraft",
    "Ledger",
    "Mark",
    "OpenIntent",
    "Received",
    "RecordState",
    "Run",
    "Tally",
    "WorkItem",
    "content_hash",
]


class Ledger:
    """State in the Postgres behind a ``postgresql://`` URL (as libpq has it), or behind an engine for one.

    Its errors are SQLAlchemy's: a ledger that fails stops the run, and what was under way is settled by the next one.
    """

    def __init__(self, database: str | Engine, clock: Clock | None = None) -> None:
        clock = clock or SystemClock()
        self._clock = clock
        self.engine = open_engine(database) if isinstance(database, str) else database
        self.value_maps = ValueMaps(self.engine, clock)
        self._runs = Runs(self.engine, clock)
        self._records = Records(self.engine, clock)
        self._intents = Intents(self.engine, clock)
        self._letters = DeadLetters(self.engine)

    def migrate(self) -> None:
        """Bring the tables up to date (schema ``gpps``). Safe when several processes do it at once.

        Raises Transient when the server cannot be reached, ConfigError when a newer release has been here.
        """
        reach(self.engine)
        migrate(self.engine)

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()

    # Runs

    def open_run(self, flow: str, reason: str) -> AbstractContextManager[Run]:
        """A run, alive as long as the block is in, wherever its process is."""
        return self._runs.open(flow, reason)

    def run_alive(self, run_id: int) -> bool:
        """Whether the run's process still works on it."""
        return self._runs.alive(run_id)

    # Records

    def receive(self, run: Run, system: str, resource: str, flows: Sequence[str], items: Sequence[Received]) -> None:
        """Keep raw records for these flows: new and changed ones are pending, unchanged ones left alone."""
        self._records.receive(run, system, resource, flows, items)

    def work(
        self,
        flow: str,
        keys: Sequence[str] | None = None,
        states: Collection[str] = ("pending", "held"),
        days: tuple[date, date] | None = None,
        after: str | None = None,
        limit: int = 500,
    ) -> list[WorkItem]:
        """Records to work on, in the order of their keys (by length, then as text: numbers count up), after the key ``after``."""
        return self._records.work(flow, keys, states=states, days=days, after=after, limit=limit)

    def states_of(self, flow: str, keys: Sequence[str]) -> dict[str, RecordState]:
        """Where these records stand; unknown ones are absent."""
        return self._records.states_of(flow, keys)

    def tally(self, flow: str, keys: Sequence[str]) -> list[Tally]:
        """How these records stand, counted by state, reason and currency."""
        return self._records.tally(flow, keys)

    def mark(self, run: Run, flow: str, marks: Sequence[Mark]) -> None:
        """Give records a state that needed no write. Void for records in doubt, or changed since they were decided on."""
        self._records.mark(run, flow, marks)

    def revive(self, flow: str, keys: Sequence[str], *, actor: str = "operator", run: Run | None = None) -> list[str]:
        """Make dead or held records pending again, by a person's decision; returns those that were."""
        return self._records.revive(flow, keys, actor, run)

    def waiting_for(self, flow: str, keys: Sequence[str]) -> list[tuple[str, str]]:
        """(flow, key) of the held records that wait for one of these."""
        return self._records.waiting_for(flow, keys)

    def erase_payloads(self, system: str, resource: str, keys: Sequence[str]) -> int:
        """Erase these raw records and the documents made of them; returns how many versions there were."""
        return erase(self.engine, system, resource, keys)

    # Intents and outcomes

    def open_intents(self, run: Run, flow: str, drafts: Sequence[IntentDraft]) -> dict[str, int]:
        """Intent ids by record key, durable on return. Records that another run has in hand or delivered are absent."""
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
        """Delivered: ``action`` is created, changed, unchanged or found."""
        self._intents.finish_many(run, flow, [Delivery(intent_id, action, target_key, fingerprint, detail)])

    def finish_many(self, run: Run, flow: str, deliveries: Sequence[Delivery]) -> None:
        """Delivered, all in one transaction."""
        self._intents.finish_many(run, flow, deliveries)

    def abandon(self, run: Run, flow: str, intent_id: int, state: str, code: str, sentence: str, remedy: str) -> None:
        """Nothing was written: the record is held, or pending again."""
        if state not in ("held", "pending"):
            raise ValueError(f"An abandoned record is held or pending, not {state}.")
        self._intents.end(run, flow, intent_id, state, code, sentence, remedy)

    def withdraw(self, run: Run, flow: str, intent_id: int, rule: str, sentence: str) -> None:
        """The document was taken back: the record is ignored by this rule, and keeps its document's number."""
        self._intents.end(run, flow, intent_id, "ignored", rule, sentence, "")

    def claim(self, flow: str, identities: Mapping[str, str]) -> dict[str, str]:
        """For each record key (in this order) the key of the first record that ever claimed the same identity."""
        return claim(self.engine, flow, identities)

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
        """Refused for good: the record is dead, with a letter that holds it as received and as mapped."""
        self._intents.end(run, flow, intent_id, "dead", code, sentence, remedy, document)

    def doubt(self, run: Run, flow: str, intent_id: int, sentence: str) -> None:
        """The answer never came: the record is in doubt, the intent stays open."""
        self._intents.doubt(run, flow, intent_id, sentence)

    def doubtful(self, flow: str, keys: Sequence[str] | None = None) -> list[OpenIntent]:
        """Open intents, oldest first, with whether their run still lives."""
        return self._intents.doubtful(flow, keys)

    def link(self, run: Run, flow: str, pairs: Mapping[str, str]) -> None:
        """Cross-references (source key → target key) found without a write."""
        self._intents.link(run, flow, pairs)

    def xrefs(self, flow: str, keys: Sequence[str]) -> dict[str, str]:
        """The other side's keys, by ours."""
        return queries.xrefs(self.engine, flow, keys)

    def dead_letters(self, flow: str | None = None, *, resolved: bool = False, limit: int = 200) -> list[DeadLetter]:
        """The newest first: open ones, or those resolved."""
        return self._letters.list(flow, resolved=resolved, limit=limit)

    def dead_letter(self, letter_id: int) -> DeadLetter | None:
        return self._letters.show(letter_id)

    # Watermarks

    def watermark(self, name: str) -> datetime | None:
        """How far a reader has come (aware, UTC)."""
        return queries.watermark(self.engine, name)

    def set_watermark(self, name: str, value: datetime, *, back: bool = False) -> None:
        """Move it forwards; an earlier value is taken only when ``back`` asks for it."""
        queries.set_watermark(self.engine, self._clock.now(), name, value, back=back)

    # Conservation

    def sent(self, flow: str, key: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The raw record and the document made of it that the target took last."""
        return queries.sent(self.engine, flow, key)

    def conservation(self, flow: str, first: date | None = None, last: date | None = None) -> list[ConservationRow]:
        """Records and money by day, currency, state and reason."""
        return queries.conservation(self.engine, flow, first, last)

    def delivered_keys(
        self, flow: str, first: date | None = None, last: date | None = None
    ) -> Iterator[tuple[str, str, Decimal | None, str | None, date]]:
        """(key, target key, amount, currency, day) of delivered records."""
        return queries.delivered_keys(self.engine, flow, first, last)

    def record_keys(self, flow: str, first: date | None = None, last: date | None = None) -> Iterator[str]:
        """Keys of all records of these days, in every state."""
        return queries.record_keys(self.engine, flow, first, last)

    def stopped_keys(self, flow: str, before: date, most: int) -> list[tuple[str, date]]:
        """(key, day) of records that wait (held or pending), of days before this one; the newest, oldest of them first."""
        return queries.stopped_keys(self.engine, flow, before, most)

    # Audit

    def seal(self) -> int:
        """Chain committed audit entries; returns how many."""
        return audit.seal(self.engine)

    def verify(self) -> int | None:
        """The id of the first audit entry where the chain is broken, or None."""
        return audit.verify(self.engine)
