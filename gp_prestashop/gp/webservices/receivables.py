"""Cash receipts and credit memos as business objects. The services cannot apply them to anything."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from gp_prestashop.gp.tax_rows import merged_taxes
from gp_prestashop.gp.webservices.money import at_midnight, key, money, without_none
from gp_prestashop.gp.webservices.objects import address_key
from gp_prestashop.mapping.shapes import Document

__all__ = ["cash_receipt", "credit_memo"]

RECEIPT_TYPES = {0: "Check", 1: "Cash", 2: "Payment Card"}  # CSHRCTYP


def cash_receipt(document: Document, currency: str, batch: str) -> dict[str, Any]:
    """CashReceipt. ``currency`` is the ISO code."""
    header = document.header
    return without_none(
        {
            "Key": key(header["DOCNUMBR"]),
            "CustomerKey": key(header["CUSTNMBR"]),
            "CheckCardNumber": header.get("CHEKNMBR") or None,
            "PaymentCardTypeKey": key(header.get("CRCARDID")),
            "BatchKey": {"Source": "RM_Cash", "Id": batch, "CreatedDateTime": datetime.now(UTC)},
            "Type": RECEIPT_TYPES[header["CSHRCTYP"]],
            "BankAccountKey": key(header.get("CHEKBKID")),
            "Date": at_midnight(header["DOCDATE"]),
            "GeneralLedgerPostingDate": at_midnight(header.get("GLPOSTDT") or header["DOCDATE"]),
            "Amount": money(header["ORTRXAMT"], currency),
            "Description": header.get("TRXDSCRN"),
            "CurrencyKey": {"ISOCode": currency},
            "ExchangeRate": header.get("XCHGRATE") or None,
            "ExchangeDate": at_midnight(header.get("EXCHDATE")),
        }
    )


def credit_memo(document: Document, currency: str, batch: str) -> dict[str, Any]:
    """ReceivablesCreditMemo with its taxes."""
    header = document.header
    taxes = [
        {
            "Key": {"ReceivablesDocumentKey": key(header["DOCNUMBR"]), "TaxDetailKey": key(row["TAXDTLID"])},
            "TaxAmount": money(row["TAXAMNT"], currency),
            "SalesTaxAmount": money(row["STAXAMNT"], currency),
            "FreightTaxAmount": money(row.get("FRTTXAMT") or Decimal(0), currency),
            "MiscellaneousTaxAmount": money(row.get("MSCTXAMT") or Decimal(0), currency),
            "TotalAmount": money(row["TAXDTSLS"], currency),
            "TaxableAmount": money(row.get("TDTTXSLS"), currency),
        }
        for row in merged_taxes(document.frames.get("taxes", ()))
    ]
    return without_none(
        {
            "Key": key(header["DOCNUMBR"]),
            "Type": "Credit Memo",
            "Date": at_midnight(header["DOCDATE"]),
            "DocumentAmount": money(header["DOCAMNT"], currency),
            "SalesAmount": money(header["SLSAMNT"], currency),
            "Description": header.get("DOCDESCR"),
            "CustomerPONumber": header.get("CSTPONBR"),
            "TradeDiscountAmount": money(header.get("TRDISAMT"), currency),
            "FreightAmount": money(header.get("FRTAMNT"), currency),
            "MiscellaneousAmount": money(header.get("MISCAMNT"), currency),
            "TaxAmount": money(header.get("TAXAMNT"), currency),
            "ExchangeRate": header.get("XCHGRATE") or None,
            "BatchKey": {"Source": "RM_Sales", "Id": batch, "CreatedDateTime": datetime.now(UTC)},
            "CustomerKey": key(header["CUSTNMBR"]),
            "AddressKey": address_key(header["CUSTNMBR"], header.get("ADRSCODE")),
            "TaxScheduleKey": key(header.get("TAXSCHID")),
            "CurrencyKey": {"ISOCode": currency},
            "Taxes": {"ReceivablesTax": [without_none(tax) for tax in taxes]} if taxes else None,
        }
    )
