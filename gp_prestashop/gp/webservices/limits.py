"""What the web services cannot carry: said before anything is sent, never emulated."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from gp_prestashop.errors import DataError
from gp_prestashop.mapping.shapes import Document

__all__ = ["NOT_APPLIED", "check_limits"]

NOT_APPLIED = "Not applied: GP's web services cannot apply; do it in GP, or write through eConnect."
INVOICE = 3  # SOPTYPE
OVERRIDE = 2  # QtyShrtOpt: what the services do unless their policy says otherwise
# Parameters of eConnect that no business object has, by frame.
ONLY_ECONNECT = {
    "header": ("CREATETAXES", "USINGHEADERLEVELTAXES", "DEFTAXSCHDS"),
    "lines": ("KitCompMan", "ALLOCATE", "AUTOALLOCATESERIAL", "AUTOALLOCATELOT", "DEFPRICING"),
}
REMEDY = "Write through eConnect (GPPS_GP__WRITER=econnect), or leave it out of the map."


def check_limits(document: Document, method_of: Callable[[str, date], int | None]) -> None:
    """Raises DataError for what would be lost. ``method_of`` gives the exchange table's RTCLCMTD for a currency and day."""
    lost = [
        name
        for frame, names in ONLY_ECONNECT.items()
        for name in names
        if any(row.get(name) for row in document.frames.get(frame, ()))
    ]
    if document.header.get("SOPTYPE") == INVOICE:
        lost.append("an invoice in place of an order")
    if document.frames.get("components"):
        lost.append("kit components")
    if any(row.get("QtyShrtOpt") not in {None, OVERRIDE} for row in document.frames.get("lines", ())):
        lost.append("QtyShrtOpt")
    if lost:
        raise DataError("not_by_services", f"GP's web services do not take {', '.join(lost)}.", remedy=REMEDY)
    _check_rate(document, method_of)


def _check_rate(document: Document, method_of: Callable[[str, date], int | None]) -> None:
    """They take a rate without its sense, which is then that of the currency's exchange table."""
    header = document.header
    method = header.get("RTCLCMTD")
    if not header.get("XCHGRATE") or method not in {0, 1}:
        return
    table = method_of(str(header["CURNCYID"]), header["DOCDATE"])
    if table != method:
        sense = {0: "multiplies", 1: "divides", None: "is missing"}
        raise DataError(
            "rate_sense",
            f"The rate of {header['CURNCYID']} is to {'divide' if method else 'multiply'}, and GP's exchange table"
            f" {sense[table]}: the web services cannot say which.",
            remedy="Change the exchange table's calculation method in GP, or write through eConnect.",
        )
