"""From a suggested pair to an expression of the mapping language. Every one is compiled before anybody sees it as usable."""

from __future__ import annotations

from collections.abc import Collection

from gp_prestashop.mapping.shapes import Column

__all__ = ["drafted"]

# Ids of the shop that another flow turns into keys of GP, and lists that turn ids into names.
_FLOWS = {"id_customer": "customers"}
_LISTS = {
    "id_country": ("prestashop.countries", "name"),
    "id_state": ("prestashop.states", "iso_code"),
    "id_currency": ("prestashop.currencies", "iso_code"),
}
_MAPS = {
    "id_carrier": "carriers", "id_default_group": "customer_classes", "id_group": "price_levels", "current_state": "order_states", "module": "payment_modules",
    "id_tax_rules_group": "tax_schedules", "id_category_default": "item_classes", "id_warehouse": "sites",
}  # fmt: skip


def drafted(
    name: str, source: Column | None, target: Column, *, resource: str, flows: Collection[str], lists: Collection[str]
) -> str:
    """The likeliest expression for one field in one column: a look-up for ids, a cast for dates, a fitted text for text."""
    if name == "id" and target.type.startswith("VARCHAR"):
        return f"pad(id, {min(8, target.max_length or 8)})"
    if name in _FLOWS and _FLOWS[name] in flows and _FLOWS[name] != resource:
        return f"xref('{_FLOWS[name]}', {name})"
    if name in _LISTS and _LISTS[name][0] in lists:
        return _fitted(f"lookup('{_LISTS[name][0]}', {name}, '{_LISTS[name][1]}')", target)
    if name in _MAPS:
        return f"value('{_MAPS[name]}', {name})"
    kind = source.type if source is not None else "VARCHAR"
    if target.type == "DATE":
        return f"cast({name} as date)"
    if target.type.startswith("VARCHAR"):
        return _fitted(f"coalesce({name}, '')" if kind == "VARCHAR" else f"cast({name} as varchar)", target)
    if target.type.startswith("DECIMAL") and not kind.startswith("DECIMAL"):
        return f"cast({name} as {target.type})"
    if target.type in {"INTEGER", "BIGINT", "SMALLINT", "TINYINT"}:
        return f"cast({name} as integer)"
    return name


def _fitted(text: str, target: Column) -> str:
    return f"fit(latin({text}), {target.max_length})" if target.max_length else f"latin({text})"
