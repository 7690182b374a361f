"""Orders that the shop edits or cancels after GP has them: changed while they are unposted work, else left to a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from gp_prestashop.engine.protocols import Existing, Outcome
from gp_prestashop.errors import DataError, Refused
from gp_prestashop.gp.amend import tax_differences
from gp_prestashop.gp.compare import amount
from gp_prestashop.gp.currencies import Currencies
from gp_prestashop.gp.database import GpDatabase
from gp_prestashop.gp.errors import AlreadyThere
from gp_prestashop.gp.guard_orders import INVOICE, existing_orders
from gp_prestashop.gp.order_ways import Way
from gp_prestashop.gp.reader import Reader
from gp_prestashop.gp.unposted import Unposted, in_the_way, read_unposted
from gp_prestashop.gp.withdraw import stopped_orders
from gp_prestashop.keys import key_text
from gp_prestashop.mapping.shapes import Document

__all__ = ["OrderChanges", "amendment"]

BY_HAND = "Change the document in GP by hand, then release the record as it is."


def amendment(document: Document, why: str) -> DataError:
    """The edit is held. ``why`` ends the sentence."""
    return DataError("amendment", f"The shop has changed {document.key} since GP got it, and {why}.", remedy=BY_HAND)


class OrderChanges:
    """Changes and withdrawals in the way of the writer that the settings choose."""

    def __init__(self, database: GpDatabase, currencies: Callable[[], Currencies], way: Way) -> None:
        self._database: Final = database
        self._currencies: Final = currencies
        self._way: Final = way

    def change(self, document: Document) -> Outcome:
        """Raises DataError ``amendment`` when the order is no longer free, or GP would make something else of it."""
        there = self._there(self._database, document)
        if there is None or not there.ours:
            raise DataError("number_taken", there.sentence if there else f"{document.key} is not in GP.")
        stopped = there.status == "work" and document.key in self.stopped([document])
        if there.same:
            if not stopped:
                return Outcome("unchanged", document.key, {"found": there.status})
            return self._released(document)
        if INVOICE in (document.header.get("SOPTYPE"), *there.difference.get("SOPTYPE", ())):
            raise amendment(document, "an invoice is not changed once it is made")
        order = self._free(document, there)
        if self._way.free_columns is not None and not set(there.difference) <= self._way.free_columns:
            raise amendment(document, self._way.beyond)
        try:
            self._way.apply(document, order, lambda reader: self._verify(reader, document))
        except (Refused, AlreadyThere) as error:
            raise amendment(document, f"GP will not have it so: {error.sentence.rstrip('.')}") from error
        if stopped:
            self._released(document)
        return Outcome("changed", document.key, {"BACHNUMB": order.header["BACHNUMB"]})

    def stopped(self, documents: Sequence[Document]) -> set[str]:
        """Keys of those that a cancellation has stopped in GP (``gp.cancel = hold``)."""
        settings = self._database.settings
        if settings.cancel != "hold" or not documents:
            return set()
        keys = {key_text(document.header["SOPNUMBE"]): document.key for document in documents}
        return {keys[number] for number in stopped_orders(self._database, list(keys), settings.cancel_hold)}

    def _released(self, document: Document) -> Outcome:
        """The shop has cancelled it, and takes that back: nobody else put this hold on."""
        hold = self._database.settings.cancel_hold
        self._way.release(str(document.header["SOPNUMBE"]), hold, self._database.clock.now().date())
        return Outcome("changed", document.key, {"sentence": f"{document.key} is off hold {hold} in GP."})

    def withdraw(self, document: Document) -> Outcome:
        """Void or hold, as ``gp.cancel`` says. Raises DataError when it was posted, shipped or paid."""
        settings, number = self._database.settings, str(document.header["SOPNUMBE"])
        there = self._there(self._database, document)
        if there is None or not there.ours:
            raise DataError("number_taken", there.sentence if there else f"{document.key} is not in GP.")
        if there.status == "voided":
            return Outcome("withdrawn", document.key, {"sentence": f"{document.key} was voided in GP already."})
        if document.header.get("SOPTYPE") == INVOICE:
            remedy = "Void the invoice in GP, or make a return of it when it is posted; then release the record."
            raise DataError("not_withdrawn", f"{document.key} was cancelled, and it is an invoice.", remedy=remedy)
        order = read_unposted(self._database, number)
        day = self._database.clock.now().date()
        if order is not None and settings.cancel == "hold":
            self._way.stop(number, settings.cancel_hold, day)
            sentence = f"{document.key} is on hold {settings.cancel_hold} in GP."
        else:
            reason = in_the_way(self._database, order)
            if order is None or reason:
                remedy = "See to the document in GP by hand (a return or a credit memo), then release the record."
                raise DataError("not_withdrawn", f"{document.key} was cancelled, and {reason}.", remedy=remedy)
            if order.received:
                raise _paid(document, order)
            self._way.void(number, day)
            sentence = f"{document.key} was voided in GP."
        return Outcome("withdrawn", document.key, {"sentence": sentence})

    def _free(self, document: Document, there: Existing) -> Unposted:
        if there.status != "work":
            raise amendment(
                document, "it is voided in GP" if there.status == "voided" else "it is posted or transferred"
            )
        order = read_unposted(self._database, str(document.header["SOPNUMBE"]))
        reason = in_the_way(self._database, order)
        if order is None or reason:
            raise amendment(document, reason)
        return order

    def _verify(self, reader: Reader, document: Document) -> None:
        there = self._there(reader, document)
        wrong: dict[str, tuple[Any, Any]] = dict(there.difference) if there is not None else {"SOPNUMBE": ("none", "")}
        if not document.header.get("CREATETAXES"):
            wrong |= tax_differences(reader, document)
        if wrong:
            raise amendment(document, f"GP would make something else of it: {_listed(wrong)}")

    def _there(self, reader: Reader, document: Document) -> Existing | None:
        moved = self._database.settings.closed_period == "move"
        found = existing_orders(reader, self._currencies(), [document], moved_dates=moved)
        return found.get(document.key)


def _paid(document: Document, order: Unposted) -> DataError:
    return DataError(
        "deposits_there",
        f"The cancelled order {document.key} has deposits of {amount(order.received)} in GP.",
        remedy="Refund or remove the deposits in GP, then release the record; or set GPPS_GP__CANCEL=hold.",
    )


def _listed(wrong: Mapping[str, tuple[Any, Any]]) -> str:
    return ", ".join(f"{name} {there} instead of {wanted}" for name, (there, wanted) in wrong.items())
