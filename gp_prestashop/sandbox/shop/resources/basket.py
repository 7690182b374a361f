"""The arithmetic of a cart: prices, taxes, shipping, discounts.

Rounding is the recorded shops': lines to the cent, half up (orders.round_type 2, round_mode 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from gp_prestashop.sandbox.shop.columns import decimal, whole
from gp_prestashop.sandbox.shop.store import Row, ShopStore

__all__ = ["Basket", "Both", "Discount", "Line", "basket_of", "cents"]

CENT = Decimal("0.01")
MICRO = Decimal("0.000001")


@dataclass(frozen=True)
class Both:
    """An amount without and with tax, in the order's currency."""

    net: Decimal = Decimal(0)
    gross: Decimal = Decimal(0)

    def __add__(self, other: Both) -> Both:
        return Both(self.net + other.net, self.gross + other.gross)

    def rounded(self, unit: Decimal = CENT) -> Both:
        return Both(self.net.quantize(unit, ROUND_HALF_UP), self.gross.quantize(unit, ROUND_HALF_UP))


@dataclass(frozen=True)
class Line:
    """A row of the cart. ``surcharge``: the product's own shipping cost, without tax, for one piece."""

    product: Row
    combination: Row | None
    quantity: int
    unit: Both
    taxes: tuple[Row, ...]
    surcharge: Decimal
    weight: Decimal

    @property
    def exact(self) -> Both:
        return Both(self.unit.net * self.quantity, self.unit.gross * self.quantity)

    @property
    def total(self) -> Both:
        return self.exact.rounded()


@dataclass(frozen=True)
class Discount:
    """What a cart rule takes off."""

    rule: Row
    value: Both


@dataclass(frozen=True)
class Basket:
    lines: tuple[Line, ...]
    shipping: Both
    shipping_rate: Decimal
    discounts: tuple[Discount, ...]
    rate: Decimal  # of the currency

    @property
    def products(self) -> Both:
        return sum((line.total for line in self.lines), Both())

    @property
    def discount(self) -> Both:
        return sum((one.value for one in self.discounts), Both()).rounded()

    @property
    def total(self) -> Both:
        """Rounded once, over unrounded lines: it may differ by a cent from the sum of the parts, as recorded."""
        whole = sum((line.exact for line in self.lines), self.shipping)
        off = sum((one.value for one in self.discounts), Both())
        return Both(whole.net - off.net, whole.gross - off.gross).rounded()


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def basket_of(store: ShopStore, cart: Row) -> Basket:
    """The cart's lines and totals. Specific prices, group reductions, ecotax and wrapping fees are not applied."""
    address = store.get("addresses", whole(cart["id_address_delivery"])) or {}
    currency = store.get("currencies", whole(cart["id_currency"])) or {}
    rate = decimal(currency.get("conversion_rate", "1"))
    lines = tuple(
        line for row in cart["associations"].get("cart_rows", []) if (line := _line(store, row, address, rate))
    )
    carrier = store.get("carriers", whole(cart["id_carrier"]))
    physical = any(line.product["is_virtual"] != "1" for line in lines)
    shipping, percent = Both(), Decimal(0)
    if carrier is not None and physical:
        percent = _percent(_taxes(store, str(carrier["id_tax_rules_group"]), address))
        shipping = _shipping(store, carrier, address, lines, rate, percent)
    rules = [store.row("cart_rules", one) for one in store.cart_rules.get(int(cart["id"]), [])]
    return Basket(lines, shipping, percent, tuple(_discount(one, lines, shipping, rate) for one in rules), rate)


def _line(store: ShopStore, row: Row, address: Row, rate: Decimal) -> Line | None:
    product = store.get("products", whole(row["id_product"]))
    if product is None:
        return None
    combination = store.get("combinations", whole(row["id_product_attribute"]))
    taxes = _taxes(store, product["id_tax_rules_group"], address)
    impact = decimal(combination["price"]) if combination else Decimal(0)
    net = ((decimal(product["price"]) + impact) * rate).quantize(MICRO, ROUND_HALF_UP)
    gross = (net * (1 + _percent(taxes) / 100)).quantize(MICRO, ROUND_HALF_UP)
    weight = decimal(product["weight"]) + (decimal(combination["weight"]) if combination else 0)
    surcharge = decimal(product["additional_shipping_cost"])
    return Line(product, combination, whole(row["quantity"]), Both(net, gross), tuple(taxes), surcharge, weight)


def _taxes(store: ShopStore, group: str, address: Row) -> list[Row]:
    """The group's rules for the address's country, those of its state before those of all."""
    country, state = str(address.get("id_country", "0")), str(address.get("id_state") or "0")
    rules = [one for one in store.having("tax_rules", "id_tax_rules_group", group) if one["id_country"] == country]
    fitting = [one for one in rules if one["id_state"] == state and state != "0"] or [
        one for one in rules if one["id_state"] == "0"
    ]
    taxes = (store.get("taxes", whole(one["id_tax"])) for one in fitting[:1])
    return [one for one in taxes if one is not None and one["active"] == "1"]


def _percent(taxes: list[Row] | tuple[Row, ...]) -> Decimal:
    return sum((decimal(one["rate"]) for one in taxes), Decimal(0))


def _shipping(
    store: ShopStore, carrier: Row, address: Row, lines: tuple[Line, ...], rate: Decimal, percent: Decimal
) -> Both:
    """The fee of the zone and range, and the products' own, in the order's currency; a carrier without ranges is free."""
    if carrier["is_free"] == "1":
        return Both()
    country = store.get("countries", whole(address.get("id_country", 0)))
    zone = country["id_zone"] if country else "0"
    by_price = str(carrier["shipping_method"]) == "2"
    measure = sum((one.total.gross / rate if by_price else one.weight * one.quantity for one in lines), Decimal(0))
    ranges, link = ("price_ranges", "id_range_price") if by_price else ("weight_ranges", "id_range_weight")
    fee = Decimal(0)
    for one in store.having(ranges, "id_carrier", carrier["id"]):
        if decimal(one["delimiter1"]) <= measure < decimal(one["delimiter2"]):
            fees = store.having("deliveries", link, one["id"])
            fee = next((decimal(row["price"]) for row in fees if row["id_zone"] == zone), Decimal(0))
    physical = (one for one in lines if one.product["is_virtual"] != "1")
    fee += sum((one.surcharge * one.quantity for one in physical), Decimal(0))
    net = fee * rate
    return Both(net, net * (1 + percent / 100)).rounded()


def _discount(rule: Row, lines: tuple[Line, ...], shipping: Both, rate: Decimal) -> Discount:
    """Percentage of all goods, an amount with or without tax, and free shipping, in any combination."""
    goods = sum((line.total for line in lines), Both())
    value = shipping if rule["free_shipping"] == "1" else Both()
    percent = decimal(rule["reduction_percent"]) / 100
    value += Both(goods.net * percent, goods.gross * percent)
    amount = decimal(rule["reduction_amount"]) * rate
    if amount and goods.gross:
        share = goods.gross / goods.net if goods.net else Decimal(1)
        taxed = rule["reduction_tax"] == "1"
        value += Both(amount / share if taxed else amount, amount if taxed else amount * share)
    return Discount(rule, value.rounded(MICRO))
