"""What the operations do: business objects become calls of the same procedures, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
from psycopg.rows import dict_row

from gp_prestashop.sandbox.gp.host import EconnectHost
from gp_prestashop.sandbox.soap import customers, receivables, updates
from gp_prestashop.sandbox.soap.sales import sales_document
from gp_prestashop.sandbox.soap.values import Call, pick

__all__ = ["Invalid", "Operations"]

ORDER, RETURN = 2, 4  # SOPTYPE


class Invalid(Exception):
    """A validation exception: the procedure that refused, and its error numbers."""

    def __init__(self, procedure: str, numbers: list[int]) -> None:
        super().__init__(f"{procedure}: {numbers}")
        self.procedure = procedure
        self.numbers = numbers


class Operations:
    """Runs Create and Update operations for one company."""

    def __init__(self, host: EconnectHost, company: str) -> None:
        self._host = host
        self._company = company
        self._mappers: dict[str, Callable[[Any, Any], Iterator[Call]]] = {
            "CreateCustomer": lambda body, _: customers.customer(body["customer"], update=0),
            "UpdateCustomer": lambda body, _: customers.customer(body["customer"], update=1),
            "CreateCustomerAddress": lambda body, _: customers.address(body["address"], update=0),
            "UpdateCustomerAddress": lambda body, _: customers.address(body["address"], update=1),
            "CreateSalesOrder": lambda body, cursor: sales_document(
                body["salesOrder"], self._currency(cursor), ORDER, "SalesOrderLine"
            ),
            "CreateSalesReturn": lambda body, cursor: sales_document(
                body["salesReturn"], self._currency(cursor), RETURN, "SalesReturnLine"
            ),
            "UpdateSalesOrder": lambda body, cursor: self._update(body["salesOrder"], cursor),
            "VoidSalesOrder": lambda body, _: updates.void_order(pick(body, "key", "Id")),
            "CreateCashReceipt": lambda body, cursor: receivables.cash_receipt(
                body["cashReceipt"], self._currency(cursor)
            ),
            "CreateReceivablesCreditMemo": lambda body, cursor: receivables.credit_memo(
                body["receivablesCreditMemo"], self._currency(cursor)
            ),
        }

    @property
    def names(self) -> list[str]:
        return list(self._mappers)

    def run(self, connection: psycopg.Connection, name: str, body: dict[str, Any]) -> None:
        """One operation, one transaction. Raises Invalid, with everything rolled back."""
        with connection.transaction(), connection.cursor() as cursor:
            for procedure, parameters in self._mappers[name](body, cursor):
                given = {key: value for key, value in parameters.items() if value is not None}
                result = self._host.execute(cursor, self._company, procedure, {f"I_v{k}": v for k, v in given.items()})
                numbers = [int(n) for n in str(result.outputs.get("oErrString") or "").split()]
                if result.outputs.get("O_iErrorState"):
                    raise Invalid(procedure, numbers or [int(str(result.outputs["O_iErrorState"]))])

    def _currency(self, cursor: psycopg.Cursor) -> Callable[[str | None], str | None]:
        """CURNCYID by ISO code (MC40200)."""
        cursor.execute("select isocurrc, curncyid from dynamics.mc40200")
        by_iso = {str(iso).strip(): str(currency).strip() for iso, currency in cursor.fetchall()}
        return lambda iso: by_iso.get(iso or "", iso)

    def _update(self, order: Any, cursor: psycopg.Cursor) -> Iterator[Call]:
        number = pick(order, "Key", "Id")
        rows = cursor.connection.cursor(row_factory=dict_row)
        rows.execute(f"select * from {self._company.lower()}.sop10100 where sopnumbe = %s and soptype = 2", [number])
        stored = rows.fetchone()
        if stored is None:
            raise Invalid("taSopHdrIvcInsert", [2608])
        return updates.update_order(order, stored)
