"""Webservice JSON to the same dictionaries that :mod:`xml_codec` makes of XML.

Numbers, null and false are made text (XML knows nothing else). Only lists with ``display`` are trusted: from 8.0 on,
answers for one entity leave out every field that is empty or zero.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from gp_prestashop.prestashop.secret_fields import SECRET_FIELDS
from gp_prestashop.prestashop.unreadable import unreadable

__all__ = ["decode_json", "json_errors"]

OnlyLanguage = Callable[[], str]


def decode_json(
    body: bytes, *, i18n: frozenset[str] = frozenset(), only_language: OnlyLanguage | None = None, secrets: bool = False
) -> Iterator[dict[str, Any]]:
    """Entities of a list answer; ``[]`` is the empty list.

    ``i18n`` names the fields with a text for each language: shops with one language give plain text there, which is
    filed under ``only_language()``. Raises UnreadableError.
    """
    answer = _parsed(body)
    if answer == []:
        return
    rows = next(iter(answer.values())) if isinstance(answer, dict) and len(answer) == 1 else None
    if isinstance(answer, dict) and "errors" in answer:
        raise unreadable(body, "errors where data was due")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise unreadable(body, "no list of entities")
    for row in rows:
        yield _entity(row, i18n, only_language, secrets=secrets)


def json_errors(body: bytes) -> list[tuple[int, str]]:
    """Codes and messages of ``{"errors": […]}``; none if the answer holds no errors."""
    answer = _parsed(body)
    errors = answer.get("errors") if isinstance(answer, dict) else None
    if not isinstance(errors, list):
        return []
    return [(int(e["code"]) if str(e.get("code", "")).isdigit() else 0, str(e.get("message", ""))) for e in errors]


def _parsed(body: bytes) -> Any:
    if not body.startswith((b"{", b"[")):
        raise unreadable(body)
    try:
        return json.loads(body, parse_float=str, parse_int=str, parse_constant=str)
    except ValueError as error:
        raise unreadable(body, str(error)) from None


def _entity(
    row: Mapping[str, Any], i18n: frozenset[str], only_language: OnlyLanguage | None, *, secrets: bool
) -> dict[str, Any]:
    entity: dict[str, Any] = {}
    for name, value in row.items():
        if name in SECRET_FIELDS and not secrets:
            continue
        if name == "associations":
            for association, rows in value.items() if isinstance(value, dict) else ():
                found = [_entity(r, frozenset(), None, secrets=secrets) for r in _listed(rows) if isinstance(r, dict)]
                if found:
                    entity[association] = found
        elif isinstance(value, list):
            entity[name] = {str(text["id"]): _text(text.get("value")) for text in value if isinstance(text, dict)}
        elif name in i18n and only_language is not None:
            entity[name] = {only_language(): _text(value)}
        else:
            entity[name] = _text(value)
    return entity


def _listed(rows: Any) -> list[Any]:
    return rows if isinstance(rows, list) else list(rows.values()) if isinstance(rows, dict) else []


def _text(value: Any) -> str:
    if value is None or value is False:
        return ""
    return "1" if value is True else str(value)
