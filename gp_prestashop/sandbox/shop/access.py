"""Who may do what: keys, resources, methods, with the shop's own refusals in its own order."""

from __future__ import annotations

import base64
import binascii

from gp_prestashop.sandbox.shop.refusal import Refusal, did_you_mean
from gp_prestashop.sandbox.shop.store import METHODS, Key, ShopStore

__all__ = ["check_method", "check_resource", "identify", "key_of"]

KEY_LENGTH = 32
_READ_ONLY = frozenset({"POST", "PUT", "PATCH", "DELETE"})
FORBIDDEN = {
    "search": _READ_ONLY,
    "stock_availables": frozenset({"POST", "DELETE"}),
    "stock_movements": _READ_ONLY,
    "stocks": _READ_ONLY,
    "supply_order_details": _READ_ONLY,
    "supply_order_histories": _READ_ONLY,
    "supply_order_receipt_histories": _READ_ONLY,
    "supply_order_states": _READ_ONLY,
    "supply_orders": _READ_ONLY,
    "warehouse_product_locations": _READ_ONLY,
    "warehouses": frozenset({"DELETE"}),
}


def key_of(authorization: str | None, in_query: str | None) -> str | None:
    """The key sent, None where there are no credentials at all."""
    if in_query is not None:
        return in_query
    scheme, _, encoded = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(encoded).decode("utf-8", "replace").partition(":")[0]
    except binascii.Error:
        return ""


def identify(store: ShopStore, key: str) -> Key:
    """Raises Refusal 503/22 or 401."""
    if not store.enabled:
        sentence = "The PrestaShop webservice is disabled. Please activate it in the PrestaShop Back Office"
        raise Refusal(503, (22, sentence))
    if key == "":
        raise Refusal(401, (17, "Authentication key is empty"))
    if len(key) != KEY_LENGTH:
        raise Refusal(401, (18, "Invalid authentication key format"))
    found = store.keys.get(key)
    if found is None or not found.active:
        inactive = (20, "Authentification key is not active")
        raise Refusal(401, inactive, (21, "No permission for this authentication key"))
    return found


def check_resource(store: ShopStore, key: Key, resource: str) -> None:
    """Raises Refusal 400/27 for a resource that is not there, 401/26 for one that the key has nothing on."""
    if resource == "":
        return
    if resource not in store.shapes:
        message = f'Resource of type "{resource}" does not exists'
        raise did_you_mean(400, message, resource, list(store.shapes), 27)
    if not key.methods(resource):
        raise Refusal(401, (26, f'Resource of type "{resource}" is not allowed with this authentication key'))


def check_method(store: ShopStore, key: Key, resource: str, method: str) -> None:
    """Raises Refusal 405."""
    if method not in METHODS or (method == "PATCH" and store.legacy):
        raise Refusal(405, (23, f"Method {method} is not valid"))
    if method in FORBIDDEN.get(resource, ()):
        raise Refusal(405, (101, f"Method {method} is not allowed for the resource {resource}"))
    if resource and method not in key.methods(resource):
        sentence = f"Method {method} is not allowed for the resource {resource} with this authentication key"
        raise Refusal(405, (25, sentence))
