"""A cancelled order taken back in GP: voided, or stopped by a process hold (setting ``gp.cancel``). Nothing is deleted."""

from __future__ import annotations

from datetime import date

from gp_prestashop.gp.calls import Call, in_order
from gp_prestashop.gp.guard_orders import ORDER

__all__ = ["hold_call", "void_call"]

ALL_HOLDS = dict.fromkeys(("XFERPHOL", "POSTPHOL", "FUFIPHOL", "PRINPHOL"), 1)


def void_call(number: str, day: date) -> Call:
    """RemovePayments=0: a deposit is money that the customer has paid, so a person decides about it (7002)."""
    parameters = {"SOPTYPE": ORDER, "SOPNUMBE": number, "RemovePayments": 0, "VOIDDATE": day}
    return Call("taSopVoidDocument", "header", in_order("taSopVoidDocument", parameters))


def hold_call(number: str, hold: str, day: date) -> Call:
    """Stops transfer, posting, fulfilment and printing. An existing master of that id keeps what it stops."""
    parameters = {
        "SOPTYPE": ORDER, "SOPNUMBE": number, "PRCHLDID": hold, "DSCRIPTN": "Cancelled in the shop", **ALL_HOLDS,
        "HOLDDATE": day, "UpdateSopIfExists": 1,
    }  # fmt: skip
    procedure = "taSopUpdateCreateProcessHold"
    return Call(procedure, "header", in_order(procedure, parameters))
