"""Things that products refer to by name: categories, manufacturers, suppliers, option groups and their values.

Each is looked up by its name (and parent) and made once when it is not there. Names compare without regard to case, in
any language, and as the shop can write them: signs that it refuses in a name are others there.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from typing import Any

from gp_prestashop.clock import Clock
from gp_prestashop.fresh import Fresh
from gp_prestashop.prestashop.client import PrestaShopClient
from gp_prestashop.prestashop.paging import pages
from gp_prestashop.prestashop.writer import ShopWriter

__all__ = ["Related", "slug"]

PARENTS = {"categories": "id_parent", "product_option_values": "id_attribute_group"}
SWEEP = 500
FRESH = 300  # seconds: people delete and rename categories, and add languages
# Signs that no name may hold (isGenericName), and those that are refused beside them in a catalogue's (isCatalogName).
REFUSED = str.maketrans({"<": " ", ">": " ", "=": "-", "{": "(", "}": ")"})
REFUSED_IN_CATALOGUE = REFUSED | str.maketrans({";": ",", "#": "no. "})
LONGEST = 64  # of a supplier's and a manufacturer's name, and of what items call a category
GENERIC = frozenset({"product_options", "product_option_values"})

Key = tuple[str, str]  # parent's id (blank without one), name in capitals


class Related:
    """Find or make. One for a process; what was read is kept for some minutes, and read again before anything is made."""

    def __init__(self, client: Callable[[], PrestaShopClient], writer: Callable[[], ShopWriter], clock: Clock) -> None:
        self._client = client
        self._writer = writer
        self._clock = clock
        self._known: dict[str, tuple[float, dict[Key, str]]] = {}  # with the time of reading
        self._languages = Fresh(self._read_languages, clock.monotonic, FRESH)
        self._lock = threading.RLock()

    def languages(self) -> list[tuple[str, str]]:
        """(id, ISO code) of every language of the shop, active or not: none shall stay without a name."""
        return self._languages.get()

    def _read_languages(self) -> list[tuple[str, str]]:
        rows = self._client().rows("languages", {"sort": "[id_ASC]"}, display=["id", "iso_code"])
        return [(row["id"], str(row["iso_code"]).lower()) for row in rows]

    def in_all_languages(self, text: str) -> dict[str, str]:
        return {identifier: text for identifier, _ in self.languages()}

    def find(self, resource: str, name: str, parent: str = "", *, fresh: bool = False) -> str | None:
        """The id, or None."""
        name = _writable(resource, name)
        with self._lock:
            read_at, _ = self._known.get(resource, (0.0, {}))
            if fresh or resource not in self._known or self._clock.monotonic() - read_at > FRESH:
                self._known[resource] = self._clock.monotonic(), self._read(resource)
            return self._known[resource][1].get((parent, _normal(name)))

    def ensure(self, resource: str, name: str, parent: str = "", **fields: Any) -> str:
        """The id of what has this name, made when there is nothing. Raises as a write does."""
        name = _writable(resource, name)
        with self._lock:
            found = self.find(resource, name, parent) or self.find(resource, name, parent, fresh=True)
            if found is None:
                (row,) = self._writer().create(resource, [{**self._entity(resource, name, parent), **fields}])
                found = self._known[resource][1][parent, _normal(name)] = str(row["id"])
            return found

    def _read(self, resource: str) -> dict[Key, str]:
        parent = PARENTS.get(resource)
        display = ("id", "name", parent) if parent else ("id", "name")
        found: dict[Key, str] = {}
        for page in pages(self._client(), resource, {}, SWEEP, display=display):
            for row in page:
                name = row.get("name")
                for text in name.values() if isinstance(name, Mapping) else [name]:
                    above = str(row[parent]) if parent else ""
                    found.setdefault((above, _normal(str(text or ""))), row["id"])
        return found

    def _entity(self, resource: str, name: str, parent: str) -> dict[str, Any]:
        texts = self.in_all_languages(name)
        match resource:
            case "categories":
                link = self.in_all_languages(slug(name))
                return {"id_parent": parent, "active": True, "name": texts, "link_rewrite": link}
            case "product_options":
                return {"group_type": "select", "is_color_group": False, "name": texts, "public_name": texts}
            case "product_option_values":
                return {"id_attribute_group": parent, "name": texts}
        return {"name": name, "active": True}


def slug(name: str) -> str:
    """As PrestaShop writes a friendly URL: small letters, digits and hyphens."""
    from anyascii import anyascii

    return re.sub(r"[^a-z0-9]+", "-", str(anyascii(name)).lower()).strip("-") or "x"


def _writable(resource: str, name: str) -> str:
    if resource in GENERIC:
        return " ".join(name.translate(REFUSED).split()) or "-"
    return " ".join(name.translate(REFUSED_IN_CATALOGUE).split())[:LONGEST].rstrip() or "-"


def _normal(name: str) -> str:
    return " ".join(name.split()).upper()
