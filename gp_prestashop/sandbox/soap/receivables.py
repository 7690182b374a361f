"""Cash receipts and credit memos of the web services as calls of procedures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from gp_prestashop.sandbox.soap.values import Call, amount, day, items, pick

__all__ = ["cash_receipt", "credit_memo"]

RECEIPT_TYPES = {"Check": 0, "Cash": 1, "Payment Card": 2}
CREDIT_MEMO = 7  # RMDTYPAL


def cash_receipt(receipt: Any, currency: Callable[[str | None], str | None]) -> Iterator[Call]:
    yield (
        "taRMCashReceiptInsert",
        {
            "CUSTNMBR": pick(receipt, "CustomerKey", "Id"),
            "DOCNUMBR": pick(receipt, "Key", "Id"),
            "DOCDATE": day(receipt, "Date"),
            "GLPOSTDT": day(receipt, "GeneralLedgerPostingDate") or day(receipt, "Date"),
            "ORTRXAMT": amount(receipt, "Amount"),
            "BACHNUMB": pick(receipt, "BatchKey", "Id"),
            "CSHRCTYP": RECEIPT_TYPES[pick(receipt, "Type")],
            "CHEKBKID": pick(receipt, "BankAccountKey", "Id"),
            "CHEKNMBR": pick(receipt, "CheckCardNumber") or None,
            "CRCARDID": pick(receipt, "PaymentCardTypeKey", "Id"),
            "TRXDSCRN": pick(receipt, "Description"),
            "CURNCYID": currency(pick(receipt, "CurrencyKey", "ISOCode")),
            "XCHGRATE": pick(receipt, "ExchangeRate") or None,
            "EXCHDATE": day(receipt, "ExchangeDate"),
        },
    )


def credit_memo(memo: Any, currency: Callable[[str | None], str | None]) -> Iterator[Call]:
    key = {
        "RMDTYPAL": CREDIT_MEMO, "DOCNUMBR": pick(memo, "Key", "Id"), "CUSTNMBR": pick(memo, "CustomerKey", "Id"),
        "BACHNUMB": pick(memo, "BatchKey", "Id"),
    }  # fmt: skip
    for tax in items(pick(memo, "Taxes"), "ReceivablesTax"):
        yield (
            "taRMTransactionTaxInsert",
            {
                **key,
                "TAXDTLID": pick(tax, "Key", "TaxDetailKey", "Id"),
                "TAXAMNT": amount(tax, "TaxAmount"),
                "STAXAMNT": amount(tax, "SalesTaxAmount") or Decimal(0),
                "FRTTXAMT": amount(tax, "FreightTaxAmount"),
                "MSCTXAMT": amount(tax, "MiscellaneousTaxAmount"),
                "TAXDTSLS": amount(tax, "TotalAmount") or Decimal(0),
                "TDTTXSLS": amount(tax, "TaxableAmount"),
            },
        )
    yield (
        "taRMTransaction",
        {
            **key,
            "DOCDATE": day(memo, "Date"),
            "DOCAMNT": amount(memo, "DocumentAmount"),
            "SLSAMNT": amount(memo, "SalesAmount"),
            "DOCDESCR": pick(memo, "Description"),
            "CSTPONBR": pick(memo, "CustomerPONumber"),
            "TRDISAMT": amount(memo, "TradeDiscountAmount"),
            "FRTAMNT": amount(memo, "FreightAmount"),
            "MISCAMNT": amount(memo, "MiscellaneousAmount"),
            "TAXAMNT": amount(memo, "TaxAmount"),
            "ADRSCODE": pick(memo, "AddressKey", "Id"),
            "TAXSCHID": pick(memo, "TaxScheduleKey", "Id"),
            "CURNCYID": currency(pick(memo, "CurrencyKey", "ISOCode")),
            "XCHGRATE": pick(memo, "ExchangeRate") or None,
        },
    )
