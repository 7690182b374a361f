"""Work documents that become history: SOP10100 and SOP10200 to SOP30200 and SOP30300."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from gp_prestashop.sandbox.gp.catalogue import catalogue

__all__ = ["move_statements"]


@cache
def _common(source: str, target: str) -> tuple[str, ...]:
    left, right = catalogue()[source].columns, catalogue()[target].columns
    return tuple(name.lower() for name in left if name in right and not name.startswith("DEX_ROW"))


def move_statements(company: str, changed: Mapping[str, str]) -> tuple[str, ...]:
    """Statements that move the document `%(number)s`, `%(type)s`; `changed`: SQL by header column of SOP30200."""
    header = _common("SOP10100", "SOP30200")
    values = ", ".join(changed.get(name, name) for name in header)
    lines = _common("SOP10200", "SOP30300")
    trail = changed.get("trxsorce", "trxsorce")
    line_values = ", ".join(trail if name == "trxsorce" else name for name in lines)
    where = "WHERE sopnumbe = %(number)s AND soptype = %(type)s"
    return (
        f"INSERT INTO {company}.sop30200 ({', '.join(header)}) SELECT {values} FROM {company}.sop10100 {where}",
        f"INSERT INTO {company}.sop30300 ({', '.join(lines)}) SELECT {line_values} FROM {company}.sop10200 {where}",
        f"DELETE FROM {company}.sop10200 {where}",
        f"DELETE FROM {company}.sop10100 {where}",
    )
