"""Writes gp_prestashop/prestashop/data/resources.json from the recorded ``schema=synopsis`` answers of both versions.

Run it from the repository's root: ``python tests/prestashop/make_resources.py``. A test says when the file is stale.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from lxml import etree

HERE = Path(__file__).parent
RECORDINGS = HERE / "data" / "recordings.jsonl.gz"
TARGET = HERE.parents[1] / "gp_prestashop" / "prestashop" / "data" / "resources.json"

# Schemas name no format for these: the type is that of the shop's table.
WITHOUT_FORMAT = {
    "BIGINT": [
        "carriers.id_reference",
        "carriers.id_tax_rules_group",
        "carriers.position",
        "categories.nb_products_recursive",
        "categories.position",
        "customers.id_default_group",
        "orders.delivery_number",
        "orders.invoice_number",
        "products.cache_default_attribute",
        "products.id_default_combination",
        "products.id_default_image",
        "products.position_in_category",
        "products.quantity",
        "shops.id_category",
        "shops.id_shop_group",
    ],
    "BOOLEAN": [
        "carriers.need_range",
        "carriers.shipping_external",
        "manufacturers.active",
        "order_slip.partial",
        "order_slip.shipping_cost",
        "orders.valid",
        "suppliers.active",
        "taxes.active",
        "taxes.deleted",
    ],
    "TIMESTAMP": [
        "customers.newsletter_date_add",
        "manufacturers.date_add",
        "manufacturers.date_upd",
        "orders.delivery_date",
        "orders.invoice_date",
    ],
    "DECIMAL(20,6)": [
        "products.unit_price_ratio",
        *(
            f"order_invoices.{name}"
            for name in (
                "total_discount_tax_excl",
                "total_discount_tax_incl",
                "total_paid_tax_excl",
                "total_paid_tax_incl",
                "total_products",
                "total_products_wt",
                "total_shipping_tax_excl",
                "total_shipping_tax_incl",
                "total_wrapping_tax_excl",
                "total_wrapping_tax_incl",
            )
        ),
    ],
}
FORMATS = {
    "BIGINT": {"isUnsignedId", "isNullOrUnsignedId", "isUnsignedInt", "isInt", "isPositiveInt", "isIp2Long"},
    "DECIMAL(20,6)": {"isPrice", "isNegativePrice", "isFloat", "isUnsignedFloat", "isPercentage", "isCoordinate"},
    "BOOLEAN": {"isBool"},
    "TIMESTAMP": {"isDate", "isDateFormat", "isDateOrNull", "isPhpDateFormat"},
    "DATE": {"isBirthDate"},
}
EXCEPTIONS = {  # the format allows more than the table's column holds, or less
    "products.available_date": "DATE",
    "combinations.available_date": "DATE",
    "languages.date_format_lite": "VARCHAR",
    "languages.date_format_full": "VARCHAR",
}
LEFT_OUT = {"configurations", "employees"}  # they hold passwords, and no flow has business with them
ASSOCIATION_DECIMALS = ("price", "amount", "unit_price")
ASSOCIATION_TEXTS = ("name", "reference", "ean13", "isbn", "upc")


def main() -> None:
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(resources_json(), encoding="utf-8")


def resources_json() -> str:
    resources: dict[str, dict[str, Any]] = {}
    for record in recordings():
        if record["name"].startswith("schema/") and record["name"].endswith("_synopsis") and record["status"] == 200:
            add_schema(resources, record["path"].split("/")[2], record["answer"], record["version"])
    for record in recordings():
        if record["name"].startswith("list/") and record["name"].endswith("_full_xml"):
            name = record["path"].split("/")[2]
            if name in resources:
                resources[name]["wrapper"] = etree.fromstring(record["answer"].encode())[0].tag
    kept = {name: facts for name, facts in sorted(resources.items()) if "wrapper" in facts and name not in LEFT_OUT}
    return json.dumps(kept, indent=1, ensure_ascii=False) + "\n"


def recordings() -> list[dict[str, Any]]:
    with gzip.open(RECORDINGS, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def add_schema(resources: dict[str, dict[str, Any]], name: str, answer: str, version: str) -> None:
    entity = etree.fromstring(answer.encode())[0]
    facts = resources.setdefault(name, {"entity": entity.tag, "fields": {}, "associations": {}})
    for element in entity:
        if element.tag == "associations":
            for association in element:
                fields = facts["associations"].setdefault(
                    association.tag, {"entity": association.get("nodeType"), "fields": {}}
                )["fields"]
                for row in association:
                    for field in row:
                        fields.setdefault(field.tag, {"type": association_type(field.tag)})
            continue
        if element.tag == "id":
            continue
        field = facts["fields"].setdefault(element.tag, {})
        field.setdefault("versions", []).append(version)
        field["type"] = field_type(f"{name}.{element.tag}", element)
        if element.get("maxSize") and field["type"] == "VARCHAR":
            field["max_length"] = max(int(element.get("maxSize")), field.get("max_length", 0))
        for flag, attribute in (("required", "required"), ("read_only", "readOnly"), ("no_filter", "notFilterable")):
            if element.get(attribute) == "true":
                field[flag] = True
        if element.find("language") is not None:
            field["i18n"] = True


def field_type(path: str, element: Any) -> str:
    if path in EXCEPTIONS:
        return EXCEPTIONS[path]
    if element.find("language") is not None:
        return "VARCHAR"
    form = element.get("format")
    tables = FORMATS if form else WITHOUT_FORMAT
    return next((type_ for type_, names in tables.items() if (form or path) in names), "VARCHAR")


def association_type(field: str) -> str:
    if any(word in field for word in ASSOCIATION_DECIMALS):
        return "DECIMAL(20,6)"
    return "VARCHAR" if any(field.endswith(word) for word in ASSOCIATION_TEXTS) else "BIGINT"


if __name__ == "__main__":
    main()
