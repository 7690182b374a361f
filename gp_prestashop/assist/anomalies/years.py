"""Seeded years of a made-up shop with known bad orders, to measure the detectors by.

Every year has its own countries, tax rates, people, accounts, discounts, limits and season, and what looks odd but is sound: large
regular buyers, flash sales, subscriptions, standing orders, deposits, samples, honest refunds, a price-list change. ``Year.frames``
are in the form of the CSV files; ``Year.labels`` are order id → kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from gp_prestashop.assist.anomalies.years_world import LOCAL, MONEY, Customer, Order, World, make_world

__all__ = ["Year", "again", "make_year", "moment", "plain_order", "settle"]


@dataclass(frozen=True)
class Year:
    frames: dict[str, pd.DataFrame]
    labels: dict[str, str]


def make_year(seed: int, orders: int = 10_000, bad_share: float = 0.009) -> Year:
    """A year of about so many orders, of which about ``bad_share`` are bad, spread over all kinds."""
    from gp_prestashop.assist.anomalies.years_bad import make_bad

    world = make_world(seed, max(40, orders // 5))
    made = _plain_orders(world, orders)
    make_bad(world, made, bad_share)
    made.sort(key=lambda order: order.at)
    return settle(world, made)


def _plain_orders(world: World, count: int) -> list[Order]:
    r = world.random
    weights = [c.weight for c in world.customers]
    made = [plain_order(world, c, moment(world, c)) for c in r.choices(world.customers, weights, k=int(count * 0.93))]
    for at in world.flash:  # a sale by newsletter: many orders in an hour, usual baskets
        crowd = r.choices(world.customers, weights, k=max(3, count // 250))
        made += [plain_order(world, c, at + timedelta(minutes=r.expovariate(1 / 25)), sale=True) for c in crowd]
    for customer in r.sample(world.customers, max(2, count // 600)):  # subscriptions and standing orders
        first, every = plain_order(world, customer, moment(world, customer)), r.choice([7, 14, 28, 30, 30])
        at = world.start + timedelta(days=r.randint(0, 60), hours=r.choice([6, 9]))
        while at < world.start + timedelta(days=364) and every > 0:
            made.append(again(world, first, at))
            at += timedelta(days=every if every > 13 else 14)
    for order in r.sample(made, max(2, count // 300)):  # honest refunds: a return of what was bought, weeks later
        back = again(world, order, min(order.at + timedelta(days=r.uniform(2, 30)), world.start + timedelta(days=364)))
        back.lines = [dict(line, qty=-line["qty"]) for line in order.lines[: r.randint(1, 2)]]
        back.freight, back.status, back.deposit = 0.0, "refunded", 1.0
        made.append(back)
    return made


def moment(world: World, customer: Customer) -> datetime:
    r = world.random
    while True:
        day = world.start + timedelta(days=r.randrange(364))
        if r.random() * 2.2 > world.season[day.month - 1] or (
            customer.business and day.weekday() >= 5 and r.random() < 0.9
        ):
            continue
        hour = (
            r.choice([8, 9, 9, 10, 10, 11, 12, 13, 14, 15, 15, 16, 17])
            if customer.business
            else r.choice([*range(7, 24), 9, 12, 18, 19, 20, 20, 21, 21, 22, r.randrange(24)])
        )
        return day + timedelta(hours=hour, minutes=r.randrange(60), seconds=r.randrange(60))


def plain_order(world: World, customer: Customer, at: datetime, *, sale: bool = False) -> Order:
    r = world.random
    channel = "phone" if customer.business and r.random() < 0.5 else "web"
    local = LOCAL.get(customer.country)
    if customer.business:
        method = r.choices(["wire", "sepa_debit", "card"], [6, 3, 1 if channel == "web" else 0])[0]
    else:
        method = r.choices(["card", "paypal", local or "card", "wire"], [6, 3, 3, 0.4])[0]
    ship = r.choice(world.countries) if r.random() < 0.02 else customer.country
    currency, fx = "EUR", 1.0
    if customer.country in MONEY and (customer.home_currency or r.random() < 0.3):
        currency, base = MONEY[customer.country]
        fx = base * (1 + 0.03 * ((at - world.start).days / 365 - 0.5)) if world.fx_drift else base
    lines = _lines(world, customer, at, sale=sale, fx=fx)
    order = Order(customer, at, channel, lines, method, customer.country, ship, 0.0, currency=currency, fx=round(fx, 4))
    net = sum(line["qty"] * line["unit_price"] for line in lines) / fx
    order.freight = round(
        (
            0.0
            if net > world.free_from and channel == "web"
            else r.choice(world.freights) * (4 if customer.business else 1)
        )
        * fx,
        2,
    )
    order.exempt = customer.exempt and r.random() < 0.93
    if method == "wire" and r.random() < 0.05:
        order.status, order.deposit = "partial", r.choice([0.25, 0.4, 0.5])
    return order


def _lines(world: World, customer: Customer, at: datetime, *, sale: bool, fx: float) -> list[dict[str, Any]]:
    r = world.random
    count = 1 + min(11, int(r.expovariate(1 / (4.0 if customer.business else 1.4))))
    lines: list[dict[str, Any]] = []
    for item in r.choices(world.items, [i["weight"] for i in world.items], k=count):
        if any(line["sku"] == item["sku"] for line in lines):
            continue
        raised = 1.05 if at > world.list_change else 1.0
        price = round(round(item["price"] * raised, 2) * fx, 2)
        promo = (sale and r.random() < 0.7) or r.random() < 0.03
        share = r.choice([0.4, 0.5, 0.6, 0.7, 0.75]) if promo else customer.discount
        if customer.business:
            qty = max(1, round(r.lognormvariate(0, 0.7) * customer.typical))
            qty = qty if qty < 12 or r.random() < 0.3 else 6 * round(qty / 6)
        else:
            qty = r.choices([1, 2, 3, 4, 6], [70, 18, 6, 4, 2])[0]
        qty *= 10 if item["bulk"] else 1
        lines.append(
            {
                "sku": item["sku"],
                "category": item["category"],
                "qty": qty,
                "list_price": price,
                "unit_price": round(price * share, 2),
                "promo": int(promo),
            }
        )
    if not customer.business and r.random() < 0.01:
        lines.append(
            {
                "sku": "GIFT",
                "category": world.items[0]["category"],
                "qty": 1,
                "list_price": 5.0,
                "unit_price": 0.0,
                "promo": 1,
            }
        )
    return lines


def again(world: World, order: Order, at: datetime) -> Order:
    del world
    return Order(
        order.customer, at, order.channel, [dict(line) for line in order.lines], order.method, order.country, order.ship, order.freight,
        order.status, order.deposit, "", order.currency, order.fx, order.exempt,
    )  # fmt: skip


def settle(world: World, made: list[Order]) -> Year:
    """The sums, payments and postings of the orders, then what bad orders change in them."""
    from gp_prestashop.assist.anomalies.years_books import write_books

    return write_books(world, made)
