"""What a connector implements: a source to read records from, a target to write documents to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, Protocol, runtime_checkable

from gp_prestashop.errors import GpPrestashopError
from gp_prestashop.mapping.model import Flow
from gp_prestashop.mapping.shapes import Document, DocumentShape, LookupList, Problem, ResourceShape, SourceRecord

__all__ = [
    "BatchTarget",
    "CensusRow",
    "ChangedKey",
    "ClockedSource",
    "Declarable",
    "Existing",
    "LookupProvider",
    "MeasuredTarget",
    "MoneyRow",
    "Outcome",
    "PartitionedSource",
    "Probe",
    "Selection",
    "Source",
    "Target",
    "WithdrawTarget",
]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which records to read: exactly one of the ways.

    ``created``: first and last day, both inclusive, in the source's own time zone, on the resource's ``created`` column.
    ``changed_since``: an aware datetime, on the resource's ``changed`` column (or by id where it has none).
    ``keys``: these records only. None of them: everything. ``partition`` narrows that to one value of the column that
    partitions the resource (an item class, a site).
    """

    created: tuple[date, date] | None = None
    changed_since: datetime | None = None
    keys: tuple[str, ...] | None = None
    partition: str | None = None


@dataclass(frozen=True, slots=True)
class CensusRow:
    """One record as the source counts it, for reconciliation. ``currency`` is the ISO code."""

    key: str
    day: date
    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ChangedKey:
    """A record that changed: ``version`` differs whenever it changed again; ``day`` is its partition."""

    key: str
    version: str
    day: date | None


@dataclass(frozen=True, slots=True)
class Probe:
    """One line of ``doctor``. ``remedy`` says how to mend a probe that failed."""

    name: str
    ok: bool
    sentence: str
    remedy: str = ""


class LookupProvider(Protocol):
    """Answers ``lookup('system.list', key…, 'column')`` for many keys at once."""

    system: str

    def lookup_lists(self) -> Mapping[str, LookupList]: ...

    def lookup(
        self, name: str, keys: Sequence[tuple[str, ...]], columns: Sequence[str]
    ) -> Mapping[tuple[str, ...], Mapping[str, Any]]:
        """Rows found, by key as asked; a key that is not there is absent. Values have the list's column types."""
        ...


class Source(LookupProvider, Protocol):
    """A system that records are read from."""

    def resources(self) -> Mapping[str, ResourceShape]: ...

    def read(self, resource: str, selection: Selection, *, page_size: int = 50) -> Iterator[list[SourceRecord]]:
        """Pages of records in stable order, flat in memory, with their companions (an order with its details).

        Raises Transient, RateLimited or ConfigError. Nothing of a page is yielded unless all of it was read.
        """
        ...

    def changed(self, resource: str, since: datetime) -> Iterator[ChangedKey]:
        """What changed since then (aware), with as few bytes as the source allows."""
        ...

    def local_day(self, record: SourceRecord, resource: str) -> date | None:
        """The day that the record belongs to, in the source's time zone."""
        ...

    def doctor(self) -> Iterable[Probe]: ...

    def close(self) -> None:
        """Gives back what it holds open."""
        ...


@dataclass(frozen=True, slots=True)
class Existing:
    """What the target already holds under a document's key.

    ``ours``: it is this very record's document by the type's guard. ``same``: its content equals the document's as far
    as the flow owns it. ``status``: ``work``, ``history`` or ``voided``. ``difference``: column → (there, wanted).
    ``conflicts``: the same for columns that the flow does not own, which stay as they are there. ``found_by``: what it
    was recognised by, where there are several ways; ``sentence`` says it in full. ``stranger``: why it looks like somebody
    else's, which counts where the record was never delivered.
    """

    ours: bool
    same: bool
    status: Literal["work", "history", "voided"]
    sentence: str = ""
    difference: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    conflicts: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    found_by: str = ""
    stranger: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a write did. ``detail`` is shown in the record (batch, warnings)."""

    action: Literal["created", "changed", "unchanged", "withdrawn"]
    key: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """One delivered document as the target sees it: amounts in the document's and in the functional currency."""

    key: str
    currency: str
    amount: Decimal
    functional_amount: Decimal
    status: Literal["work", "history", "voided"]


@runtime_checkable
class Declarable(Protocol):
    """A system that takes note of what flows declare of it: tables and views, keys, nodes of their own."""

    def declare(self, flow: Flow) -> None: ...


class Target(LookupProvider, Protocol):
    """A system that documents are written to."""

    def documents(self) -> Mapping[str, DocumentShape]: ...

    def defaults(self) -> Mapping[str, str]:
        """Settings that the target can tell by itself (its only document id …), by setting name."""
        ...

    def preflight(self, documents: Sequence[Document]) -> list[Problem]:
        """Set-based checks against the target's state before anything is written (closed periods …)."""
        ...

    def existing(self, documents: Sequence[Document]) -> Mapping[str, Existing]:
        """By document key, what is already there: the guard, set-based. Reads committed data only."""
        ...

    def write(self, document: Document, action: Literal["create", "change"]) -> Outcome:
        """One document, one transaction.

        Raises Transient (nothing was sent), InDoubt (sent, no answer), DataError (held), Refused (dead), ConfigError.
        """
        ...

    def money(self, document_type: str, keys: Iterable[str]) -> Iterator[MoneyRow]:
        """The amounts of these documents over work and history, each row as often as it is there."""
        ...

    def doctor(self) -> Iterable[Probe]: ...

    def close(self) -> None:
        """Gives back what it holds open."""
        ...


@runtime_checkable
class WithdrawTarget(Protocol):
    """What a target offers beside :class:`Target` where a document can be taken back."""

    def withdraw(self, document: Document) -> Outcome:
        """Void the document, or stop it as the settings say; action ``withdrawn``. Raises as :meth:`Target.write` does.

        DataError when it can no longer be taken back (it was posted or shipped): a person must see to it.
        """
        ...


@runtime_checkable
class FinishingTarget(Protocol):
    """What a target offers beside :class:`Target` where more can be done with a document after it was delivered."""

    def unfinished(self, document_type: str, keys: Sequence[str]) -> set[str]:
        """Which of these documents have something left to be done. Raises Transient or ConfigError."""
        ...


@runtime_checkable
class BatchTarget(Protocol):
    """What a target offers beside :class:`Target` where many documents travel in one request."""

    def batch_size(self, document_type: str) -> int:
        """How many documents of this type one :meth:`write_many` takes; 1 where each is written by itself."""
        ...

    def write_many(
        self, writes: Sequence[tuple[Document, Literal["create", "change"]]]
    ) -> Sequence[Outcome | GpPrestashopError]:
        """One result for each document, in order: one that fails does not stop the others.

        Raises Transient or ConfigError only when nothing at all was written.
        """
        ...


@runtime_checkable
class CountedSource(Protocol):
    """What a source offers beside :class:`Source` where its records can be counted by days, apart from reading them."""

    def census(self, resource: str, first: date, last: date) -> Iterator[CensusRow]:
        """Every record of those days with as few bytes as the source allows."""
        ...


@runtime_checkable
class PartitionedSource(Protocol):
    """What a source offers beside :class:`Source` where a resource is partitioned by the values of a column."""

    def partitions(self, resource: str) -> Sequence[str]:
        """The values that there are; none for other resources."""
        ...


@runtime_checkable
class OptionalSource(Protocol):
    """What a source offers beside :class:`Source` where a site may leave a part of it out."""

    def not_set_up(self, resource: str) -> str | None:
        """What is to be set before this resource can be read; None where nothing is."""
        ...


@runtime_checkable
class ClockedSource(Protocol):
    """A source whose timestamps are of a clock of its own, which may differ from ours by more than the overlap."""

    def now(self) -> datetime:
        """Its clock, aware."""
        ...


@runtime_checkable
class MeasuredTarget(Protocol):
    """A target that tells what it was asked and what it bears."""

    def figures(self) -> Mapping[str, int | float | None]: ...
