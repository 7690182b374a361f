"""What an entity shows: its columns, what the shop computes on the way out, and its associations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gp_prestashop.sandbox.shop.behaviour import Behaviour
from gp_prestashop.sandbox.shop.behaviours import BEHAVIOURS
from gp_prestashop.sandbox.shop.display import Display
from gp_prestashop.sandbox.shop.shapes import Association, Field, Shape
from gp_prestashop.sandbox.shop.store import Row, ShopStore

__all__ = ["associated", "shown"]

_PLAIN = Behaviour()


def shown(store: ShopStore, shape: Shape, row: Row, display: Display) -> Iterator[tuple[Field, Any]]:
    """The fields on show, in the shop's order, with their values."""
    readers = BEHAVIOURS.get(shape.name, _PLAIN).readers
    for name, field in shape.fields.items():
        if display.shows(name):
            reader = readers.get(name)
            yield field, row.get(name) if reader is None else reader(store, row)


def associated(
    store: ShopStore, shape: Shape, row: Row, display: Display
) -> Iterator[tuple[Association, list[Row], frozenset[str]]]:
    """The associations on show with their rows, and which of the rows' fields (empty: all)."""
    computed = BEHAVIOURS.get(shape.name, _PLAIN).associations
    kept = row.get("associations", {})
    for name, association in shape.associations.items():
        names = display.inner(name)
        if names is not None:
            reader = computed.get(name)
            yield association, kept.get(name, []) if reader is None else reader(store, row), names
