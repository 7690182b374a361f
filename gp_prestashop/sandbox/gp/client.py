"""What people do in the GP client that eConnect cannot: post and close batches, void, hold and inactivate."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg.rows import tuple_row

from gp_prestashop.sandbox.gp.history import move_statements
from gp_prestashop.sandbox.gp.host import EconnectHost
from gp_prestashop.sandbox.gp.schema import schema_of

__all__ = ["close_batch", "deactivate_customer", "hold_customer", "open_batch", "post_batch", "void_document"]


def post_batch(cursor: psycopg.Cursor[Any], bachnumb: str, *, company: str = "TWO") -> list[str]:
    """Posts a batch of sales documents: all of them move to history, the batch header goes; gives their SOPNUMBEs.

    Orders move as a full transfer to invoices leaves them; a batch that is not there posts nothing.
    """
    schema = schema_of(company)
    cursor = cursor.connection.cursor(row_factory=tuple_row)
    cursor.execute(
        f"SELECT sopnumbe, soptype FROM {schema}.sop10100 WHERE bchsourc = 'Sales Entry' AND bachnumb = %s ORDER BY sopnumbe",
        (bachnumb,),
    )
    documents = cursor.fetchall()
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    changed = {"pstgstus": "2", "posteddt": "%(today)s", "ptdusrid": "'sa'"}
    for number, kind in documents:
        for statement in move_statements(schema, changed):
            cursor.execute(statement, {"number": number, "type": kind, "today": today})
    cursor.execute(f"DELETE FROM {schema}.sy00500 WHERE bchsourc = 'Sales Entry' AND bachnumb = %s", (bachnumb,))
    return [str(number) for number, _ in documents]


def close_batch(cursor: psycopg.Cursor[Any], bachnumb: str, *, company: str = "TWO") -> None:
    """Marks a batch to post, so that it takes no further documents (SY00500.MKDTOPST, error 5616)."""
    _mark(cursor, bachnumb, company, 1)


def open_batch(cursor: psycopg.Cursor[Any], bachnumb: str, *, company: str = "TWO") -> None:
    """Takes the mark away again."""
    _mark(cursor, bachnumb, company, 0)


def _mark(cursor: psycopg.Cursor[Any], bachnumb: str, company: str, mark: int) -> None:
    sql = f"UPDATE {schema_of(company)}.sy00500 SET mkdtopst = %s WHERE bchsourc = 'Sales Entry' AND bachnumb = %s"
    cursor.execute(sql, (mark, bachnumb))
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
