"""POST orders: PaymentModule::validateOrder, which makes an order of a cart, whatever else was sent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from gp_prestashop.sandbox.shop.behaviour import Draft, Request
from gp_prestashop.sandbox.shop.columns import decimal, whole
from gp_prestashop.sandbox.shop.refusal import Fatal
from gp_prestashop.sandbox.shop.resources import stock
from gp_prestashop.sandbox.shop.resources.basket import Basket, Both, Line, basket_of, cents
from gp_prestashop.sandbox.shop.resources.states import FAILED, REMOTE_PAYMENT, add_payment, change_state
from gp_prestashop.sandbox.shop.store import Row, ShopStore

__all__ = ["place_order"]

NO_CART = "Cart cannot be loaded or an order has already been placed using this cart"


def place_order(draft: Draft) -> None:
    """Only cart, module, payment and total_paid of what was sent count.

    Raises Fatal for a module that is not installed, and for a cart that is unknown or was ordered.
    """
    store, request, row = draft.store, draft.request, draft.row
    if not store.has_module(str(row["module"])):
        raise Fatal
    cart = store.get("carts", whole(row["id_cart"]))
    if cart is None or store.having("orders", "id_cart", cart["id"]):
        raise Fatal(NO_CART)
    basket = basket_of(store, cart)
    paid = cents(decimal(row["total_paid"]))
    order = _order(request, cart, basket, row, paid)
    for line in basket.lines:
        _detail(request, order, line)
    for one in basket.discounts:
        _discount(request, order, one.rule, one.value)
    if _ships(basket):
        _shipment(request, order, basket)
    add_payment(request, order, paid)
    state = REMOTE_PAYMENT if paid == basket.total.gross else FAILED
    change_state(request, int(order["id"]), state)
    store.add("order_histories", {"id_order": order["id"], "id_order_state": str(state), "date_add": request.stamp})
    row["id"] = order["id"]


def _ships(basket: Basket) -> bool:
    return any(line.product["is_virtual"] != "1" for line in basket.lines)


def _order(request: Request, cart: Row, basket: Basket, sent: Row, paid: Decimal) -> Row:
    store = request.store
    products, total = basket.products, basket.total
    customer = store.get("customers", whole(cart["id_customer"])) or {}
    copied = ("id_address_delivery", "id_address_invoice", "id_currency", "id_lang", "id_customer", "recyclable", "gift", "gift_message", "mobile_theme")  # fmt: skip
    return store.add(
        "orders",
        {
            **{name: cart[name] for name in copied},
            "id_cart": cart["id"],
            "id_carrier": cart["id_carrier"] if _ships(basket) else "0",
            "current_state": "0",
            "module": sent["module"],
            "payment": sent["payment"],
            "id_shop": "1",
            "id_shop_group": "1",
            "secure_key": customer.get("secure_key", cart["secure_key"]),
            "reference": "".join(store.random.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=9)),
            "conversion_rate": f"{basket.rate:.6f}",
            "round_mode": "2",
            "round_type": "2",
            "carrier_tax_rate": f"{basket.shipping_rate:.3f}",
            "total_products": _six(products.net),
            "total_products_wt": _six(products.gross),
            "total_paid": _six(total.gross),
            "total_paid_tax_incl": _six(total.gross),
            "total_paid_tax_excl": _six(total.net),
            "total_paid_real": _six(paid),
            **_three("discounts", basket.discount),
            **_three("shipping", basket.shipping),
            "date_add": request.stamp,
            "date_upd": request.stamp,
        },
    )


def _detail(request: Request, order: Row, line: Line) -> None:
    store, product, combination = request.store, line.product, line.combination
    attribute = combination["id"] if combination else "0"
    own = combination or product
    left = stock.available(store, product["id"], attribute)
    store.add(
        "order_details",
        {
            "id_order": order["id"],
            "product_id": product["id"],
            "product_attribute_id": attribute,
            "id_shop": "1",
            "product_name": _name(store, line, order["id_lang"]),
            "product_quantity": str(line.quantity),
            "product_quantity_in_stock": str(min(line.quantity, max(left, 0))),
            **{
                f"product_{code}": own.get(code) or product.get(code)
                for code in ("ean13", "isbn", "upc", "mpn", "reference")
            },
            "product_weight": _six(line.weight),
            "product_price": _six(line.unit.net),
            "original_product_price": _six(line.unit.net),
            "id_tax_rules_group": product["id_tax_rules_group"],
            "unit_price_tax_excl": _six(line.unit.net),
            "unit_price_tax_incl": _six(line.unit.gross),
            "total_price_tax_excl": _six(line.total.net),
            "total_price_tax_incl": _six(line.total.gross),
            "total_shipping_price_tax_excl": _six(line.surcharge),
            "total_shipping_price_tax_incl": _six(line.surcharge),
            "associations": {"taxes": [{"id": tax["id"]} for tax in line.taxes]},
        },
    )
    stock.move(store, product["id"], attribute, -line.quantity)


def _name(store: ShopStore, line: Line, language: str) -> str:
    """``Canvas tote (Colour: Red - Size: Large)``."""
    name = _text(line.product["name"], language)
    parts = []
    for value in (line.combination or {}).get("associations", {}).get("product_option_values", []):
        found = store.get("product_option_values", whole(value["id"]))
        option = store.get("product_options", whole(found["id_attribute_group"])) if found else None
        if found and option:
            parts.append(
                (int(option["id"]), f"{_text(option['public_name'], language)}: {_text(found['name'], language)}")
            )
    return f"{name} ({' - '.join(text for _, text in sorted(parts))})" if parts else name


def _text(texts: Any, language: str) -> str:
    return str(texts.get(language) or next(iter(texts.values()), "")) if isinstance(texts, dict) else str(texts)


def _discount(request: Request, order: Row, rule: Row, value: Both) -> None:
    store = request.store
    store.add(
        "order_cart_rules",
        {
            "id_order": order["id"],
            "id_cart_rule": rule["id"],
            "name": _text(rule["name"], order["id_lang"]),
            "value": _six(value.gross),
            "value_tax_excl": _six(value.net),
            "free_shipping": rule["free_shipping"],
        },
    )
    store.change("cart_rules", rule["id"], quantity=str(int(rule["quantity"]) - 1), date_upd=request.stamp)


def _shipment(request: Request, order: Row, basket: Basket) -> None:
    weight = sum((line.weight * line.quantity for line in basket.lines), Decimal(0))
    request.store.add(
        "order_carriers",
        {
            "id_order": order["id"],
            "id_carrier": order["id_carrier"],
            "weight": _six(weight),
            "shipping_cost_tax_excl": _six(basket.shipping.net),
            "shipping_cost_tax_incl": _six(basket.shipping.gross),
            "date_add": request.stamp,
        },
    )


def _six(amount: Decimal) -> str:
    return f"{amount:.6f}"


def _three(name: str, amount: Both) -> dict[str, str]:
    """total_x, total_x_tax_incl and total_x_tax_excl."""
    gross, net = _six(amount.gross), _six(amount.net)
    return {f"total_{name}": gross, f"total_{name}_tax_incl": gross, f"total_{name}_tax_excl": net}
