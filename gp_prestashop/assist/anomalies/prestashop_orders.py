"""Books of orders as the shop showed them (the ledger's raw records of the flow ``sales_orders``).

PrestaShop fields used: orders.{reference, date_add, id_customer, conversion_rate, module, valid, total_products,
total_shipping_tax_excl, total_wrapping_tax_excl, total_discounts_tax_excl, total_paid_tax_excl, total_paid_tax_incl, total_paid_real,
id_shop}; order_details.{product_reference, product_id, product_attribute_id, product_quantity, unit_price_tax_excl, total_price_tax_excl,
original_product_price}; addresses.id_country. Countries stay the shop's numbers: it is their habits that count. Vouchers and wrapping
count with the freight, so that the parts add up. A shop keeps no postings and no person who entered an order, so nothing is said of those.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd

from gp_prestashop.assist.anomalies.books import Books, make_books

__all__ = ["OrderRows", "RawOrder", "books_from", "books_of", "rows_of"]


class RawOrder(Protocol):
    """A ledger's WorkItem has this: the shop's id, the raw record, the ISO currency that the order is in."""

    @property
    def key(self) -> str: ...
    @property
    def raw(self) -> Mapping[str, Any]: ...
    @property
    def currency(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class OrderRows:
    """An order as rows of the books: one of ``orders``, its lines, its payment (none while it is unpaid)."""

    header: dict[str, Any]
    lines: list[dict[str, Any]]
    payment: dict[str, Any] | None


def rows_of(record: RawOrder) -> OrderRows:
    """The rows of one order."""
    key, raw = str(record.key), record.raw
    header = _header(key, raw, record.currency)
    paid = header["payment_status"] == "paid"
    payment = {"order_id": key, "method": raw.get("module"), "amount": raw.get("total_paid_real")} if paid else None
    return OrderRows(header, _lines(key, raw), payment)


def books_from(orders: Iterable[OrderRows]) -> Books:
    """Books of these orders; one that is there twice counts once, the later."""
    by_key = {order.header["order_id"]: order for order in orders}
    return make_books({
        "orders": _frame([order.header for order in by_key.values()]),
        "lines": _frame([line for order in by_key.values() for line in order.lines]),
        "payments": _frame([order.payment for order in by_key.values() if order.payment is not None]),
    })  # fmt: skip


def books_of(records: Iterable[RawOrder]) -> Books:
    """Books of these records; one that is there twice counts once, the later."""
    return books_from(rows_of(record) for record in records)


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=["order_id"])


def _header(key: str, raw: Mapping[str, Any], currency: str | None) -> dict[str, Any]:
    net, gross = _number(raw.get("total_paid_tax_excl")), _number(raw.get("total_paid_tax_incl"))
    extras = [_number(raw.get(f"total_{part}_tax_excl")) for part in ("shipping", "wrapping", "discounts")]
    shipping, wrapping, discounts = (0.0 if value is None else value for value in extras)
    return {
        "order_id": key,
        "reference": raw.get("reference"),
        "created_at": raw.get("date_add"),
        "customer_id": raw.get("id_customer"),
        "bill_country": _country(raw.get("address_invoice")),
        "ship_country": _country(raw.get("address_delivery")),
        "currency": currency or str(raw.get("id_currency") or ""),
        "fx_rate": _number(raw.get("conversion_rate")),
        "channel": f"shop {raw.get('id_shop') or 1}",
        "payment_method": raw.get("module"),
        "payment_status": "paid"
        if str(raw.get("valid")) == "1" and (_number(raw.get("total_paid_real")) or 0)
        else "open",
        "subtotal": _number(raw.get("total_products")),
        "freight": round(shipping + wrapping - discounts, 2),
        "tax": None if net is None or gross is None else round(gross - net, 2),
        "total": gross,
    }


def _lines(key: str, raw: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = raw.get("order_details") or []
    return [
        {
            "order_id": key,
            "line_no": number,
            "sku": f"{row.get('product_id')}-{row.get('product_attribute_id') or 0} {row.get('product_reference') or ''}".strip(),
            "qty": _number(row.get("product_quantity")),
            "list_price": _number(row.get("original_product_price")),
            "unit_price": _unit(row),
        }
        for number, row in enumerate(rows, start=1)
    ]


def _unit(row: Mapping[str, Any]) -> float | None:
    """The line's own total for one piece: shops round the piece, the line or the order, and only the line's total adds up."""
    total, quantity = _number(row.get("total_price_tax_excl")), _number(row.get("product_quantity"))
    return total / quantity if total is not None and quantity else _number(row.get("unit_price_tax_excl"))


def _country(address: Any) -> str:
    return str(address.get("id_country") or "") if isinstance(address, Mapping) else ""


def _number(value: Any) -> float | None:
    """A statistic's number: anything that is none counts as missing."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
