"""What people do in the GP client that eConnect cannot: post and close batches, void, hold and inactivate."""

from __future__ import annotations

from typing import Any

import psycopg

from gp_prestashop.sandbox.gp.host import EconnectHost
from gp_prestashop.sandbox.gp.posting import post_batch, post_receivables_batch
from gp_prestashop.sandbox.gp.schema import schema_of
from gp_prestashop.sandbox.gp.transfer import transfer_to_invoice

__all__ = [
    "close_batch", "deactivate_customer", "fulfil_order", "hold_customer", "lock_document", "open_batch", "post_batch",
    "post_receivables_batch", "transfer_to_invoice", "unlock_documents", "void_document", "void_receivable",
]  # fmt: skip


def close_batch(
    cursor: psycopg.Cursor[Any], bachnumb: str, source: str = "Sales Entry", *, company: str = "TWO"
) -> None:
    """Marks a batch to post, so that it takes no further documents (SY00500.MKDTOPST, errors 5616, 25, 202)."""
    _mark(cursor, bachnumb, source, company, 1)


def open_batch(
    cursor: psycopg.Cursor[Any], bachnumb: str, source: str = "Sales Entry", *, company: str = "TWO"
) -> None:
    """Takes the mark away again."""
    _mark(cursor, bachnumb, source, company, 0)


def _mark(cursor: psycopg.Cursor[Any], bachnumb: str, source: str, company: str, mark: int) -> None:
    sql = f"UPDATE {schema_of(company)}.sy00500 SET mkdtopst = %s WHERE bchsourc = %s AND bachnumb = %s"
    cursor.execute(sql, (mark, source, bachnumb))
    if cursor.rowcount != 1:
        raise LookupError(f"no batch {bachnumb}")


def deactivate_customer(
    cursor: psycopg.Cursor[Any], custnmbr: str, *, company: str = "TWO", inactive: bool = True
) -> None:
    """RM00101.INACTIVE: new documents are refused (1790)."""
    _flag(cursor, custnmbr, company, "inactive", int(inactive))


def hold_customer(cursor: psycopg.Cursor[Any], custnmbr: str, *, company: str = "TWO", hold: bool = True) -> None:
    """RM00101.HOLD: documents sent with CKHOLD=1 are refused (1541)."""
    _flag(cursor, custnmbr, company, "hold", int(hold))


def _flag(cursor: psycopg.Cursor[Any], custnmbr: str, company: str, column: str, value: int) -> None:
    cursor.execute(f"UPDATE {schema_of(company)}.rm00101 SET {column} = %s WHERE custnmbr = %s", (value, custnmbr))
    if cursor.rowcount != 1:
        raise LookupError(f"no customer {custnmbr}")


def void_document(
    cursor: psycopg.Cursor[Any], sopnumbe: str, soptype: int = 2, *, company: str = "TWO", system: str = "DYNAMICS"
) -> None:
    """Voids a work document as the client's Void button does; LookupError with the numbers when it may not be voided."""
    host = EconnectHost(company, system)
    result = host.execute(cursor, company, "taSopVoidDocument", {"I_vSOPTYPE": soptype, "I_vSOPNUMBE": sopnumbe})
    if result.outputs["O_iErrorState"]:
        raise LookupError(f"{sopnumbe} cannot be voided: {result.outputs['oErrString']}")


def lock_document(cursor: psycopg.Cursor[Any], sopnumbe: str, soptype: int = 2, *, company: str = "TWO") -> None:
    """Opens a sales document in a client's window: a row of tempdb..DEX_LOCK, until `unlock_documents`."""
    schema = schema_of(company)
    cursor.execute(
        "INSERT INTO tempdb.dex_lock (session_id, row_id, table_path_name)"
        f" SELECT 99, dex_row_id, %s FROM {schema}.sop10100 WHERE sopnumbe = %s AND soptype = %s",
        (f"{schema.upper()}.dbo.SOP10100", sopnumbe, soptype),
    )
    if cursor.rowcount != 1:
        raise LookupError(f"no document {sopnumbe}")


def unlock_documents(cursor: psycopg.Cursor[Any]) -> None:
    """The client's user closes all windows."""
    cursor.execute("DELETE FROM tempdb.dex_lock WHERE session_id = 99")


def fulfil_order(cursor: psycopg.Cursor[Any], sopnumbe: str, *, company: str = "TWO") -> None:
    """Fulfils all lines of an order in work (SOP10200.QTYFULFI)."""
    schema = schema_of(company)
    cursor.execute(
        f"UPDATE {schema}.sop10200 SET qtyfulfi = quantity - qtycance - qtytbaor WHERE sopnumbe = %s AND soptype = 2",
        (sopnumbe,),
    )
    if not cursor.rowcount:
        raise LookupError(f"no order {sopnumbe}")


def void_receivable(cursor: psycopg.Cursor[Any], docnumbr: str, rmdtypal: int = 9, *, company: str = "TWO") -> None:
    """Voids an open receivables document that nothing is applied to or from (RM20101.VOIDSTTS)."""
    schema = schema_of(company)
    cursor.execute(
        f"UPDATE {schema}.rm20101 SET voidstts = 1, voiddate = glpostdt, curtrxam = 0"
        " WHERE docnumbr = %s AND rmdtypal = %s AND curtrxam = ortrxamt",
        (docnumbr, rmdtypal),
    )
    if cursor.rowcount != 1:
        raise LookupError(f"{docnumbr} is not open, or applied")
