"""taSopUpdateCreateProcessHold: a process hold on a sales document, SOP10104, and its master, SOP00100."""

from __future__ import annotations

from gp_prestashop.sandbox.gp.calls import ProcedureResult
from gp_prestashop.sandbox.gp.node import Node
from gp_prestashop.sandbox.gp.numbers import next_note_index
from gp_prestashop.sandbox.gp.values import BLANK_DATE

__all__ = ["execute"]

_FLAGS = ("XFERPHOL", "POSTPHOL", "FUFIPHOL", "PRINPHOL")
_FACTS = """
SELECT m.prchldid AS master, s.prchldid AS there, h.sopnumbe
FROM (SELECT 1) one
LEFT JOIN {company}.sop00100 m ON m.prchldid = %(PRCHLDID)s
LEFT JOIN {company}.sop10104 s ON s.prchldid = %(PRCHLDID)s AND s.sopnumbe = %(SOPNUMBE)s AND s.soptype = %(SOPTYPE)s
LEFT JOIN {company}.sop10100 h ON h.sopnumbe = %(SOPNUMBE)s AND h.soptype = %(SOPTYPE)s
"""


def execute(node: Node) -> ProcedureResult:
    """Makes the master where there is none, or rewrites it (UpdateIfExistsMaster=1). DELETE1=1 takes the hold off."""
    if not node.check_not_null(6000):
        return node.result()
    node.error(6001, when=not node["PRCHLDID"])
    node.error(88, when=not (node["SOPTYPE"] and node["SOPNUMBE"] and node["PRCHLDID"]))
    x = node.row(_FACTS)
    node.error(87, when=x["sopnumbe"] is None)
    node.error(717, when=any(node[name] not in {0, 1} for name in _FLAGS))
    node.error(6003, when=x["there"] is not None and node["UpdateSopIfExists"] == 0)
    if node.errors:
        return node.result()
    master = {
        "DSCRIPTN": node["DSCRIPTN"], "PASSWORD": node["PASSWORD"], **{name: node[name] for name in _FLAGS},
        "MODIFDT": node.today,
    }  # fmt: skip
    if x["master"] is None:
        own = {
            "PRCHLDID": node["PRCHLDID"],
            "NOTEINDX": next_note_index(node),
            "CREATDDT": node.today,
            "USER2ENT": "sa",
        }
        node.insert("SOP00100", {**own, **master})
    elif node["UpdateIfExistsMaster"] == 1:
        node.update("SOP00100", master, {"PRCHLDID": node["PRCHLDID"]})
    day = node["HOLDDATE"] if node["HOLDDATE"] != BLANK_DATE else node.today
    key = {"SOPTYPE": node["SOPTYPE"], "SOPNUMBE": node["SOPNUMBE"], "PRCHLDID": node["PRCHLDID"]}
    hold = {
        "DELETE1": node["DELETE1"], "USERID": node["USERID"] or "sa", "HOLDDATE": day, "TIME1": node.clock_time,
    }  # fmt: skip
    node.insert("SOP10104", {**key, **hold}, or_update="SOPTYPE, SOPNUMBE, PRCHLDID")
    return node.result()
