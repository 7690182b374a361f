"""One door to both codecs: whatever format an answer came in, the same dictionaries come out."""

from __future__ import annotations

from typing import Any

from gp_prestashop.prestashop.json_codec import OnlyLanguage, decode_json, json_errors
from gp_prestashop.prestashop.unreadable import UnreadableError
from gp_prestashop.prestashop.xml_codec import decode_xml, xml_errors

__all__ = ["decode_entities", "decode_errors", "decode_list"]


def decode_list(
    body: bytes, *, i18n: frozenset[str] = frozenset(), only_language: OnlyLanguage | None = None, secrets: bool = False
) -> list[dict[str, Any]]:
    """All entities of a list answer, or UnreadableError: never half a list.

    The body's first byte tells the format, since some shops ignore ``output_format``.
    """
    if body.startswith((b"{", b"[")):
        return list(decode_json(body, i18n=i18n, only_language=only_language, secrets=secrets))
    return list(decode_xml(body, listed=True, secrets=secrets))


def decode_entities(body: bytes) -> list[dict[str, Any]]:
    """The entities that a write's XML answer repeats."""
    return list(decode_xml(body, listed=False))


def decode_errors(body: bytes) -> list[tuple[int, str]]:
    """PrestaShop's codes and messages, in either format; none if the body is something else."""
    try:
        return json_errors(body) if body.startswith((b"{", b"[")) else xml_errors(body)
    except UnreadableError:
        return []
