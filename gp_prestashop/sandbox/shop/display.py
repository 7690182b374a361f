"""The ``display`` parameter: which fields an answer shows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gp_prestashop.sandbox.shop.refusal import Refusal
from gp_prestashop.sandbox.shop.shapes import Shape

__all__ = ["FULL", "IDS", "Display", "display_of"]


@dataclass(frozen=True)
class Display:
    """``fields`` None: ids only, or with ``full`` everything; ``associations``: fields by name, empty for all of them."""

    fields: frozenset[str] | None
    associations: dict[str, frozenset[str]] | None = None
    full: bool = False

    def shows(self, field: str) -> bool:
        return self.full or (self.fields is not None and field in self.fields)

    def inner(self, association: str) -> frozenset[str] | None:
        """Fields shown of an association's rows (empty: all), or None where it is not shown."""
        return frozenset() if self.full else (self.associations or {}).get(association)


IDS = Display(None)
FULL = Display(None, full=True)


def display_of(shape: Shape, text: str | None) -> Display:
    if not text or text == "minimum":
        return IDS
    if text == "full":
        return FULL
    if not (text.startswith("[") and text.endswith("]")):
        sentence = "The 'display' syntax is wrong. You can set 'full' or '[field_1,field_2,field_3,...]'."
        raise Refusal(400, (36, f"{sentence} These are available: {', '.join(shape.fields)}"))
    wanted: set[str] = set()
    associations: dict[str, frozenset[str]] = {}
    for name, inner in re.findall(r"(\w+)(?:\[([\w,]*)\])?", text[1:-1]):
        if name in shape.fields:
            wanted.add(name)
        elif name in shape.associations:
            associations[name] = frozenset(filter(None, inner.split(",")))
        else:
            known = ", ".join(shape.fields)
            raise Refusal(400, (35, f'Unable to display this field "{name}". However, these are available: {known}'))
    return Display(frozenset(wanted), associations)
