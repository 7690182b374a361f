"""PrestaShop's order arithmetic, exact.

Follows PrestaShop 1.7.8 and 8.x: ``Cart\\CartRow`` (PS_ROUND_TYPE), ``Cart\\CartRuleCalculator`` (discounts),
``Cart\\Calculator::getTotal`` and ``Cart::getPackageShippingCost``; the recorded orders of 8.2.1 agree with it to the
cent. Amounts are in the order's currency. ``net`` is without, ``gross`` with tax.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import IntEnum

__all__ = ["Amount", "Basket", "CartRule", "Line", "RoundType", "Totals", "half_up", "taxed"]

CENT = 2
STORED = 6  # decimal(20,6), the scale of prices


class RoundType(IntEnum):
    """orders.round_type (PS_ROUND_TYPE): what is rounded to the currency's precision."""

    ITEM = 1
    LINE = 2
    TOTAL = 3


def half_up(value: Decimal, places: int) -> Decimal:
    """Round half away from zero, PrestaShop's default PS_PRICE_ROUND_MODE (orders.round_mode 2)."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Amount:
    """The same sum without (``net``) and with (``gross``) tax."""

    net: Decimal = Decimal(0)
    gross: Decimal = Decimal(0)

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.net + other.net, self.gross + other.gross)

    def __sub__(self, other: Amount) -> Amount:
        return Amount(self.net - other.net, self.gross - other.gross)

    def __mul__(self, factor: Decimal | int) -> Amount:
        return Amount(self.net * factor, self.gross * factor)

    def rounded(self, places: int = CENT) -> Amount:
        return Amount(half_up(self.net, places), half_up(self.gross, places))


def taxed(price: Decimal, conversion_rate: Decimal, tax_percent: Decimal, places: int) -> Amount:
    """A price of the default currency converted and taxed: net and gross are rounded each from the exact value."""
    exact = price * conversion_rate
    return Amount(exact, exact * (1 + tax_percent / 100)).rounded(places)


@dataclass(frozen=True)
class Line:
    """A cart row: ``unit`` is unit_price_tax_excl/incl (six decimals, never rounded to cents)."""

    unit: Amount
    quantity: int

    def exact(self, round_type: RoundType) -> Amount:
        """CartRow's initial total, which the order's grand total is made of: only items are rounded in it, not lines."""
        return (self.unit.rounded() if round_type is RoundType.ITEM else self.unit) * self.quantity

    def total(self, round_type: RoundType) -> Amount:
        """order_details.total_price_tax_excl/incl."""
        exact = self.exact(round_type)
        return exact.rounded() if round_type is RoundType.LINE else exact


@dataclass(frozen=True)
class CartRule:
    """A voucher: a percentage of the products or an amount with tax (in the order's currency), or free shipping, or both.

    ``id`` is cart_rules.id.
    """

    id: int
    name: str
    percent: Decimal = Decimal(0)
    amount: Decimal = Decimal(0)
    free_shipping: bool = False


@dataclass(frozen=True)
class Totals:
    """The order's totals, each at two decimals; ``rules`` are order_cart_rules.value_tax_excl/value, at six.

    When lines are rounded, ``paid`` may miss ``products - discounts + shipping + wrapping`` by some cents, as in the
    recorded order 6 (111.64 + 5.95, paid 117.58): PrestaShop sums the lines unrounded for it, rounded for ``products``.
    """

    products: Amount
    discounts: Amount
    shipping: Amount
    wrapping: Amount
    paid: Amount
    rules: tuple[Amount, ...]


@dataclass(frozen=True)
class Basket:
    """What an order consists of. ``shipping`` and ``wrapping`` are already rounded, as PrestaShop's fees are."""

    lines: Sequence[Line]
    round_type: RoundType = RoundType.LINE
    shipping: Amount = Amount()
    wrapping: Amount = Amount()
    rules: Sequence[CartRule] = ()

    def totals(self) -> Totals:
        rows = [line.total(self.round_type) for line in self.lines]
        products = sum(rows, Amount())
        rules = tuple(self._discounts(rows))
        discounts = sum(rules, Amount()).rounded()
        exact = sum((line.exact(self.round_type) for line in self.lines), Amount())
        return Totals(
            products=products.rounded(),
            discounts=discounts,
            shipping=self.shipping,
            wrapping=self.wrapping,
            paid=(exact - discounts + self.shipping + self.wrapping).rounded(),
            rules=tuple(rule.rounded(STORED) for rule in rules),
        )

    def _discounts(self, rows: list[Amount]) -> list[Amount]:
        """What each rule takes off, unrounded; later rules see what earlier ones left of each row."""
        left = list(rows)
        taken: list[Amount] = []
        for rule in self.rules:
            applied = Amount()
            whole = sum(left, Amount())
            for i, row in enumerate(left):
                if rule.percent:
                    off = row * (rule.percent / 100)
                elif rule.amount and whole.gross and row.gross:
                    # An amount with tax is shared out by gross weight; its net part follows the row's own tax rate.
                    gross = min(rule.amount, whole.gross) * row.gross / whole.gross
                    off = Amount(gross * row.net / row.gross, gross)
                else:
                    continue
                left[i] = row - off
                applied += off
            taken.append(applied + (self.shipping if rule.free_shipping else Amount()))
        return taken
