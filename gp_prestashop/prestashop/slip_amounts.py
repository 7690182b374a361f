"""What a slip pays back for goods. The totals that PrestaShop keeps with it do not always say.

Its back office can take the order's vouchers off a refund, or pay back an amount of one's choice (order_slip_type 1 and 2;
2 stands there for shipping, too). It then takes the voucher off one of the two totals only (without tax, where the customer
sees prices with it), and keeps the amount of choice in ``amount`` alone; see OrderSlipCreator::createOrderSlip. What the
customer gets is what the credit slip is printed with (order-slip.total-tab.tpl).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from gp_prestashop.prestashop.slip_numbers import money

__all__ = ["goods_paid_back"]

CENT = Decimal("0.01")
SIX = Decimal("0.000001")
CHOSEN = "2"
Row = Mapping[str, Any]


def goods_paid_back(slip: Row, order: Row, lines: Sequence[Row]) -> tuple[Decimal, Decimal]:
    """Without and with tax. ``lines`` are the slip's details."""
    net, gross = money(slip.get("total_products_tax_excl")), money(slip.get("total_products_tax_incl"))
    line_net = sum((money(line.get("amount_tax_excl")) for line in lines), Decimal(0))
    line_gross = sum((money(line.get("amount_tax_incl")) for line in lines), Decimal(0))
    voucher_net, voucher = money(order.get("total_discounts_tax_excl")), money(order.get("total_discounts_tax_incl"))
    slack = CENT * (len(lines) + 1)
    if lines and voucher > slack and _one_side((line_net - net, line_gross - gross), voucher, slack):
        return line_net - voucher_net, line_gross - voucher
    chosen = _chosen(slip, net, gross)
    if chosen is None:
        return net, gross
    base_net, base = (
        (net, gross) if gross else (money(order.get("total_products")), money(order.get("total_products_wt")))
    )
    return (chosen * base_net / base).quantize(SIX) if base else chosen, chosen


def _one_side(off: tuple[Decimal, Decimal], voucher: Decimal, slack: Decimal) -> bool:
    """Whether the voucher was taken off one of the totals, and nothing off the other."""
    least, most = sorted(off)
    return abs(least) <= slack and abs(most - voucher) <= slack


def _chosen(slip: Row, net: Decimal, gross: Decimal) -> Decimal | None:
    """The amount of choice, with tax, or None where ``amount`` only repeats a total."""
    amount = money(slip.get("amount"))
    shipping = money(slip.get("total_shipping_tax_excl")), money(slip.get("total_shipping_tax_incl"))
    nothing = not gross and not any(shipping)
    if amount <= 0 or not (nothing or str(slip.get("order_slip_type")) == CHOSEN):
        return None
    totals = {goods + fee for goods in (net, gross) for fee in (Decimal(0), *shipping)}
    return None if any(abs(amount - total) < CENT for total in totals) else amount
