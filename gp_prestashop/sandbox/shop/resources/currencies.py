"""Currencies: what the shop knows of an ISO code fills the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gp_prestashop.sandbox.shop.behaviour import Behaviour, Draft
from gp_prestashop.sandbox.shop.refusal import Fatal

__all__ = ["BEHAVIOURS"]

# ISO 4217: numeric code, decimals
_ISO: Final = {
    "EUR": ("978", "2"), "USD": ("840", "2"), "GBP": ("826", "2"), "CHF": ("756", "2"), "CAD": ("124", "2"),
    "JPY": ("392", "0"), "SEK": ("752", "2"), "NOK": ("578", "2"), "DKK": ("208", "2"), "PLN": ("985", "2"),
    "AUD": ("036", "2"), "CZK": ("203", "2"), "HUF": ("348", "2"), "CNY": ("156", "2"), "INR": ("356", "2"),
}  # fmt: skip


def _before(draft: Draft) -> None:
    row = draft.row
    if draft.new and not draft.store.legacy and not row.get("symbol"):
        raise Fatal  # 8.2.1 stops in its localisation when there is no symbol
    numeric, precision = _ISO.get(str(row.get("iso_code")), ("0", "2"))
    if draft.new:
        row["numeric_iso_code"] = row.get("numeric_iso_code") or numeric
        row["precision"] = row.get("precision") or precision


def _after(draft: Draft) -> None:
    """Name and symbol, sent once, are those of each language."""
    row, store = draft.row, draft.store
    texts = {
        "names": row.get("names") or row.get("name"),
        "symbol": row.get("symbol"),
    }
    changes = {
        name: value if isinstance(value, dict) else dict.fromkeys(store.languages, value or "")
        for name, value in texts.items()
        if name in draft.shape.fields and draft.shape.fields[name].i18n
    }
    store.change("currencies", draft.id, **changes)


BEHAVIOURS: Final[Mapping[str, Behaviour]] = {"currencies": Behaviour(before=_before, after=_after)}
