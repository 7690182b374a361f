"""Carriers: their tax group is kept apart from their row, for each shop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gp_prestashop.sandbox.shop.behaviour import Behaviour, Draft
from gp_prestashop.sandbox.shop.columns import whole
from gp_prestashop.sandbox.shop.store import Row, ShopStore

__all__ = ["BEHAVIOURS"]


def _tax_group(store: ShopStore, row: Row) -> Any:
    """A number from 8.0 on. The answer to the POST that sets it does not know it yet."""
    kept = store.get("carriers", whole(row["id"])) or {}
    if row is not kept and row.get("id_reference") is None:
        return "" if store.legacy else 0
    group = str(kept.get("id_tax_rules_group") or 0)
    return group if store.legacy else int(group)


def _before(draft: Draft) -> None:
    if draft.new:
        last = max((int(row["position"]) for row in draft.store.table("carriers").rows.values()), default=-1)
        draft.row["position"] = last + 1


def _after(draft: Draft) -> None:
    if draft.new:
        draft.store.change("carriers", draft.id, id_reference=str(draft.id))


BEHAVIOURS: Final[Mapping[str, Behaviour]] = {
    "carriers": Behaviour(readers={"id_tax_rules_group": _tax_group}, before=_before, after=_after)
}
