"""The XML of a write, read as PHP's SimpleXML reads it."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from gp_prestashop.sandbox.shop.refusal import Refusal

__all__ = ["Entity", "entities"]


@dataclass(frozen=True)
class Entity:
    """One child of ``<prestashop>``: fields as texts, fields by language, associations as rows of texts."""

    fields: dict[str, str] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    associations: dict[str, list[dict[str, str]]] = field(default_factory=dict)


def entities(body: bytes) -> list[Entity]:
    """Every entity sent.

    Raises Refusal 500/127 for what is not XML, with the body in the message as the shop has it.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        text = body.decode("utf-8", "replace")
        message = f"XML error : String could not be parsed as XML\nXML length : {len(body)}\nOriginal XML : {text}"
        raise Refusal(500, (127, message)) from error
    return [_entity(one) for one in root if isinstance(one.tag, str)]


def _entity(element: etree._Element) -> Entity:
    found = Entity()
    for child in element:
        if not isinstance(child.tag, str) or child.tag in found.fields:
            continue  # of a repeated element the first counts
        name = etree.QName(child).localname
        if name == "associations":
            found.associations.update({_name(one): _rows(one) for one in child if isinstance(one.tag, str)})
            continue
        found.fields[name] = _text(child)
        languages = child.findall("language")
        if languages:
            found.texts[name] = {str(one.get("id", "")): _text(one) for one in languages}
    return found


def _rows(association: etree._Element) -> list[dict[str, str]]:
    return [
        {_name(one): _text(one) for one in row if isinstance(one.tag, str)}
        for row in association
        if isinstance(row.tag, str)
    ]


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname


def _text(element: etree._Element) -> str:
    """The element's own text, CDATA included, its children's not."""
    return (element.text or "") + "".join(child.tail or "" for child in element)
