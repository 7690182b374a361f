"""taGetSopNumber: the next number of a document id (SOP40200) or document type (SOP40300)."""

from __future__ import annotations

import re

from gp_prestashop.sandbox.gp.calls import ProcedureResult
from gp_prestashop.sandbox.gp.node import Node
from gp_prestashop.sandbox.gp.numbers import incremented

__all__ = ["execute"]

_TRIES = 1000
_USED = """
SELECT 1 AS used FROM {company}.sop10100 WHERE sopnumbe = %(n)s AND soptype = %(type)s
UNION ALL SELECT 1 FROM {company}.sop30200 WHERE sopnumbe = %(n)s AND soptype = %(type)s LIMIT 1
"""


def execute(node: Node) -> ProcedureResult:
    """The number is taken for good; the set-up table stays locked until the caller's transaction ends."""
    kind, document_id = node["SOPTYPE"], node["DOCID"]
    if kind is None or document_id is None or node["Inc_Dec"] is None:
        node.error(3394)
        return _result(node, "")
    node.run("LOCK TABLE {company}.sop40200, {company}.sop40300 IN EXCLUSIVE MODE", {})
    source = _source(node, kind, document_id)
    number = source[2] if source else ""
    if source is None or not re.search(r"\d", number):
        node.error(3388)
        return _result(node, "")
    step = 1 if node["Inc_Dec"] == 1 else -1
    for _ in range(_TRIES):
        if node.one(_USED, {"n": number, "type": kind}) is None:
            break
        number = incremented(number, step)
    else:
        node.error(3419)
        return _result(node, "")
    table, key, _ = source
    node.update(table, {"SOPNUMBE": incremented(number, step)}, key)
    return _result(node, number)


def _source(node: Node, kind: int, document_id: str) -> tuple[str, dict[str, object], str] | None:
    """Where the number comes from: table, key, number. An order may use its invoice id's numbers (USNXTINV)."""
    if not document_id:
        row = node.one("SELECT sopnumbe FROM {company}.sop40300 WHERE soptype = %(t)s", {"t": kind})
        return ("SOP40300", {"SOPTYPE": kind}, row["sopnumbe"]) if row else None
    sql = "SELECT docid, soptype, sopnumbe, usnxtinv, usdocid1 FROM {company}.sop40200 WHERE soptype = %(t)s AND docid = %(d)s"
    row = node.one(sql, {"t": kind, "d": document_id})
    if row and row["usnxtinv"] == 1 and kind == 2 and row["usdocid1"]:
        row = node.one(sql, {"t": 3, "d": row["usdocid1"]})
    return ("SOP40200", {"SOPTYPE": row["soptype"], "DOCID": row["docid"]}, row["sopnumbe"]) if row else None


def _result(node: Node, number: str) -> ProcedureResult:
    errors = node.errors
    return ProcedureResult({"O_vSopNumber": number, "O_iErrorState": errors[-1] if errors else 0})
