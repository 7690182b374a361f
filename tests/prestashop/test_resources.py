"""Shapes follow the recorded schemas of both versions."""

from __future__ import annotations

import importlib.util
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from gp_prestashop.engine.protocols import Selection
from gp_prestashop.errors import ConfigError
from gp_prestashop.prestashop.resources import facts, resource_shapes

NAMED = {
    "orders",
    "order_details",
    "order_carriers",
    "order_payments",
    "order_cart_rules",
    "order_histories",
    "order_states",
    "order_slip",
    "messages",
    "carts",
    "customers",
    "addresses",
    "groups",
    "countries",
    "states",
    "currencies",
    "languages",
    "carriers",
    "taxes",
    "tax_rules",
    "tax_rule_groups",
    "products",
    "combinations",
    "stock_availables",
    "manufacturers",
    "categories",
    "shops",
}


def test_package_data_is_what_the_schemas_say():
    path = Path(__file__).parent / "make_resources.py"
    spec = importlib.util.spec_from_file_location("make_resources", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.TARGET.read_text("utf-8") == module.resources_json()


def test_all_resources_are_there_and_no_other_name_is():
    assert set(resource_shapes()) >= NAMED
    with pytest.raises(ConfigError):
        facts("order")


def test_types_of_columns():
    orders = resource_shapes()["orders"]
    types = {c.name: c.type for c in orders.main.columns}
    assert types["id"] == types["id_customer"] == types["invoice_number"] == "BIGINT"
    assert types["total_paid"] == types["conversion_rate"] == "DECIMAL(20,6)"
    assert types["date_add"] == types["invoice_date"] == "TIMESTAMP"
    assert types["valid"] == types["gift"] == "BOOLEAN"
    assert types["reference"] == "VARCHAR"
    assert (orders.created, orders.changed, orders.amount, orders.currency_id) == (
        "date_add",
        "date_upd",
        "total_paid",
        "id_currency",
    )
    assert resource_shapes()["order_payments"].changed == "date_add"
    assert resource_shapes()["stock_availables"].changed is None
    assert resource_shapes()["customers"].main.column("birthday").type == "DATE"
    assert resource_shapes()["addresses"].main.column("lastname").max_length == 255
    assert resource_shapes()["orders"].main.column("date_upd").volatile
    assert resource_shapes()["customers"].main.column("email").personal
    assert resource_shapes()["customers"].main.column("email").required


def test_frames_of_companions_and_associations():
    frames = {f.name: f for f in resource_shapes()["orders"].frames}
    assert set(frames) == {
        "orders",
        "order_rows",
        "order_details",
        "order_details.taxes",
        "order_carriers",
        "order_cart_rules",
        "address_delivery",
        "address_invoice",
        "customer",
        "customer.groups",
    }
    assert frames["order_details.taxes"].path == ("order_details", "taxes")
    assert not frames["customer"].many
    assert {f.name for f in resource_shapes()["customers"].frames} == {"customers", "groups", "addresses"}
    assert resource_shapes()["order_payments"].frame("orders").column("reference") is not None


def test_every_recorded_value_is_of_its_column_type(source):
    """Read through the source, cast by the engine that maps run in. Blank is null."""
    tried = 0
    for name, shape in resource_shapes().items():
        for page in source.read(name, Selection()):
            for frame in shape.frames:
                for row in rows_of([record.raw for record in page], frame.path):
                    for column in frame.columns:
                        value = row.get(column.name)
                        if column.type == "VARCHAR" or value in (None, ""):
                            continue
                        cast = duckdb.execute(f"SELECT TRY_CAST(? AS {column.type})", [value]).fetchone()[0]
                        assert cast is not None, (frame.name, column.name, value)
                        if column.type == "DECIMAL(20,6)":
                            assert cast == round(Decimal(value), 6)
                        tried += 1
    assert tried > 5000


def rows_of(rows, path):
    for name in path:
        values = [row[name] for row in rows]
        rows = [item for v in values for item in (v if isinstance(v, list) else [v]) if item is not None]
    return rows
