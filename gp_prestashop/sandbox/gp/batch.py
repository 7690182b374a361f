"""Batch headers (SY00500): made by the first document, counted up by the next ones."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from gp_prestashop.sandbox.gp.node import Node
from gp_prestashop.sandbox.gp.numbers import next_note_index
from gp_prestashop.sandbox.gp.values import BLANK_DATE

__all__ = ["add_to_batch"]

_ADD = """
UPDATE {company}.sy00500 SET numoftrx = numoftrx + %(transactions)s, bchtotal = bchtotal + %(amount)s, modifdt = %(today)s
WHERE bchsourc = %(source)s AND bachnumb = %(batch)s
"""


def add_to_batch(
    node: Node,
    source: str,
    batch: str,
    amount: Decimal,
    transactions: int = 1,
    *,
    series: int = 3,
    checkbook: str = "",
    posting_date: datetime = BLANK_DATE,
) -> None:
    """taCreateUpdateBatchHeaderRcd: `amount` in functional currency (negative with transactions = -1 to take away)."""
    values = {
        "source": source, "batch": batch, "amount": amount, "transactions": transactions, "today": node.today,
    }  # fmt: skip
    if node.run(_ADD, values):
        return
    node.insert(
        "SY00500",
        {
            "BCHSOURC": source, "BACHNUMB": batch, "SERIES": series, "NUMOFTRX": transactions, "BCHTOTAL": amount,
            "GLPOSTDT": posting_date, "BACHFREQ": 1, "USERID": "sa", "CHEKBKID": checkbook, "CREATDDT": node.today,
            "MODIFDT": node.today, "NOTEINDX": next_note_index(node), "BCHSTTUS": 0, "ORIGIN": 1,
        },
    )  # fmt: skip
