"""The webservice's root: the resources that a key may use, and how."""

from __future__ import annotations

import json

from gp_prestashop.sandbox.shop.answers import HEAD, TAIL
from gp_prestashop.sandbox.shop.store import Key, ShopStore

__all__ = ["root_json", "root_xml"]

ORDER = ("GET", "PUT", "POST", "PATCH", "DELETE", "HEAD")


def root_xml(store: ShopStore, key: Key, base: str) -> str:
    methods = [one for one in ORDER if not (store.legacy and one == "PATCH")]
    listed = []
    for shape in store.shapes.values():
        rights = key.methods(shape.name)
        if not rights:
            continue
        flags = " ".join(f'{one.lower()}="{"true" if one in rights else "false"}"' for one in methods)
        address = f'xlink:href="{base}{shape.name}'
        schemas = "".join(
            f'<schema {address}?schema={one}" type="{one}"/>\n' for one in ("blank", "synopsis") if shape.schemas
        )
        listed.append(
            f'<{shape.name} {address}" {flags}>\n<description {address}" {flags}>\n{shape.description}</description>\n'
            f"{schemas}</{shape.name}>\n"
        )
    return f'{HEAD}<api shopName="{store.name}">\n{"".join(listed)}</api>\n{TAIL}'


def root_json(store: ShopStore, key: Key) -> str:
    return json.dumps([name for name in store.shapes if key.methods(name)], separators=(",", ":"))
