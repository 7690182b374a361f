"""What taUpdateCreateCustomerRcd refuses."""

from __future__ import annotations

from gp_prestashop.sandbox.gp.node import Node, Row

__all__ = ["ADDRESS_FIELDS", "check_arguments", "check_facts"]

ADDRESS_FIELDS = (
    "CNTCPRSN", "ADDRESS1", "ADDRESS2", "ADDRESS3", "CITY", "STATE", "ZIPCODE", "CCode", "COUNTRY", "PHNUMBR1", "PHNUMBR2",
    "PHNUMBR3", "FAX", "UPSZONE", "SHIPMTHD", "TAXSCHID",
)  # fmt: skip
_NOT_NEGATIVE = (
    "CRLMTAMT", "CRLMTPAM", "CUSTDISC", "FINCHDLR", "FNCHPCNT", "MINPYDLR", "MINPYPCT", "MXWROFAM",
)  # fmt: skip
_FLAGS = {
    "HOLD": 1621, "INACTIVE": 1620, "SHIPCOMPLETE": 6330, "BALNCTYP": 1624, "CreateAddress": 1623, "UpdateIfExists": 1622,
    "UseCustomerClass": 7862, "RequesterTrx": 3715, "Send_Email_Statements": 7896, "KPCALHST": 7860, "KPERHIST": 7897,
    "KPTRXHST": 7861, "KPDSTHST": 7895, "Revalue_Customer": 5422, "Post_Results_To": 5423, "INCLUDEINDP": 7857,
    "DEFCACTY": 7863,
}  # fmt: skip
_RANGES: tuple[tuple[str, int, range], ...] = (
    ("CRLMTTYP", 4617, range(3)), ("FNCHATYP", 5893, range(3)), ("MINPYTYP", 5896, range(3)), ("MXWOFTYP", 7855, range(3)),
    ("STMTCYCL", 7898, range(1, 8)), ("ORDERFULFILLDEFAULT", 6327, range(1, 4)), ("CUSTPRIORITY", 6328, range(1, 101)),
)  # fmt: skip
# Parameter: error number when its value is not in its table (the column of the facts has the parameter's name).
_TABLES = {
    "TAXSCHID": 250, "SLPRSNID": 249, "SALSTERR": 5458, "PYMTRMID": 5421, "PRCLEVEL": 6231, "CCode": 6329, "CRCARDID": 94,
    "RATETPID": 7859, "CHEKBKID": 5420, "CURNCYID": 1327,
}  # fmt: skip


def check_arguments(node: Node) -> bool:
    """The arguments in themselves. False when the rest would make no sense."""
    if not node.check_not_null(32):
        return False
    node.error(33, when=not node["CUSTNMBR"])
    node.error(5403, when=any((node[name] or 0) < 0 for name in _NOT_NEGATIVE))
    node.error(1409, when=node["UseCustomerClass"] == 1 and not node["CUSTCLAS"])
    node.error(5897, when=(node["CUSTDISC"] or 0) > 100)
    node.error(7128, when=(node["CRLMTAMT"] or 0) > 0 and node["CRLMTTYP"] not in {None, 2})
    node.check_range(_FLAGS)
    for name, number, allowed in _RANGES:
        node.check_range({name: number}, allowed)
    return True


def check_facts(node: Node, x: Row) -> None:
    """The arguments against the tables."""
    exists = x["custnmbr"] is not None
    node.error(251, when=exists and node["UpdateIfExists"] == 0)
    node.error(495, when=bool(node["CUSTCLAS"]) and x["classid"] is None)
    for name, number in _TABLES.items():
        node.error(number, when=bool(node[name]) and not x[name.lower()])
    node.error(1305, when=bool(node["CURNCYID"]) and x["curncyid"] and not x["currency_access"])
    if exists:
        node.error(8074, when=node["BALNCTYP"] is not None and node["BALNCTYP"] != x["balnctyp"])
        open_business = x["documents"] or (x["custblnc"] or 0) != 0
        node.error(1410, when=node["INACTIVE"] == 1 and open_business)
    address = any(node[name] for name in ADDRESS_FIELDS)
    node.error(5518, when=address and not (node["ADRSCODE"] or (exists and x["adrscode"])))
