"""Sales, stock and order times out of the ledger's raw records.

Sales: PrestaShop's order_details.{product_reference, product_quantity} by the order's date_add. Stock: GP's quantities as the flow ``stock``
read them (IV00102: QTYONHND less ATYALLOC, over the sites); items are matched by ITEMNMBR = product_reference.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pandas as pd

from gp_prestashop.assist.anomalies.in_flow import recorded_orders
from gp_prestashop.ledger.ledger import Ledger

__all__ = ["recorded_sales", "recorded_stock"]

PAGE = 1000


def recorded_sales(
    ledger: Ledger, first: date, last: date, flow: str = "sales_orders"
) -> tuple[pd.DataFrame, list[datetime]]:
    """(day, item, qty) of all order lines of these days, and the orders' moments (the shop's time, without a zone, as it writes them)."""
    rows, moments = [], []
    for order in recorded_orders(ledger, flow, first, last):
        moment = _moment(order.raw.get("date_add"))
        if moment is None:
            continue
        moments.append(moment)
        for line in order.raw.get("order_details") or []:
            quantity = _number(line.get("product_quantity"))
            reference = str(line.get("product_reference") or "").strip()
            if reference and quantity:
                rows.append((moment.date(), reference, quantity))
    return pd.DataFrame(rows, columns=["day", "item", "qty"]), sorted(moments)


def recorded_stock(ledger: Ledger, flow: str = "stock") -> dict[str, float]:
    """Pieces that are free of each item, as read last."""
    stock: dict[str, float] = {}
    after = None
    while True:
        page = ledger.work(flow, states=("pending", "held", "delivered", "dead", "in_doubt"), after=after, limit=PAGE)
        for item in page:
            sites = item.raw.get("sites") or []
            free = sum((_number(s.get("QTYONHND")) or 0.0) - abs(_number(s.get("ATYALLOC")) or 0.0) for s in sites)
            stock[str(item.raw.get("ITEMNMBR") or item.key).strip()] = free
        if len(page) < PAGE:
            return stock
        after = page[-1].key


def _moment(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
