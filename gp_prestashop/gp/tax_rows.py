"""Tax rows as GP takes them: one for each tax detail of a line (795) or of a receivables document (262).

Several taxes of a shop may be one detail in GP: those of a state and its county, a tax before and after its edit (the shop
gives it a new id), or the shipping's and the lines'.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

__all__ = ["merged_taxes"]

Row = Mapping[str, Any]
AMOUNTS = ("TAXAMNT", "STAXAMNT", "FRTTXAMT", "MSCTXAMT")
BASES = ("TAXDTSLS", "TDTTXSLS")  # of a receivables document; a line's is its own, whatever its taxes are


def merged_taxes(rows: Iterable[Row]) -> list[Row]:
    """The rows in their order, those of one detail in one place added up."""
    merged: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        of_sales = "LNITMSEQ" in row
        place = (row.get("TAXTYPE") or 0, row.get("LNITMSEQ") or 0, str(row["TAXDTLID"]).upper())
        if place not in merged:
            merged[place] = dict(row)
            continue
        there = merged[place]
        for name in AMOUNTS if of_sales else (*AMOUNTS, *BASES):
            if row.get(name) is not None:
                there[name] = (there.get(name) or Decimal(0)) + row[name]
    return list(merged.values())
