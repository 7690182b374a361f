"""The documents that GP takes, as shapes for maps and contracts, generated from the eConnect procedures' parameters.

Columns are named as the parameters without their ``@I_v``; types, lengths and required ones come from the reference.
The overlay below adds what only the reference's text says.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from gp_prestashop.gp.document_types import HEADER, DocumentType, document_types
from gp_prestashop.gp.reference import Parameter, SqlType, procedures, tables
from gp_prestashop.mapping.shapes import Column, DocumentShape, Frame

__all__ = ["document_shapes", "document_types"]

# What the writer decides by itself, and card numbers, which must never reach GP, are no columns of any document.
NOT_MAPPED: Mapping[str, frozenset[str]] = {
    "taUpdateCreateCustomerRcd": frozenset({"UpdateIfExists", "CRCRDNUM", "CCRDXPDT"}),
    "taSopHdrIvcInsert": frozenset({"UpdateExisting"}),
    "taSopLineIvcInsert": frozenset({"UpdateIfExists"}),
    "taSopLineIvcInsertComponent": frozenset({"UpdateIfExists"}),
    "taCreateSopPaymentInsertRecord": frozenset({"RCTNCCRD", "EXPNDATE", "AUTHCODE"}),
    # Money that a receivables document itself receives: it has receipts of its own here.
    "taRMTransaction": frozenset(
        {"CASHAMNT", "CBKIDCSH", "CASHDATE", "DCNUMCSH", "CHEKAMNT", "CBKIDCHK", "CHEKNMBR", "CHEKDATE", "DCNUMCHK",
         "CRCRDAMT", "CBKIDCRD", "CRCRDNAM", "RCTNCCRD", "CRCARDDT", "DCNUMCRD"}
    ),
}  # fmt: skip
# Assigned by the batch allocator; the GL date is the document's where the map names none.
NOT_REQUIRED = frozenset({"BACHNUMB", "GLPOSTDT"})
PERSONAL = frozenset(
    {"CUSTNAME", "SHRTNAME", "STMTNAME", "CNTCPRSN", "ShipToName", "ADDRESS1", "ADDRESS2", "ADDRESS3", "CITY", "STATE",
     "ZIPCODE", "PHNUMBR1", "PHNUMBR2", "PHNUMBR3", "PHONE1", "PHONE2", "PHONE3", "FAX", "FAXNUMBR", "TAXEXMT1",
     "TAXEXMT2", "TXRGNNUM", "ToEmail_Recipient", "CcEmail_Recipient", "BccEmail_Recipient", "EmailToAddress",
     "EmailCcAddress", "EmailBccAddress", "Messenger_Address", *(f"INET{n}" for n in range(1, 9))}
)  # fmt: skip
FLAG = (0, 1)
CHOICES: Mapping[str, tuple[int | str, ...]] = {
    "TAXTYPE": (0, 1, 2),
    "QtyShrtOpt": (1, 2, 3, 4, 5, 6),
    "IVITMTXB": (0, 1, 2, 3),
    "FREIGTBLE": (0, 1, 2, 3),
    "MISCTBLE": (0, 1, 2, 3),
    **dict.fromkeys(("HOLD", "INACTIVE", "UseCustomerClass", "CreateAddress", "NONINVEN", "DEFPRICING", "SHIPCOMPLETE",
                     "CREATETAXES", "USINGHEADERLEVELTAXES", "CREATEDIST", "DEFTAXSCHDS", "CKCreditLimit", "CKHOLD",
                     "UpdateIfExists", "RequesterTrx", "DROPSHIP", "DEFEXTPRICE"), FLAG),
}  # fmt: skip


@cache
def document_shapes() -> Mapping[str, DocumentShape]:
    """The same as shapes, ``frames[0]`` the header."""
    return {
        one.name: DocumentShape(
            "gp", one.name, one.key, tuple(_frame(one, frame, procedure) for frame, procedure in one.nodes.items())
        )
        for one in document_types().values()
    }


def _frame(document: DocumentType, frame: str, procedure: str) -> Frame:
    hidden = NOT_MAPPED.get(procedure, frozenset())
    columns = tuple(
        _column(document, frame, parameter)
        for parameter in procedures()[procedure].parameters.values()
        if parameter.name not in hidden
    )
    return Frame(frame, columns, () if frame == HEADER else (frame,), many=frame != HEADER)


def _column(document: DocumentType, frame: str, parameter: Parameter) -> Column:
    name = parameter.name
    required = parameter.required and name not in NOT_REQUIRED and frame not in document.optional
    return Column(
        name,
        duckdb_type(parameter),
        required=required or (frame == HEADER and name in document.required),
        max_length=parameter.type.size if parameter.type.is_text else None,
        choices=document.choices.get(name) or CHOICES.get(name, ()),
        title=tables()[document.captions].captions.get(name, ""),
        personal=name in PERSONAL,
    )


def duckdb_type(parameter: Parameter) -> str:
    """The DuckDB type of a parameter. GP's date parameters hold midnight only; TIME1 is the one time of day."""
    sql: SqlType = parameter.type
    if sql.is_text:
        return "VARCHAR"
    if sql.is_integer:
        return "INTEGER"
    if sql.name == "numeric":
        return f"DECIMAL({sql.size},{sql.scale})"
    if sql.name == "datetime":
        return "TIMESTAMP" if name_is_time(parameter.name) else "DATE"
    raise ValueError(f"{parameter.name}: no DuckDB type for {sql.name}")


def name_is_time(name: str) -> bool:
    return name == "TIME1"
