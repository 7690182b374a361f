"""Webservice XML to plain dictionaries, one entity at a time, without entities, DTDs or network.

Scalars are text; a field per language is ``{language id: text}``; associations are lists under their own names, empty
ones left out, as in JSON. An element without content is ``""``: XML cannot tell null from blank.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from lxml import etree

from gp_prestashop.prestashop.secret_fields import SECRET_FIELDS
from gp_prestashop.prestashop.unreadable import unreadable

__all__ = ["check_answer", "decode_xml", "xml_errors", "xml_root"]

Entity = dict[str, Any]
LIST_DEPTH = 2  # <prestashop><orders><order>
SINGLE_DEPTH = 1  # <prestashop><order>


def decode_xml(body: bytes, *, listed: bool, secrets: bool = False) -> Iterator[Entity]:
    """Entities of a list answer (``listed``), or those that stand directly below the root.

    ``secrets`` keeps secret fields, for a PUT that must send them back; such entities never leave the connector.
    Raises UnreadableError, before it yields anything if the body does not begin as it must.
    """
    if not body.startswith((b"<?xml", b"<prestashop")):
        raise unreadable(body)
    wanted = LIST_DEPTH if listed else SINGLE_DEPTH
    depth = -1
    try:
        events = etree.iterparse(
            BytesIO(body), events=("start", "end"), resolve_entities=False, load_dtd=False, no_network=True
        )
        for event, element in events:
            if event == "start":
                depth += 1
                if depth == 0:
                    _check_root(element, body)
                elif depth == 1 and element.tag == "errors":
                    raise unreadable(body, "errors where data was due")
                continue
            depth -= 1
            if depth + 1 == wanted and isinstance(element.tag, str):
                yield _entity(element, secrets=secrets)
                element.clear(keep_tail=False)
    except etree.XMLSyntaxError as error:
        raise unreadable(body, str(error)) from None


def xml_root(body: bytes) -> etree._Element:
    """The whole answer as a tree (small answers: errors, the list of resources, schemas)."""
    if not body.startswith((b"<?xml", b"<prestashop")):
        raise unreadable(body)
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise unreadable(body, str(error)) from None
    _check_root(root, body)
    return root


def check_answer(body: bytes) -> None:
    """Raises UnreadableError for a body that is no answer to a write: another page, errors, or XML that breaks off."""
    if xml_root(body).find("errors") is not None:
        raise unreadable(body, "errors where data was due")


def xml_errors(body: bytes) -> list[tuple[int, str]]:
    """Codes and messages of ``<errors>``; none if the answer holds no errors."""
    return [
        (_number(error.findtext("code")), error.findtext("message") or "")
        for error in xml_root(body).iterfind("errors/error")
    ]


def _check_root(root: etree._Element, body: bytes) -> None:
    if root.tag != "prestashop":
        raise unreadable(body, f"the root element is {root.tag}")
    if root.getroottree().docinfo.internalDTD is not None:
        raise unreadable(body, "the answer carries a DTD")


def _entity(element: etree._Element, *, secrets: bool) -> Entity:
    entity: Entity = {"id": element.attrib["id"]} if "id" in element.attrib else {}
    for field in element:
        if not isinstance(field.tag, str) or (field.tag in SECRET_FIELDS and not secrets):
            continue
        if field.tag == "associations":
            for association in field:
                rows = [_entity(row, secrets=secrets) for row in association if isinstance(row.tag, str)]
                if rows:
                    entity[str(association.tag)] = rows
        elif field.find("language") is not None:
            entity[field.tag] = {str(text.get("id")): text.text or "" for text in field.iterfind("language")}
        else:
            entity[field.tag] = field.text or ""
    return entity


def _number(text: str | None) -> int:
    return int(text) if text and text.strip().isdigit() else 0
