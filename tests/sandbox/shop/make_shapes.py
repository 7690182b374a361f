"""Writes gp_prestashop/sandbox/shop/data/shapes.json: what each resource of both recorded versions is made of.

Fields, formats, sizes and rights come from the shops' own ``schema=synopsis`` answers, links and column types from
the rows that they gave. Run it from the repository's root: ``.venv/bin/python -m tests.sandbox.shop.make_shapes``.
A test says when the file is stale.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from lxml import etree

from tests.sandbox.shop.recordings import VERSIONS, Exchange, exchanges

TARGET = Path(__file__).parents[3] / "gp_prestashop" / "sandbox" / "shop" / "data" / "shapes.json"
HREF = "{http://www.w3.org/1999/xlink}href"
PARSER = etree.XMLParser(recover=True, resolve_entities=False)

INTEGERS = {
    "isBool",
    "isInt",
    "isUnsignedId",
    "isUnsignedInt",
    "isNullOrUnsignedId",
    "isPositiveInt",
    "isUnsignedNumber",
}
DECIMALS = {"isPrice", "isNegativePrice", "isFloat", "isUnsignedFloat", "isPercentage"}
DATES = {"isDate", "isDateFormat", "isDateOrNull", "isBirthDate"}

# Read from elsewhere, so that what comes back says nothing of the column.
ELSEWHERE = {("combinations", "quantity"), ("combinations", "location"), ("suppliers", "link_rewrite")}

# PrestaShop's links (webserviceParameters) of resources of which the recorded shops had no rows.
LINKS = {
    "product_suppliers": {
        "id_product": "products", "id_product_attribute": "combinations", "id_supplier": "suppliers",
        "id_currency": "currencies",
    },
    "customer_threads": {
        "id_lang": "languages", "id_shop": "shops", "id_customer": "customers", "id_order": "orders",
        "id_product": "products", "id_contact": "contacts",
    },
    "customer_messages": {"id_employee": "employees", "id_customer_thread": "customer_threads"},
}  # fmt: skip
# Text columns of which every recorded value looks like a number, and the class's name where it is not the entity's.
TEXTS = {"tax_rules.zipcode_from", "tax_rules.zipcode_to", "configurations.value", "carriers.grade"}
CLASSES = {
    "product_options": "AttributeGroup", "product_option_values": "ProductAttribute", "product_features": "Feature",
    "product_feature_values": "FeatureValue", "price_ranges": "RangePrice", "weight_ranges": "RangeWeight",
    "tax_rule_groups": "TaxRulesGroup", "content_management_system": "CMS", "stock_movements": "StockMvt",
    "stock_movement_reasons": "StockMvtReason", "product_customization_fields": "CustomizationField",
}  # fmt: skip


def main() -> None:
    TARGET.write_text(text(), encoding="utf-8")


def text() -> str:
    """One resource a line."""
    blocks = []
    for version in VERSIONS:
        lines = [f"{json.dumps(name)}: {_dump(shape)}" for name, shape in shapes(version).items()]
        blocks.append(f"{json.dumps(version)}: {{\n" + ",\n".join(lines) + "\n}")
    return "{\n" + ",\n".join(blocks) + "\n}\n"


def shapes(version: str) -> dict[str, Any]:
    recorded = exchanges(version)
    stored, links = _stored(recorded), _links(recorded)
    nulls = _nulls(recorded, stored)
    found = {}
    for name, (description, has_schema) in _root(recorded["api/root"]).items():
        shape: dict[str, Any] = {"description": description, "schemas": has_schema}
        synopsis = recorded.get(f"schema/{name}_synopsis")
        if name != "images" and synopsis and synopsis.status == 200 and synopsis.answer:
            shape |= _shape(name, synopsis, stored[name], links | LINKS.get(name, {}), nulls)
            shape["list"] = _wrapper(recorded.get(f"list/{name}_full_xml"), name)
        found[name] = shape
    return found


def _shape(name: str, synopsis: Exchange, stored: dict[str, list[Any]], links: dict[str, str], nulls: Any) -> Any:
    entity = etree.fromstring(synopsis.answer.encode())[0]
    fields = {}
    for element in entity:
        if element.tag == "associations":
            continue
        values = stored.get(element.tag, [])
        kind = _kind(name, element, values)
        field: dict[str, Any] = {"kind": kind}
        for ours, theirs in (("format", "format"), ("size", "maxSize")):
            if element.get(theirs):
                field[ours] = int(element.get(theirs)) if ours == "size" else element.get(theirs)
        for ours, theirs in (
            ("required", "required"),
            ("getter", "notFilterable"),
            ("readonly", "readOnly"),
            ("fixed", "read_only"),
        ):
            if element.get(theirs) == "true":
                field[ours] = True
        if len(element):
            field["i18n"] = True
        link = links.get(f"{name}.{element.tag}") or links.get(element.tag if name in LINKS else "")
        if link:
            field["link"] = link
        null = nulls.get((name, element.tag), _blank(kind))
        if null != _blank(kind):
            field["null"] = null
        fields[element.tag] = field
    camel = "".join(part.capitalize() for part in entity.tag.split("_"))
    shape = {"entity": entity.tag, "class": CLASSES.get(name, camel), "fields": fields}
    associations = entity.find("associations")
    if associations is not None:
        shape["associations"] = {one.tag: _association(one) for one in associations}
    return shape


def _association(element: Any) -> dict[str, Any]:
    row = element[0]
    fields = {}
    for child in row:
        field: dict[str, Any] = {}
        if child.get(HREF):
            field["link"] = child.get(HREF).partition("/api/")[2].strip("/")
        for ours, theirs in (("required", "required"), ("readonly", "readOnly")):
            if child.get(theirs) == "true":
                field[ours] = True
        fields[child.tag] = field
    found: dict[str, Any] = {"entity": element.get("nodeType"), "fields": fields}
    if element.get("api"):
        found["api"] = element.get("api")
    return found


def _kind(resource: str, element: Any, values: list[Any]) -> str:
    """int, decimal:SCALE, date, datetime or text."""
    form = element.get("format", "")
    texts = [str(value) for value in values if value not in (None, "")]
    if len(element) or f"{resource}.{element.tag}" in TEXTS:
        return "text"
    scales = {len(text.partition(".")[2]) for text in texts if re.fullmatch(r"-?\d+\.\d+", text)}
    if form in DECIMALS or (texts and not form and all(re.fullmatch(r"-?\d+\.\d+", text) for text in texts)):
        return f"decimal:{min(scales, default=6)}"
    if form in INTEGERS or (texts and not form and all(re.fullmatch(r"-?\d+", text) for text in texts)):
        return "int"
    if form in DATES or (texts and all(re.fullmatch(r"\d{4}-\d\d-\d\d( [\d:]{8})?", text) for text in texts)):
        short = form in {"isDateFormat", "isBirthDate"} if not texts else all(len(text) == 10 for text in texts)
        return "date" if short else "datetime"
    return "text"


def _blank(kind: str) -> str:
    """What a column of this type keeps for nothing."""
    if kind.startswith("decimal"):
        return f"{0:.{int(kind[8:])}f}"
    return {"int": "0", "date": "0000-00-00", "datetime": "0000-00-00 00:00:00"}.get(kind, "")


def _stored(recorded: dict[str, Exchange]) -> dict[str, dict[str, list[Any]]]:
    """Values by resource and field, of the complete JSON lists."""
    found: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for resource, row in _rows(recorded):
        for field, value in row.items():
            if not isinstance(value, list | dict):
                found[resource][field].append(value)
    return found


def _rows(recorded: dict[str, Exchange]) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for exchange in recorded.values():
        if re.fullmatch(r"list/\w+_full_json", exchange.name) and exchange.status == 200:
            answer = json.loads(exchange.answer)
            found += [(exchange.resource, row) for row in (next(iter(answer.values())) if answer else [])]
    return found


def _nulls(recorded: dict[str, Exchange], stored: Any) -> dict[tuple[str, str], Any]:
    """What a field that a POST left out is read back as, where that is not the blank of its type."""
    later = {(resource, str(row["id"])): row for resource, row in _rows(recorded)}
    votes: dict[tuple[str, str], Counter[Any]] = defaultdict(Counter)
    for exchange in recorded.values():
        if (
            exchange.method != "POST"
            or exchange.status != 201
            or exchange.folder not in ("seed", "ops")
            or exchange.resource == "orders"
        ):
            continue
        for entity in etree.fromstring(exchange.answer.encode(), PARSER) if exchange.answer.startswith("<?xml") else ():
            row = later.get((exchange.resource, entity.findtext("id", "")))
            for field in entity if row else ():
                value = row.get(field.tag) if row else None
                if not len(field) and not field.text and not isinstance(value, list | dict):
                    votes[exchange.resource, field.tag][value] += 1
    return {key: counter.most_common(1)[0][0] for key, counter in votes.items() if key not in ELSEWHERE}


def _links(recorded: dict[str, Exchange]) -> dict[str, str]:
    """``orders.id_cart`` → ``carts``."""
    found = {}
    for exchange in recorded.values():
        if (
            exchange.status not in (200, 201)
            or not exchange.answer.startswith("<?xml")
            or exchange.folder in ("api", "schema")
        ):
            continue
        root = etree.fromstring(exchange.answer.encode(), PARSER)
        entities = (
            root
            if exchange.method in ("POST", "PUT", "PATCH") or not len(root) or (len(root[0]) and root[0][0].tag == "id")
            else root[0]
        )
        for field in (field for entity in entities for field in entity):
            if field.get(HREF) and "images" not in field.get(HREF):
                found[f"{exchange.resource}.{field.tag}"] = field.get(HREF).partition("/api/")[2].rpartition("/")[0]
    return found


def _wrapper(exchange: Exchange | None, name: str) -> str:
    """The element around a list."""
    if exchange is None:
        return name
    return str(etree.fromstring(exchange.answer.encode(), PARSER)[0].tag)


def _root(exchange: Exchange) -> dict[str, tuple[str, bool]]:
    api = etree.fromstring(exchange.answer.encode())[0]
    return {one.tag: ((one.findtext("description") or "").strip(), one.find("schema") is not None) for one in api}


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))


if __name__ == "__main__":
    main()
