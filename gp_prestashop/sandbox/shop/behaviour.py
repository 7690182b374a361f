"""What a resource does beyond keeping its fields: the hooks that a save, a read and a delete call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gp_prestashop.sandbox.shop.shapes import Shape
from gp_prestashop.sandbox.shop.store import Row, ShopStore

__all__ = ["Behaviour", "Draft", "Request", "stamp"]


@dataclass(frozen=True)
class Request:
    """What a write's hooks may know of the request. ``now`` is the shop's local time."""

    store: ShopStore
    now: datetime
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def stamp(self) -> str:
        return stamp(self.now)


@dataclass
class Draft:
    """An entity while it is saved: ``row`` as PHP's object has it (texts as sent, None where nothing is), ``old`` as stored."""

    request: Request
    shape: Shape
    method: str
    row: Row
    old: Row | None

    @property
    def store(self) -> ShopStore:
        return self.request.store

    @property
    def id(self) -> int:
        return int(self.row["id"])

    @property
    def new(self) -> bool:
        return self.old is None


Hook = Callable[[Draft], None]
Setter = Callable[[Draft, str], None]
Keeper = Callable[[Draft, list[Row]], list[Row]]


@dataclass(frozen=True)
class Behaviour:
    """All optional.

    ``readers``, ``associations``: values and rows computed from the tables; ``setters``: what a sent field does
    instead of being set; ``modify``: after all are set, before they are checked; ``before``: just before the row is stored (may refuse); ``after``: the row is stored;
    ``keepers``: the rows that an association stores of those sent; ``add``: replaces storing a new row;
    ``deleted``: instead of removing the row, True when it is dealt with.
    """

    readers: Mapping[str, Callable[[ShopStore, Row], Any]] = field(default_factory=dict)
    associations: Mapping[str, Callable[[ShopStore, Row], list[Row]]] = field(default_factory=dict)
    setters: Mapping[str, Setter] = field(default_factory=dict)
    modify: Hook | None = None
    before: Hook | None = None
    after: Hook | None = None
    add: Hook | None = None
    keepers: Mapping[str, Keeper] = field(default_factory=dict)
    deleted: Callable[[Request, Row], bool] | None = None


def stamp(moment: datetime) -> str:
    """A datetime column."""
    return moment.strftime("%Y-%m-%d %H:%M:%S")
