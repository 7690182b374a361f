"""Writes orders of a made-up year as the four tables: sums, payments, postings, and the bad ones' changes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from gp_prestashop.assist.anomalies.years import Year
from gp_prestashop.assist.anomalies.years_world import VAT, Order, World

__all__ = ["write_books"]


def write_books(world: World, made: list[Order]) -> Year:
    orders: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    payments: list[dict[str, Any]] = []
    gl: list[dict[str, Any]] = []
    labels: dict[str, str] = {}
    for number, order in enumerate(made, start=500_001):
        if order.kind:
            labels[str(number)] = order.kind
        header = _header(world, order, number)
        orders.append(header)
        lines.extend({"order_id": number, "line_no": k, **line} for k, line in enumerate(order.lines, start=1))
        amount = order.changes.get("paid", round(header["total"] * order.deposit, 2))
        if amount is not None:
            row = {
                "order_id": number,
                "paid_at": order.at + timedelta(minutes=1),
                "method": order.method,
                "currency": order.currency,
                "amount": amount,
            }
            payments.extend([row] * order.changes.get("payments", 1))
        gl.extend(_postings(world, order, header))
    frames = {
        "orders": pd.DataFrame(orders),
        "lines": pd.DataFrame(lines),
        "payments": pd.DataFrame(payments),
        "gl": pd.DataFrame(gl),
    }
    for name, column in (("orders", "created_at"), ("payments", "paid_at"), ("gl", "posted_at")):
        frames[name][column] = pd.to_datetime(frames[name][column]).dt.floor("s")
    return Year(frames, labels)


def _header(world: World, order: Order, number: int) -> dict[str, Any]:
    r = world.random
    subtotal = round(sum(round(line["qty"] * line["unit_price"], 2) for line in order.lines), 2)
    rate = 0.0 if order.exempt else VAT[order.country]
    rate = order.changes.get("rate", rate)
    base = subtotal + (order.freight if world.tax_on_freight else 0.0)
    tax = order.changes["tax"](base * rate / 100, base) if "tax" in order.changes else base * rate / 100
    tax = round(tax + (r.choice([-0.01, 0.0, 0.0, 0.01]) if rate else 0.0), 2)
    subtotal = order.changes["subtotal"](subtotal) if "subtotal" in order.changes else subtotal
    total = round(subtotal + order.freight + tax, 2)
    total = order.changes["total"](total) if "total" in order.changes else total
    if "payment" in order.changes:
        order.changes["paid"] = order.changes["payment"](total)
    return {
        "order_id": number, "reference": f"{r.getrandbits(36):09X}", "created_at": order.at, "customer_id": order.customer.id,
        "bill_country": order.country, "ship_country": order.ship, "currency": order.currency,
        "fx_rate": order.changes.get("fx", round(1 / order.fx, 5) if world.fx_inverse else order.fx), "channel": order.channel,
        "entered_by": order.customer.rep if order.channel == "phone" else "web", "payment_method": order.method, "payment_status": order.status,
        "tax_exempt": int(order.exempt), "subtotal": subtotal, "freight": order.freight, "tax_rate": rate, "tax": tax, "total": total,
    }  # fmt: skip


def _postings(world: World, order: Order, header: dict[str, Any]) -> list[dict[str, Any]]:
    if order.changes.get("unposted"):
        return []
    when, who = _posted(world, order)
    head = {
        "order_id": header["order_id"],
        "journal": header["order_id"] - 400_000,
        "posted_at": when,
        "posted_by": who,
    }
    rows = [{**head, "account": world.accounts["receivable"], "debit": header["total"], "credit": 0.0}]
    sales: dict[str, float] = {}
    for line in order.lines:
        sales[line["category"]] = round(
            sales.get(line["category"], 0.0) + round(line["qty"] * line["unit_price"], 2), 2
        )
    parts = [(world.accounts[f"Sales of {category}"], amount) for category, amount in sales.items()]
    parts += [
        (world.accounts["freight"], header["freight"]),
        (world.accounts[f"tax {header['tax_rate']:g}"], header["tax"]),
    ]
    rows += [{**head, "account": account, "debit": 0.0, "credit": amount} for account, amount in parts if amount]
    if "account" in order.changes and len(rows) > 1:
        rows[1]["account"] = order.changes["account"]
    if "gl_amount" in order.changes:
        rows[-1]["credit"] = order.changes["gl_amount"](rows[-1]["credit"])
    return (
        rows * order.changes.get("postings", 1)
        if order.changes.get("same_journal", True)
        else rows + [{**row, "journal": row["journal"] + 900_000} for row in rows]
    )


def _posted(world: World, order: Order) -> tuple[datetime, str]:
    r = world.random
    if "posted" in order.changes:
        return order.changes["posted"](order.at)  # type: ignore[no-any-return]
    if order.channel == "web":
        night = order.at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(
            days=1 if world.batch_hour < 12 else 0, hours=world.batch_hour
        )
        night = night if night > order.at else night + timedelta(days=1)
        return night + timedelta(minutes=r.randrange(30)), world.batch
    day = order.at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=r.choice([0, 1, 1, 2]))
    while day.weekday() >= 5:
        day += timedelta(days=1)
    when = day + timedelta(hours=r.choice([9, 10, 11, 13, 14, 15, 16]), minutes=r.randrange(60))
    return (when if when > order.at else order.at + timedelta(minutes=r.randint(5, 90))), r.choice(world.posters)
