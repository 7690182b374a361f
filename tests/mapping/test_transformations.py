"""The seven kinds of transformation that users count on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest


def test_type_conversion_shop_ids_become_gp_keys(kit):
    header = kit.one(
        kit.header(
            {
                "SOPNUMBE": "setting('sop.prefix') || pad(id, 8)",
                "DOCDATE": "cast(date_add as date)",
                "COUNT": "current_state",
            }
        ),
        kit.record(42),
    ).header
    assert header == {"SOPNUMBE": "PS00000042", "DOCDATE": date(2026, 11, 21), "COUNT": 2}


def test_value_mapping_payment_module_and_carrier(kit):
    answers = kit.answers(
        {
            ("value", "payment_modules"): {("ps_wirepayment",): {"CHEKBKID": "BANK", "ACTNUMST": "000-1100-00"}},
            ("value", "carriers"): {("3",): {"value": "GROUND"}},
        }
    )
    body = kit.header(
        {
            "CUSTNMBR": "value('payment_modules', module, 'CHEKBKID')",
            "COMMENT": "value('payment_modules', module, 'ACTNUMST')",
            "SHIPMTHD": "value('carriers', id_carrier)",
        }
    )
    header = kit.one(body, answers=answers).header
    assert (header["CUSTNMBR"], header["COMMENT"], header["SHIPMTHD"]) == ("BANK", "000-1100-00", "GROUND")


def test_concatenation_is_cut_at_gps_length_within_its_code_page(kit):
    address = {
        **kit.record().raw["address_delivery"],
        "firstname": "Zoë-Anne-Françoise",
        "lastname": "Łódzka-Przybyszewska",
    }
    body = kit.header({"CUSTNAME": "fit(latin(address_delivery.firstname || ' ' || address_delivery.lastname), 30)"})
    name = kit.one(body, kit.record(address_delivery=address)).header["CUSTNAME"]
    assert name == "Zoë-Anne-Françoise Lódzka-Przy"
    assert len(name.encode("cp1252")) == 30


@pytest.mark.parametrize(("country", "schedule"), [("FR", "FR-VAT"), ("US", "EXEMPT"), (None, "EXEMPT")])
def test_conditional_logic_tax_schedule_by_country(kit, country, schedule):
    address = {**kit.record().raw["address_delivery"], "country_iso": country}
    body = kit.header(
        {"TAXSCHID": "case when address_delivery.country_iso in ('FR', 'BE') then 'FR-VAT' else 'EXEMPT' end"}
    )
    assert kit.one(body, kit.record(address_delivery=address)).header["TAXSCHID"] == schedule


def test_defaults(kit):
    address = {**kit.record().raw["address_delivery"], "company": None}
    body = kit.header({"SOPTYPE": "2", "CUSTNAME": "coalesce(address_delivery.company, 'private')"})
    header = kit.one(body, kit.record(address_delivery=address)).header
    assert (header["SOPTYPE"], header["CUSTNAME"]) == (2, "private")


def test_look_up_by_combination_first(kit):
    answers = kit.answers(
        {
            ("value", "item_numbers"): {("101-5",): {"value": "SHIRT-RED"}},
            ("lookup", "gp.items"): {("ITEM2",): {"ITEMNMBR": "ITEM2"}},
        }
    )
    body = """
lines:
  from: order_details
  LNITMSEQ: "line_number()"
  ITEMNMBR: "coalesce(try_value('item_numbers', product_id || '-' || product_attribute_id),
    lookup('gp.items', product_reference, 'ITEMNMBR'))"
header:
  SOPNUMBE: "'PS' || id"
"""
    details = [
        kit.detail(1, product_attribute_id="5", product_reference="no such item"),
        kit.detail(2),
    ]
    lines = kit.one(body, kit.record(order_details=details), answers).frames["lines"]
    assert [line["ITEMNMBR"] for line in lines] == ["SHIRT-RED", "ITEM2"]


MONEY = """
lines:
  from: order_details
  LNITMSEQ: "line_number() * 16384"
  QUANTITY: "product_quantity"
  UNITPRCE: "div(total_price, product_quantity, 2, round_mode)"
  XTNDPRCE: "UNITPRCE * QUANTITY"
  TAXAMNT: "allocate(total_tax, total_price, 2)"
header:
  SOPNUMBE: "'PS' || id"
  SUBTOTAL: "total('lines.XTNDPRCE')"
  TAXAMNT: "total('lines.TAXAMNT')"
  DOCAMNT: "SUBTOTAL + TAXAMNT"
"""


@pytest.mark.parametrize(
    ("mode", "price"),
    [(0, "8.07"), (1, "8.06"), (2, "8.07"), (3, "8.06"), (4, "8.06"), (5, "8.07")],
    ids=["up", "down", "half up", "half down", "half even", "half odd"],
)
def test_calculation_to_the_cent_with_the_shops_rounding_mode(kit, mode, price):
    details = [kit.detail(1, product_quantity="2", total_price="16.130000"), kit.detail(2, total_price="14.370000")]
    document = kit.one(MONEY, kit.record(order_details=details, round_mode=str(mode)))
    one, two = document.frames["lines"]
    assert (one["UNITPRCE"], one["LNITMSEQ"], two["LNITMSEQ"]) == (Decimal(price), 16384, 32768)
    assert one["XTNDPRCE"] == one["UNITPRCE"] * one["QUANTITY"]
    assert document.header["TAXAMNT"] == Decimal("6.10")
    assert document.header["DOCAMNT"] == 2 * Decimal(price) + Decimal("14.37") + Decimal("6.10")
