"""The shop's state: tables, keys, and what no webservice shows."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from gp_prestashop.sandbox.shop.shapes import SHAPES, Shape
from gp_prestashop.sandbox.shop.table import Row, Table

__all__ = ["ALL", "Key", "Row", "ShopStore"]

METHODS = ("GET", "PUT", "POST", "PATCH", "DELETE", "HEAD")
ALL = frozenset(METHODS)


@dataclass(frozen=True)
class Key:
    """A webservice key: the methods that it has on each resource (None: all on all)."""

    active: bool = True
    rights: Mapping[str, frozenset[str]] | None = None

    def methods(self, resource: str) -> frozenset[str]:
        return ALL if self.rights is None else self.rights.get(resource, frozenset())


class ShopStore:
    """Everything that the shop knows. ``lock`` is held for the length of a request, so each is seen whole or not at all.

    ``modules``: payment modules that are installed; ``cart_rules``: cart id → cart rules used in it, which the
    webservice can neither show nor set; ``default_language``: the one whose required texts must not be blank.
    """

    def __init__(self, version: str = "8.2.1") -> None:
        self.version = version
        self.shapes: Mapping[str, Shape] = SHAPES[version]
        self.keys: dict[str, Key] = {}
        self.enabled = True
        self.lock = threading.RLock()
        self.cart_rules: dict[int, list[int]] = {}
        self.files: dict[tuple[int, int], bytes] = {}  # (product, image) → picture
        self.default_language = "1"
        self.random = Random(1)
        self._modules: frozenset[str] | None = None
        self._tables: dict[str, Table] = {}
        self._numbers: dict[str, int] = {}

    @property
    def legacy(self) -> bool:
        """1.7: no PATCH, and JSON that keeps its blanks."""
        return self.version.startswith("1.")

    @property
    def name(self) -> str:
        shop = self.get("shops", 1)
        return str(shop["name"]) if shop else "Sandbox shop"

    @property
    def languages(self) -> list[str]:
        """Ids of the active languages."""
        return [str(one) for one in self.ids("languages") if self.row("languages", one).get("active") != "0"] or ["1"]

    def install_modules(self, *names: str) -> None:
        """From now on only these payment modules take orders; until then, any."""
        self._modules = frozenset(names)

    def has_module(self, name: str) -> bool:
        return self._modules is None or name in self._modules

    def add_key(self, key: str, resources: Iterable[str] | None = None, methods: Iterable[str] = ALL) -> None:
        """A webservice key; with ``resources`` it has ``methods`` on these only."""
        rights = None if resources is None else dict.fromkeys(resources, frozenset(methods))
        self.keys[key] = Key(rights=rights)

    def table(self, resource: str) -> Table:
        found = self._tables.get(resource)
        if found is None:
            found = self._tables.setdefault(resource, Table())
        return found

    def load(self, rows: Mapping[str, Iterable[Row]]) -> None:
        """Add rows, or replace those with the same id."""
        with self.lock:
            for resource, added in rows.items():
                table = self.table(resource)
                for row in added:
                    table.put(row)

    def ids(self, resource: str) -> Sequence[int]:
        """Ascending."""
        return list(self.table(resource).ids)

    def get(self, resource: str, identifier: int) -> Row | None:
        return self.table(resource).rows.get(identifier)

    def row(self, resource: str, identifier: int | str) -> Row:
        """A row that is known to exist."""
        return self.table(resource).rows[int(identifier)]

    def having(self, resource: str, field: str, value: object) -> list[Row]:
        """Rows whose field has this value, by id, from an index."""
        table = self.table(resource)
        return [table.rows[one] for one in table.having(field, [str(value)])]

    def add(self, resource: str, values: Mapping[str, object]) -> Row:
        """A new row with the next id; fields not named are blank."""
        table, shape = self.table(resource), self.shapes[resource]
        row: Row = {name: dict.fromkeys(self.languages, "") if f.i18n else f.null for name, f in shape.fields.items()}
        row |= {name: value for name, value in values.items() if name in row or name == "associations"}
        row["id"] = str(table.next_id())
        table.put(row)
        return row

    def change(self, resource: str, identifier: int | str, **values: object) -> Row:
        """Replace fields of a row."""
        row = self.row(resource, identifier) | values
        self.table(resource).put(row)
        return row

    def next_number(self, name: str, field: str) -> int:
        """The next of a series such as invoice numbers, after the highest that any order has."""
        if name not in self._numbers:
            self._numbers[name] = max(
                (int(row.get(field) or 0) for row in self.table("orders").rows.values()), default=0
            )
        self._numbers[name] += 1
        return self._numbers[name]
