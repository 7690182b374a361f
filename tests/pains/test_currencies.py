"""Foreign money: the order's own currency and rate, and held with the reason where GP or the shop cannot tell (pain 23)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from gp_prestashop.engine.protocols import Selection
from tests.house import EVER, House
from tests.shop import Shop


def foreign(shop: Shop) -> dict[str, Any]:
    going = ("2", "3", "4", "5")  # paid
    return next(row for row in shop.rows("orders") if row["id_currency"] != "1" and row["current_state"] in going)


def state_of(house: House, order: dict[str, Any]) -> tuple[str, str, str]:
    state = house.engine.parts.ledger.states_of("sales_orders", [str(order["id"])])[str(order["id"])]
    return state.state, state.code, state.sentence


def test_an_order_in_foreign_money_is_at_its_own_rate(house: House, shop: Shop) -> None:
    order = shop.copy_order(foreign(shop), conversion_rate="1.234567", current_state="2")
    house.engine.run("sales_orders", Selection(keys=(order["id"],)))
    assert state_of(house, order)[0] == "delivered", state_of(house, order)
    ((currency, rate, method, foreign_amount, functional),) = house.gp(
        "select trim(curncyid::text), xchgrate, rtclcmtd, ordocamt, docamnt from two.sop10100 "
        f"where soptype = 2 and sopnumbe = 'PS{int(order['id']):08d}'"
    )
    assert currency != "EUR"
    assert (rate, method) == (Decimal("1.234567"), 1)  # divided by, as the shop has it: nothing is inverted
    assert foreign_amount == Decimal(order["total_paid"])
    assert abs(functional * rate - foreign_amount) < Decimal("0.2")  # each line is rounded by itself


def test_a_currency_that_gp_does_not_know_is_held_with_its_name(house: House, shop: Shop) -> None:
    shop.put("currencies", {**shop.rows("currencies")[0], "id": "77", "iso_code": "XAU", "conversion_rate": "2.000000"})
    order = shop.copy_order(foreign(shop), id_currency="77")
    house.engine.run("sales_orders", Selection(keys=(order["id"],)))
    state, code, sentence = state_of(house, order)
    assert (state, code) == ("held", "no_lookup")
    assert "XAU" in sentence


def test_a_rate_of_one_for_money_that_has_another_is_held(house: House, shop: Shop) -> None:
    """PS #39303: what connectors write into a shop. GP would take dollars for euros."""
    for rate in ("1.000000", "0.000000"):
        order = shop.copy_order(foreign(shop), conversion_rate=rate, current_state="2")
        house.engine.run("sales_orders", Selection(keys=(order["id"],)))
        assert state_of(house, order)[:2] == ("held", "no_rate")


def test_rates_of_a_shop_that_counts_in_other_money_than_gp_need_a_declared_source(
    make_house: Callable[..., House],
) -> None:
    """The shop's rates are of its default currency: taken for GP's, each foreign order would be wrong by that rate."""
    house = make_house(orders=20, troubles=False)
    shop = Shop(house)
    order = foreign(shop)
    for row in shop.rows("currencies"):
        default = row["id"] == order["id_currency"]
        shop.put("currencies", {**row, "conversion_rate": "1.000000" if default else "0.900000"})
    house.engine.run("sales_orders", EVER)
    assert state_of(house, order)[:2] == ("held", "rate_source")
    domestic = next(row for row in shop.delivered() if row["id_currency"] == "1")
    assert state_of(house, domestic)[0] == "delivered"
