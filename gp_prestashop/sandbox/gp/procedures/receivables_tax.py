"""taRMTransactionTaxInsert: one tax detail of a receivables document in work, RM10601."""

from __future__ import annotations

from gp_prestashop.sandbox.gp.accounts import account_indexes
from gp_prestashop.sandbox.gp.calls import ProcedureResult
from gp_prestashop.sandbox.gp.node import Node

__all__ = ["execute"]

_KINDS = (1, 3, 4, 5, 6, 7, 8)
_FACTS = """
SELECT d.taxdtlid, d.actindx, d.txdtlbse, mc.funcridx,
       EXISTS (SELECT 1 FROM {company}.gl00105 WHERE actindx = %(ACTINDX)s) AS known_account,
       EXISTS (SELECT 1 FROM {company}.rm10601 WHERE rmdtypal = %(RMDTYPAL)s AND docnumbr = %(DOCNUMBR)s
               AND taxdtlid = %(TAXDTLID)s) AS present
FROM (SELECT 1) one
LEFT JOIN {company}.tx00201 d ON d.taxdtlid = %(TAXDTLID)s
LEFT JOIN {company}.mc40000 mc ON true
LIMIT 1
"""


def execute(node: Node) -> ProcedureResult:
    """Amounts are originating; the document's own node puts the functional ones beside them."""
    if not node.check_not_null(292):
        return node.result()
    node.error(293, when=not (node["DOCNUMBR"] and node["TAXDTLID"]))
    node.check_range({"RMDTYPAL": 294}, _KINDS)
    node.error(259, when=not node["BACHNUMB"])
    x = node.row(_FACTS)
    node.error(295, when=bool(node["TAXDTLID"]) and x["taxdtlid"] is None)
    node.check_range({"RequesterTrx": 3724})
    account = node["ACTINDX"]
    if node["ACTNUMST"]:
        account = account_indexes(node, {"ACTNUMST": 716}).get("ACTNUMST", 0)
    elif account:
        node.error(455, when=not x["known_account"])
    elif x["taxdtlid"] is not None:
        account = x["actindx"]
        node.error(296, when=not account)
    node.error(262, when=x["present"])
    taxable = node["TDTTXSLS"] if node["TDTTXSLS"] is not None else node["TAXDTSLS"]
    node.error(5443, when=taxable > node["TAXDTSLS"])
    if node.errors:
        return node.result()
    sales, freight, miscellaneous = node["STAXAMNT"], node["FRTTXAMT"], node["MSCTXAMT"]
    node.insert(
        "RM10601",
        {
            "BACHNUMB": node["BACHNUMB"], "RMDTYPAL": node["RMDTYPAL"], "DOCNUMBR": node["DOCNUMBR"],
            "CUSTNMBR": node["CUSTNMBR"], "TAXDTLID": x["taxdtlid"], "ACTINDX": account,
            "BKOUTTAX": 1 if x["txdtlbse"] == 1 else 0, "TAXAMNT": node["TAXAMNT"], "ORTAXAMT": node["TAXAMNT"],
            "STAXAMNT": sales, "ORSLSTAX": sales, "FRTTXAMT": freight, "ORFRTTAX": freight, "MSCTXAMT": miscellaneous,
            "ORMSCTAX": miscellaneous, "TAXDTSLS": node["TAXDTSLS"], "ORTOTSLS": node["TAXDTSLS"], "TDTTXSLS": taxable,
            "ORTXSLS": taxable, "SEQNUMBR": node["SEQNUMBR"], "CURRNIDX": x["funcridx"] or 0,
        },
    )  # fmt: skip
    return node.result()
