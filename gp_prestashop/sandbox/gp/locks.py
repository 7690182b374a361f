"""Row locks of GP clients and of eConnect: tempdb..DEX_LOCK."""

from __future__ import annotations

from gp_prestashop.sandbox.gp.node import Node

__all__ = ["document_locked", "receivable_locked"]

_LOCKED = """
SELECT 1 AS locked FROM {company}.sop10100 h
JOIN tempdb.dex_lock k ON k.row_id = h.dex_row_id AND k.table_path_name = %(path)s
WHERE h.sopnumbe = %(number)s AND h.soptype = %(type)s
"""

_RECEIVABLE_LOCKED = """
SELECT 1 AS locked FROM {company}.rm20101 d
JOIN tempdb.dex_lock k ON k.row_id = d.dex_row_id AND k.table_path_name = %(path)s
WHERE d.rmdtypal = %(type)s AND d.docnumbr = %(number)s
"""


def document_locked(node: Node, kind: int, number: str) -> bool:
    """Does another session hold the sales document?"""
    path = f"{node.company.upper()}.dbo.SOP10100"
    return node.one(_LOCKED, {"path": path, "number": number, "type": kind}) is not None


def receivable_locked(node: Node, kind: int, number: str) -> bool:
    """Does another session hold the open receivables document?"""
    path = f"{node.company.upper()}.dbo.RM20101"
    return node.one(_RECEIVABLE_LOCKED, {"path": path, "number": number, "type": kind}) is not None
