"""taSopUserDefined: the user-defined fields of a sales document, SOP10106."""

from __future__ import annotations

from gp_prestashop.sandbox.gp.calls import ProcedureResult
from gp_prestashop.sandbox.gp.node import Node

__all__ = ["execute"]

_TEXTS = ("USRTAB01", "USRTAB09", "USRTAB03", "USERDEF1", "USERDEF2", "USRDEF03", "USRDEF04", "USRDEF05")
_DATES = ("USRDAT01", "USRDAT02")


def execute(node: Node) -> ProcedureResult:
    """NULL keeps a stored field; the header's comment in the same row is left alone."""
    if not node.check_not_null(134, except_for=_DATES):
        return node.result()
    node.error(135, when=not (node["SOPTYPE"] and node["SOPNUMBE"]))
    node.check_range({"SOPTYPE": 136}, range(1, 7))
    if not node.errors:
        fields = {name: node[name] for name in _TEXTS if node[name] is not None}
        fields |= {name: node[name] for name in _DATES if node[name] is not None}
        key = {"SOPTYPE": node["SOPTYPE"], "SOPNUMBE": node["SOPNUMBE"]}
        node.insert("SOP10106", {**key, **fields}, or_update="SOPTYPE, SOPNUMBE")
    return node.result()
