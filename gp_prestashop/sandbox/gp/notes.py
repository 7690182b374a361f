"""Record notes: SY03900 by NOTEINDX."""

from __future__ import annotations

from decimal import Decimal

from gp_prestashop.sandbox.gp.node import Node

__all__ = ["save_note"]


def save_note(node: Node, index: Decimal, text: str | None) -> None:
    """Creates or replaces the note's text; NULL leaves it alone, '' deletes it."""
    if text is None:
        return
    if not text:
        node.run("DELETE FROM {company}.sy03900 WHERE noteindx = %(index)s", {"index": index})
        return
    row = {"NOTEINDX": index, "DATE1": node.today, "TIME1": node.clock_time, "TXTFIELD": text}
    node.insert("SY03900", row, or_update="NOTEINDX")
