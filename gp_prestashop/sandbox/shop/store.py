"""The shop's rows in memory, with indexes for keyed filters."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import Any

from gp_prestashop.sandbox.shop.vocabulary import FIELDS

__all__ = ["Row", "ShopStore"]

Row = dict[str, Any]  # field → text, i18n fields → {language id: text}, "associations" → {name: [rows]}


class ShopStore:
    """Rows by resource and id. ``keys``: webservice key → resources it may read (None: all), or False when disabled."""

    def __init__(self, version: str = "8.2.1") -> None:
        self.version = version
        self.keys: dict[str, frozenset[str] | bool | None] = {}
        self.enabled = True
        self._rows: dict[str, dict[int, Row]] = {}
        self._indexes: dict[tuple[str, str], dict[str, list[int]]] = {}
        self._lock = threading.RLock()

    @property
    def resources(self) -> Mapping[str, Mapping[str, str]]:
        """Fields of each resource, in the shop's order, with their blank values."""
        return FIELDS[self.version]

    def load(self, rows: Mapping[str, Iterable[Row]]) -> None:
        """Add rows, or replace those with the same id."""
        with self._lock:
            for resource, added in rows.items():
                table = self._rows.setdefault(resource, {})
                table.update((int(row["id"]), row) for row in added)
                for key in [key for key in self._indexes if key[0] == resource]:
                    del self._indexes[key]

    def add_key(self, key: str, resources: Iterable[str] | None = None) -> None:
        """A webservice key; with ``resources`` it may read only these."""
        self.keys[key] = None if resources is None else frozenset(resources)

    def ids(self, resource: str) -> list[int]:
        with self._lock:
            return sorted(self._rows.get(resource, {}))

    def get(self, resource: str, identifier: int) -> Row | None:
        return self._rows.get(resource, {}).get(identifier)

    def matching(self, resource: str, field: str, values: Iterable[str]) -> list[int]:
        """Ids of rows whose field has one of these values, by index."""
        with self._lock:
            table = self._rows.get(resource, {})
            if field == "id":
                return sorted({int(v) for v in values if v.isdigit() and int(v) in table})
            index = self._indexes.get((resource, field))
            if index is None:
                index = self._indexes[resource, field] = {}
                for identifier, row in table.items():
                    index.setdefault(str(row.get(field, "")), []).append(identifier)
            return sorted({identifier for value in values for identifier in index.get(value, ())})
