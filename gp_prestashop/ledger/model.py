"""What goes into the ledger and comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

__all__ = [
    "ConservationRow",
    "DeadLetter",
    "Delivery",
    "IntentDraft",
    "Mark",
    "OpenIntent",
    "Received",
    "RecordState",
    "Run",
    "WorkItem",
]


@dataclass(slots=True)
class Run:
    """A run under way; ``counts`` are kept when it ends."""

    id: int
    flow: str
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Received:
    """A raw record as it came. ``hash`` leaves volatile fields out; ``amount`` is in ``currency`` (ISO code)."""

    key: str
    raw: Mapping[str, Any]
    hash: str
    amount: Decimal | None = None
    currency: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A record to work on, with its raw data as received last."""

    key: str
    raw: Mapping[str, Any]
    payload_hash: str
    state: str
    fingerprint: str | None
    target_key: str | None
    amount: Decimal | None = None
    currency: str | None = None
    day: date | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class RecordState:
    """Where a record stands."""

    key: str
    state: str
    code: str
    sentence: str
    rule: str
    amount: Decimal | None
    currency: str | None
    day: date | None
    target_key: str | None
    remedy: str = ""
    tries: int = 0
    waits_for: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """Records that stand alike; ``amount`` is None where none of them has one."""

    state: str
    reason: str  # code or rule
    sentence: str
    currency: str
    records: int
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Mark:
    """A state decided without a write: pending, held, ignored or delivered.

    ``waits_for`` are (flow, key) pairs that can release it. ``processed_hash`` is the payload that was decided upon: when
    another one has arrived meanwhile, the mark is void and the record stays as it is.
    """

    key: str
    state: str
    code: str = ""
    sentence: str = ""
    remedy: str = ""
    rule: str = ""
    waits_for: tuple[tuple[str, str], ...] = ()
    fingerprint: str | None = None
    processed_hash: str | None = None


@dataclass(frozen=True, slots=True)
class IntentDraft:
    """A document about to be written. ``document`` is JSON-able.

    ``payload_hash`` is the payload that it was mapped from; without it, the one received last is taken.
    """

    key: str
    document_type: str
    target_key: str
    action: str
    fingerprint: str
    document: Mapping[str, Any]
    payload_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """The outcome of an intent: ``action`` is created, changed, unchanged or found."""

    intent_id: int
    action: str
    target_key: str
    fingerprint: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenIntent:
    """An intent without an outcome. ``run_alive``: its process still lives and may yet finish it."""

    id: int
    key: str
    target_key: str
    action: str
    fingerprint: str
    document: Mapping[str, Any]
    run_id: int
    run_alive: bool
    started_at: datetime
    payload_hash: str = ""
    document_type: str = ""


@dataclass(frozen=True, slots=True)
class ConservationRow:
    """Records and money of one day, currency, state and reason (rule or code)."""

    day: date | None
    currency: str | None
    state: str
    reason: str
    count: int
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record that was refused for good. ``raw`` is as received (None when erased), ``document`` as mapped."""

    id: int
    flow: str
    key: str
    code: str
    sentence: str
    remedy: str
    tries: int
    created_at: datetime
    resolved_at: datetime | None
    resolution: str
    document: Mapping[str, Any]
    raw: Mapping[str, Any] | None
