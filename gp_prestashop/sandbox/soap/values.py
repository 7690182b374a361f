"""SOAP elements to plain values: elements by local name, nil as None, arrays as lists."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from lxml import etree

__all__ = ["Call", "amount", "day", "flag", "items", "pick", "to_value"]

Call = tuple[str, dict[str, Any]]  # a procedure and its parameters, without their prefix

NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


def to_value(element: etree._Element) -> Any:
    """Text of a leaf, a dict of its children otherwise; a repeated child becomes a list."""
    if element.get(NIL) in ("true", "1"):
        return None
    children = [child for child in element if isinstance(child.tag, str)]
    if not children:
        return element.text or ""
    value: dict[str, Any] = {}
    for child in children:
        name, one = etree.QName(child).localname, to_value(child)
        if name in value:
            value[name] = [*value[name], one] if isinstance(value[name], list) else [value[name], one]
        else:
            value[name] = one
    return value


def pick(value: Any, *path: str) -> Any:
    """The value under a path of names, or None."""
    for name in path:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def items(value: Any, item: str) -> list[Any]:
    """The members of an array element."""
    found = pick(value, item)
    if found is None or found == "":
        return []
    return found if isinstance(found, list) else [found]


def amount(value: Any, *path: str) -> Decimal | None:
    """``Value`` of a MoneyAmount or Quantity, or None."""
    text = pick(value, *path, "Value")
    return Decimal(text) if text not in (None, "") else None


def day(value: Any, *path: str) -> datetime | None:
    """The date of an xs:dateTime."""
    text = pick(value, *path)
    return datetime.fromisoformat(str(text)[:10]) if text else None


def flag(value: Any, *path: str) -> int | None:
    """0 or 1 of an xs:boolean."""
    return {"true": 1, "1": 1, "false": 0, "0": 0}.get(str(pick(value, *path) or "").lower())
