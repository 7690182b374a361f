"""What the operations do: business objects become calls of the same procedures, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import psycopg

from gp_prestashop.sandbox.gp.host import EconnectHost
from gp_prestashop.sandbox.soap.values import amount, items, pick

__all__ = ["Invalid", "Operations"]

Call = tuple[str, dict[str, Any]]
FREIGHT_TAX, MISC_TAX = 1, 2
PAYMENT_TYPES = {
    "Cash Deposit": 1,
    "Check Deposit": 2,
    "Payment Card Deposit": 3,
    "Cash Payment": 4,
    "Check Payment": 5,
    "Payment Card Payment": 6,
}


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
            "CreateCustomer": lambda body, _: _customer(body["customer"], update=0),
            "UpdateCustomer": lambda body, _: _customer(body["customer"], update=1),
            "CreateCustomerAddress": lambda body, _: _address(body["address"], update=0),
            "UpdateCustomerAddress": lambda body, _: _address(body["address"], update=1),
            "CreateSalesOrder": lambda body, cursor: _sales_order(body["salesOrder"], self._currency(cursor)),
            "UpdateSalesOrder": lambda body, cursor: self._payments(body["salesOrder"], cursor),
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

    def _payments(self, order: Any, cursor: psycopg.Cursor) -> Iterator[Call]:
        number = pick(order, "Key", "Id")
        cursor.execute(
            f"select custnmbr from {self._company.lower()}.sop10100 where sopnumbe = %s and soptype = 2", [number]
        )
        row = cursor.fetchone()
        if row is None:
            raise Invalid("taSopHdrIvcInsert", [2608])
        for payment in items(pick(order, "Payments"), "SalesPayment"):
            yield (
                "taCreateSopPaymentInsertRecord",
                {
                    "SOPTYPE": 2,
                    "SOPNUMBE": number,
                    "CUSTNMBR": str(row[0]).strip(),
                    "DOCDATE": _date(pick(payment, "Date")),
                    "DOCAMNT": amount(payment, "PaymentAmount"),
                    "CHEKBKID": pick(payment, "BankAccountKey", "Id"),
                    "CHEKNMBR": pick(payment, "CheckNumber") or None,
                    "PYMTTYPE": PAYMENT_TYPES[pick(payment, "Type")],
                    "DOCNUMBR": pick(payment, "Number") or None,
                    "Action": 1,
                },
            )


def _customer(customer: Any, *, update: int) -> Iterator[Call]:
    key = pick(customer, "Key", "Id")
    addresses = items(pick(customer, "Addresses"), "CustomerAddress")
    main = pick(customer, "DefaultAddressKey", "Id")
    first: Any = next((a for a in addresses if pick(a, "Key", "Id") == main), None)
    fields = _address_fields(first) if first else {}
    yield (
        "taUpdateCreateCustomerRcd",
        {
            "CUSTNMBR": key,
            "CUSTNAME": pick(customer, "Name"),
            "SHRTNAME": pick(customer, "Shortname"),
            "CUSTCLAS": pick(customer, "ClassKey", "Id"),
            "UseCustomerClass": 1 if pick(customer, "ClassKey", "Id") and not update else 0,
            "ADRSCODE": main,
            "PRBTADCD": pick(customer, "BillToAddressKey", "Id"),
            "PRSTADCD": pick(customer, "ShipToAddressKey", "Id"),
            "STADDRCD": pick(customer, "StatementToAddressKey", "Id"),
            "INACTIVE": {"true": 0, "false": 1}.get(pick(customer, "IsActive") or ""),
            "UpdateIfExists": update,
            **{k: v for k, v in fields.items() if k != "ShipToName"},
        },
    )
    for address in addresses:
        yield from _address(address, update=1, customer=key)


def _address(address: Any, *, update: int, customer: str | None = None) -> Iterator[Call]:
    key = {
        "CUSTNMBR": customer or pick(address, "Key", "CustomerKey", "Id"),
        "ADRSCODE": pick(address, "Key", "Id"),
    }
    yield "taCreateCustomerAddress", {**key, **_address_fields(address), "UpdateIfExists": update}
    internet = pick(address, "InternetAddresses")
    if internet:
        yield (
            "taCreateInternetAddresses",
            {
                "Master_Type": "CUS",
                "Master_ID": key["CUSTNMBR"],
                "ADRSCODE": key["ADRSCODE"],
                "EmailToAddress": pick(internet, "EmailToAddress"),
                **{f"INET{n}": pick(internet, f"InternetField{n}") for n in range(1, 9)},
            },
        )


def _address_fields(address: Any) -> dict[str, Any]:
    return {
        "ShipToName": pick(address, "Name"),
        "CNTCPRSN": pick(address, "ContactPerson"),
        "ADDRESS1": pick(address, "Line1"),
        "ADDRESS2": pick(address, "Line2"),
        "ADDRESS3": pick(address, "Line3"),
        "CITY": pick(address, "City"),
        "STATE": pick(address, "State"),
        "ZIPCODE": pick(address, "PostalCode"),
        "COUNTRY": pick(address, "CountryRegion"),
        "PHNUMBR1": pick(address, "Phone1", "Value"),
        "PHNUMBR2": pick(address, "Phone2", "Value"),
    }


def _sales_order(order: Any, currency: Callable[[str | None], str | None]) -> Iterator[Call]:
    key = {"SOPTYPE": 2, "SOPNUMBE": pick(order, "Key", "Id"), "CUSTNMBR": pick(order, "CustomerKey", "Id")}
    day, docid = _date(pick(order, "Date")), pick(order, "DocumentTypeKey", "Id")
    money = currency(pick(order, "CurrencyKey", "ISOCode"))
    lines = items(pick(order, "Lines"), "SalesOrderLine")
    for line in lines:
        yield (
            "taSopLineIvcInsert",
            {
                **key,
                "DOCDATE": day,
                "DOCID": docid,
                "CURNCYID": money,
                "LNITMSEQ": int(pick(line, "Key", "LineSequenceNumber") or 0),
                "ITEMNMBR": pick(line, "ItemKey", "Id"),
                "ITEMDESC": pick(line, "ItemDescription"),
                "LOCNCODE": pick(line, "WarehouseKey", "Id"),
                "QUANTITY": amount(line, "Quantity"),
                "UNITPRCE": amount(line, "UnitPrice"),
                "XTNDPRCE": amount(line, "TotalAmount"),
                "MRKDNAMT": amount(line, "Discount", "Amount"),
                "TAXAMNT": amount(line, "TaxAmount"),
                "TAXSCHID": pick(line, "TaxScheduleKey", "Id"),
                "SHIPMTHD": pick(line, "ShippingMethodKey", "Id"),
                "PRSTADCD": pick(line, "ShipToAddressKey", "Id"),
                "UOFM": pick(line, "UofM"),
            },
        )
    yield from _taxes(order, key, lines)
    defined = pick(order, "UserDefined")
    if defined:
        names = ("USERDEF1", "USERDEF2", "USRDEF03", "USRDEF04", "USRDEF05")
        texts = {name: pick(defined, f"Text0{n}") for n, name in enumerate(names, 1)}
        yield "taSopUserDefined", {"SOPTYPE": 2, "SOPNUMBE": key["SOPNUMBE"], **texts}
    address = _address_fields(pick(order, "ShipToAddress") or {})
    total = amount(order, "LineTotalAmount")
    if total is None:
        total = sum((amount(line, "TotalAmount") or Decimal(0) for line in lines), Decimal(0))
    yield (
        "taSopHdrIvcInsert",
        {
            **key,
            **address,
            "DOCDATE": day,
            "DOCID": docid,
            "CURNCYID": money,
            "BACHNUMB": pick(order, "BatchKey", "Id"),
            "CUSTNAME": pick(order, "CustomerName"),
            "CSTPONBR": pick(order, "CustomerPONumber"),
            "LOCNCODE": pick(order, "WarehouseKey", "Id"),
            "SHIPMTHD": pick(order, "ShippingMethodKey", "Id"),
            "TAXSCHID": pick(order, "TaxScheduleKey", "Id"),
            "PRBTADCD": pick(order, "BillToAddressKey", "Id"),
            "PRSTADCD": pick(order, "ShipToAddressKey", "Id"),
            "FREIGHT": amount(order, "FreightAmount"),
            "MISCAMNT": amount(order, "MiscellaneousAmount"),
            "TAXAMNT": amount(order, "TaxAmount"),
            "FRTTXAMT": amount(order, "FreightTaxAmount"),
            "MSCTXAMT": amount(order, "MiscellaneousTaxAmount"),
            "TRDISAMT": amount(order, "TradeDiscount", "Amount"),
            "SUBTOTAL": total,
            "DOCAMNT": amount(order, "TotalAmount"),
            "CMMTTEXT": pick(order, "Comment") or None,
        },
    )


def _taxes(order: Any, key: Mapping[str, Any], lines: list[Any]) -> Iterator[Call]:
    """Line, freight and miscellaneous rows, and the document's total of each detail (LNITMSEQ 0)."""
    totals: dict[str, dict[str, Decimal]] = {}
    groups = [
        *((0, line, items(pick(line, "Taxes"), "SalesLineTax")) for line in lines),
        (FREIGHT_TAX, None, items(pick(order, "FreightTaxes"), "SalesDocumentTax")),
        (MISC_TAX, None, items(pick(order, "MiscellaneousTaxes"), "SalesDocumentTax")),
    ]
    for kind, line, taxes in groups:
        for tax in taxes:
            detail = pick(tax, "Key", "TaxDetailKey", "Id")
            basis, money = {0: ("SALESAMT", "STAXAMNT"), 1: ("FREIGHT", "FRTTXAMT"), 2: ("MISCAMNT", "MSCTXAMT")}[kind]
            fields = {basis: amount(tax, "TaxableAmount") or Decimal(0), money: amount(tax, "TaxAmount") or Decimal(0)}
            yield (
                "taSopLineIvcTaxInsert",
                {
                    **key,
                    "TAXTYPE": kind,
                    "LNITMSEQ": int(pick(line, "Key", "LineSequenceNumber") or 0) if line else 0,
                    "TAXDTLID": detail,
                    **fields,
                },
            )
            total = totals.setdefault(detail, {})
            for name, value in fields.items():
                total[name] = total.get(name, Decimal(0)) + value
    for detail, fields in totals.items():
        yield "taSopLineIvcTaxInsert", {**key, "TAXTYPE": 0, "LNITMSEQ": 0, "TAXDTLID": detail, **fields}


def _date(text: Any) -> datetime | None:
    return datetime.fromisoformat(str(text)[:10]) if text else None
