"""A document as the ordered procedure calls of one eConnect transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gp_prestashop.gp.document_types import HEADER, document_types
from gp_prestashop.gp.reference import Parameter, procedures
from gp_prestashop.gp.tax_rows import merged_taxes
from gp_prestashop.gp.writer import Action
from gp_prestashop.mapping.shapes import Document

__all__ = ["Call", "calls_of", "in_order", "tax_totals"]

SALES = frozenset({"sales_order", "sales_return"})
RECEIVABLES = frozenset({"cash_receipt", "credit_memo"})
RECEIPT, INVOICE = 9, 1  # RMDTYPAL
TAX_AMOUNTS = frozenset({"TAXAMNT", "FRTTXAMT", "MSCTXAMT"})
# Parameters of a tax row that the document's total row (LNITMSEQ 0) sums.
TAX_SUMS = ("SALESAMT", "STAXAMNT", "FREIGHT", "FRTTXAMT", "MISCAMNT", "MSCTXAMT", "TDTTXSLS")


@dataclass(frozen=True, slots=True)
class Call:
    """One procedure call. ``parameters``: by name without ``@I_v``; what is left out takes the procedure's default.

    ``types``: what a site's own procedure takes; eConnect's are in the reference.
    """

    procedure: str
    frame: str
    parameters: Mapping[str, Any]
    types: Mapping[str, Parameter] | None = None


def calls_of(document: Document, action: Action) -> list[Call]:
    """The calls in eConnect's order: lines, taxes, user-defined fields, then the header, then what is applied."""
    calls: list[Call] = []
    calculated = document.type in SALES and document.header.get("CREATETAXES") == 1
    for frame, procedure in document_types()[document.type].order():
        if action == "change" and document.type in RECEIVABLES and procedure != "taRMApply":
            continue  # the only thing that happens to it once it is there
        rows: Iterable[Mapping[str, Any]] = document.frames.get(frame, [])
        if calculated:
            rows = _untaxed(procedure, rows)
        if procedure in {"taSopLineIvcTaxInsert", "taRMTransactionTaxInsert"}:
            rows = merged_taxes(rows)
        if procedure == "taSopLineIvcTaxInsert":
            rows = [*rows, *tax_totals(rows)]
        for row in rows:
            given = {name: value for name, value in row.items() if value is not None}
            given = _from_header(procedure, document) | given
            if procedure == "taRMApply" and not (given.get("APTODCNM") and given.get("APPTOAMT")):
                continue  # nothing to apply it to
            own = _decided(frame, procedure, action)
            calls.append(Call(procedure, frame, in_order(procedure, given | own | _defaults(procedure, given))))
    return calls


def _untaxed(procedure: str, rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Where GP calculates the taxes (CREATETAXES) none may be supplied (866): a map may name them for both ways."""
    if procedure == "taSopLineIvcTaxInsert":
        return []
    return [{name: value for name, value in row.items() if name not in TAX_AMOUNTS} for row in rows]


def _from_header(procedure: str, document: Document) -> dict[str, Any]:
    """What a row takes from its document's header where the map gives it nothing."""
    header = document.header
    if procedure == "taRMApply":
        kind = header.get("RMDTYPAL", RECEIPT)
        return {"APFRDCNM": header["DOCNUMBR"], "APFRDCTY": kind, "APTODCTY": INVOICE}
    if procedure == "taRMTransactionTaxInsert":
        return {name: header[name] for name in ("CUSTNMBR", "DOCNUMBR", "RMDTYPAL", "BACHNUMB") if header.get(name)}
    return {}


def tax_totals(rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The total row of each tax detail. eConnect wants them beside the line, freight and miscellaneous rows (799).

    Rows that the map made itself as totals (line taxes with LNITMSEQ 0) are respected.
    """
    totals: dict[str, dict[str, Any]] = {}
    made = {row["TAXDTLID"] for row in rows if not row.get("TAXTYPE") and not row.get("LNITMSEQ")}
    for row in rows:
        detail = row["TAXDTLID"]
        if detail in made:
            continue
        common = {name: row[name] for name in ("SOPTYPE", "SOPNUMBE", "CUSTNMBR")}
        total = totals.setdefault(detail, {**common, "TAXTYPE": 0, "LNITMSEQ": 0, "TAXDTLID": detail})
        for name in TAX_SUMS:
            if row.get(name) is not None:
                total[name] = total.get(name, Decimal(0)) + row[name]
    yield from totals.values()


def _decided(frame: str, procedure: str, action: Action) -> dict[str, Any]:
    """What the action decides. A create must fail on what exists (251, 9366); a change must not create defaults."""
    change = action == "change"
    if procedure == "taUpdateCreateCustomerRcd":
        return {"UpdateIfExists": 1, "UseCustomerClass": 0} if change else {"UpdateIfExists": 0}
    if procedure == "taCreateCustomerAddress":
        # The addresses of a new customer: the customer's own node has made the first one a moment before.
        first_time = frame == HEADER and not change
        return {"UpdateIfExists": 0 if first_time else 1}
    return {}


def _defaults(procedure: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Without TRDISAMT GP would take the customer's own discount and its own prices (key rule of the header)."""
    if procedure == "taSopHdrIvcInsert" and not {"TRDISAMT", "TRADEPCT"} & given.keys():
        return {"TRDISAMT": Decimal(0)}
    if procedure == "taRMCashReceiptInsert" and "GLPOSTDT" not in given:
        return {"GLPOSTDT": given["DOCDATE"]}
    return {}


def in_order(procedure: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The same in the order of the procedure's parameters. Raises KeyError for one that it does not have."""
    known = procedures()[procedure].parameters
    unknown = given.keys() - known.keys()
    if unknown:
        raise KeyError(f"{procedure} has no parameter {', '.join(sorted(unknown))}")
    return {name: given[name] for name in known if name in given}
