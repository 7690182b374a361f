"""taCreateInternetAddresses: e-mail and web addresses of a master record, SY01200."""

from __future__ import annotations

from gp_prestashop.sandbox.gp.calls import ProcedureResult
from gp_prestashop.sandbox.gp.node import Node

__all__ = ["execute"]

_FIELDS = (
    "INET1", "INET2", "INET3", "INET4", "INET5", "INET6", "INET7", "INET8", "INETINFO", "Messenger_Address",
    "EmailBccAddress", "EmailCcAddress", "EmailToAddress",
)  # fmt: skip
_ADDRESS_OPTIONAL = {"ITM", "SLP"}
_MASTERS = {  # Master_Type: look-up, its error number
    "SLP": ("{company}.rm00301 WHERE slprsnid = %(Master_ID)s", 653),
    "CUS": ("{company}.rm00101 WHERE custnmbr = %(Master_ID)s", 654),
    "ITM": ("{company}.iv00101 WHERE itemnmbr = %(Master_ID)s", 658),
    "CMP": ("{system}.sy01500 WHERE interid = %(Master_ID)s", 661),
}
_ADDRESSES = {
    "CUS": ("{company}.rm00102 WHERE custnmbr = %(Master_ID)s AND adrscode = %(ADRSCODE)s", 655),
    "CMP": ("{company}.sy00600 WHERE locatnid = %(ADRSCODE)s", 662),
}


def execute(node: Node) -> ProcedureResult:
    """Creates or replaces the row of Master_Type + Master_ID + ADRSCODE; vendors and employees are not kept here."""
    if not node.check_not_null(10900):
        return node.result()
    kind = node["Master_Type"] = node["Master_Type"].upper()
    node["Master_ID"] = node["Master_ID"].upper()
    node.error(10901, when=not kind)
    node.error(10902, when=not node["Master_ID"])
    node.error(10903, when=bool(kind) and kind not in _ADDRESS_OPTIONAL and not node["ADRSCODE"])
    node.error(656, when=kind == "VEN")
    node.error(659, when=kind == "EMP")
    for source, needed in ((_MASTERS, node["Master_ID"]), (_ADDRESSES, node["ADRSCODE"])):
        if kind in source and needed:
            where, number = source[kind]
            node.error(number, when=node.one(f"SELECT 1 AS found FROM {where}") is None)
    if not node.errors:
        key = {"Master_Type": kind, "Master_ID": node["Master_ID"], "ADRSCODE": node["ADRSCODE"]}
        node.insert("SY01200", {**key, **{n: node[n] for n in _FIELDS}}, or_update="Master_Type, Master_ID, ADRSCODE")
    return node.result()
