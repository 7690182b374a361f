"""taSopLineIvcTaxInsert: one tax row of a sales document, SOP10105."""

from __future__ import annotations

from gp_prestashop.sandbox.gp.accounts import account_indexes
from gp_prestashop.sandbox.gp.calls import ProcedureResult
from gp_prestashop.sandbox.gp.node import Node

__all__ = ["FREIGHT_LINE", "MISCELLANEOUS_LINE", "execute"]

FREIGHT_LINE = 2147483646
MISCELLANEOUS_LINE = 2147483645

_FACTS = """
SELECT d.taxdtlid, d.actindx, d.txdtlbse, d.tdtaxtax, mc.funcridx AS currnidx,
       EXISTS (SELECT 1 FROM {company}.gl00105 WHERE actindx = %(ACTINDX)s) AS known_account,
       EXISTS (SELECT 1 FROM {company}.sop10105 WHERE soptype = %(SOPTYPE)s AND sopnumbe = %(SOPNUMBE)s
               AND lnitmseq = %(line)s AND taxdtlid = %(TAXDTLID)s) AS present,
       (SELECT max(currnidx) FROM {company}.sop10200 WHERE soptype = %(SOPTYPE)s AND sopnumbe = %(SOPNUMBE)s) AS lines
FROM (SELECT 1) one
LEFT JOIN {company}.tx00201 d ON d.taxdtlid = %(TAXDTLID)s
LEFT JOIN {company}.mc40000 mc ON true
LIMIT 1
"""


def execute(node: Node) -> ProcedureResult:
    """TAXTYPE 0: a line's tax, or the document's total for the detail when LNITMSEQ is 0; 1 freight; 2 miscellaneous."""
    if not node.check_not_null(601):
        return node.result()
    node.error(602, when=not (node["SOPNUMBE"] and node["TAXDTLID"]))
    node.check_range({"SOPTYPE": 604}, range(1, 7))
    line = {1: FREIGHT_LINE, 2: MISCELLANEOUS_LINE}.get(node["TAXTYPE"], node["LNITMSEQ"])
    x = node.row(_FACTS, {**node.values, "line": line})
    node.error(605, when=x["taxdtlid"] is None)
    account = node["ACTINDX"]
    if node["ACTNUMST"]:
        account = account_indexes(node, {"ACTNUMST": 456}).get("ACTNUMST", 0)
    elif account:
        node.error(456, when=not x["known_account"])
    elif x["taxdtlid"] is not None:
        account = x["actindx"]
        node.error(457, when=not account)
    node.error({FREIGHT_LINE: 794, MISCELLANEOUS_LINE: 793}.get(line, 795), when=x["present"])
    if not node.errors:
        node.insert("SOP10105", _row(node, x, line, account))
    return node.result()


def _row(node: Node, x: dict[str, object], line: int, account: int) -> dict[str, object]:
    """Amounts are originating; the header puts the functional ones beside them when it has a rate."""
    sales, freight, miscellaneous = node["STAXAMNT"], node["FRTTXAMT"], node["MSCTXAMT"]
    base = node["SALESAMT"] + node["FREIGHT"] + node["MISCAMNT"]
    taxable = node["TDTTXSLS"] if node["TDTTXSLS"] is not None else base
    total = node["TXDTOTTX"] if node["TXDTOTTX"] is not None else sales + freight + miscellaneous
    return {
        "SOPTYPE": node["SOPTYPE"], "SOPNUMBE": node["SOPNUMBE"], "LNITMSEQ": line, "TAXDTLID": x["taxdtlid"],
        "ACTINDX": account, "BKOUTTAX": 1 if x["txdtlbse"] == 1 else 0, "TXABLETX": x["tdtaxtax"],
        "STAXAMNT": sales, "ORSLSTAX": sales, "FRTTXAMT": freight, "ORFRTTAX": freight,
        "MSCTXAMT": miscellaneous, "ORMSCTAX": miscellaneous, "TAXDTSLS": base, "ORTOTSLS": base,
        "TDTTXSLS": taxable, "ORTXSLS": taxable, "TXDTOTTX": total, "OTTAXPON": total,
        "CURRNIDX": x["lines"] or x["currnidx"] or 0,
    }  # fmt: skip
