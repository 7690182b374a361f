"""A business of another EU country with a VAT number: no tax, the schedule of reverse charge, on the order and its return."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from gp_prestashop.engine.protocols import Selection
from tests.both import Both
from tests.house import House
from tests.shop import Shop


def test_reverse_charge_reaches_gp_and_comes_back_with_a_return(make_house: Callable[..., House]) -> None:
    house = make_house(orders=30, troubles=False)
    house.engine.run("sales_orders", Selection())
    both, shop = Both(house), Shop(house)
    like = next(
        order
        for order in shop.delivered()
        if order["total_paid_tax_incl"] == order["total_paid_tax_excl"] and Decimal(order["total_discounts"]) == 0
    )
    belgium = next(row["id"] for row in shop.rows("countries") if row["iso_code"] == "BE")
    both.add_to_gp({"TX00101": [{"TAXSCHID": "EU-REVERSE"}]})
    house.engine.parts.ledger.value_maps.load("tax_schedules_vat", {"BE": {"value": "EU-REVERSE"}}, source="test")
    customer = shop.rows("customers", id=like["id_customer"])[0]
    business, address = shop.copy_customer(customer, email="accounts@example.be", company="Exemple SA")
    shop.put("addresses", {**address, "id_country": belgium, "company": "Exemple SA", "vat_number": "BE0123456789"})
    order = shop.copy_order(
        like, id_customer=business["id"], id_address_delivery=address["id"], id_address_invoice=address["id"]
    )
    house.engine.run("sales_orders", Selection(keys=(order["id"],)))
    assert both.state("sales_orders", order["id"]).state == "delivered", both.state(
        "sales_orders", order["id"]
    ).sentence
    number = f"PS{int(order['id']):08d}"
    header = f"select trim(taxschid::text), ordocamt, ortaxamt + orfrttax + ormsctax from two.sop10100 where sopnumbe = '{number}'"
    assert house.gp(header) == [("EU-REVERSE", Decimal(order["total_paid_tax_excl"]), 0)]
    assert house.gp(f"select count(*) from two.sop10105 where sopnumbe = '{number}'") == [(0,)]
    lines = f"select distinct trim(taxschid::text) from two.sop10200 where sopnumbe = '{number}'"
    assert house.gp(lines) == [("EU-REVERSE",)]
    customer_name = f"select trim(custname::text) from two.sop10100 where sopnumbe = '{number}'"
    assert house.gp(customer_name) == [("Exemple SA",)]

    slip = shop.refund(order, lines=99)
    returns = both.again(GPPS_REFUND__DOCUMENT="return", GPPS_REFUND__RESTOCK="yes")
    returns.run("returns", Selection(keys=(slip["id"],)))
    assert both.state("returns", slip["id"]).state == "delivered", both.state("returns", slip["id"]).sentence
    back = f"select trim(taxschid::text) from two.sop10100 where sopnumbe = 'PSR{int(slip['id']):08d}'"
    assert house.gp(back) == [("EU-REVERSE",)]
