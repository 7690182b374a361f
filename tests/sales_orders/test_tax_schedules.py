"""Which tax schedule an order gets, and documents without tax: worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from gp_prestashop.gp.calls import tax_totals
from gp_prestashop.mapping.shapes import Document
from tests.sales_orders.conftest import SmallWorld
from tests.sales_orders.orders import Bought, Order, raw_order

D = Decimal
VAT = "BE0123456789"
MAPS = {
    ("tax_schedules", "FR"): "FR-ALL",
    ("tax_schedules", "FR-X"): "FR-STATE-X",
    ("tax_schedules_group", "4"): "TRADE",
    ("tax_schedules_vat", "FR"): "EU-REVERSE",
}


def sold(*, rate: str = "20", **changes: Any) -> dict[str, Any]:
    """3 x 10.00, shipping 4.90: 34.90 without tax, 41.88 with 20 %."""
    tax = 1 if D(rate) else 0
    order = Order([Bought("pen", 3, D("10.00"), D(rate), tax)], shipping=D("4.90"), fee_rate=D(rate))
    return raw_order(order) | changes


def address(**changes: str) -> dict[str, Any]:
    return {**sold()["address_delivery"], **changes}


def one(send: Callable[..., Any], world: SmallWorld, raw: dict[str, Any]) -> Document:
    world.values |= MAPS
    (document,), problems = send([raw])
    assert problems == []
    return document


@pytest.mark.parametrize(
    ("raw", "schedule"),
    [
        (sold(), "FR-ALL"),
        (sold(address_delivery=address(id_state="7")), "FR-STATE-X"),
        (sold(customer={**sold()["customer"], "id_default_group": "4"}), "TRADE"),
        (sold(customer={**sold()["customer"], "id_default_group": "5"}), "FR-ALL"),
        # A business that paid no tax is reverse charge; one that paid it is a customer like others.
        (sold(rate="0", address_invoice=address(vat_number=VAT)), "EU-REVERSE"),
        (sold(address_invoice=address(vat_number=VAT)), "FR-ALL"),
        (sold(rate="0"), "FR-ALL"),
    ],
)
def test_the_schedule_is_by_country_state_class_or_vat_number(
    send: Callable[..., Any], world: SmallWorld, raw: dict[str, Any], schedule: str
) -> None:
    document = one(send, world, raw)
    assert document.header["TAXSCHID"] == schedule
    assert {line["TAXSCHID"] for line in document.frames["lines"]} == {schedule}


def test_reverse_charge_is_the_net_amount_without_a_tax_row(send: Callable[..., Any], world: SmallWorld) -> None:
    document = one(send, world, sold(rate="0", address_invoice=address(vat_number=VAT)))
    header = document.header
    assert (header["SUBTOTAL"], header["FREIGHT"], header["DOCAMNT"]) == (D("30.00"), D("4.90"), D("34.90"))
    assert (header["TAXAMNT"], header["FRTTXAMT"], header["MSCTXAMT"]) == (0, 0, 0)
    assert document.frames.get("taxes", []) == []


def test_an_export_at_zero_names_no_tax_and_its_countrys_schedule(send: Callable[..., Any], world: SmallWorld) -> None:
    """A tax of 0 % that the shop names: its rows would be nothing, and none is sent."""
    raw = sold(rate="0")
    for detail in raw["order_details"]:
        detail["taxes"] = [{"id": "9"}]
    world.values[("tax_schedules", "FR")] = "EXPORT"
    (document,), problems = send([raw])
    assert problems == []
    assert document.header["TAXSCHID"] == "EXPORT"
    assert document.header["DOCAMNT"] == D("34.90")
    assert document.frames.get("taxes", []) == []


def test_a_taxed_order_in_a_class_of_its_own_keeps_its_details(send: Callable[..., Any], world: SmallWorld) -> None:
    """30.00 and 4.90 at 20 %: 6.00 and 0.98."""
    document = one(send, world, sold(customer={**sold()["customer"], "id_default_group": "4"}))
    rows = [
        (row["TAXTYPE"], row["TAXDTLID"], row.get("STAXAMNT"), row.get("FRTTXAMT")) for row in document.frames["taxes"]
    ]
    assert rows == [(0, "TAX1", D("6.00"), None), (1, "TAX1", None, D("0.98"))]
    assert document.header["DOCAMNT"] == D("41.88")


def freight_details(document: Document) -> list[str]:
    return [row["TAXDTLID"] for row in document.frames["taxes"] if row["TAXTYPE"] == 1]


def test_shipping_has_the_tax_of_its_state(send: Callable[..., Any], world: SmallWorld) -> None:
    """State 9 has a rule of its own, of 10 %; the other states the country's, of 20 %."""
    of_state = {"address_delivery": address(id_state="9"), "carrier_tax_rate": "10.000"}
    assert freight_details(one(send, world, sold(rate="10") | of_state)) == ["TAX3"]
    assert freight_details(one(send, world, sold(address_delivery=address(id_state="7")))) == ["TAX1"]


def test_the_value_map_names_shippings_tax_by_state_before_country(send: Callable[..., Any], world: SmallWorld) -> None:
    """Two taxes that the shop combines are one detail in GP: no rule of the shop's names it."""
    world.values |= {("shipping_tax_details", "FR"): "FR-FREIGHT", ("shipping_tax_details", "FR-X"): "X-FREIGHT"}
    assert freight_details(one(send, world, sold(address_delivery=address(id_state="7")))) == ["X-FREIGHT"]
    assert freight_details(one(send, world, sold())) == ["FR-FREIGHT"]


def test_what_is_taxed_is_less_the_vouchers_and_with_the_shipping(send: Callable[..., Any], world: SmallWorld) -> None:
    """GP's tax reports show a base beside each tax: 30.00 less 10 % is 27.00 at 20 %, 10.00 less 10 % is 9.00 at 5.5 %."""
    order = Order(
        [Bought("pen", 3, D("10.00")), Bought("book", 1, D("10.00"), D("5.5"), 2)],
        shipping=D("5.00"), wrapping=D("2.50"), percent=D(10),
    )  # fmt: skip
    document = one(send, world, raw_order(order))
    rows = [(row["TAXTYPE"], row["TAXDTLID"], row["TDTTXSLS"]) for row in document.frames["taxes"]]
    assert rows == [(0, "TAX1", D(27)), (0, "TAX2", D(9)), (1, "TAX1", D(5)), (2, "TAX1", D("2.5"))]
    totals = {row["TAXDTLID"]: row for row in tax_totals(document.frames["taxes"])}
    base, tax = totals["TAX1"]["TDTTXSLS"], sum(totals["TAX1"][n] for n in ("STAXAMNT", "FRTTXAMT", "MSCTXAMT"))
    assert (base, tax) == (D("34.50"), D("6.90"))


def test_shipping_that_a_voucher_pays_lowers_no_lines_base(send: Callable[..., Any], world: SmallWorld) -> None:
    order = Order([Bought("pen", 3, D("10.00"))], shipping=D("5.00"), free_shipping=True)
    (row,) = one(send, world, raw_order(order)).frames["taxes"]
    assert (row["TAXTYPE"], row["TDTTXSLS"], row["STAXAMNT"]) == (0, D(30), D(6))
