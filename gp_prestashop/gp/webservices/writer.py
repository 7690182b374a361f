"""The web-service writer: the same documents, through Create and Update operations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gp_prestashop.engine.protocols import Outcome
from gp_prestashop.errors import DataError
from gp_prestashop.gp.webservices import objects
from gp_prestashop.gp.webservices.client import ServiceClient
from gp_prestashop.gp.writer import Action
from gp_prestashop.mapping.shapes import Document
from gp_prestashop.settings import GpSettings

__all__ = ["WebServicesWriter"]


class WebServicesWriter:
    """``iso_of`` gives the ISO code of a CURNCYID, ``currency_of_order`` that of an order which GP holds."""

    def __init__(
        self,
        settings: GpSettings,
        company_id: int,
        iso_of: Callable[[Any], str],
        currency_of_order: Callable[[str], str],
    ) -> None:
        self._client = ServiceClient(settings, company_id)
        self._iso_of = iso_of
        self._currency_of_order = currency_of_order

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
            self._client.call("UpdateSalesOrder", salesOrder=objects.payment_update(document, currency))
        elif action == "change":
            raise DataError("amendment", f"{document.key} is in GP already, and the order has changed since.")
        else:
            batch = header["BACHNUMB"]
            order = objects.sales_order(document, self._iso_of(header.get("CURNCYID")), batch)
            self._client.call("CreateSalesOrder", salesOrder=order)
            detail["batch"] = batch
        return Outcome("changed" if action == "change" else "created", document.key, detail)

    def close(self) -> None:
        """Connections are given back with the session."""
        self._client.close()
