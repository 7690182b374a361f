"""The tutorials, followed step by step by a reader who does what they say."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gp_prestashop.mapping.flow_errors import did_you_mean
from gp_prestashop.settings import load_settings
from gp_prestashop.value_files import read_value_files
from gp_prestashop.wiring import connect


@pytest.fixture
def house(make_house):
    return make_house(orders=12, troubles=False)


def test_a_vat_number_goes_to_a_user_defined_field(house, reader, run):
    page = reader("vat-number.md")
    store = house.sandbox.shop.store
    address = next(
        store.row("addresses", one)
        for one in store.ids("addresses")
        if store.row("addresses", one)["id_customer"] != "0"
    )
    store.change("addresses", address["id"], vat_number="fr 40.303 265 045")
    page.write()
    run(house, "customers")
    rows = house.gp(
        "select trim(custnmbr::text), trim(userdef1::text) from two.rm00101 where trim(userdef1::text) <> ''"
    )
    number = f"PS{int(address['id_customer']):08d}"
    assert dict(rows)[number] == "FR40303265045"
    documented = page.blocks("text")[0].strip()
    columns = [c.name for c in connect(load_settings()).flows["customers"].document.frames[0].columns]
    assert documented == f"USRDEF1 is not a column of header. {did_you_mean('USRDEF1', columns)}"


def test_a_new_payment_method_is_mapped(house, reader, run):
    page = reader("payment-method.md")
    store = house.sandbox.shop.store
    run(house, "sales_orders")
    delivered = {row[0] for row in house.gp("select trim(cstponbr::text) from two.sop10100")}
    delivered &= {store.row("order_payments", one)["order_reference"] for one in store.ids("order_payments")}
    order = next(o for one in store.ids("orders") if (o := store.row("orders", one))["reference"] in delivered)
    store.change("orders", order["id"], module="mollie")
    before = run(house, "deposits")
    sentences = [sentence for _, _, sentence in before.reasons]
    assert any(page.blocks("text")[0].strip() in sentence for sentence in sentences), sentences
    page.write()
    after = run(house, "deposits")
    assert not any("mollie" in sentence for _, _, sentence in after.reasons)
    assert after.states["delivered"] == before.states["delivered"] + sum(before.reasons.values())
    csv = page.home / "payment_modules.csv"
    csv.write_text(page.blocks("csv")[0])
    by_csv, by_yaml = read_value_files([csv]), read_value_files([page.home / "maps" / "mollie.yaml"])
    assert by_csv == by_yaml


def test_large_orders_are_held(house, reader, run, monkeypatch):
    page = reader("hold-orders.md")
    home = page.home / "gp_prestashop.toml"
    home.write_text(page.blocks("toml")[0])
    page.write()
    report = run(house, "sales_orders")
    held = {sentence: n for (_, code, sentence), n in report.reasons.items() if code == "large_order"}
    assert list(held) == ["The order is large; release it when it has been looked at."]
    amounts = [
        Decimal(str(row[0])) for row in house.gp("select ordocamt from two.sop10100 where cstponbr <> 'COUNTER SALE'")
    ]
    assert amounts
    paid = {row["reference"]: Decimal(row["total_paid_tax_incl"]) for row in house.world.shop["orders"]}
    sent = [str(row[0]) for row in house.gp("select trim(cstponbr::text) from two.sop10100")]
    assert all(paid[reference] <= 100 for reference in sent if reference in paid)
    home.write_text('[vars]\nlarge_order = "1000000"\n')
    released = run(house, "sales_orders")
    assert not any(code == "large_order" for _, code, _ in released.reasons)
    assert released.states["delivered"] == report.states["delivered"] + sum(held.values())


def test_a_whole_flow_is_added(house, reader, run):
    page = reader("whole-flow.md")
    page.write(0)
    store = house.sandbox.shop.store
    before = {store.row("manufacturers", one)["name"] for one in store.ids("manufacturers")}
    classes = {str(row[0]) for row in house.gp("select trim(itmclsdc::text) from two.iv40400")} - {""}
    assert classes - before
    first = run(house, "brands")
    names = [store.row("manufacturers", one)["name"] for one in store.ids("manufacturers")]
    assert set(names) == before | classes
    assert len(names) == len(set(names))
    assert first.states["delivered"] == len(classes)
    again = run(house, "brands")
    assert (again.written, again.states["delivered"]) == (0, len(classes))
    lineage = connect(load_settings()).flows["brands"].compiled.lineage()
    assert lineage["header.name"] == ("IV40400.ITMCLSDC",)
