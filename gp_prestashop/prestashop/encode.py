"""Entities to the XML that the webservice takes. Request bodies are XML always: a JSON body is error 127."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from gp_prestashop.errors import DataError
from gp_prestashop.prestashop.resources import ResourceFacts

__all__ = ["encode"]

_FORBIDDEN = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])  # not in XML 1.0, in no escape either


def encode(known: ResourceFacts, entities: Iterable[Mapping[str, Any]]) -> bytes:
    """All entities directly below the root: a list around them is error 90. ``id`` comes first.

    Values: text, whole numbers, Decimal, bool (1/0), None (blank), ``{language id: text}``, and lists of objects for
    associations. Raises DataError for anything else.
    """
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n<prestashop xmlns:xlink="http://www.w3.org/1999/xlink">']
    for entity in entities:
        fields = sorted(entity.items(), key=lambda item: item[0] != "id")
        body = "".join(_field(name, value) for name, value in fields if not isinstance(value, list))
        lists = "".join(_association(known, name, value) for name, value in fields if isinstance(value, list))
        associations = f"<associations>{lists}</associations>" if lists else ""
        parts.append(f"<{known.entity}>{body}{associations}</{known.entity}>")
    parts.append("</prestashop>")
    return "".join(parts).encode()


def _field(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        content = "".join(f'<language id="{int(i)}">{_cdata(text)}</language>' for i, text in value.items())
    else:
        content = _cdata(_text(name, value))
    return f"<{_name(name)}>{content}</{name}>"


def _association(known: ResourceFacts, name: str, rows: list[Mapping[str, Any]]) -> str:
    if name not in known.associations:  # the shop would save the record and only then say error 86
        raise DataError("association_unknown", f"{known.name} has no association {name!r}.")
    entity = known.associations[name]["entity"]
    items = "".join(f"<{entity}>{''.join(_field(k, v) for k, v in row.items())}</{entity}>" for row in rows)
    return f"<{name}>{items}</{name}>"


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, str | int):
        return str(value)
    raise DataError("value_type", f"{name} cannot take a value of type {type(value).__name__}.")


def _cdata(text: str) -> str:
    """A CDATA section; ``]]>`` in a text is split over two, as a section cannot hold it."""
    clean = str(text).translate(_FORBIDDEN)
    return f"<![CDATA[{clean.replace(']]>', ']]]]><![CDATA[>')}]]>" if clean else ""


def _name(name: str) -> str:
    if not name.replace("_", "a").isalnum() or not name[0].isalpha() or not name.isascii():
        raise DataError("field_name", f"{name!r} is no field name.")
    return name
