"""Sales orders and returns as business objects, with their lines, taxes and payments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from gp_prestashop.gp.tax_rows import merged_taxes
from gp_prestashop.gp.webservices.money import at_midnight, key, money, quantity, without_none
from gp_prestashop.gp.webservices.objects import address_fields, address_key
from gp_prestashop.mapping.shapes import Document

__all__ = ["order_stop", "order_update", "payment_update", "sales_order", "sales_return"]

Row = Mapping[str, Any]
PAYMENT_TYPES = {
    1: "Cash Deposit", 2: "Check Deposit", 3: "Payment Card Deposit", 4: "Cash Payment", 5: "Check Payment",
    6: "Payment Card Payment",
}  # fmt: skip
LINE_TAX, FREIGHT_TAX, MISC_TAX = 0, 1, 2
RETURNED = {
    "OnHandQuantity": "QTYONHND", "ReturnedQuantity": "QTYRTRND", "InUseQuantity": "QTYINUSE",
    "InServiceQuantity": "QTYINSVC", "DamagedQuantity": "QTYDMGED",
}  # fmt: skip


def sales_order(document: Document, currency: str, batch: str) -> dict[str, Any]:
    """SalesOrder with lines and taxes. ``currency`` is the ISO code; GP's own keys go as they are."""
    number, taxes = document.header["SOPNUMBE"], merged_taxes(document.frames.get("taxes", ()))
    lines = [_line(row, number, taxes, currency) for row in document.frames.get("lines", ())]
    return {**_document(document, currency, batch, "Order"), "Lines": {"SalesOrderLine": lines}}


def sales_return(document: Document, currency: str, batch: str) -> dict[str, Any]:
    """SalesReturn: each line says which kind of quantity the site gets back; payments are what was paid out."""
    number, taxes = document.header["SOPNUMBE"], merged_taxes(document.frames.get("taxes", ()))
    lines = []
    for row in document.frames.get("lines", ()):
        returned = {name: quantity(row[column]) for name, column in RETURNED.items() if row.get(column)}
        lines.append({**_line(row, number, taxes, currency), "ReturnQuantity": returned})
    payments = [_payment(row, currency) for row in document.frames.get("payments", ())]
    return without_none(
        {
            **_document(document, currency, batch, "Return"),
            "Lines": {"SalesReturnLine": lines},
            "Payments": {"SalesPayment": payments} if payments else None,
            "PaymentAmount": money(document.header.get("PYMTRCVD"), currency) if payments else None,
        }
    )


def payment_update(document: Document, currency: str) -> dict[str, Any]:
    """The SalesOrder of UpdateSalesOrder: its key and the one payment to add."""
    payment = _payment(document.header, currency)
    return {"Key": key(document.header["SOPNUMBE"]), "Payments": {"SalesPayment": [payment]}}


def order_update(document: Document) -> dict[str, Any]:
    """The SalesOrder of UpdateSalesOrder for what costs nothing: address, carrier, site, comment, user-defined fields."""
    header = document.header
    user = next(iter(document.frames.get("user_defined", ())), None)
    return without_none(
        {
            "Key": key(header["SOPNUMBE"]),
            "WarehouseKey": key(header.get("LOCNCODE")),
            "ShippingMethodKey": key(header.get("SHIPMTHD")),
            "BillToAddressKey": address_key(header["CUSTNMBR"], header.get("PRBTADCD")),
            "ShipToAddressKey": address_key(header["CUSTNMBR"], header.get("PRSTADCD")),
            "ShipToAddress": without_none(address_fields(header)),
            "Comment": header.get("CMMTTEXT") or None,
            "UserDefined": _user_defined(user) if user else None,
        }
    )


def order_stop(number: str, hold: str, *, lift: bool = False) -> dict[str, Any]:
    """The SalesOrder of UpdateSalesOrder that puts a process hold on it, or takes it off."""
    hold_key = {"SalesDocumentKey": key(number), "SalesProcessHoldSetupKey": key(hold)}
    return {"Key": key(number), "ProcessHolds": {"SalesProcessHold": [{"Key": hold_key, "IsDeleted": lift}]}}


def _document(document: Document, currency: str, batch: str, kind: str) -> dict[str, Any]:
    """What orders and returns have in common; ``kind`` is SalesDocumentType."""
    header = document.header
    taxes: Sequence[Row] = merged_taxes(document.frames.get("taxes", ()))
    user = next(iter(document.frames.get("user_defined", ())), None)

    def amount(name: str) -> dict[str, Any] | None:
        return money(header.get(name), currency)

    return without_none(
        {
            "Key": key(header["SOPNUMBE"]),
            "Type": kind,
            "Date": at_midnight(header["DOCDATE"]),
            "DocumentTypeKey": {"Type": kind, "Id": header["DOCID"]},
            "CustomerKey": key(header["CUSTNMBR"]),
            "CustomerName": header.get("CUSTNAME"),
            "CustomerPONumber": header.get("CSTPONBR"),
            "Reference": header.get("REFRENCE") or None,
            "CurrencyKey": {"ISOCode": currency},
            "ExchangeRate": header.get("XCHGRATE") or None,
            "ExchangeDate": at_midnight(header.get("EXCHDATE")),
            "BatchKey": {"Source": "Sales Entry", "Id": batch, "CreatedDateTime": datetime.now(UTC)},
            "WarehouseKey": key(header.get("LOCNCODE")),
            "ShippingMethodKey": key(header.get("SHIPMTHD")),
            "TaxScheduleKey": key(header.get("TAXSCHID")),
            "FreightTaxScheduleKey": key(header.get("FRTSCHID")),
            "MiscellaneousTaxScheduleKey": key(header.get("MSCSCHID")),
            "BillToAddressKey": address_key(header["CUSTNMBR"], header.get("PRBTADCD")),
            "ShipToAddressKey": address_key(header["CUSTNMBR"], header.get("PRSTADCD")),
            "ShipToAddress": without_none(address_fields(header)),
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
        }
    )


def _payment(row: Row, currency: str) -> dict[str, Any]:
    return without_none(
        {
            "Type": PAYMENT_TYPES[row["PYMTTYPE"]],
            "Date": at_midnight(row.get("DOCDATE")),
            "PaymentAmount": money(row["DOCAMNT"], currency),
            "BankAccountKey": key(row.get("CHEKBKID")),
            "CheckNumber": row.get("CHEKNMBR"),
            "Number": row.get("DOCNUMBR"),
        }
    )


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
            "IsNonInventory": bool(row["NONINVEN"]) if row.get("NONINVEN") is not None else None,
            "IsDropShip": bool(row["DROPSHIP"]) if row.get("DROPSHIP") is not None else None,
            "RequestedShipDate": at_midnight(row.get("ReqShipDate")),
            "Comment": row.get("CMMTTEXT") or None,
            "UofM": row.get("UOFM") or None,
            "ItemTaxScheduleKey": key(row.get("ITMTSHID")),
            "WarehouseKey": key(row.get("LOCNCODE")),
            "ShippingMethodKey": key(row.get("SHIPMTHD")),
            "ShipToAddressKey": address_key(row["CUSTNMBR"], row.get("PRSTADCD")),
            "TaxScheduleKey": key(row.get("TAXSCHID")),
            "TaxAmount": money(row.get("TAXAMNT"), currency),
            "Taxes": {
                "SalesLineTax": [
                    {
                        "Key": {"TaxDetailKey": key(tax["TAXDTLID"])},
                        "TaxAmount": money(tax["STAXAMNT"], currency),
                        "TaxableAmount": money(_taxable(tax), currency),
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
            totals[tax["TAXDTLID"]] = (basis + (_taxable(tax) or Decimal(0)), amount + tax["STAXAMNT"])
    return _tax_list([(detail, basis, amount) for detail, (basis, amount) in totals.items()], currency)


def _taxable(tax: Row) -> Decimal | None:
    """What the tax is of, where vouchers lower it; else the whole sale."""
    taxable: Decimal | None = tax.get("TDTTXSLS", tax.get("SALESAMT"))
    return taxable


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
