"""The JSON schemas that editors complete flow files and overlays with."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from gp_prestashop.mapping.schema import flow_json_schema, overlay_json_schema

jsonschema = pytest.importorskip("jsonschema")

DEFS = Path(str(files("gp_prestashop") / "defs"))
SCHEMAS = files("gp_prestashop.mapping") / "schemas"


def read(path: Path) -> object:
    return YAML(typ="safe").load(path.read_text())


@pytest.mark.parametrize(("name", "make"), [("flow", flow_json_schema), ("overlay", overlay_json_schema)])
def test_the_shipped_schemas_are_those_of_the_model(name, make):
    """Written anew by: gp-prestashop flows schema [--overlay] > gp_prestashop/mapping/schemas/…"""
    assert json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8")) == make()


@pytest.mark.parametrize("path", sorted(DEFS.glob("*/defs.yaml")), ids=lambda path: path.parent.name)
def test_every_shipped_flow_is_valid(path):
    jsonschema.Draft202012Validator(flow_json_schema()).validate(read(path))


@pytest.mark.parametrize(
    "wrong",
    [
        {"titel": "x"},
        {"hold": [{"code": "x"}]},
        {"triggers": {"poll": "5 minutes"}},
        {"source": {"system": "prestashop", "resource": "orders", "columns": {"x": "number"}}},
        {"map": {}},
        {"map": {"header": {"A": 1.5}}},
    ],
    ids=str,
)
def test_what_the_model_refuses_the_schema_refuses(kit, wrong):
    good = read(DEFS / "sales_orders" / "defs.yaml")
    validator = jsonschema.Draft202012Validator(flow_json_schema())
    validator.validate(good)
    assert not validator.is_valid({**good, "attributes": {**good["attributes"], **wrong}})


def test_with_a_document_the_schema_knows_its_columns(kit):
    schema = flow_json_schema(kit.resource, kit.document)
    text = kit.text(kit.header({"CUSTNMBR": "'C'"}) + "lines:\n  from: order_details\n  LNITMSEQ: 1\n")
    data = YAML(typ="safe").load(text)
    validator = jsonschema.Draft202012Validator(schema)
    validator.validate(data)
    data["attributes"]["map"]["header"]["CUSTNMR"] = "'C'"
    (error,) = validator.iter_errors(data)
    assert "CUSTNMR" in error.message
    header = schema["$defs"]["FlowMap"]["properties"]["header"]["properties"]
    assert header["CUSTNAME"]["description"] == "text, at most 30 characters"
    frames = schema["$defs"]["FlowMap"]["properties"]["lines"]["anyOf"][0]["properties"]["from"]["enum"]
    assert frames == ["record", "order_details", "order_details.taxes", "address_delivery"]


def test_an_overlay_needs_its_flow_only():
    validator = jsonschema.Draft202012Validator(overlay_json_schema())
    head = {"type": "gp_prestashop.Overlay"}
    validator.validate({**head, "attributes": {"flow": "x"}})
    validator.validate({**head, "attributes": {"flow": "x", "map": {"lines": {"A": "1"}}, "off": ["check.x"]}})
    validator.validate({**head, "attributes": {"flow": "x", "hold": [{"code": "y", "when": "true"}]}})
    assert not validator.is_valid({**head, "attributes": {}})
    assert not validator.is_valid({**head, "attributes": {"flow": "x", "of": []}})
