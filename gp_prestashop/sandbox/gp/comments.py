"""Comments of documents and lines: COMMENT_1..4 (50 characters each) and the long text CMMTTEXT."""

from __future__ import annotations

import textwrap

from gp_prestashop.sandbox.gp.node import Node

__all__ = ["comment_row"]

_FIELDS = ("COMMENT_1", "COMMENT_2", "COMMENT_3", "COMMENT_4")
_WIDTH = 50


def comment_row(node: Node) -> dict[str, object]:
    """The comment columns of SOP10106 or SOP10202; {} when the call has no comment.

    A CMMTTEXT is split over the four fields, between words where that is possible, and kept whole besides. A comment id
    alone brings the text of SY04200.
    """
    text = node["CMMTTEXT"] or ""
    if not text and node["COMMNTID"] and not node.given(*_FIELDS):
        named = node.one("SELECT cmmttext FROM {company}.sy04200 WHERE commntid = %(COMMNTID)s")
        text = named["cmmttext"] if named else ""
    if text:
        parts = [part for line in text.splitlines() for part in textwrap.wrap(line, _WIDTH)][:4]
        return {**dict(zip(_FIELDS, [*parts, "", "", "", ""], strict=False)), "CMMTTEXT": text}
    if not node.given(*_FIELDS):
        return {}
    lines = [node[name] for name in _FIELDS]
    return {**dict(zip(_FIELDS, lines, strict=True)), "CMMTTEXT": "\r".join(line for line in lines if line)}
