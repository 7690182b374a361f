"""GP as the engine's target: shapes, guards, look-ups, and the writer that the settings choose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any, Final, Literal

import sqlalchemy as sa

from gp_prestashop.clock import Clock, SystemClock
from gp_prestashop.engine.protocols import Existing, MoneyRow, Outcome, Probe
from gp_prestashop.errors import DataError, Refused
from gp_prestashop.fresh import Fresh
from gp_prestashop.gp.batches import BatchAllocator
from gp_prestashop.gp.changes import ChangeReader
from gp_prestashop.gp.currencies import Currencies, read_currencies
from gp_prestashop.gp.custom_nodes import CustomNodes
from gp_prestashop.gp.database import GpDatabase
from gp_prestashop.gp.doctor import probe_gp
from gp_prestashop.gp.doctor_currencies import InShop, probe_currencies
from gp_prestashop.gp.document_types import document_types
from gp_prestashop.gp.documents import document_shapes
from gp_prestashop.gp.econnect import EconnectWriter
from gp_prestashop.gp.errors import AlreadyThere, BatchClosed
from gp_prestashop.gp.guard_customers import existing_addresses, existing_customers
from gp_prestashop.gp.guard_deposits import existing_deposits
from gp_prestashop.gp.guard_orders import INVOICE, ORDER, RETURN, existing_orders
from gp_prestashop.gp.lookups import Lookups, lookup_lists
from gp_prestashop.gp.money import deposit_money, order_money
from gp_prestashop.gp.order_changes import OrderChanges, amendment
from gp_prestashop.gp.order_ways import EconnectWay
from gp_prestashop.gp.periods import read_calendar
from gp_prestashop.gp.posting_date import PostingDates
from gp_prestashop.gp.rates import currency_problems, rates_in_force
from gp_prestashop.gp.receivables import RECEIVABLES, Receivables
from gp_prestashop.gp.writer import Action, Writer
from gp_prestashop.mapping.model import Flow
from gp_prestashop.mapping.shapes import Document, DocumentShape, LookupList, Problem
from gp_prestashop.settings import GpSettings

__all__ = ["GpTarget"]

SALES = {"sales_order": (ORDER, INVOICE), "sales_return": (RETURN,)}  # SOPTYPE
DOES_NOT_ADD_UP = 235
MASTERS = frozenset({"customer", "customer_address"})  # what may be changed at any time
BATCH_TRIES = 5  # batches closed one after the other while one document is written


class GpTarget:
    """Implements :class:`gp_prestashop.engine.protocols.Target`. Nothing is connected to before it is asked."""

    system = "gp"

    def __init__(self, settings: GpSettings, clock: Clock | None = None) -> None:
        self.settings: Final = settings
        self.database: Final = GpDatabase(settings, clock or SystemClock())
        self._batches: Final = BatchAllocator(self.database)
        self._other_batches = {source: BatchAllocator(self.database, source) for source in ("RM_Cash", "RM_Sales")}
        self._nodes: Final = CustomNodes()
        self._lookups: Final = Lookups(self.database, lambda: self._currencies)
        monotonic = self.database.clock.monotonic
        self._fresh_currencies: Final = Fresh(lambda: read_currencies(self.database), monotonic)
        self._receivables: Final = Receivables(self.database, lambda: self._currencies, lambda: self._writer)
        calendar = Fresh(lambda: read_calendar(self.database), monotonic)
        self._dates: Final = PostingDates(calendar.get, settings.closed_period)

    @property
    def _currencies(self) -> Currencies:
        return self._fresh_currencies.get()

    @cached_property
    def _writer(self) -> Writer:
        if self.settings.writer == "econnect":
            return EconnectWriter(self.database, self._nodes)
        from gp_prestashop.gp.webservices.writer import WebServicesWriter

        writer: Writer = WebServicesWriter(
            self.settings,
            self.database.company.id,
            self._currencies.iso_of,
            self._currency_of,
            self._rate_method,
        )
        return writer

    @cached_property
    def _orders(self) -> OrderChanges:
        writer = self._writer
        if isinstance(writer, EconnectWriter):
            return OrderChanges(self.database, lambda: self._currencies, EconnectWay(writer))
        from gp_prestashop.gp.webservices.way import ServicesWay
        from gp_prestashop.gp.webservices.writer import WebServicesWriter

        if not isinstance(writer, WebServicesWriter):
            raise TypeError(f"no way to change orders through {type(writer).__name__}")
        return OrderChanges(self.database, lambda: self._currencies, ServicesWay(writer, self.database))

    def _rate_method(self, currency_id: str, day: date) -> int | None:
        """RTCLCMTD of the exchange table in force; None when there is none."""
        rate = rates_in_force(self.database, {(currency_id.upper(), day)}).get((currency_id.upper(), day))
        return rate.method if rate else None

    def _currency_of(self, number: str) -> str:
        """ISO code of an order that GP holds. Raises DataError when it holds none."""
        for row in self.money("sales_order", [number]):
            return row.currency
        raise DataError("no_order", f"GP holds no order {number} that a deposit could go to.")

    def declare(self, flow: Flow) -> None:
        """Procedures of the site that the flow calls beside eConnect's."""
        self._nodes.declare(flow)

    def documents(self) -> Mapping[str, DocumentShape]:
        return document_shapes()

    def lookup_lists(self) -> Mapping[str, LookupList]:
        return lookup_lists()

    def lookup(
        self, name: str, keys: Sequence[tuple[str, ...]], columns: Sequence[str]
    ) -> Mapping[tuple[str, ...], Mapping[str, Any]]:
        return self._lookups.lookup(name, keys, columns)

    def changes(self) -> ChangeReader:
        """What changed in GP's tables, for sensors."""
        return ChangeReader(self.database)

    def defaults(self) -> Mapping[str, str]:
        """``sop.docid``, ``sop.invoice_docid``, ``refund.docid`` and ``sop.site`` from SOP40100, or the only ones there are;
        ``gp.functional_currency``."""
        setup, ids, sites = (self.database.tables[name] for name in ("SOP40100", "SOP40200", "IV40700"))
        found = self.database.read(sa.select(setup.c.ORDDOCID, setup.c.INVDOCID, setup.c.RETDOCID, setup.c.LOCNCODE))
        usual = found[0] if found else {"ORDDOCID": "", "INVDOCID": "", "RETDOCID": "", "LOCNCODE": ""}
        by_type = self.database.read(
            sa.select(ids.c.SOPTYPE, ids.c.DOCID).where(ids.c.SOPTYPE.in_([ORDER, INVOICE, RETURN]))
        )
        all_sites = [row["LOCNCODE"] for row in self.database.read(sa.select(sites.c.LOCNCODE))]

        def only(kind: int) -> str:
            of_kind = [row["DOCID"] for row in by_type if row["SOPTYPE"] == kind]
            return of_kind[0] if len(of_kind) == 1 else ""

        values = {
            "sop.docid": usual["ORDDOCID"] or only(ORDER),
            "sop.invoice_docid": usual["INVDOCID"] or only(INVOICE),
            "refund.docid": usual["RETDOCID"] or only(RETURN),
            "sop.site": usual["LOCNCODE"] or (all_sites[0] if len(all_sites) == 1 else ""),
            "gp.functional_currency": self._currencies.functional,
        }
        return {name: value for name, value in values.items() if value}

    def preflight(self, documents: Sequence[Document]) -> list[Problem]:
        """Closed fiscal periods: holds, or warnings when the date will be moved. Currencies and rates that GP lacks: holds."""
        problems = [problem for document in documents if (problem := self._dates.problem(document))]
        return [*problems, *self._uncallable(documents), *currency_problems(self.database, self._currencies, documents)]

    def _uncallable(self, documents: Sequence[Document]) -> Iterator[Problem]:
        """GP's web services call no procedures of the site."""
        for document in documents if self.settings.writer != "econnect" else ():
            if frames := self._nodes.used(document):
                sentence = f"GP's web services cannot write {', '.join(frames)}, which is a procedure of the site."
                yield Problem(document.source_key, "not_supported", sentence, remedy="Set GPPS_GP__WRITER=econnect.")

    def existing(self, documents: Sequence[Document]) -> Mapping[str, Existing]:
        found: dict[str, Existing] = {}
        for type_ in dict.fromkeys(document.type for document in documents):
            some = [owned_only(document) for document in documents if document.type == type_]
            there = self._existing_of(type_, some)
            if type_ in MASTERS:
                there = {one.key: self._nodes.not_read(one, there[one.key]) for one in some if one.key in there}
            found |= there
        return found

    def _existing_of(self, type_: str, documents: Sequence[Document]) -> dict[str, Existing]:
        if type_ in SALES:
            moved = self.settings.closed_period == "move"
            found = existing_orders(
                self.database, self._currencies, documents, moved_dates=moved, soptypes=SALES[type_]
            )
            stops = type_ == "sales_order" and self.settings.cancel == "hold"
            return self._with_holds(found, documents) if stops else found
        if type_ in RECEIVABLES:
            return self._receivables.existing(type_, documents)
        if type_ == "deposit":
            return existing_deposits(self.database, documents)
        if type_ == "customer":
            return existing_customers(self.database, documents)
        return existing_addresses(self.database, documents)

    def _with_holds(self, found: dict[str, Existing], documents: Sequence[Document]) -> dict[str, Existing]:
        """An order that the shop cancelled, and that is an order again, differs by the hold that stops it."""
        unposted = [one for one in documents if one.key in found and found[one.key].status == "work"]
        hold = self.settings.cancel_hold
        for key in self._orders.stopped(unposted):
            difference = {**found[key].difference, "PRCHLDID": (hold, "none")}
            found[key] = replace(found[key], same=False, difference=difference)
        return found

    def unfinished(self, document_type: str, keys: Sequence[str]) -> set[str]:
        """Which of these receipts and credit memos have something left that they could be applied by."""
        return self._receivables.unfinished(document_type, keys) if document_type in RECEIVABLES else set()

    def write(self, document: Document, action: Literal["create", "change"]) -> Outcome:
        document = self._dates.moved(owned_only(document) if action == "change" else document)
        if action == "change" and document.type == "sales_order" and self.settings.amend == "apply":
            return self._orders.change(document)
        if action == "change" and document.type in RECEIVABLES:
            return self._receivables.apply_later(document)
        if action == "change" and document.type not in MASTERS:
            raise amendment(document, "it stays in GP as it is")
        not_applied = ""
        if document.type in RECEIVABLES:
            document, not_applied = self._receivables.prepared(document)
        try:
            if document_types()[document.type].batch and not document.header.get("BACHNUMB"):
                outcome = self._write_in_batch(document, action)
            else:
                outcome = self._writer.write(document, action)
        except AlreadyThere as error:
            return self._found(document, error)
        except Refused as error:
            raise _taxes_differ(document, error) or error from error
        return replace(outcome, detail={**outcome.detail, "applied": not_applied}) if not_applied else outcome

    def withdraw(self, document: Document) -> Outcome:
        """A cancelled order is voided or put on hold, as ``gp.cancel`` says.

        Raises DataError when it was posted, shipped or paid, and for documents that are no orders.
        """
        if document.type != "sales_order":
            raise DataError("not_withdrawn", f"{document.key} is no order: a person must take it back in GP.")
        return self._orders.withdraw(document)

    def _write_in_batch(self, document: Document, action: Action) -> Outcome:
        """In one of our own batches; when it closes under our hands, nothing was written and the next one serves."""
        refused: list[str] = []
        batches = self._other_batches.get(document_types()[document.type].batch, self._batches)
        while True:
            batch = batches.allocate(refused)
            header = {**document.header, "BACHNUMB": batch}
            try:
                outcome = self._writer.write(replace(document, frames={**document.frames, "header": [header]}), action)
            except BatchClosed:
                refused.append(batch)
                if len(refused) == BATCH_TRIES:
                    raise
            else:
                return replace(outcome, detail={**outcome.detail, "BACHNUMB": batch})

    def _found(self, document: Document, error: AlreadyThere) -> Outcome:
        """The key was taken between plan and write: fine when by this very document, else held."""
        there = self.existing([document]).get(document.key)
        if there is not None and there.ours and there.same:
            return Outcome("unchanged", document.key, {"found": there.status})
        sentence = there.sentence if there is not None and there.sentence else error.sentence
        raise DataError("number_taken", sentence, remedy=error.remedy, details=error.details) from error

    def money(self, document_type: str, keys: Iterable[str]) -> Iterator[MoneyRow]:
        if document_type in SALES:
            yield from order_money(self.database, self._currencies, keys, SALES[document_type])
        elif document_type in RECEIVABLES:
            yield from self._receivables.money(document_type, keys)
        elif document_type == "deposit":
            yield from deposit_money(self.database, self._currencies, keys)

    def doctor(self) -> Iterable[Probe]:
        return probe_gp(self.database, self._batches)

    def probe_currencies(
        self, iso_codes: Iterable[str], *, shop_rates: bool = True, in_shop: InShop = lambda items: items
    ) -> Iterator[Probe]:
        """For ``doctor``: what orders in each of these currencies need of GP. Raises Transient or ConfigError."""
        return probe_currencies(self.database, self._currencies, iso_codes, shop_rates=shop_rates, in_shop=in_shop)

    def close(self) -> None:
        if "_writer" in self.__dict__:
            self._writer.close()
        self.database.close()


def owned_only(document: Document) -> Document:
    """A master record with the columns that the flow owns, and its key: the others stay as they are in GP."""
    if document.type not in MASTERS or not document.owns:
        return document
    kept = {*document.owns, *document_types()[document.type].key}
    header = {name: value for name, value in document.header.items() if name in kept}
    return replace(document, frames={**document.frames, "header": [header]})


def _taxes_differ(document: Document, error: Refused) -> DataError | None:
    """GP was to calculate the taxes, and the document does not add up to what the customer paid: a person's case."""
    if not document.header.get("CREATETAXES") or DOES_NOT_ADD_UP not in error.details.get("numbers", []):
        return None
    sentence = f"GP calculates other taxes for {document.key} than the shop charged: {error.sentence}"
    remedy = "Correct the tax schedules in GP (items, freight, customer), or let the map supply the shop's taxes."
    return DataError("taxes_differ", sentence, remedy=remedy, details=error.details)
