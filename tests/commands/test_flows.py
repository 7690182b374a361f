"""Flows on the command line: new, validate, diff, show, schema, replay, as a consultant would."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def overlay(body: str, flow: str = "customers") -> str:
    return f"type: gp_prestashop.Overlay\nattributes:\n  flow: {flow}\n  {body}\n"


def test_a_new_flow_is_valid_off_and_has_its_schema(desk: Desk) -> None:
    made = desk.call("flows", "new", "points", "--from", "prestashop.customers", "--to", "gp.customer")
    assert made.returncode == 0, made.stderr
    path = desk.home / "flows" / "points" / "defs.yaml"
    assert path.read_text().startswith("# yaml-language-server: $schema=.schema.json\n")
    schema = json.loads((path.parent / ".schema.json").read_text())
    assert "TXRGNNUM" in schema["$defs"]["FlowMap"]["properties"]["header"]["properties"]
    checked = desk.json("flows", "validate")
    assert (checked["ok"], "points" in checked["off"], checked["warnings"]) == (True, True, [])
    path.write_text(path.read_text().replace("enabled: false", "enabled: true"))
    states = {row["name"]: row["state"] for row in desk.json("flows", "list")}
    assert states["points"] == "ready"
    again = desk.call("flows", "new", "points", "--from", "prestashop.customers", "--to", "gp.customer")
    assert (again.returncode, "is there already" in again.stderr) == (2, True)
    wrong = desk.call("flows", "new", "other", "--from", "prestashop.customer", "--to", "gp.customer")
    assert "did you mean prestashop.customers?" in wrong.stderr


def test_errors_name_file_line_column_and_a_suggestion(desk: Desk) -> None:
    path = desk.write("customers/overlay.yaml", overlay('map: {header: {CUSTNMR: "id"}}'))
    done = desk.call("flows", "validate")
    assert done.returncode == 1
    assert f"customers: {path}:4:27: CUSTNMR is not a column of header. did you mean CUSTNMBR?" in done.stdout
    states = {row["name"]: row["state"] for row in desk.json("flows", "list")}
    assert states["customers"].startswith("broken: ")
    assert states["stock"] == "ready"


def test_an_upgrade_is_reported_and_accepted(desk: Desk) -> None:
    path = desk.write(
        "customers/overlay.yaml",
        overlay(
            'map: {header: {SHRTNAME: "\'x\'", USERDEF1: "\'y\'"}}  # ours\n  base: {map.header.SHRTNAME: "as it was"}'
        ),
    )
    done = desk.call("flows", "diff", "customers")
    assert done.returncode == 1
    assert "the shipped flow had as it was, and has fit(latin(lastname), 15) now; the overlay keeps 'x'." in done.stdout
    assert "changed on both sides" in desk.call("flows", "list").stdout
    assert desk.json("flows", "validate")["warnings"][0]["flow"] == "customers"
    accepted = desk.json("flows", "diff", "--accept")
    assert {one["part"]: one["state"] for one in accepted} == {
        "map.header.SHRTNAME": "changes",
        "map.header.USERDEF1": "adds",
    }
    assert "# ours" in path.read_text()
    assert desk.call("flows", "diff").returncode == 0


def test_a_new_overlay_changes_nothing_until_it_is_edited(desk: Desk) -> None:
    assert desk.call("flows", "new", "sales_orders", "--overlay").returncode == 0
    text = (desk.home / "flows" / "sales_orders" / "overlay.yaml").read_text()
    assert "check.no_lines" in text
    assert desk.json("flows", "validate")["ok"] is True
    assert desk.json("flows", "diff") == []


def test_lineage_shows_target_expression_and_source(desk: Desk) -> None:
    lineage = desk.json("flows", "show", "customers", "--lineage")
    assert lineage["header.SHRTNAME"] == {"expression": "fit(latin(lastname), 15)", "sources": ["customers.lastname"]}
    shown = desk.call("flows", "show", "customers")
    assert "# Shop customers" in shown.stdout
    assert desk.call("flows", "show", "custmers").returncode == 2


def test_the_schema_of_a_flow_knows_its_columns(desk: Desk) -> None:
    general = json.loads(desk.call("flows", "schema").stdout)
    own = json.loads(desk.call("flows", "schema", "customers", "--overlay").stdout)
    assert "required" not in general["$defs"]["MapPart"]
    assert "CUSTNAME" in own["$defs"]["FlowMap"]["properties"]["header"]["properties"]


@pytest.fixture
def house(make_house: Callable[..., Any]) -> Any:
    return make_house(orders=12, troubles=False)


def test_replay_shows_what_an_overlay_would_change(house: Any, tmp_path: Path) -> None:
    desk = Desk(tmp_path, house.environment)
    first = desk.call("run", "sales_orders", "--json")
    assert first.returncode == 0, first.stderr
    written = json.loads(first.stdout)["written"]
    new = tmp_path / "new.yaml"
    new.write_text(
        overlay(
            'map: {header: {CSTPONBR: "lower(reference)"}}\n'
            '  hold:\n    - {code: huge, when: "total_paid > 0 and id % 2 = 0", because: "Even ones wait."}',
            "sales_orders",
        )
    )
    before = house.gp("select count(*) from two.sop10100")
    result = desk.json("replay", "sales_orders", "--last", "1000", "--overlay", str(new))
    fates = {(one["old"], one["new"]): one["records"] for one in result["fates"]}
    assert fates["document", "document"] + fates["document", "held"] == written
    assert result["columns"]["header.CSTPONBR"] == fates["document", "document"]
    assert all(one["old"] == one["new"] for one in result["amounts"].values())
    assert result["stand_ins"] == []
    house.sandbox.stop()  # neither the shop nor GP is there
    offline = desk.json("replay", "sales_orders", "--overlay", str(new), "--offline")
    assert (offline["records"], "prestashop.currencies.iso_code" in offline["stand_ins"]) == (12, True)
    unreachable = desk.call("replay", "sales_orders", "--overlay", str(new))
    assert unreachable.returncode == 1
    assert house.gp("select count(*) from two.sop10100") == before
    table = desk.call("replay", "sales_orders", "--last", "3", "--overlay", str(new), "--offline")
    assert (table.returncode, "3 recorded records" in table.stdout) == (0, True)
    other = desk.call("replay", "customers", "--overlay", str(new))
    assert "changes the flow sales_orders, not customers" in other.stderr
    new.write_text(overlay('map: {header: {CSTPONBR: "refernce"}}', "sales_orders"))
    broken = desk.call("replay", "sales_orders", "--overlay", str(new))
    assert (broken.returncode, "did you mean reference?" in broken.stderr) == (2, True)
