"""taSopLineIvcInsertComponent: one component of a kit's line, a row of SOP10200 with CMPNTSEQ above 0."""

from __future__ import annotations

from decimal import Decimal

from gp_prestashop.sandbox.gp.calls import ProcedureResult
from gp_prestashop.sandbox.gp.money import ZERO, rounded
from gp_prestashop.sandbox.gp.node import Node, Row
from gp_prestashop.sandbox.gp.procedures.line_quantities import move_stock

__all__ = ["execute"]

_STEP = 16384
_BUCKETS = ("QTYONHND", "QTYRTRND", "QTYINUSE", "QTYINSVC", "QTYDMGED")
_NOT_NEGATIVE = (*_BUCKETS, "QTYCANCE", "QTYFULFI", "QTYTBAOR", "QUOTEQTYTOINV", "UNITCOST")
_FLAGS = {"NONINVEN": 3905, "UpdateIfExists": 4059, "RecreateDist": 8129, "RequesterTrx": 6258}

_FACTS = """
SELECT i.itemnmbr, i.itemdesc, i.itemtype, i.currcost, i.stndcost, i.vctnmthd, i.decplqty, k.itemnmbr AS kit,
       k.quantity AS kits, k.locncode AS kit_site, k.currnidx, k.odecplcu, d.docid, d.allocaby,
       w.locncode AS known_site, w.inactive AS site_inactive, q.locncode AS stocked, q.inactive AS stock_inactive,
       u.uofm, u.qtybsuom,
       (SELECT max(cmpntseq) FROM {company}.sop10200 WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s
        AND lnitmseq = %(LNITMSEQ)s) AS last,
       EXISTS (SELECT 1 FROM {company}.sop10200 WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s
               AND lnitmseq = %(LNITMSEQ)s AND cmpntseq = %(CMPNTSEQ)s AND cmpntseq > 0) AS present
FROM (SELECT 1) one
LEFT JOIN {company}.sop10200 k ON k.sopnumbe = %(SOPNUMBE)s AND k.soptype = %(SOPTYPE)s AND k.lnitmseq = %(LNITMSEQ)s
    AND k.cmpntseq = 0
LEFT JOIN {company}.iv00101 i ON i.itemnmbr = %(ITEMNMBR)s
LEFT JOIN {company}.sop40200 d ON d.soptype = %(SOPTYPE)s AND d.docid = %(DOCID)s
LEFT JOIN {company}.iv40700 w ON w.locncode = COALESCE(NULLIF(%(LOCNCODE)s::public.gp_char, ''), k.locncode)
LEFT JOIN {company}.iv00102 q ON q.itemnmbr = i.itemnmbr AND q.rcrdtype = 2 AND q.locncode = w.locncode
LEFT JOIN LATERAL (
    SELECT uofm, qtybsuom FROM {company}.iv40202 WHERE uomschdl = i.uomschdl
      AND uofm = COALESCE(NULLIF(%(CMPITUOM)s::public.gp_char, ''), i.selnguom) LIMIT 1) u ON true
"""


def execute(node: Node) -> ProcedureResult:
    """The kit's line must be there. Its price holds for the whole, so a component has none."""
    if not node.check_not_null(191, except_for=("QTYFULFI", "UNITCOST")):
        return node.result()
    _check_arguments(node)
    x = node.row(_FACTS)
    _check_facts(node, x)
    if not node.errors:
        _insert(node, x)
    return node.result()


def _check_arguments(node: Node) -> None:
    node.error(452, when=any((node[name] or ZERO) < 0 for name in _NOT_NEGATIVE))
    node.error(192, when=not all(node[name] for name in ("SOPNUMBE", "ITEMNMBR", "CUSTNMBR", "LNITMSEQ")))
    node.check_range({"SOPTYPE": 194}, range(1, 7))
    node.error(7469, when=node["QUANTITY"] < 0 and node["SOPTYPE"] != 3)
    node.check_range(_FLAGS)
    node.check_range({"AUTOALLOCATESERIAL": 3907, "AUTOALLOCATELOT": 3909}, range(3))
    node.check_range({"QtyShrtOpt": 6259}, range(1, 7))
    buckets = sum((node[name] for name in _BUCKETS), ZERO)
    node.error(3912, when=node["SOPTYPE"] == 4 and buckets != node["QUANTITY"])
    node.error(8502, when=node["SOPTYPE"] != 4 and buckets != 0)


def _check_facts(node: Node, x: Row) -> None:
    node.error(193, when=x["kit"] is None)
    inventoried = node["NONINVEN"] == 0
    node.error(198, when=inventoried and x["itemnmbr"] is None)
    node.error(3910, when=x["present"] and node["UpdateIfExists"] == 0)
    node.error(4065, when=node["UpdateIfExists"] == 1 and not x["present"])
    node.error(3467, when=bool(node["DOCID"]) and x["docid"] is None)
    node.error(196, when=bool(node["LOCNCODE"]) and x["known_site"] is None)
    node.error(11811, when=x["site_inactive"] == 1)
    if inventoried and x["itemnmbr"] is not None:
        node.error(3915, when=bool(node["CMPITUOM"]) and x["uofm"] is None)
        node.error(197, when=x["known_site"] is not None and x["itemtype"] in {1, 2} and x["stocked"] is None)
        node.error(11812, when=x["stock_inactive"] == 1)


def _insert(node: Node, x: Row) -> None:
    quantity = node["QUANTITY"] + node["QTYCANCE"] + node["QTYTBAOR"]
    base = x["qtybsuom"] or Decimal(1)
    cost = x["stndcost"] if x["vctnmthd"] in {4, 5} else x["currcost"]
    unit = node["UNITCOST"] if node["UNITCOST"] is not None else (cost or ZERO) * base
    allocates = node["SOPTYPE"] in {2, 3, 6} and x["stocked"] is not None and (x["allocaby"] or 1) == 1
    allocated = node["QUANTITY"] if allocates else ZERO
    key = {"SOPNUMBE": node["SOPNUMBE"], "SOPTYPE": node["SOPTYPE"], "LNITMSEQ": node["LNITMSEQ"]}
    place = node["CMPNTSEQ"] or ((x["last"] or 0) // _STEP + 1) * _STEP
    row = {
        **key, "CMPNTSEQ": place, "ITEMNMBR": x["itemnmbr"] or node["ITEMNMBR"],
        "ITEMDESC": node["ITEMDESC"] or x["itemdesc"] or "", "NONINVEN": node["NONINVEN"],
        "UOFM": x["uofm"] or node["CMPITUOM"] or "Each", "LOCNCODE": x["known_site"] or x["kit_site"] or "",
        "QUANTITY": quantity, "ATYALLOC": allocated, "QTYTBAOR": node["QTYTBAOR"], "QTYCANCE": node["QTYCANCE"],
        "QTYREMAI": quantity - node["QTYCANCE"], "QTYBSUOM": base, "UNITCOST": unit, "ORUNTCST": unit,
        "EXTDCOST": rounded(unit * quantity, 2), "OREXTCST": rounded(unit * quantity, 2),
        **{name: node[name] for name in _BUCKETS}, "CURRNIDX": x["currnidx"] or 0, "DECPLQTY": x["decplqty"] or 1,
        "ODECPLCU": x["odecplcu"] or 3, "PURCHSTAT": 1,
    }  # fmt: skip
    if x["present"]:
        node.update(
            "SOP10200", {n: v for n, v in row.items() if n not in {*key, "CMPNTSEQ"}}, {**key, "CMPNTSEQ": place}
        )
    else:
        node.insert("SOP10200", row)
    move_stock(node, str(row["ITEMNMBR"]), str(row["LOCNCODE"]), allocated * base, node["QTYTBAOR"] * base)
