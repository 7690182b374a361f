"""What receivables documents have in common: the key file, distributions, multicurrency rows, customer totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from gp_prestashop.sandbox.gp.currency import Currency, Rate
from gp_prestashop.sandbox.gp.money import ZERO
from gp_prestashop.sandbox.gp.node import Node

__all__ = ["Distribution", "add_key", "add_multicurrency", "distribute", "move_totals", "posting_account"]

_STEP = 16384
Distribution = tuple[
    int, int, Decimal, Decimal
]  # DISTTYPE, account, functional and originating amount, debits positive

_ACCOUNT = """
SELECT actindx FROM {company}.sy01100 WHERE series = 3 AND ptgacdsc = %(description)s LIMIT 1
"""


def posting_account(node: Node, description: str) -> int:
    """The sales series' posting account of that name (SY01100), 0 when there is none."""
    found = node.one(_ACCOUNT, {"description": description})
    return int(found["actindx"]) if found else 0


def add_key(node: Node, kind: int, source: str, cheque: str = "") -> None:
    """RM00401: the number is taken from now on; DCSTATUS 1 is work."""
    node.insert(
        "RM00401",
        {
            "DOCNUMBR": node["DOCNUMBR"], "RMDTYPAL": kind, "DCSTATUS": 1, "BCHSOURC": source,
            "CUSTNMBR": node["CUSTNMBR"], "CHEKNMBR": cheque, "DOCDATE": node["DOCDATE"],
        },
    )  # fmt: skip


def distribute(node: Node, kind: int, money: Currency, entries: Sequence[Distribution]) -> None:
    """RM10101 of a work document; entries of nothing are left out."""
    shown = [entry for entry in entries if entry[2] or entry[3]]
    for place, (type_, account, functional, originating) in enumerate(shown, start=1):
        node.insert(
            "RM10101",
            {
                "DOCNUMBR": node["DOCNUMBR"], "DCSTATUS": 1, "DISTTYPE": type_, "RMDTYPAL": kind, "SEQNUMBR": place * _STEP,
                "CUSTNMBR": node["CUSTNMBR"], "DSTINDX": account, "DEBITAMT": max(functional, ZERO),
                "CRDTAMNT": max(-functional, ZERO), "ORDBTAMT": max(originating, ZERO), "ORCRDAMT": max(-originating, ZERO),
                "CURNCYID": money.id, "CURRNIDX": money.index, "PSTGSTUS": 0,
            },
        )  # fmt: skip


def add_multicurrency(node: Node, kind: int, money: Currency, rate: Rate, amounts: Mapping[str, Decimal]) -> None:
    """MC020102 of a foreign document: its originating amounts and its rate."""
    if not money.foreign:
        return
    node.insert(
        "MC020102",
        {
            "DCSTATUS": 1, "RMDTYPAL": kind, "DOCNUMBR": node["DOCNUMBR"], "DOCDATE": node["DOCDATE"],
            "CUSTNMBR": node["CUSTNMBR"], "CURNCYID": money.id, "CURRNIDX": money.index, "RATETPID": rate.type_id,
            "EXGTBLID": rate.table_id, "XCHGRATE": rate.rate, "EXCHDATE": rate.date,
            "TIME1": rate.time.replace(year=1900, month=1, day=1), "RTCLCMTD": rate.method, "MCTRXSTT": 1, **amounts,
        },
    )  # fmt: skip


def move_totals(node: Node, column: str, amount: Decimal) -> None:
    """Adds to a column of the customer's summary, RM00103."""
    node.run(
        f"INSERT INTO {{company}}.rm00103 (custnmbr, {column}) VALUES (%(customer)s, %(amount)s)"
        f" ON CONFLICT (custnmbr) DO UPDATE SET {column} = rm00103.{column} + excluded.{column}",
        {"customer": node["CUSTNMBR"], "amount": amount},
    )
