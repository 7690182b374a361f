"""A cancelled order taken back in GP: voided, or stopped by a process hold (setting ``gp.cancel``). Nothing is deleted.

The hold is lifted when the order comes to life again in the shop.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from gp_prestashop.gp.calls import Call, in_order
from gp_prestashop.gp.guard_orders import ORDER
from gp_prestashop.gp.reader import Reader
from gp_prestashop.keys import key_text

__all__ = ["hold_call", "stopped_orders", "void_call"]

ALL_HOLDS = dict.fromkeys(("XFERPHOL", "POSTPHOL", "FUFIPHOL", "PRINPHOL"), 1)


def void_call(number: str, day: date) -> Call:
    """RemovePayments=0: a deposit is money that the customer has paid, so a person decides about it (7002)."""
    parameters = {"SOPTYPE": ORDER, "SOPNUMBE": number, "RemovePayments": 0, "VOIDDATE": day}
    return Call("taSopVoidDocument", "header", in_order("taSopVoidDocument", parameters))


def hold_call(number: str, hold: str, day: date, *, lift: bool = False) -> Call:
    """Stops transfer, posting, fulfilment and printing. An existing master of that id keeps what it stops.

    ``lift`` takes it off the order again.
    """
    parameters = {
        "SOPTYPE": ORDER, "SOPNUMBE": number, "PRCHLDID": hold, "DSCRIPTN": "Cancelled in the shop", **ALL_HOLDS,
        "HOLDDATE": day, "DELETE1": int(lift), "UpdateSopIfExists": 1,
    }  # fmt: skip
    procedure = "taSopUpdateCreateProcessHold"
    return Call(procedure, "header", in_order(procedure, parameters))


def stopped_orders(database: Reader, numbers: Sequence[str], hold: str) -> set[str]:
    """Which of these orders (numbers in capitals) are on this hold, by SOP10104: a lifted one has DELETE1."""
    table = database.tables.SOP10104
    of_ours = sa.and_(table.c.SOPTYPE.in_([ORDER]), table.c.PRCHLDID.in_([hold]), table.c.DELETE1 == 0)
    rows = database.read_in(
        table.c.SOPNUMBE, list(numbers), lambda found: sa.select(table.c.SOPNUMBE).where(found, of_ours)
    )
    return {key_text(row["SOPNUMBE"]) for row in rows}
