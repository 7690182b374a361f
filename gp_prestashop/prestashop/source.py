"""The shop as a source of records.

A record is what the shop sent, text for text, but for three things: secret fields are left out, dates of zeros
(``0000-00-00``) are None, and companions stand in it under their names (see companions.py). Associations are lists
under their own names.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import requests

from gp_prestashop.clock import Clock
from gp_prestashop.engine.protocols import CensusRow, ChangedKey, Probe, Selection
from gp_prestashop.errors import ConfigError, Transient
from gp_prestashop.mapping.shapes import LookupList, ResourceShape, SourceRecord
from gp_prestashop.prestashop.client import PrestaShopClient, Row
from gp_prestashop.prestashop.doctor import probes
from gp_prestashop.prestashop.embedding import embed
from gp_prestashop.prestashop.lookups import Lookups
from gp_prestashop.prestashop.paging import pages
from gp_prestashop.prestashop.payment_changes import changed_payments
from gp_prestashop.prestashop.payment_shares import payment_keys, payment_shares
from gp_prestashop.prestashop.resources import facts, resource_shapes
from gp_prestashop.prestashop.slips import complete_slip
from gp_prestashop.prestashop.times import day_of
from gp_prestashop.prestashop.windows import DateFilter, Window
from gp_prestashop.settings import ShopSettings

__all__ = ["PrestaShopSource"]

PAYMENTS, SLIPS = "order_payments", "order_slip"
# What the derived amount of a record is made of.
DERIVED_FROM = {PAYMENTS: ["order_reference", "amount"]}
SWEEP = 1000  # rows of a page that holds a few short fields


class PrestaShopSource:
    """Implements :class:`gp_prestashop.engine.protocols.Source` for one shop."""

    system = "prestashop"

    def __init__(
        self,
        settings: ShopSettings,
        clock: Clock,
        session: requests.Session | None = None,
        *,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.settings = settings
        self._clock = clock
        self._session = session
        self._jitter = jitter
        self._client: PrestaShopClient | None = None
        self._dates: DateFilter | None = None
        self._lookups = Lookups(lambda: self.client, clock)

    @property
    def client(self) -> PrestaShopClient:
        """Made at the first use, so that flows can be listed and checked without a shop."""
        if self._client is None:
            self._client = PrestaShopClient(self.settings, self._clock, self._session, jitter=self._jitter)
        return self._client

    @property
    def dates(self) -> DateFilter:
        if self._dates is None:
            self._dates = DateFilter(self.client)
        return self._dates

    def close(self) -> None:
        if self._client is not None:
            self._client.close()

    def resources(self) -> Mapping[str, ResourceShape]:
        return resource_shapes()

    def read(self, resource: str, selection: Selection, *, page_size: int = 50) -> Iterator[list[SourceRecord]]:
        """Pages by ascending id. Resources without a changed date are read whole for ``changed_since``."""
        facts(resource)
        if resource == PAYMENTS and selection.keys is not None:
            selection = Selection(keys=payment_keys(selection.keys))
        for rows in self._selected(resource, selection, page_size):
            yield self._records(resource, rows)

    def _records(self, resource: str, rows: list[Row]) -> list[SourceRecord]:
        """Rows with their companions; a payment is one record for each order that it pays."""
        embed(self.client, resource, rows)
        if resource == SLIPS:
            rows = [complete_slip(row) for row in rows]
        if resource != PAYMENTS:
            return [SourceRecord(row["id"], row) for row in rows]
        return [SourceRecord(key, share) for row in rows for key, share in payment_shares(row)]

    def changed(self, resource: str, since: datetime) -> Iterator[ChangedKey]:
        """Keys with a version. Resources without any date yield every key, with a hash of the row."""
        known = facts(resource)
        field = known.changed or known.created
        if field is None:
            for page in pages(self.client, resource, {}, SWEEP):
                yield from (ChangedKey(row["id"], _digest(row), None) for row in page)
            return
        if resource == PAYMENTS:
            yield from self._changed_payments(changed_payments(self.client, self.dates, since, self.settings))
            return
        # A date of whole seconds does not show a second change within its second; state and total may.
        extra = ("current_state", "total_paid") if resource == "orders" else ()
        display = tuple(dict.fromkeys(f for f in ("id", field, known.created, *extra) if f))
        window = Window.since(field, since, self.settings)
        for page in self.dates.pages(resource, window, SWEEP, display=display):
            for row in page:
                version = "|".join(str(row.get(name, "")) for name in (field, *extra))
                yield ChangedKey(row["id"], version, day_of(row, known.created))

    def _changed_payments(self, ids: Sequence[str]) -> Iterator[ChangedKey]:
        for page in self.client.keyed(PAYMENTS, "id", ids):
            for record in self._records(PAYMENTS, page):
                version = "|".join(str(record.raw[name]) for name in ("date_add", "share", "id_order", "order_paid"))
                yield ChangedKey(record.key, version, day_of(record.raw, "date_add"))

    def census(self, resource: str, first: date, last: date) -> Iterator[CensusRow]:
        """Resources without an amount count 0 of no currency."""
        known = facts(resource)
        shape = resource_shapes()[known.name]
        if shape.created is None:
            raise ConfigError("no_date", f"The shop's {resource} have no date of creation, so no days to count.")
        display = [name for name in ("id", shape.created, shape.currency_id, shape.amount) if name]
        display = [name for name in display if name in known.fields or name == "id"] + DERIVED_FROM.get(resource, [])
        if resource == SLIPS:
            display = []  # all that it has: its amount is made of its lines too
        for page in self.dates.pages(resource, Window.days(shape.created, first, last), SWEEP, display=display):
            if resource in {PAYMENTS, SLIPS}:
                page = [{**record.raw, "id": record.key} for record in self._records(resource, page)]  # noqa: PLW2901
            currencies = self._iso_codes(page, shape)
            for row in page:
                day = day_of(row, shape.created)
                if day is None:
                    raise Transient("date_unreadable", f"{resource} {row['id']} has no readable {shape.created}.")
                yield CensusRow(row["id"], day, currencies.get(_currency(row, shape), ""), _amount(row, shape))

    def local_day(self, record: SourceRecord, resource: str) -> date | None:
        return day_of(record.raw, facts(resource).created)

    def find(self, resource: str, field: str, value: str) -> list[str]:
        """Ids of the records whose ``field`` is exactly ``value``."""
        found = (row for page in self.client.keyed(resource, field, [value], display=["id", field]) for row in page)
        return [row["id"] for row in found if row.get(field) == value]

    def lookup_lists(self) -> Mapping[str, LookupList]:
        return self._lookups.lists()

    def lookup(
        self, name: str, keys: Sequence[tuple[str, ...]], columns: Sequence[str]
    ) -> Mapping[tuple[str, ...], Mapping[str, Any]]:
        return self._lookups.lookup(name, keys, columns)

    def doctor(self) -> Iterable[Probe]:
        return probes(self.settings, lambda: self.client, lambda: self.dates, self._clock)

    def _selected(self, resource: str, selection: Selection, size: int) -> Iterator[list[Row]]:
        known = facts(resource)
        ways = [selection.created, selection.changed_since, selection.keys]
        if sum(way is not None for way in ways) > 1:
            raise ConfigError("selection", "Select by day, by change or by key, not by several of them.")
        if selection.keys is not None:
            ids = sorted({int(key) for key in selection.keys if key.isdigit()})
            yield from filter(None, self.client.keyed(resource, "id", [str(i) for i in ids], most=size))
        elif selection.created is not None:
            if known.created is None:
                raise ConfigError("no_date", f"The shop's {resource} have no date of creation to select by.")
            yield from self.dates.pages(resource, Window.days(known.created, *selection.created), size)
        elif selection.changed_since is not None and resource == PAYMENTS:
            changed = changed_payments(self.client, self.dates, selection.changed_since, self.settings)
            yield from filter(None, self.client.keyed(resource, "id", changed, most=size))
        elif selection.changed_since is not None and (field := known.changed or known.created):
            yield from self.dates.pages(resource, Window.since(field, selection.changed_since, self.settings), size)
        else:
            yield from pages(self.client, resource, {}, size)

    def _iso_codes(self, page: Sequence[Row], shape: ResourceShape) -> dict[str, str]:
        ids = sorted({_currency(row, shape) for row in page} - {""})
        found = self.lookup("prestashop.currencies", [(i,) for i in ids], ["iso_code"]) if ids else {}
        return {key[0]: str(row["iso_code"]) for key, row in found.items()}


def _currency(row: Row, shape: ResourceShape) -> str:
    return str(row.get(shape.currency_id, "")) if shape.currency_id else ""


def _amount(row: Row, shape: ResourceShape) -> Decimal:
    """What cannot be read counts as nothing, as it does in the ledger, which holds the record: the day still adds up."""
    try:
        amount = Decimal(row[shape.amount] or 0) if shape.amount else Decimal(0)
    except InvalidOperation:
        return Decimal(0)
    return amount if amount.is_finite() else Decimal(0)


def _digest(row: Row) -> str:
    return hashlib.sha256(json.dumps(row, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]
