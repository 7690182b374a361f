"""Taxes in functional currency and GL distributions of a receivables document."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from gp_prestashop.sandbox.gp.currency import Currency, Rate
from gp_prestashop.sandbox.gp.node import Node, Row
from gp_prestashop.sandbox.gp.receivables import Distribution, distribute, posting_account

__all__ = ["convert_taxes", "distribute_document"]

_CREDITS = {7, 8}
# RM10101.DISTTYPE
_RECEIVABLE, _SALES, _TRADE, _FREIGHT, _MISCELLANEOUS, _TAXES, _RETURNS, _CREDIT_MEMO = 3, 9, 10, 11, 12, 13, 17, 19

_TAXES_OF = """
SELECT actindx, sum(taxamnt) AS f, sum(ortaxamt) AS o FROM {company}.rm10601
WHERE rmdtypal = %(RMDTYPAL)s AND docnumbr = %(DOCNUMBR)s GROUP BY actindx ORDER BY actindx
"""
_TWINS = {
    "taxamnt": "ortaxamt", "staxamnt": "orslstax", "frttxamt": "orfrttax", "msctxamt": "ormsctax", "taxdtsls": "ortotsls",
    "tdttxsls": "ortxsls",
}  # fmt: skip


def convert_taxes(node: Node, money: Currency, rate: Rate) -> None:
    """Puts functional amounts into the RM10601 rows of a foreign document."""
    if not money.foreign:
        return
    operation = "*" if rate.method == 0 else "/"
    changes = ", ".join(f"{f} = round({o} {operation} %(rate)s, %(places)s)" for f, o in _TWINS.items())
    node.run(
        f"UPDATE {{company}}.rm10601 SET {changes}, currnidx = %(index)s"
        " WHERE rmdtypal = %(RMDTYPAL)s AND docnumbr = %(DOCNUMBR)s",
        {**node.values, "rate": rate.rate, "places": money.functional_places, "index": money.index},
    )


def distribute_document(node: Node, x: Row, money: Currency, functional: Mapping[str, Decimal]) -> None:
    """RM10101: a credit memo debits sales returns and taxes and credits the receivable; an invoice the other way round."""
    kind = node["RMDTYPAL"]
    sign = 1 if kind in _CREDITS else -1
    main, account = {
        7: (_CREDIT_MEMO, "Sales Returns"),
        8: (_RETURNS, "Sales Returns"),
    }.get(kind, (_SALES, "Sales"))

    def entry(type_: int, name: str, index: int, direction: int) -> Distribution:
        return type_, index, functional[name] * direction, node[name] * direction

    receivable = x["rmaracc"] or posting_account(node, "Accounts Receivable")
    entries = [
        entry(_RECEIVABLE, "DOCAMNT", receivable, -sign),
        entry(main, "SLSAMNT", posting_account(node, account), sign),
        entry(_TRADE, "TRDISAMT", posting_account(node, "Trade Discounts"), -sign),
        entry(_FREIGHT, "FRTAMNT", posting_account(node, "Freight"), sign),
        entry(_MISCELLANEOUS, "MISCAMNT", posting_account(node, "Miscellaneous"), sign),
    ]
    entries += [(_TAXES, row["actindx"], row["f"] * sign, row["o"] * sign) for row in node.all(_TAXES_OF)]
    distribute(node, kind, money, entries)
