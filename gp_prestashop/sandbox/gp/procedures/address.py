"""taCreateCustomerAddress: an address of a customer, RM00102; the main one is repeated on RM00101."""

from __future__ import annotations

from gp_prestashop.sandbox.gp.calls import ProcedureResult
from gp_prestashop.sandbox.gp.node import Node
from gp_prestashop.sandbox.gp.shipping import ensure_shipping_method

__all__ = ["execute"]

_COLUMNS = {
    **{name: name for name in (
        "SLPRSNID", "UPSZONE", "SHIPMTHD", "TAXSCHID", "CNTCPRSN", "ADDRESS1", "ADDRESS2", "ADDRESS3", "COUNTRY", "CITY",
        "STATE", "FAX", "GPSFOINTEGRATIONID", "INTEGRATIONSOURCE", "INTEGRATIONID", "CCode", "LOCNCODE", "SALSTERR",
        "USERDEF1", "USERDEF2", "ShipToName", "Print_Phone_NumberGB",
    )},
    "ZIP": "ZIPCODE", "PHONE1": "PHNUMBR1", "PHONE2": "PHNUMBR2", "PHONE3": "PHNUMBR3",
}  # fmt: skip
_ON_CUSTOMER = (
    "CNTCPRSN", "ADDRESS1", "ADDRESS2", "ADDRESS3", "COUNTRY", "CITY", "STATE", "ZIP", "PHONE1", "PHONE2", "PHONE3", "FAX",
    "CCode", "UPSZONE", "SHIPMTHD", "TAXSCHID",
)  # fmt: skip
_FACTS = """
SELECT c.custnmbr, c.custname, c.adrscode AS main, a.adrscode,
       EXISTS (SELECT 1 FROM {company}.tx00101 WHERE taxschid = %(TAXSCHID)s) AS taxschid,
       EXISTS (SELECT 1 FROM {company}.rm00301 WHERE slprsnid = %(SLPRSNID)s) AS slprsnid,
       EXISTS (SELECT 1 FROM {company}.rm00303 WHERE salsterr = %(SALSTERR)s) AS salsterr,
       EXISTS (SELECT 1 FROM {company}.iv40700 WHERE locncode = %(LOCNCODE)s) AS locncode,
       EXISTS (SELECT 1 FROM {company}.vat10001 WHERE ccode = %(CCode)s) AS ccode
FROM (SELECT 1) one
LEFT JOIN {company}.rm00101 c ON c.custnmbr = %(CUSTNMBR)s
LEFT JOIN {company}.rm00102 a ON a.custnmbr = %(CUSTNMBR)s AND a.adrscode = %(ADRSCODE)s
"""
_TABLES = {"TAXSCHID": 117, "SLPRSNID": 8285, "SALSTERR": 6309, "LOCNCODE": 6308, "CCode": 6307}


def execute(node: Node) -> ProcedureResult:
    """NULL elements keep what is stored, '' blanks it."""
    if not node.check_not_null(98):
        return node.result()
    node.error(99, when=not node["CUSTNMBR"])
    node.error(107, when=not node["ADRSCODE"])
    node.check_range({"UpdateIfExists": 9365, "RequesterTrx": 3618})
    node.check_range({"Print_Phone_NumberGB": 11762}, range(5))
    x = node.row(_FACTS)
    node.error(118, when=bool(node["CUSTNMBR"]) and x["custnmbr"] is None)
    for name, number in _TABLES.items():
        node.error(number, when=bool(node[name]) and not x[name.lower()])
    node.error(9366, when=x["adrscode"] is not None and node["UpdateIfExists"] == 0)
    if node.errors:
        return node.result()
    ensure_shipping_method(node, node["SHIPMTHD"] or "")
    key = {"CUSTNMBR": node["CUSTNMBR"], "ADRSCODE": node["ADRSCODE"]}
    given = {column: node[name] for column, name in _COLUMNS.items() if node[name] is not None}
    if x["adrscode"] is not None:
        node.update("RM00102", {**given, "MODIFDT": node.today}, key)
    else:
        node.insert("RM00102", {**key, **given, "CREATDDT": node.today, "MODIFDT": node.today})
    on_customer = {name: given[name] for name in _ON_CUSTOMER if name in given}
    if on_customer and (x["main"] or "").upper() == node["ADRSCODE"]:
        node.update("RM00101", {**on_customer, "MODIFDT": node.today}, {"CUSTNMBR": node["CUSTNMBR"]})
    return node.result()
