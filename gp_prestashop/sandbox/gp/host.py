"""eConnect's procedures as a SQL Server database offers them: found by name, executed over an open transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import psycopg

from gp_prestashop.sandbox.gp.calls import Definition, ProcedureResult, Signature, definitions
from gp_prestashop.sandbox.gp.node import Node
from gp_prestashop.sandbox.gp.procedures import (
    address,
    apply,
    cash_receipt,
    component,
    customer,
    header,
    internet,
    line,
    line_delete,
    line_tax,
    number,
    payment,
    process_hold,
    receivables_document,
    receivables_tax,
    user_defined,
    void,
)
from gp_prestashop.sandbox.gp.schema import schema_of

__all__ = ["EconnectHost"]

_PROCEDURES: dict[str, Callable[[Node], ProcedureResult]] = {
    "taUpdateCreateCustomerRcd": customer.execute,
    "taCreateCustomerAddress": address.execute,
    "taCreateInternetAddresses": internet.execute,
    "taSopLineIvcInsert": line.execute,
    "taSopLineIvcTaxInsert": line_tax.execute,
    "taSopUserDefined": user_defined.execute,
    "taCreateSopPaymentInsertRecord": payment.execute,
    "taSopHdrIvcInsert": header.execute,
    "taGetSopNumber": number.execute,
    "taSopVoidDocument": void.execute,
    "taSopLineIvcInsertComponent": component.execute,
    "taSopLineDelete": line_delete.execute,
    "taSopUpdateCreateProcessHold": process_hold.execute,
    "taRMCashReceiptInsert": cash_receipt.execute,
    "taRMApply": apply.execute,
    "taRMTransaction": receivables_document.execute,
    "taRMTransactionTaxInsert": receivables_tax.execute,
}


class EconnectHost:
    """The procedures of one company database. `now` gives the server's local time, without a zone."""

    def __init__(
        self,
        company: str = "TWO",
        system: str = "DYNAMICS",
        now: Callable[[], datetime] = lambda: datetime.now(UTC).replace(tzinfo=None),
    ) -> None:
        self.company = company
        self.system = system
        self._now = now
        self._names: Mapping[str, Definition] = {name.lower(): entry for name, entry in definitions().items()}

    def signature(self, name: str) -> Signature | None:
        """The parameters of a procedure, its name in any case; None when there is no such procedure."""
        definition = self._names.get(name.lower())
        return definition.signature if definition else None

    def execute(
        self, cursor: psycopg.Cursor[Any], database: str, name: str, parameters: Mapping[str, object]
    ) -> ProcedureResult:
        """Runs `name` in `database`, on the cursor's connection and transaction, which it never ends.

        Parameters by name without @; absent ones take their default. LookupError: no such procedure or database;
        ConversionError: an argument does not convert to its parameter's type.
        """
        definition = self._names.get(name.lower())
        if definition is None or database.lower() != self.company.lower():
            raise LookupError(f"no procedure {name} in {database}")
        node = Node(cursor, schema_of(self.company), schema_of(self.system), definition, parameters, self._now())
        return _PROCEDURES[definition.signature.name](node)
