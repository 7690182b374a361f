"""Categories, manufacturers, suppliers and product options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gp_prestashop.sandbox.shop.behaviour import Behaviour, Draft, Request
from gp_prestashop.sandbox.shop.columns import whole
from gp_prestashop.sandbox.shop.slug import slug
from gp_prestashop.sandbox.shop.store import Row, ShopStore

__all__ = ["BEHAVIOURS"]


def _slug(store: ShopStore, row: Row) -> str:
    return slug(str(row.get("name") or ""), legacy=store.legacy)


def _saved_slug(store: ShopStore, row: Row) -> str:
    """A supplier has its link only once it is read back."""
    return _slug(store, row) if row.get("link_rewrite") is not None else ""


def _depth(draft: Draft) -> None:
    parent = draft.store.get("categories", whole(draft.row.get("id_parent") or 0))
    draft.row["level_depth"] = int(parent["level_depth"]) + 1 if parent else 0
    draft.row["id_shop_default"] = draft.row.get("id_shop_default") or "1"


def _children(store: ShopStore, row: Row) -> list[Row]:
    return [{"id": one["id"]} for one in store.having("categories", "id_parent", row["id"]) if one["id"] != row["id"]]


def _products(store: ShopStore, row: Row) -> list[Row]:
    return [{"id": str(one)} for one in store.table("products").having("@categories", [str(row["id"])])]


def _products_below(store: ShopStore, row: Row) -> str:
    """getWsNbProductsRecursive counts every product once some category below has one: PrestaShop's own slip."""
    products = store.table("products")
    if products.having("@categories", _descendants(store, str(row["id"]))):
        return str(sum(1 for one in products.rows.values() if one.get("associations", {}).get("categories")))
    return str(len(products.having("@categories", [str(row["id"])])) or -1)


def _descendants(store: ShopStore, identifier: str) -> set[str]:
    found: set[str] = set()
    waiting = [identifier]
    while waiting:
        for child in store.having("categories", "id_parent", waiting.pop()):
            if child["id"] not in found and child["id"] != identifier:
                found.add(child["id"])
                waiting.append(child["id"])
    return found


def _delete_category(request: Request, row: Row) -> bool:
    """With everything below it; products lose the membership, not their being."""
    store = request.store
    gone = {row["id"], *_descendants(store, row["id"])}
    for category in gone:
        store.table("categories").remove(int(category))
    for one in store.table("products").having("@categories", gone):
        associations = store.row("products", one)["associations"]
        kept = [each for each in associations["categories"] if each["id"] not in gone]
        store.change("products", one, associations=associations | {"categories": kept})
    return True


def _place_option(draft: Draft) -> None:
    draft.row["is_color_group"] = "1" if draft.row["group_type"] == "color" else "0" if draft.store.legacy else ""
    _place(draft, list(draft.store.table("product_options").rows.values()))


def _place_value(draft: Draft) -> None:
    group = whole(draft.row["id_attribute_group"])
    _place(draft, draft.store.having("product_option_values", "id_attribute_group", group))


def _place_feature(draft: Draft) -> None:
    _place(draft, list(draft.store.table("product_features").rows.values()))


def _place(draft: Draft, others: list[Row]) -> None:
    """Without a position of its own a new row comes last."""
    if draft.new and whole(draft.row.get("position") or 0) <= 0:
        draft.row["position"] = max((int(one["position"]) for one in others), default=-1) + 1


def _addresses(store: ShopStore, row: Row) -> list[Row]:
    return [
        {"id": one["id"]} for one in store.having("addresses", "id_manufacturer", row["id"]) if one["deleted"] == "0"
    ]


def _values(store: ShopStore, row: Row) -> list[Row]:
    return [{"id": one["id"]} for one in store.having("product_option_values", "id_attribute_group", row["id"])]


def _delete_option(request: Request, row: Row) -> bool:
    for one in request.store.having("product_option_values", "id_attribute_group", row["id"]):
        request.store.table("product_option_values").remove(int(one["id"]))
    return False


BEHAVIOURS: Final[Mapping[str, Behaviour]] = {
    "categories": Behaviour(
        readers={"nb_products_recursive": _products_below},
        associations={"categories": _children, "products": _products},
        before=_depth,
        deleted=_delete_category,
    ),
    "manufacturers": Behaviour(
        readers={"link_rewrite": _slug},
        associations={"addresses": _addresses},
    ),
    "suppliers": Behaviour(readers={"link_rewrite": _saved_slug}),
    "product_options": Behaviour(
        associations={"product_option_values": _values}, before=_place_option, deleted=_delete_option
    ),
    "product_option_values": Behaviour(before=_place_value),
    "product_features": Behaviour(before=_place_feature),
}
