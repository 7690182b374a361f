"""The web-service writer: the same documents, through Create, Update and Void operations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from gp_prestashop.engine.protocols import Outcome
from gp_prestashop.errors import DataError
from gp_prestashop.gp.webservices import objects, receivables, sales
from gp_prestashop.gp.webservices.client import ServiceClient
from gp_prestashop.gp.webservices.limits import NOT_APPLIED, check_limits
from gp_prestashop.gp.writer import Action
from gp_prestashop.mapping.shapes import Document
from gp_prestashop.settings import GpSettings

__all__ = ["WebServicesWriter"]

# Document type: operation, its parameter, and what makes the business object of document, currency and batch.
CREATE: dict[str, tuple[str, str, Callable[[Document, str, str], dict[str, Any]]]] = {
    "sales_order": ("CreateSalesOrder", "salesOrder", sales.sales_order),
    "sales_return": ("CreateSalesReturn", "salesReturn", sales.sales_return),
    "cash_receipt": ("CreateCashReceipt", "cashReceipt", receivables.cash_receipt),
    "credit_memo": ("CreateReceivablesCreditMemo", "receivablesCreditMemo", receivables.credit_memo),
}


class WebServicesWriter:
    """``iso_of`` gives the ISO code of a CURNCYID, ``currency_of_order`` that of an order which GP holds.

    ``method_of`` gives the RTCLCMTD of the exchange table that a currency's documents of a day use.
    """

    def __init__(
        self,
        settings: GpSettings,
        company_id: int,
        iso_of: Callable[[Any], str],
        currency_of_order: Callable[[str], str],
        method_of: Callable[[str, date], int | None] = lambda _currency, _day: None,
    ) -> None:
        self._client = ServiceClient(settings, company_id)
        self._iso_of = iso_of
        self._currency_of_order = currency_of_order
        self._method_of = method_of

    def write(self, document: Document, action: Action) -> Outcome:
        """See :class:`gp_prestashop.gp.writer.Writer`. Create answers carry nothing, so keys are always ours."""
        header = document.header
        verb = "Update" if action == "change" else "Create"
        detail: dict[str, Any] = {}
        if document.type == "customer":
            self._client.call(f"{verb}Customer", customer=objects.customer(document))
        elif document.type == "customer_address":
            self._client.call(f"{verb}CustomerAddress", address=objects.customer_address(document))
        elif document.type == "deposit":
            currency = self._currency_of_order(header["SOPNUMBE"])
            self._client.call("UpdateSalesOrder", salesOrder=sales.payment_update(document, currency))
        elif action == "change":
            raise DataError("amendment", f"{document.key} is in GP already, and has changed since.")
        else:
            check_limits(document, self._method_of)
            batch = header["BACHNUMB"]
            operation, parameter, make = CREATE[document.type]
            currency = self._iso_of(header.get("CURNCYID"))
            self._client.call(operation, **{parameter: make(document, currency, batch)})
            detail["batch"] = batch
            if document.frames.get("applications"):
                detail["applied"] = NOT_APPLIED
        return Outcome("changed" if action == "change" else "created", document.key, detail)

    def update_order(self, document: Document) -> None:
        """Address, carrier, site, comment and user-defined fields of an order. Raises as :meth:`write` does."""
        self._client.call("UpdateSalesOrder", salesOrder=sales.order_update(document))

    def void_order(self, number: str) -> None:
        """Raises as :meth:`write` does."""
        self._client.call("VoidSalesOrder", key={"Id": number})

    def stop_order(self, number: str, hold: str, *, lift: bool = False) -> None:
        """A process hold on the order, or off it; its set-up must exist in GP. Raises as :meth:`write` does."""
        self._client.call("UpdateSalesOrder", salesOrder=sales.order_stop(number, hold, lift=lift))

    def close(self) -> None:
        """Connections are given back with the session."""
        self._client.close()
