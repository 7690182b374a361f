"""What :meth:`PrestaShopSource.read` embeds in a record: other resources, by keyed look-ups for a whole page."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["COMPANIONS", "Companion"]


@dataclass(frozen=True, slots=True)
class Companion:
    """Rows of ``resource`` whose ``foreign`` field equals the record's ``local`` field (of a companion before: with a dot).

    ``many`` false: one object, or None where there is none. ``fields`` empty: all of them. ``passing``: only looked at
    while the record is completed, and not kept.
    """

    name: str
    resource: str
    local: str
    foreign: str
    many: bool = True
    fields: tuple[str, ...] = ()
    passing: bool = False


COMPANIONS: dict[str, tuple[Companion, ...]] = {
    "orders": (
        Companion("order_details", "order_details", "id", "id_order"),
        Companion("order_carriers", "order_carriers", "id", "id_order"),
        Companion("order_cart_rules", "order_cart_rules", "id", "id_order"),
        Companion("address_delivery", "addresses", "id_address_delivery", "id", many=False),
        Companion("address_invoice", "addresses", "id_address_invoice", "id", many=False),
        Companion("customer", "customers", "id_customer", "id", many=False),
    ),
    "customers": (Companion("addresses", "addresses", "id", "id_customer"),),
    "addresses": (Companion("customer", "customers", "id_customer", "id", many=False),),
    "order_slip": (
        Companion("order", "orders", "id_order", "id", many=False),
        Companion("address_delivery", "addresses", "order.id_address_delivery", "id", many=False),
        Companion("order_details", "order_details", "id_order", "id_order", passing=True),
    ),
    "carts": (Companion("orders", "orders", "id", "id_cart", fields=("id_cart",)),),
    # payment_shares.py makes one record of each order that a payment pays.
    "order_payments": (
        Companion(
            "orders",
            "orders",
            "order_reference",
            "reference",
            fields=(
                "reference",
                "id_customer",
                "id_currency",
                "module",
                "current_state",
                "total_paid",
                "valid",
                "date_add",
                "id_shop",
                "conversion_rate",
            ),
        ),
        Companion(
            "payments",
            "order_payments",
            "order_reference",
            "order_reference",
            fields=("order_reference", "id_currency", "amount"),
            passing=True,
        ),
    ),
}
