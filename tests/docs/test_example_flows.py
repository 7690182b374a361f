"""The two shipped examples, switched on as their files say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gp_prestashop.sandbox.shop.shapes import Field


@pytest.fixture
def house(make_house):
    return make_house(orders=8, troubles=False)


def test_loyalty_points_reach_gp_and_nothing_else_of_the_customer_changes(house, reader, run):
    page = reader("whole-flow.md")
    page.write(1)
    store = house.sandbox.shop.store
    shape = store.shapes["customers"]
    more = {**shape.fields, "loyalty_points": Field("loyalty_points", "int", "0")}  # what a module adds
    store.shapes = {**store.shapes, "customers": replace(shape, fields=more)}
    for one in store.ids("customers"):
        store.change("customers", one, loyalty_points="120" if one == store.ids("customers")[0] else "0")
    run(house, "customers")
    first = store.ids("customers")[0]
    number = f"PS{first:08d}"
    house.gp(f"update two.rm00101 set custname = 'Known to accounting as this' where custnmbr = '{number}' returning 1")
    report = run(house, "loyalty_points")
    assert (report.written, report.states["ignored"] > 0) == (1, True)
    rows = house.gp(
        "select trim(custnmbr::text), trim(custname::text), trim(userdef1::text) from two.rm00101 where userdef1 > ' '"
    )
    assert rows == [(number, "Known to accounting as this", "120")]
    assert run(house, "loyalty_points").written == 0
    store.change("customers", first, loyalty_points="0")
    assert run(house, "loyalty_points").written == 1
    assert house.gp("select trim(userdef1::text) from two.rm00101 where userdef1 > ' '") == [("0",)]


def test_comments_on_orders_reach_the_shops_notes(house, run, tmp_path):
    path = tmp_path / "flows" / "warehouse_notes" / "overlay.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("type: gp_prestashop.Overlay\nattributes: {flow: warehouse_notes, enabled: true}\n")
    run(house, "sales_orders")
    numbers = [
        str(row[0]) for row in house.gp("select trim(sopnumbe::text) from two.sop10106 where soptype = 2 order by 1")
    ]
    assert len(numbers) > 1
    house.gp("update two.sop10106 set cmmttext = '' returning 1")
    house.gp(
        f"update two.sop10106 set cmmttext = 'Box is damp; <repacked>' where sopnumbe = '{numbers[0]}' returning 1"
    )
    report = run(house, "warehouse_notes")
    assert (report.written, report.states["delivered"]) == (1, 1)
    store = house.sandbox.shop.store
    order = store.row("orders", int(numbers[0].removeprefix("PS")))
    others = [store.row("orders", one).get("note", "") for one in store.ids("orders") if str(one) != order["id"]]
    assert order["note"] == "Box is damp; <repacked>"
    assert set(others) <= {"", None}
    assert run(house, "warehouse_notes").written == 0
    house.gp(f"update two.sop10106 set cmmttext = '' where sopnumbe = '{numbers[0]}' returning 1")
    assert run(house, "warehouse_notes").written == 1
    assert store.row("orders", int(order["id"]))["note"] == ""
