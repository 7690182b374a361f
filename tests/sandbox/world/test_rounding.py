"""The arithmetic, against 15 orders that PrestaShop 8.2.1 itself computed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gp_prestashop.sandbox.world.rounding import Amount, Basket, CartRule, Line, RoundType, half_up, taxed

# What the recorded shop was set up with: taxes by id, prices in euros by the start of the name, shipping by order.
TAXES = {"33": Decimal(20), "34": Decimal(10), "35": Decimal(19)}
RULES = {
    3: (CartRule(1, "Ten percent off", percent=Decimal(10)),),
    4: (CartRule(2, "Five off & free shipping", amount=Decimal(5), free_shipping=True),),
}
ZONE_FEES = {5: Decimal(15), 11: Decimal(12)}  # US and CH; all others are in the zone of 5.00
PRICES = {
    "Ledger": "12.5",
    "Classeur": "12.5",
    "Canvas tote Größe (Colour: Red - Size: L": "24",
    "Canvas tote Größe (Colour: Blue - Size: L": "24",
    "Canvas": "20",
    "Accountant": "9",
    "Oak": "349.99",
    "Naïve": "7.33",
    "Mug": "7.33",
    "Gift": "50",
}


def price_of(name: str) -> Decimal:
    return Decimal(next(price for start, price in PRICES.items() if name.startswith(start)))


@pytest.mark.parametrize("id_order", range(1, 16))
def test_recorded_order(id_order: int, recorded: Callable[[str], Any]) -> None:
    facts = recorded("recorded_orders")
    order = next(o for o in facts["orders"] if o["id"] == id_order)
    details = [d for d in facts["order_details"] if d["id_order"] == str(id_order)]
    rate = Decimal(order["conversion_rate"])
    lines = []
    for detail in details:
        tax = sum((TAXES[t] for t in detail["taxes"]), Decimal(0))
        line = Line(taxed(price_of(detail["product_name"]), rate, tax, 6), int(detail["product_quantity"]))
        assert line.unit.net == Decimal(detail["unit_price_tax_excl"])
        assert line.unit.gross == Decimal(detail["unit_price_tax_incl"])
        total = line.total(RoundType(int(order["round_type"])))
        assert total.net == Decimal(detail["total_price_tax_excl"])
        assert total.gross == Decimal(detail["total_price_tax_incl"])
        lines.append(line)
    shipping = Amount()
    if id_order != 10:  # sent by mail, nothing to ship
        desks = sum(line.quantity for line in lines if line.unit.net == Decimal("349.99"))
        fee = ZONE_FEES.get(id_order, Decimal(5)) + 30 * desks
        shipping = taxed(fee, rate, Decimal(order["carrier_tax_rate"]), 2)
    totals = Basket(lines, RoundType(int(order["round_type"])), shipping, Amount(), RULES.get(id_order, ())).totals()
    for name, amount in (
        ("total_discounts", totals.discounts),
        ("total_shipping", totals.shipping),
        ("total_wrapping", totals.wrapping),
        ("total_paid", totals.paid),
    ):
        assert amount.gross == Decimal(order[f"{name}_tax_incl"]), name
        assert amount.net == Decimal(order[f"{name}_tax_excl"]), name
    assert totals.products.net == Decimal(order["total_products"])
    assert totals.products.gross == Decimal(order["total_products_wt"])
    assert order["total_paid"] == order["total_paid_tax_incl"]
    values = [r for r in facts["order_cart_rules"] if r["id_order"] == str(id_order)]
    assert [(r.gross, r.net) for r in totals.rules] == [
        (Decimal(v["value"]), Decimal(v["value_tax_excl"])) for v in values
    ]


def test_half_up_goes_away_from_zero() -> None:
    assert half_up(Decimal("2.675"), 2) == Decimal("2.68")
    assert half_up(Decimal("-2.675"), 2) == Decimal("-2.68")


def test_round_types_differ_where_they_should() -> None:
    lines = [Line(taxed(Decimal("7.33"), Decimal("1.1"), Decimal(0), 6), 12)] * 3  # 8.063 each
    gross = {t: Basket(lines, t).totals().products.gross for t in RoundType}
    assert gross == {
        RoundType.ITEM: Decimal("290.16"),  # 3 x 12 x 8.06
        RoundType.LINE: Decimal("290.28"),  # 3 x 96.76
        RoundType.TOTAL: Decimal("290.27"),  # 290.268
    }


UNITS = st.decimals(Decimal("0.01"), Decimal(900), places=6)
BASKETS = st.builds(
    Basket,
    st.lists(
        st.builds(
            Line,
            st.builds(
                taxed, UNITS, st.just(Decimal(1)), st.sampled_from([Decimal(0), Decimal(10), Decimal(20)]), st.just(6)
            ),
            st.integers(1, 100),
        ),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(RoundType),
    st.just(Amount(Decimal("5.00"), Decimal("6.00"))),
    st.just(Amount(Decimal("2.50"), Decimal("3.00"))),
    st.lists(
        st.sampled_from(
            [
                CartRule(1, "tenth", percent=Decimal(10)),
                CartRule(2, "five", amount=Decimal(5)),
                CartRule(3, "free", free_shipping=True),
            ]
        ),
        max_size=2,
        unique=True,
    ),
)


@given(BASKETS)
def test_totals_add_up(basket: Basket) -> None:
    """To the cent when items or the total are rounded; within half a cent a line when lines are."""
    totals = basket.totals()
    off = totals.paid - (totals.products - totals.discounts + totals.shipping + totals.wrapping)
    slack = Decimal("0.005") * (len(basket.lines) + 1) if basket.round_type is RoundType.LINE else Decimal(0)
    assert abs(off.net) <= slack
    assert abs(off.gross) <= slack
    assert Decimal(0) <= totals.paid.net


@given(BASKETS)
def test_later_rules_see_what_earlier_ones_left(basket: Basket) -> None:
    totals = basket.totals()
    assert totals.discounts.gross <= totals.products.gross + totals.shipping.gross
    assert all(rule.net <= rule.gross for rule in totals.rules)
