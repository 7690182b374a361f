"""Products: what is computed of them, and what comes and goes with them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from gp_prestashop.sandbox.shop.behaviour import Behaviour, Draft, Request
from gp_prestashop.sandbox.shop.columns import whole
from gp_prestashop.sandbox.shop.refusal import Refusal
from gp_prestashop.sandbox.shop.resources import stock
from gp_prestashop.sandbox.shop.slug import slug
from gp_prestashop.sandbox.shop.store import Row, ShopStore

__all__ = ["BEHAVIOURS"]


def _manufacturer_name(store: ShopStore, row: Row) -> Any:
    found = store.get("manufacturers", whole(row.get("id_manufacturer") or 0))
    return found["name"] if found else False


def _type(_store: ShopStore, row: Row) -> str:
    if str(row.get("cache_is_pack")) == "1":
        return "pack"
    return "virtual" if str(row.get("is_virtual")) == "1" else "simple"


def _set_type(draft: Draft, text: str) -> None:
    draft.row["is_virtual"] = "1" if text == "virtual" else draft.row.get("is_virtual")


def _ignore(_draft: Draft, _text: str) -> None:
    """Defaults that follow from other rows."""


def _check_position(draft: Draft, text: str) -> None:
    """Product::setWsPositionInCategory takes a place among the products that its default category has; others are not moved here."""
    if whole(text) <= 0:
        raise Refusal(500, (134, "You cannot set 0 or a negative position, the minimum is 1."))
    category = str(draft.row.get("id_category_default") or "")
    if whole(text) > len(draft.store.table("products").having("@categories", [category])):
        raise Refusal(
            500,
            (
                135,
                "You cannot set a position greater than the total number of products in the category, starting at 1.",
            ),
        )


def _default_combination(store: ShopStore, row: Row) -> int | str:
    """A number, but for 1.7's text where there is one."""
    stored = store.get("products", int(row["id"])) or row
    found = whole(stored.get("cache_default_attribute") or 0) if _combinations(store, row) else 0
    return str(found) if store.legacy and found else found


def _cover(store: ShopStore, row: Row) -> str:
    pictures = _kept(store, row, "images")
    return str(pictures[0]["id"]) if pictures else ""


def _position(store: ShopStore, row: Row) -> str:
    """Its place among the products of its default category, which is the order of their coming."""
    category = str(row.get("id_category_default") or "")
    if not any(one["id"] == category for one in _kept(store, row, "categories")):
        return ""
    return str(row.get("position_in_category") or "")


def _kept(store: ShopStore, row: Row, name: str) -> list[Row]:
    stored = store.get("products", int(row["id"])) or {}
    rows: list[Row] = stored.get("associations", {}).get(name, [])
    return rows


def _combinations(store: ShopStore, row: Row) -> list[Row]:
    return [{"id": one["id"]} for one in store.having("combinations", "id_product", row["id"])]


def _option_values(store: ShopStore, row: Row) -> list[Row]:
    """Values of all its combinations, each once."""
    found: dict[str, Row] = {}
    for combination in store.having("combinations", "id_product", row["id"]):
        for value in combination.get("associations", {}).get("product_option_values", []):
            found[value["id"]] = {"id": value["id"]}
    return [found[one] for one in sorted(found, key=int)]


def _stock(store: ShopStore, row: Row) -> list[Row]:
    return [
        {"id": one["id"], "id_product_attribute": one["id_product_attribute"]}
        for one in store.having("stock_availables", "id_product", row["id"])
    ]


def _modify(draft: Draft) -> None:
    """Defaults; and modifierWsLinkRewrite: every name gets a web address, made of what was sent or of the name."""
    draft.row |= {"condition": draft.row["condition"] or "new", "visibility": draft.row["visibility"] or "both"}
    names, links = draft.row.get("name"), draft.row.get("link_rewrite")
    if draft.method == "PATCH" or not isinstance(names, dict):
        return
    found = dict(links) if isinstance(links, dict) else {}
    for language, name in names.items():
        if not re.fullmatch(r"[_a-zA-Z0-9-]+", found.get(language) or ""):
            found[language] = slug(found.get(language) or name, legacy=draft.store.legacy)
    draft.row["link_rewrite"] = found


def _before(draft: Draft) -> None:
    if draft.new:
        draft.row["id_shop_default"] = draft.row["id_shop_default"] or "1"


def _after(draft: Draft) -> None:
    store = draft.store
    if draft.new:
        stock.open_row(store, draft.id, orderable=str(draft.row.get("is_virtual")) == "1")
    row = store.row("products", draft.id)
    changes: Row = {
        "quantity": "0",
        "new": None,
        "indexed": "1" if row["active"] == "1" or draft.new else row["indexed"],
    }
    old = {one["id"] for one in (draft.old or {}).get("associations", {}).get("categories", [])}
    new = {one["id"] for one in row["associations"].get("categories", [])}
    category = row["id_category_default"]
    if category in new and (category not in old or category != (draft.old or {}).get("id_category_default")):
        changes["position_in_category"] = str(
            len(set(store.table("products").having("@categories", [category])) - {draft.id}) + 1
        )
    elif draft.old is not None:
        changes["position_in_category"] = draft.old.get("position_in_category")
    store.change("products", draft.id, **changes)
    draft.row["position_in_category"] = store.row("products", draft.id)["position_in_category"]


def _deleted(request: Request, row: Row) -> bool:
    store = request.store
    for resource in ("stock_availables", "combinations", "specific_prices", "product_suppliers"):
        for one in store.having(resource, "id_product", row["id"]):
            store.table(resource).remove(int(one["id"]))
    return False


BEHAVIOURS: Final[Mapping[str, Behaviour]] = {
    "products": Behaviour(
        readers={
            "manufacturer_name": _manufacturer_name,
            "type": _type,
            "id_default_combination": _default_combination,
            "id_default_image": _cover,
            "position_in_category": _position,
        },
        associations={
            "combinations": _combinations,
            "product_option_values": _option_values,
            "stock_availables": _stock,
        },
        setters={
            "type": _set_type,
            "id_default_combination": _ignore,
            "id_default_image": _ignore,
            "position_in_category": _check_position,
        },
        modify=_modify,
        before=_before,
        after=_after,
        deleted=_deleted,
    )
}
