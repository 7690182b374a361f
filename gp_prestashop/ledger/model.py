"""What goes into the ledger and comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

__all__ = ["ConservationRow", "IntentDraft", "Mark", "OpenIntent", "Received", "RecordState", "Run", "WorkItem"]


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


@dataclass(frozen=True, slots=True)
class Mark:
    """A state decided without a write. ``waits_for`` are (flow, key) pairs that can release it."""

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
    """A document about to be written."""

    key: str
    document_type: str
    target_key: str
    action: str
    fingerprint: str
    document: Mapping[str, Any]


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


@dataclass(frozen=True, slots=True)
class ConservationRow:
    """Records and money of one day, currency, state and reason (rule or code)."""

    day: date | None
    currency: str | None
    state: str
    reason: str
    count: int
    amount: Decimal | None
