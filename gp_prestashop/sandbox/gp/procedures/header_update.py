"""UpdateExisting=1: the work of taSopHdrRecalc, which checks with numbers of its own and works the totals out by itself."""

from __future__ import annotations

from gp_prestashop.sandbox.gp.locks import document_locked
from gp_prestashop.sandbox.gp.money import ZERO
from gp_prestashop.sandbox.gp.node import Node
from gp_prestashop.sandbox.gp.procedures.header_facts import Totals

__all__ = ["RENUMBERED", "check", "take_over"]

# Numbers of taSopHdrIvcInsert for which taSopHdrRecalc has its own.
RENUMBERED = {
    723: 1736, 364: 1740, 9515: 9516, 178: 1742, 9538: 9539, 244: 1743, 59: 1745, 11809: 11810, 818: 1748, 867: 1749,
    7032: 7030, 60: 1189, 7473: 5633, 7474: 5634, 7475: 5635,
}  # fmt: skip
# Sums that taSopHdrRecalc makes itself, so that nothing is checked.
_MADE = {67, 64, 82, 235, 799, 868, 62, 85, 86, 7476, 7477, 5526}
_LOCKED, _WORKFLOW = 1754, 9005
_PENDING = 4  # WorkflowApprStatCreditLm

_TAX_SUMS = """
SELECT COALESCE(sum(orslstax), 0) AS sales, COALESCE(sum(orfrttax), 0) AS freight, COALESCE(sum(ormsctax), 0) AS misc
FROM {company}.sop10105 WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s AND lnitmseq = 0 AND bkouttax = 0
"""
_WORKFLOW_STATE = """
SELECT workflowapprstatcreditlm AS state FROM {company}.sop10100 WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s
"""


def take_over(node: Node, totals: Totals) -> None:
    """The header's sums become those of the stored lines and tax rows; CREATETAXES=1 has just made new tax rows."""
    taxes = node.row(_TAX_SUMS)
    node["TAXAMNT"], node["FRTTXAMT"], node["MSCTXAMT"] = taxes["sales"], taxes["freight"], taxes["misc"]
    node["SUBTOTAL"], node["MRKDNAMT"] = totals.subtotal, totals.markdown
    if node["TRDISAMT"] is None and node["TRADEPCT"] is None:
        node["TRDISAMT"] = ZERO
    added = ("FREIGHT", "MISCAMNT", "TAXAMNT", "FRTTXAMT", "MSCTXAMT")
    node["DOCAMNT"] = totals.subtotal + sum((node[name] for name in added), ZERO) - (node["TRDISAMT"] or ZERO)


def check(node: Node) -> None:
    """The errors noted so far under taSopHdrRecalc's numbers, its own ones, and 2218 for the failed call."""
    numbers = [RENUMBERED.get(number, number) for number in node.errors if number not in _MADE]
    kept = [number for number in node.errors if number not in _MADE and number not in RENUMBERED]
    if document_locked(node, node["SOPTYPE"], node["SOPNUMBE"]):
        numbers.append(_LOCKED)
    if node.row(_WORKFLOW_STATE)["state"] == _PENDING:
        numbers.append(_WORKFLOW)
    node.replace_errors(kept)
    node.absorb([number for number in numbers if number not in kept], 2218)
