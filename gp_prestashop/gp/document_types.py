"""The documents that GP takes: which procedure makes which part, in which order, in which batches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from gp_prestashop.gp.reference import document_order

__all__ = ["HEADER", "DocumentType", "document_types"]

HEADER = "header"
SALES_BATCH, CASH_BATCH, RECEIVABLES_BATCH = "Sales Entry", "RM_Cash", "RM_Sales"  # SY00500.BCHSOURC


@dataclass(frozen=True, slots=True)
class DocumentType:
    """How a document is made: ``nodes`` maps each frame to its procedure; ``econnect`` names the documents whose order holds.

    ``batch`` is the source (BCHSOURC) of the batches that it goes to, blank where it has none. ``optional`` are frames
    of which nothing is required, since the connector completes their rows.
    """

    name: str
    key: tuple[str, ...]
    econnect: tuple[str, ...]
    nodes: Mapping[str, str]
    captions: str  # the table whose screen captions fit the header
    choices: Mapping[str, tuple[int | str, ...]] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    batch: str = ""
    optional: frozenset[str] = frozenset()

    def order(self) -> tuple[tuple[str, str], ...]:
        """(frame, procedure) in the order in which eConnect wants them."""
        frames = {procedure: frame for frame, procedure in self.nodes.items()}
        procedures = [procedure for document in self.econnect for procedure in document_order(document)]
        return tuple((frames[p], p) for p in procedures if p in frames)


@cache
def document_types() -> Mapping[str, DocumentType]:
    """All documents, by name."""
    types = (*_customers(), *_sales(), *_receivables())
    return {one.name: one for one in types}


def _customers() -> tuple[DocumentType, ...]:
    internet = {"internet": "taCreateInternetAddresses"}
    return (
        DocumentType(
            "customer",
            ("CUSTNMBR",),
            ("RMCustomerMasterType",),
            {HEADER: "taUpdateCreateCustomerRcd", "addresses": "taCreateCustomerAddress", **internet},
            "RM00101",
            {"Master_Type": ("CUS",)},
            frozenset({"CUSTNAME"}),
        ),
        DocumentType(
            "customer_address",
            ("CUSTNMBR", "ADRSCODE"),
            ("RMCustomerAddressType",),
            {HEADER: "taCreateCustomerAddress", **internet},
            "RM00102",
            {"Master_Type": ("CUS",)},
        ),
    )


def _sales() -> tuple[DocumentType, ...]:
    """``sales_return`` is the SOP document that brings goods or money back (SOPTYPE 4)."""
    document = {
        HEADER: "taSopHdrIvcInsert",
        "lines": "taSopLineIvcInsert",
        "taxes": "taSopLineIvcTaxInsert",
        "user_defined": "taSopUserDefined",
    }
    return (
        DocumentType(
            "sales_order",
            ("SOPNUMBE",),
            ("SOPTransactionType",),
            {**document, "components": "taSopLineIvcInsertComponent"},
            "SOP10100",
            {"SOPTYPE": (2, 3)},  # an invoice where the shop's state says so; both have one number and one guard
            batch=SALES_BATCH,
        ),
        DocumentType(
            "sales_return",
            ("SOPNUMBE",),
            ("SOPTransactionType",),
            {**document, "payments": "taCreateSopPaymentInsertRecord"},
            "SOP10100",
            # What is paid back is a payment (4-6). A card payment would want the card, which never reaches GP.
            {"SOPTYPE": (4,), "PYMTTYPE": (4, 5), "Action": (1,)},
            batch=SALES_BATCH,
        ),
        DocumentType(
            "deposit",
            ("DOCNUMBR",),
            ("SOPTransactionType",),
            {HEADER: "taCreateSopPaymentInsertRecord"},
            "SOP10103",
            # Orders take deposits (1-3) only; a card deposit carries no document number (6618) and so has no guard.
            {"SOPTYPE": (2,), "PYMTTYPE": (1, 2), "Action": (1,)},
            frozenset({"DOCAMNT", "DOCNUMBR", "CHEKBKID", "DOCDATE"}),
        ),
    )


def _receivables() -> tuple[DocumentType, ...]:
    """Both may be applied in the same transaction: rows of ``applications`` without APTODCNM or amount are left out."""
    applications = {"applications": "taRMApply"}
    return (
        DocumentType(
            "cash_receipt",
            ("DOCNUMBR",),
            ("RMCashReceiptsType", "RMApplyType"),
            {HEADER: "taRMCashReceiptInsert", **applications},
            "RM10201",
            # Checks and cash; a card receipt would have to name a card type of SY03100.
            {"CSHRCTYP": (0, 1, 2), "APFRDCTY": (9,), "APTODCTY": (1, 3, 4, 5)},
            frozenset({"CHEKBKID"}),
            batch=CASH_BATCH,
            optional=frozenset({"applications"}),
        ),
        DocumentType(
            "credit_memo",
            ("DOCNUMBR",),
            ("RMTransactionType", "RMApplyType"),
            {HEADER: "taRMTransaction", "taxes": "taRMTransactionTaxInsert", **applications},
            "RM10301",
            {"RMDTYPAL": (7,), "APFRDCTY": (7,), "APTODCTY": (1, 3, 4, 5)},
            batch=RECEIVABLES_BATCH,
            optional=frozenset({"applications"}),
        ),
    )
