"""Functional amounts of a document's rows, once its header has the exchange rate."""

from __future__ import annotations

from gp_prestashop.sandbox.gp.currency import Currency, Rate
from gp_prestashop.sandbox.gp.node import Node
from gp_prestashop.sandbox.gp.procedures.header_row import Amounts

__all__ = ["apply_rate"]

# Functional column = its originating twin, by table.
_TWINS = {
    "sop10200": {
        "unitprce": "oruntprc", "xtndprce": "oxtndprc", "remprice": "oreprice", "mrkdnamt": "ormrkdam",
        "taxamnt": "ortaxamt", "trdisamt": "ortdisam",
    },
    "sop10105": {
        "staxamnt": "orslstax", "frttxamt": "orfrttax", "msctxamt": "ormsctax", "taxdtsls": "ortotsls",
        "tdttxsls": "ortxsls", "txdtottx": "ottaxpon",
    },
    "sop10103": {"amntpaid": "oamtpaid", "amntrema": "oamntrem"},
}  # fmt: skip
_COSTS = {"oruntcst": "unitcost", "orextcst": "extdcost"}

_SUMS = """
SELECT (SELECT COALESCE(sum(xtndprce), 0) FROM {company}.sop10200 WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s
        AND cmpntseq = 0) AS subtotal,
       (SELECT COALESCE(sum(extdcost), 0) FROM {company}.sop10200 WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s
        AND cmpntseq = 0) AS cost,
       (SELECT COALESCE(sum(orextcst), 0) FROM {company}.sop10200 WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s
        AND cmpntseq = 0) AS originating_cost,
       (SELECT COALESCE(sum(amntpaid), 0) FROM {company}.sop10103 WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s
        AND pymttype > 3 AND delete1 = 0) AS payments,
       (SELECT COALESCE(sum(amntpaid), 0) FROM {company}.sop10103 WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s
        AND pymttype <= 3 AND delete1 = 0) AS deposits
"""

_DEPOSIT_DIFFERENCE = """
UPDATE {company}.rm00103 SET deprecv = deprecv + %(difference)s WHERE custnmbr = %(CUSTNMBR)s
"""


def apply_rate(node: Node, money: Currency, rate: Rate) -> Amounts:
    """Converts lines, taxes and payments of a foreign document, and gives what they come to."""
    if money.foreign:
        before = node.row(_SUMS)["deposits"]
        values = {
            **node.values, "rate": rate.rate, "places": money.functional_places, "currency": money.id,
            "index": money.index, "back": money.places,
        }  # fmt: skip
        operation, inverse = ("*", "/") if rate.method == 0 else ("/", "*")
        for table, twins in _TWINS.items():
            changes = [f"{f} = round({o} {operation} %(rate)s, %(places)s)" for f, o in twins.items()]
            if table == "sop10200":
                changes += [f"{o} = round({f} {inverse} %(rate)s, %(back)s)" for o, f in _COSTS.items()]
            if table == "sop10103":
                changes.append("curncyid = %(currency)s")
            node.run(
                f"UPDATE {{company}}.{table} SET {', '.join(changes)}, currnidx = %(index)s"
                " WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s",
                values,
            )
        difference = node.row(_SUMS)["deposits"] - before
        if difference:  # the deposit was booked at its face value before the rate was known
            node.run(_DEPOSIT_DIFFERENCE, {**node.values, "difference": difference})
    return Amounts(**node.row(_SUMS))
