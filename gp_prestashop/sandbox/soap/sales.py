"""Sales orders and returns of the web services as calls of procedures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from gp_prestashop.sandbox.soap.customers import address_fields
from gp_prestashop.sandbox.soap.values import Call, amount, day, flag, items, pick

__all__ = ["payments", "sales_document", "user_fields"]

FREIGHT_TAX, MISC_TAX = 1, 2
PAYMENT_TYPES = {
    "Cash Deposit": 1,
    "Check Deposit": 2,
    "Payment Card Deposit": 3,
    "Cash Payment": 4,
    "Check Payment": 5,
    "Payment Card Payment": 6,
}
RETURNED = {
    "QTYONHND": "OnHandQuantity", "QTYRTRND": "ReturnedQuantity", "QTYINUSE": "InUseQuantity",
    "QTYINSVC": "InServiceQuantity", "QTYDMGED": "DamagedQuantity",
}  # fmt: skip


def sales_document(order: Any, currency: Callable[[str | None], str | None], kind: int, line: str) -> Iterator[Call]:
    """`kind` is SOPTYPE, `line` the element of a line in ``Lines``."""
    key = {"SOPTYPE": kind, "SOPNUMBE": pick(order, "Key", "Id"), "CUSTNMBR": pick(order, "CustomerKey", "Id")}
    common = {
        **key, "DOCDATE": day(order, "Date"), "DOCID": pick(order, "DocumentTypeKey", "Id"),
        "CURNCYID": currency(pick(order, "CurrencyKey", "ISOCode")),
    }  # fmt: skip
    lines = items(pick(order, "Lines"), line)
    for one in lines:
        yield "taSopLineIvcInsert", {**common, **_line(one)}
    yield from _taxes(order, key, lines)
    paid = Decimal(0)
    if kind != 2:  # an order's payments are updates
        for name, parameters in payments(order, key):
            paid += parameters["DOCAMNT"] or Decimal(0)
            yield name, parameters
    yield from user_fields(order, key)
    total = amount(order, "LineTotalAmount")
    if total is None:
        total = sum((amount(one, "TotalAmount") or Decimal(0) for one in lines), Decimal(0))
    yield "taSopHdrIvcInsert", {**common, **_header(order), "SUBTOTAL": total, "PYMTRCVD": paid}


def _line(line: Any) -> dict[str, Any]:
    return {
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
        "ITMTSHID": pick(line, "ItemTaxScheduleKey", "Id"),
        "SHIPMTHD": pick(line, "ShippingMethodKey", "Id"),
        "PRSTADCD": pick(line, "ShipToAddressKey", "Id"),
        "UOFM": pick(line, "UofM"),
        "CMMTTEXT": pick(line, "Comment"),
        "NONINVEN": flag(line, "IsNonInventory"),
        "DROPSHIP": flag(line, "IsDropShip"),
        "ReqShipDate": day(line, "RequestedShipDate"),
        **{column: amount(line, "ReturnQuantity", name) for column, name in RETURNED.items()},
    }


def _header(order: Any) -> dict[str, Any]:
    return {
        **address_fields(pick(order, "ShipToAddress") or {}),
        "BACHNUMB": pick(order, "BatchKey", "Id"),
        "CUSTNAME": pick(order, "CustomerName"),
        "CSTPONBR": pick(order, "CustomerPONumber"),
        "REFRENCE": pick(order, "Reference"),
        "LOCNCODE": pick(order, "WarehouseKey", "Id"),
        "SHIPMTHD": pick(order, "ShippingMethodKey", "Id"),
        "TAXSCHID": pick(order, "TaxScheduleKey", "Id"),
        "FRTSCHID": pick(order, "FreightTaxScheduleKey", "Id"),
        "MSCSCHID": pick(order, "MiscellaneousTaxScheduleKey", "Id"),
        "PRBTADCD": pick(order, "BillToAddressKey", "Id"),
        "PRSTADCD": pick(order, "ShipToAddressKey", "Id"),
        "FREIGHT": amount(order, "FreightAmount"),
        "MISCAMNT": amount(order, "MiscellaneousAmount"),
        "TAXAMNT": amount(order, "TaxAmount"),
        "FRTTXAMT": amount(order, "FreightTaxAmount"),
        "MSCTXAMT": amount(order, "MiscellaneousTaxAmount"),
        "TRDISAMT": amount(order, "TradeDiscount", "Amount"),
        "DOCAMNT": amount(order, "TotalAmount"),
        "XCHGRATE": pick(order, "ExchangeRate") or None,
        "EXCHDATE": day(order, "ExchangeDate"),
        "CMMTTEXT": pick(order, "Comment") or None,
    }


def payments(order: Any, key: Mapping[str, Any]) -> Iterator[Call]:
    """``Payments`` of a document; `key` has SOPTYPE, SOPNUMBE and CUSTNMBR."""
    for payment in items(pick(order, "Payments"), "SalesPayment"):
        yield (
            "taCreateSopPaymentInsertRecord",
            {
                **key,
                "DOCDATE": day(payment, "Date"),
                "DOCAMNT": amount(payment, "PaymentAmount"),
                "CHEKBKID": pick(payment, "BankAccountKey", "Id"),
                "CHEKNMBR": pick(payment, "CheckNumber") or None,
                "PYMTTYPE": PAYMENT_TYPES[pick(payment, "Type")],
                "DOCNUMBR": pick(payment, "Number") or None,
                "Action": 1,
            },
        )


def user_fields(order: Any, key: Mapping[str, Any]) -> Iterator[Call]:
    """``UserDefined`` of a document."""
    defined = pick(order, "UserDefined")
    if defined:
        names = ("USERDEF1", "USERDEF2", "USRDEF03", "USRDEF04", "USRDEF05")
        texts = {name: pick(defined, f"Text0{n}") for n, name in enumerate(names, 1)}
        yield "taSopUserDefined", {"SOPTYPE": key["SOPTYPE"], "SOPNUMBE": key["SOPNUMBE"], **texts}


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
