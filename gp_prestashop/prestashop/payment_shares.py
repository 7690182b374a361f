"""Which order a payment pays. ``order_payments`` name only a reference, which split orders share.

Payments of a reference, in the order of their ids, fill its orders, oldest first, up to ``total_paid``. A payment becomes
one record for each order that it reaches: the first keeps the payment's id as its key, further ones are
``<payment>-<order>``, and what no order is left for is ``<payment>-over``. Orders of a shared reference that it does not
reach have a record as well, with a share of 0: a change of an order's total moves shares, and none may vanish unseen.

Added to the payment's own fields: ``share`` (amount on this order), ``id_order``, ``further`` (the payment pays an older
order as well), ``order_paid`` (what all payments of the reference so far pay of this order), ``reference_paid`` and
``reference_total`` (of all payments and orders of the reference in the order's currency).
``orders`` holds the one order, or nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from gp_prestashop.mapping.shapes import Column

__all__ = ["SHARE_COLUMNS", "payment_keys", "payment_shares"]

Row = dict[str, Any]
ZERO = Decimal(0)
MONEY = "DECIMAL(20,6)"
SHARE_COLUMNS = (
    Column("share", MONEY, title="Amount of the payment on this order"),
    Column("id_order", "BIGINT", title="The order that it pays"),
    Column("further", "BOOLEAN", title="Whether the payment pays an older order before this one"),
    Column("order_paid", MONEY, title="Paid so far on this order"),
    Column("reference_paid", MONEY, title="Paid so far for all orders of the reference"),
    Column("reference_total", MONEY, title="What the orders of the reference cost"),
)


def payment_keys(keys: Sequence[str]) -> tuple[str, ...]:
    """The payments' ids of record keys."""
    return tuple(dict.fromkeys(key.partition("-")[0] for key in keys))


def payment_shares(payment: Row) -> Iterator[tuple[str, Row]]:
    """Records of one payment, by key. ``payment`` has its companions ``orders`` and ``payments``."""
    orders = sorted(payment.get("orders") or [], key=lambda order: int(order["id"]))
    others = payment.pop("payments", None) or []
    amount = _money(payment.get("amount"))
    fitting = bool(orders) and all(order.get("id_currency") == payment.get("id_currency") for order in orders)
    alike = [one for one in others if one.get("id_currency") == payment.get("id_currency")]
    paid = sum((max(_money(one.get("amount")), ZERO) for one in alike), ZERO)
    total = sum((_money(order.get("total_paid")) for order in orders), ZERO)
    sums = {"reference_paid": f"{paid:f}", "reference_total": f"{total:f}"}
    if not fitting or amount <= 0:
        only = orders[0] if len(orders) == 1 else None
        found = [(only, amount)] if only or not orders else [(orders[0], amount)]
    else:
        before = sum((max(_money(p.get("amount")), ZERO) for p in alike if int(p["id"]) < int(payment["id"])), ZERO)
        found = list(_spread(orders, before, amount)) or [(None, amount)]
    reached = {order["id"] for order, _ in found[1:] if order}
    nothing = [(order, ZERO) for order in orders if order["id"] not in reached] if len(orders) > 1 and fitting else []
    for number, (order, share) in enumerate([*found, *nothing]):
        suffix = "" if number == 0 and (order or len(found) == 1) else f"-{order['id'] if order else 'over'}"
        yield (
            f"{payment['id']}{suffix}",
            {
                **payment,
                **sums,
                "share": f"{share:f}",
                "order_paid": f"{_paid(orders, order, paid):f}",
                "further": "1" if suffix else "0",
                "id_order": order["id"] if order else None,
                "orders": [order] if order else [],
            },
        )


def _spread(orders: Sequence[Mapping[str, Any]], before: Decimal, amount: Decimal) -> Iterator[tuple[Any, Decimal]]:
    """The parts of the stretch from ``before`` to ``before + amount`` that fall on each order, and what is left."""
    start, end, reached = before, before + amount, ZERO
    for order in orders:
        last, reached = reached, reached + _money(order.get("total_paid"))
        part = min(end, reached) - max(start, last)
        if part > 0:
            yield order, part
    if end > max(start, reached):
        yield None, end - max(start, reached)


def _paid(orders: Sequence[Mapping[str, Any]], order: Any, paid: Decimal) -> Decimal:
    """What falls on ``order`` of all that was paid."""
    return sum((part for one, part in _spread(orders, ZERO, paid) if order and one is order), ZERO)


def _money(text: Any) -> Decimal:
    """Unreadable amounts count as nothing here; the contract holds their record."""
    try:
        value = Decimal(str(text))
    except InvalidOperation:
        return ZERO
    return value if value.is_finite() else ZERO
