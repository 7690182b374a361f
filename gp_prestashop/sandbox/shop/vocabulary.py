"""Names of the webservice: resources, their entities, their associations, and where ids point."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

__all__ = ["ASSOCIATIONS", "FIELDS", "GETTERS", "entity_name", "link_target", "list_name"]

# Dynamic fields, which cannot be filtered (notFilterable in the recorded schemas).
GETTERS = {"shipping_number", "manufacturer_name", "type"}

# Association → (element of a row, resource that its id points to or "").
ASSOCIATIONS = {
    "order_rows": ("order_row", ""),
    "taxes": ("tax", "taxes"),
    "groups": ("group", "groups"),
    "cart_rows": ("cart_row", ""),
    "categories": ("category", "categories"),
    "products": ("product", "products"),
    "images": ("image", ""),
    "combinations": ("combination", "combinations"),
    "product_option_values": ("product_option_value", ""),
    "product_features": ("product_feature", ""),
    "tags": ("tag", ""),
    "stock_availables": ("stock_available", "stock_availables"),
    "attachments": ("attachment", ""),
    "accessories": ("product", "products"),
    "product_bundle": ("product", "products"),
    "addresses": ("address", "addresses"),
    "order_slip_details": ("order_slip_detail", ""),
}

_LINKS = {
    "id_address_delivery": "addresses",
    "id_address_invoice": "addresses",
    "current_state": "order_states",
    "id_order_state": "order_states",
    "id_default_group": "groups",
    "id_lang": "languages",
    "product_id": "products",
    "product_attribute_id": "combinations",
}

_LIST_NAMES = {"order_slip": "order_slips"}


def _read_fields() -> dict[str, dict[str, dict[str, str]]]:
    text = files("gp_prestashop.sandbox.world").joinpath("data/fields.json").read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text)
    return dict(data["fields"])


FIELDS = _read_fields()


def entity_name(resource: str) -> str:
    """``orders`` → ``order``, ``addresses`` → ``address``, ``taxes`` → ``tax``, ``categories`` → ``category``."""
    if resource == "order_slip":
        return resource
    for ending, replacement in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("s", "")):
        if resource.endswith(ending):
            return resource[: -len(ending)] + replacement
    return resource


def list_name(resource: str) -> str:
    """The element around a list."""
    return _LIST_NAMES.get(resource, resource)


def link_target(field: str, resources: Any) -> str | None:
    """The resource that a field's id points to, for its xlink:href."""
    if field in _LINKS:
        return _LINKS[field]
    if field.startswith("id_"):
        name = field[3:]
        for plural in (f"{name}s", f"{name}es", f"{name[:-1]}ies" if name.endswith("y") else ""):
            if plural in resources:
                return plural
    return None
