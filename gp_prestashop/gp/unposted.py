"""A sales order as GP holds it in work, and why it may not be touched any more.

What was picked, fulfilled, invoiced or bought for the order is other people's work: an edit of the shop must not undo it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from gp_prestashop.gp.batches import is_free
from gp_prestashop.gp.database import GpDatabase, Row
from gp_prestashop.gp.guard_orders import ORDER

__all__ = ["Unposted", "in_the_way", "read_unposted"]

PICKING = 2  # SOPSTATUS: New, Ready To Pick; what comes after is in the warehouse's hands
PENDING = 4  # WorkflowApprStatCreditLm
TRANSFERRED = ("QTYPRINV", "QTYPRORD", "QTYPRBAC", "QTYPRBOO")
HEADER_COLUMNS = (
    "SOPNUMBE", "BACHNUMB", "CURNCYID", "SOPSTATUS", "WorkflowApprStatCreditLm", "ORPMTRVD", "ORDEPRVD", "ORFRTAMT",
    "ORMISCAMT", "ORTDISAM", "ORTAXAMT", "ORFRTTAX", "ORMSCTAX", "TAXSCHID",
)  # fmt: skip
LINE_COLUMNS = (
    "LNITMSEQ", "ITEMNMBR", "ITEMDESC", "QUANTITY", "ORUNTPRC", "OXTNDPRC", "ORMRKDAM", "LOCNCODE", "UOFM", "SHIPMTHD",
    "PRSTADCD", "TAXSCHID", "ITMTSHID", "ReqShipDate", "QTYFULFI", "QTYONPO", "QTYRECVD", *TRANSFERRED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unposted:
    """SOP10100 and SOP10200 (no kit components) of one order, amounts in its own currency."""

    header: Row
    lines: Sequence[Row]
    linked: bool  # to a purchase order, SOP60100

    @property
    def received(self) -> Decimal:
        """Deposits and payments on it."""
        paid: Decimal = self.header["ORPMTRVD"] + self.header["ORDEPRVD"]
        return paid


def read_unposted(database: GpDatabase, number: str) -> Unposted | None:
    """None when no work document has that number. Raises Transient or ConfigError."""
    header, lines, links = (database.tables[name] for name in ("SOP10100", "SOP10200", "SOP60100"))
    present = database.columns("SOP10100")
    columns = [header.c[name] for name in HEADER_COLUMNS if name in present]
    found = database.read(sa.select(*columns).where(header.c.SOPTYPE.in_([ORDER]), header.c.SOPNUMBE.in_([number])))
    if not found:
        return None
    of_order = sa.and_(lines.c.SOPTYPE.in_([ORDER]), lines.c.SOPNUMBE.in_([number]), lines.c.CMPNTSEQ.in_([0]))
    rows = database.read(sa.select(*(lines.c[name] for name in LINE_COLUMNS)).where(of_order))
    linked = database.read(
        sa.select(links.c.SOPNUMBE).where(links.c.SOPTYPE.in_([ORDER]), links.c.SOPNUMBE.in_([number]))
    )
    return Unposted(found[0], sorted(rows, key=lambda row: row["LNITMSEQ"]), bool(linked))


def in_the_way(database: GpDatabase, order: Unposted | None) -> str:
    """The reason why the order must be left alone, as the end of a sentence; blank when there is none."""
    if order is None:
        return "it is no longer unposted work"
    if any(line[name] for line in order.lines for name in TRANSFERRED):
        return "a part of it was transferred (invoiced, ordered or back ordered)"
    if any(line["QTYFULFI"] for line in order.lines):
        return "a part of it is fulfilled"
    if order.header.get("SOPSTATUS", 0) > PICKING:
        return "it is being picked"
    if order.linked or any(line["QTYONPO"] or line["QTYRECVD"] for line in order.lines):
        return "it is linked to a purchase order"
    if order.header.get("WorkflowApprStatCreditLm") == PENDING:
        return "it waits for an approval"
    if not is_free(database, "Sales Entry", order.header["BACHNUMB"]):
        return f"its batch {order.header['BACHNUMB']} is being posted or in somebody's hands"
    return ""
