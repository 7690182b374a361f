"""What an order does when its state changes: OrderHistory::changeIdOrderState."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from gp_prestashop.sandbox.shop.behaviour import Request
from gp_prestashop.sandbox.shop.columns import decimal, whole
from gp_prestashop.sandbox.shop.refusal import Fatal
from gp_prestashop.sandbox.shop.resources import stock
from gp_prestashop.sandbox.shop.store import Row, ShopStore

__all__ = ["CANCELLED", "FAILED", "REMOTE_PAYMENT", "change_state"]

CANCELLED: Final = 6
FAILED: Final = 8
REMOTE_PAYMENT: Final = 11  # PS_OS_WS_PAYMENT
_BACK = (CANCELLED, FAILED)  # their goods are in stock again


def change_state(request: Request, id_order: int, state: int, id_employee: object = None) -> None:
    """The order's new state with its invoice, payment, delivery slip and stock; the history row is the caller's.

    Raises Fatal for an order or a state that does not exist.
    """
    store = request.store
    order, new = store.get("orders", id_order), store.get("order_states", state)
    if order is None or new is None:
        raise Fatal("Invalid new order status" if store.legacy else "")
    before = store.get("order_states", whole(order["current_state"]))
    order = store.change("orders", id_order, current_state=str(state), valid=new["logable"], date_upd=request.stamp)
    _move_stock(store, order, before, new)
    if new["invoice"] == "1" and order["invoice_number"] == "0":
        order = _invoice(request, order)
    if new["paid"] == "1":
        order = _pay_rest(request, order, id_employee)
    if new["delivery"] == "1":
        _deliver(request, order)


def _move_stock(store: ShopStore, order: Row, before: Row | None, new: Row) -> None:
    was_back = before is not None and int(before["id"]) in _BACK
    goes_back = int(new["id"]) in _BACK
    if before is None or was_back == goes_back:
        return
    for line in store.having("order_details", "id_order", order["id"]):
        quantity = int(line["product_quantity"]) * (1 if goes_back else -1)
        stock.move(store, line["product_id"], line["product_attribute_id"], quantity)


def _invoice(request: Request, order: Row) -> Row:
    store = request.store
    number = store.next_number("invoice", "invoice_number")
    copied = {
        name: order[name]
        for name in ("total_paid_tax_excl", "total_paid_tax_incl", "total_products", "total_products_wt")
    }
    three = {
        f"total_{ours}_tax_{side}": order[f"total_{theirs}_tax_{side}"]
        for ours, theirs in (("discount", "discounts"), ("shipping", "shipping"), ("wrapping", "wrapping"))
        for side in ("excl", "incl")
    }
    invoice = store.add(
        "order_invoices",
        {
            "id_order": order["id"],
            "number": str(number),
            "shop_address": store.name,
            "date_add": request.stamp,
            **copied,
            **three,
        },
    )
    for resource in ("order_details", "order_carriers", "order_cart_rules"):
        for row in store.having(resource, "id_order", order["id"]):
            store.change(resource, row["id"], id_order_invoice=invoice["id"])
    return store.change("orders", order["id"], invoice_number=str(number), invoice_date=request.stamp)


def _pay_rest(request: Request, order: Row, id_employee: object) -> Row:
    """A paid state books what is still open on the order's invoice."""
    store = request.store
    if not store.having("order_invoices", "id_order", order["id"]):
        return order
    rest = decimal(order["total_paid"]) - decimal(order["total_paid_real"])
    if rest <= 0:
        return order
    add_payment(request, order, rest, id_employee)
    paid = decimal(order["total_paid_real"]) + rest
    return store.change("orders", order["id"], total_paid_real=f"{paid:.6f}")


def add_payment(request: Request, order: Row, amount: Decimal, id_employee: object = None) -> None:
    """A row of order_payments, in the order's currency."""
    values = {
        "order_reference": order["reference"],
        "id_currency": order["id_currency"],
        "amount": f"{amount:.6f}",
        "payment_method": order["payment"],
        "conversion_rate": "1.000000",
        "date_add": request.stamp,
    }
    if id_employee:
        values["id_employee"] = str(id_employee)
    request.store.add("order_payments", values)


def _deliver(request: Request, order: Row) -> None:
    """The delivery slip's number once, its date with each state that delivers."""
    store = request.store
    number = order["delivery_number"]
    if number == "0":
        number = str(store.next_number("delivery", "delivery_number"))
    facts = {"delivery_number": number, "delivery_date": request.stamp}
    store.change("orders", order["id"], **facts)
    for invoice in store.having("order_invoices", "id_order", order["id"]):
        store.change("order_invoices", invoice["id"], **facts)
