"""Orders as PrestaShop writes them: its arithmetic, for every rounding type, mode and precision.

Written from Cart\\CartRow (item, line, total), Cart\\Calculator (the paid total) and CartRuleCalculator, apart from the
sandbox's own arithmetic and from the product's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import (
    ROUND_CEILING,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Decimal,
)
from typing import Any

__all__ = ["ITEM", "LINE", "MODES", "TOTAL", "Bought", "Order", "raw_order", "rounded"]

ITEM, LINE, TOTAL = 1, 2, 3
HALF_ODD = 5  # which Decimal does not have
MODES = {0: ROUND_CEILING, 1: ROUND_FLOOR, 2: ROUND_HALF_UP, 3: ROUND_HALF_DOWN, 4: ROUND_HALF_EVEN, HALF_ODD: ""}
SIX = Decimal("0.000001")


@dataclass(frozen=True)
class Bought:
    """``net`` unit price; ``rate`` in percent; ``tax`` the shop's tax id, 0 for none. ``ecotax`` is in the price."""

    reference: str
    quantity: int
    net: Decimal
    rate: Decimal = Decimal(20)
    tax: int = 1


@dataclass(frozen=True)
class Order:
    """``percent`` and ``amount`` (with tax) are vouchers; ``shipping`` and ``wrapping`` are without tax."""

    bought: Sequence[Bought]
    round_type: int = LINE
    round_mode: int = 2
    places: int = 2
    shipping: Decimal = Decimal(0)
    wrapping: Decimal = Decimal(0)
    fee_rate: Decimal = Decimal(20)
    percent: Decimal = Decimal(0)
    amount: Decimal = Decimal(0)
    free_shipping: bool = False
    id_currency: int = 1
    id: int = 1
    extra: dict[str, Any] = field(default_factory=dict)


def rounded(value: Decimal, places: int, mode: int) -> Decimal:
    """As PS_PRICE_ROUND_MODE says: 0 up, 1 down, 2 half up, 3 half down, 4 half even, 5 half odd."""
    cent = Decimal(1).scaleb(-places)
    if mode != HALF_ODD:
        return value.quantize(cent, MODES[mode])
    down = value.quantize(cent, ROUND_FLOOR)
    half, odd = value - down - cent / 2, int(down.scaleb(places)) % 2
    return down if half < 0 or (half == 0 and odd) else down + cent


def raw_order(order: Order) -> dict[str, Any]:
    """The record that the shop's source yields for it."""

    def round_(value: Decimal) -> Decimal:
        return rounded(value, order.places, order.round_mode)

    lines = []
    for one in order.bought:
        net, gross = one.net.quantize(SIX), (one.net * (1 + one.rate / 100)).quantize(SIX)
        if order.round_type == ITEM:
            exact = (round_(net) * one.quantity, round_(gross) * one.quantity)
        else:
            exact = (net * one.quantity, gross * one.quantity)
        shown = tuple(round_(v) for v in exact) if order.round_type == LINE else exact
        lines.append((one, net, gross, exact, shown))
    fees = {name: (round_(v), round_(v * (1 + order.fee_rate / 100)))
            for name, v in (("shipping", order.shipping), ("wrapping", order.wrapping))}  # fmt: skip
    products = [sum((line[4][side] for line in lines), Decimal(0)) for side in (0, 1)]
    off = [Decimal(0), Decimal(0)]
    for side in (0, 1):
        off[side] += products[side] * order.percent / 100
    left = products[1] - off[1]
    if order.amount and left:
        share = min(order.amount, left) / left
        off = [off[side] + (products[side] - off[side]) * share for side in (0, 1)]
    if order.free_shipping:
        off = [off[side] + fees["shipping"][side] for side in (0, 1)]
    discounts = [round_(value) for value in off]
    paid = [
        round_(
            sum((line[3][side] for line in lines), Decimal(0))
            - discounts[side]
            + fees["shipping"][side]
            + fees["wrapping"][side]
        )
        for side in (0, 1)
    ]
    raw: dict[str, Any] = {
        "id": str(order.id), "reference": f"REF{order.id:06d}", "id_customer": "1", "id_currency": str(order.id_currency),
        "id_carrier": "1", "id_cart": str(order.id), "current_state": "2", "module": "ps_wirepayment", "payment": "Bank wire",
        "date_add": "2026-03-02 10:00:00", "date_upd": "2026-03-02 10:00:00", "round_type": str(order.round_type),
        "round_mode": str(order.round_mode), "conversion_rate": "1.000000", "gift_message": "", "valid": "1",
        "id_address_delivery": "1", "id_address_invoice": "1", "id_lang": "1",
        "carrier_tax_rate": f"{order.fee_rate:.3f}",
        "total_paid": f"{paid[1]:.6f}", "total_paid_tax_incl": f"{paid[1]:.6f}", "total_paid_tax_excl": f"{paid[0]:.6f}",
        "total_products": f"{round_(products[0]):.6f}", "total_products_wt": f"{round_(products[1]):.6f}",
        **_three("discounts", discounts), **_three("shipping", fees["shipping"]), **_three("wrapping", fees["wrapping"]),
        "customer": {"id": "1", "firstname": "Anna", "lastname": "Berg", "company": "", "id_default_group": "3"},
        "address_delivery": _address(), "address_invoice": _address(),
        "order_details": [
            {
                "id": str(n), "id_order": str(order.id), "product_id": str(n), "product_attribute_id": "0",
                "product_reference": one.reference, "product_name": one.reference.title(),
                "product_quantity": str(one.quantity), "unit_price_tax_excl": f"{net:.6f}",
                "unit_price_tax_incl": f"{gross:.6f}", "total_price_tax_excl": f"{shown[0]:.6f}",
                "total_price_tax_incl": f"{shown[1]:.6f}", "taxes": [{"id": str(one.tax)}] if one.tax else [],
            }
            for n, (one, net, gross, _, shown) in enumerate(lines, start=1)
        ],
        "order_carriers": [], "order_cart_rules": _cart_rules(order, discounts), "order_rows": [],
    }  # fmt: skip
    return raw | order.extra


def _cart_rules(order: Order, discounts: Sequence[Decimal]) -> list[dict[str, Any]]:
    if not any(discounts):
        return []
    return [
        {
            "id": str(order.id), "id_order": str(order.id), "id_cart_rule": "1", "name": "Voucher",
            "value": f"{discounts[1]:.6f}", "value_tax_excl": f"{discounts[0]:.6f}",
            "free_shipping": str(int(order.free_shipping)), "deleted": "0",
        }
    ]  # fmt: skip


def _three(name: str, pair: Sequence[Decimal]) -> dict[str, str]:
    net, gross = pair
    return {
        f"total_{name}": f"{gross:.6f}",
        f"total_{name}_tax_incl": f"{gross:.6f}",
        f"total_{name}_tax_excl": f"{net:.6f}",
    }


def _address() -> dict[str, Any]:
    return {
        "id": "1", "id_country": "8", "id_state": "0", "firstname": "Anna", "lastname": "Berg", "company": "",
        "address1": "Rue 1", "address2": "", "postcode": "75001", "city": "Paris", "vat_number": "",
    }  # fmt: skip
