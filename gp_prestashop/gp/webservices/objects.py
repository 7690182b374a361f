"""Documents as business objects: the same columns that eConnect takes, under the web services' names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from gp_prestashop.gp.webservices.money import at_midnight, key, money, quantity, without_none
from gp_prestashop.mapping.shapes import Document

__all__ = ["customer", "customer_address", "payment_update", "sales_order"]

Row = Mapping[str, Any]
PAYMENT_TYPES = {1: "Cash Deposit", 2: "Check Deposit", 3: "Payment Card Deposit"}
LINE_TAX, FREIGHT_TAX, MISC_TAX = 0, 1, 2
NEVER = datetime(1900, 1, 1)  # noqa: DTZ001  GP's blank date, which the schema demands where it is not nillable


def customer(document: Document) -> dict[str, Any]:
    """Customer, with its addresses and their internet addresses."""
    header = document.header
    number = header["CUSTNMBR"]
    internet = {row.get("ADRSCODE"): row for row in document.frames.get("internet", ())}
    rows: Sequence[Row] = document.frames.get("addresses", ())
    if not any(row["ADRSCODE"] == header.get("ADRSCODE") for row in rows) and header.get("ADRSCODE"):
        rows = [{**header}, *rows]
    return without_none(
        {
            "Key": key(number),
            "Name": header.get("CUSTNAME"),
            "Shortname": header.get("SHRTNAME"),
            "ClassKey": key(header.get("CUSTCLAS")),
            "IsActive": None if header.get("INACTIVE") is None else not header["INACTIVE"],
            "DefaultAddressKey": _address_key(number, header.get("ADRSCODE")),
            "ShipToAddressKey": _address_key(number, header.get("PRSTADCD")),
            "BillToAddressKey": _address_key(number, header.get("PRBTADCD")),
            "StatementToAddressKey": _address_key(number, header.get("STADDRCD")),
            "PostResultsTo": "Receivables/Discount Account",
            "CreatedDate": NEVER,
            "ModifiedDate": NEVER,
            "LastModifiedDate": NEVER,
            "Addresses": {"CustomerAddress": [_address(number, row, internet.get(row["ADRSCODE"])) for row in rows]},
        }
    )


def customer_address(document: Document) -> dict[str, Any]:
    """CustomerAddress."""
    header = document.header
    internet = next(iter(document.frames.get("internet", ())), None)
    return _address(header["CUSTNMBR"], header, internet)


def sales_order(document: Document, currency: str, batch: str) -> dict[str, Any]:
    """SalesOrder with lines and taxes. ``currency`` is the ISO code; GP's own keys go as they are."""
    header = document.header
    number = header["SOPNUMBE"]
    taxes: Sequence[Row] = document.frames.get("taxes", ())
    user = next(iter(document.frames.get("user_defined", ())), None)

    def amount(name: str) -> dict[str, Any] | None:
        return money(header.get(name), currency)

    return without_none(
        {
            "Key": key(number),
            "Type": "Order",
            "Date": at_midnight(header["DOCDATE"]),
            "DocumentTypeKey": {"Type": "Order", "Id": header["DOCID"]},
            "CustomerKey": key(header["CUSTNMBR"]),
            "CustomerName": header.get("CUSTNAME"),
            "CustomerPONumber": header.get("CSTPONBR"),
            "CurrencyKey": {"ISOCode": currency},
            "BatchKey": {"Source": "Sales Entry", "Id": batch, "CreatedDateTime": datetime.now(UTC)},
            "WarehouseKey": key(header.get("LOCNCODE")),
            "ShippingMethodKey": key(header.get("SHIPMTHD")),
            "TaxScheduleKey": key(header.get("TAXSCHID")),
            "BillToAddressKey": _address_key(header["CUSTNMBR"], header.get("PRBTADCD")),
            "ShipToAddressKey": _address_key(header["CUSTNMBR"], header.get("PRSTADCD")),
            "ShipToAddress": without_none(_address_fields(header)),
            "FreightAmount": amount("FREIGHT"),
            "MiscellaneousAmount": amount("MISCAMNT"),
            "TaxAmount": amount("TAXAMNT"),
            "FreightTaxAmount": amount("FRTTXAMT"),
            "MiscellaneousTaxAmount": amount("MSCTXAMT"),
            "TradeDiscount": {"Amount": money(header.get("TRDISAMT") or Decimal(0), currency)},
            "LineTotalAmount": amount("SUBTOTAL"),
            "TotalAmount": amount("DOCAMNT"),
            "Comment": header.get("CMMTTEXT") or None,
            "UserDefined": _user_defined(user) if user else None,
            "Taxes": _total_taxes(taxes, currency),
            "FreightTaxes": _document_taxes(taxes, FREIGHT_TAX, "FREIGHT", "FRTTXAMT", currency),
            "MiscellaneousTaxes": _document_taxes(taxes, MISC_TAX, "MISCAMNT", "MSCTXAMT", currency),
            "Lines": {
                "SalesOrderLine": [_line(row, number, taxes, currency) for row in document.frames.get("lines", ())]
            },
        }
    )


def payment_update(document: Document, currency: str) -> dict[str, Any]:
    """The SalesOrder of UpdateSalesOrder: its key and the one payment to add."""
    header = document.header
    payment = {
        "Type": PAYMENT_TYPES[header["PYMTTYPE"]],
        "Date": at_midnight(header.get("DOCDATE")),
        "PaymentAmount": money(header["DOCAMNT"], currency),
        "BankAccountKey": key(header.get("CHEKBKID")),
        "CheckNumber": header.get("CHEKNMBR"),
        "Number": header.get("DOCNUMBR"),
    }
    return {"Key": key(header["SOPNUMBE"]), "Payments": {"SalesPayment": [without_none(payment)]}}


def _line(row: Row, number: str, taxes: Sequence[Row], currency: str) -> dict[str, Any]:
    sequence = row["LNITMSEQ"]
    own = [t for t in taxes if t.get("TAXTYPE") == LINE_TAX and t.get("LNITMSEQ") == sequence]
    return without_none(
        {
            "Key": {"SalesDocumentKey": key(number), "LineSequenceNumber": sequence},
            "ItemKey": key(row["ITEMNMBR"]),
            "ItemDescription": row.get("ITEMDESC"),
            "Quantity": quantity(row["QUANTITY"]),
            "UnitPrice": money(row["UNITPRCE"], currency),
            "TotalAmount": money(row["XTNDPRCE"], currency),
            "Discount": {"Amount": money(row["MRKDNAMT"], currency)} if row.get("MRKDNAMT") else None,
            "UofM": row.get("UOFM") or None,
            "WarehouseKey": key(row.get("LOCNCODE")),
            "ShippingMethodKey": key(row.get("SHIPMTHD")),
            "ShipToAddressKey": _address_key(row["CUSTNMBR"], row.get("PRSTADCD")),
            "TaxScheduleKey": key(row.get("TAXSCHID")),
            "TaxAmount": money(row.get("TAXAMNT"), currency),
            "Taxes": {
                "SalesLineTax": [
                    {
                        "Key": {"TaxDetailKey": key(tax["TAXDTLID"])},
                        "TaxAmount": money(tax["STAXAMNT"], currency),
                        "TaxableAmount": money(tax.get("SALESAMT"), currency),
                    }
                    for tax in own
                ]
            }
            if own
            else None,
        }
    )


def _document_taxes(taxes: Sequence[Row], kind: int, basis: str, amount: str, currency: str) -> dict[str, Any] | None:
    rows = [tax for tax in taxes if tax.get("TAXTYPE") == kind]
    return _tax_list([(t["TAXDTLID"], t.get(basis), t[amount]) for t in rows], currency)


def _total_taxes(taxes: Sequence[Row], currency: str) -> dict[str, Any] | None:
    """One entry for each tax detail of the lines: the document's totals."""
    totals: dict[str, tuple[Decimal, Decimal]] = {}
    for tax in taxes:
        if tax.get("TAXTYPE") == LINE_TAX:
            basis, amount = totals.get(tax["TAXDTLID"], (Decimal(0), Decimal(0)))
            totals[tax["TAXDTLID"]] = (basis + (tax.get("SALESAMT") or Decimal(0)), amount + tax["STAXAMNT"])
    return _tax_list([(detail, basis, amount) for detail, (basis, amount) in totals.items()], currency)


def _tax_list(rows: Sequence[tuple[str, Decimal | None, Decimal]], currency: str) -> dict[str, Any] | None:
    if not rows:
        return None
    return {
        "SalesDocumentTax": [
            {
                "Key": {"SequenceNumber": 0, "TaxDetailKey": key(detail)},
                "TaxAmount": money(amount, currency),
                "TaxableAmount": money(basis, currency),
            }
            for detail, basis, amount in rows
        ]
    }


def _user_defined(row: Row) -> dict[str, Any]:
    names = ("USERDEF1", "USERDEF2", "USRDEF03", "USRDEF04", "USRDEF05")
    texts = {f"Text0{n}": row.get(name) for n, name in enumerate(names, 1)}
    lists = {f"List0{n}": row.get(name) for n, name in enumerate(("USRTAB01", "USRTAB09", "USRTAB03"), 1)}
    return without_none({**texts, **lists})


def _address(number: str, row: Row, internet: Row | None) -> dict[str, Any]:
    fields = {
        **_address_fields(row),
        "Key": _address_key(number, row["ADRSCODE"]),
        "CreatedDate": NEVER,
        "ModifiedDate": NEVER,
        "InternetAddresses": _internet(internet) if internet else None,
    }
    return without_none(fields)


def _address_fields(row: Row) -> dict[str, Any]:
    """BusinessAddress, from columns of a header, a customer or an address."""
    return {
        "Name": row.get("ShipToName"),
        "ContactPerson": row.get("CNTCPRSN"),
        "Line1": row.get("ADDRESS1"),
        "Line2": row.get("ADDRESS2"),
        "Line3": row.get("ADDRESS3"),
        "City": row.get("CITY"),
        "State": row.get("STATE"),
        "PostalCode": row.get("ZIPCODE"),
        "CountryRegion": row.get("COUNTRY"),
        "Phone1": key(row.get("PHNUMBR1"), "Value"),
        "Phone2": key(row.get("PHNUMBR2"), "Value"),
    }


def _internet(row: Row) -> dict[str, Any]:
    fields = {f"InternetField{n}": row.get(f"INET{n}") for n in range(1, 9)}
    return without_none({"EmailToAddress": row.get("EmailToAddress"), **fields})


def _address_key(number: str, code: Any) -> dict[str, Any] | None:
    return {"CustomerKey": key(number), "Id": code} if code not in (None, "") else None
