"""Seeded years of a made-up shop with known bad orders, to measure the detectors by.

Every year has its own countries, tax rates, people, accounts, discounts, limits and season, and what looks odd but is sound: large
regular buyers, flash sales, subscriptions, standing orders, deposits, samples, honest refunds, a price-list change. ``Year.frames``
are in the form of the CSV files; ``Year.labels`` are order id → kind.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

__all__ = ["Customer", "Order", "World", "Year", "make_world", "make_year", "settle"]

VAT = {
    "FR": 20.0, "DE": 19.0, "BE": 21.0, "ES": 21.0, "IT": 22.0, "NL": 21.0, "AT": 20.0, "PL": 23.0, "SE": 25.0, "DK": 25.0, "IE": 23.0,
    "GB": 0.0, "US": 0.0, "CH": 0.0, "NO": 0.0,
}  # fmt: skip
MONEY = {
    "GB": ("GBP", 0.86),
    "US": ("USD", 1.1),
    "CH": ("CHF", 0.95),
    "NO": ("NOK", 11.6),
    "PL": ("PLN", 4.3),
    "SE": ("SEK", 11.3),
    "DK": ("DKK", 7.46),
}
LOCAL = {
    "NL": "ideal",
    "BE": "bancontact",
    "DE": "giropay",
    "AT": "eps",
    "PL": "blik",
    "SE": "swish",
    "CH": "twint",
    "DK": "mobilepay",
    "ES": "bizum",
    "IT": "satispay",
}
CATEGORIES = ("garden", "tools", "paint", "toys", "books", "audio", "cycling", "kitchen", "lighting", "pets")
STEP = timedelta(seconds=1)


@dataclass
class Customer:
    id: int
    country: str
    business: bool
    discount: float  # share of the list price that he pays
    exempt: bool
    weight: float
    rep: str
    typical: float  # of a line's quantity
    home_currency: bool


@dataclass
class Order:
    """An order before its sums are made; the ``force_*`` fields are what bad orders override."""

    customer: Customer
    at: datetime
    channel: str
    lines: list[dict[str, Any]]
    method: str
    country: str
    ship: str
    freight: float
    status: str = "paid"
    deposit: float = 1.0
    kind: str = ""
    currency: str = ""
    fx: float = 1.0
    exempt: bool = False
    changes: dict[str, Any] = field(default_factory=dict)


@dataclass
class World:
    random: random.Random
    start: datetime
    countries: list[str]
    home: str
    items: list[dict[str, Any]]
    customers: list[Customer]
    staff: list[str]
    posters: list[str]
    batch: str
    batch_hour: int
    accounts: dict[str, str]
    limits: list[int]
    freights: list[float]
    free_from: float
    fx_inverse: bool
    fx_drift: bool
    season: list[float]
    flash: list[datetime]
    list_change: datetime
    tax_on_freight: bool


@dataclass(frozen=True)
class Year:
    frames: dict[str, pd.DataFrame]
    labels: dict[str, str]


def make_world(seed: int, customers: int) -> World:
    """A shop drawn from the seed."""
    r = random.Random(seed)  # noqa: S311
    home = r.choice(["FR", "DE", "NL", "ES", "IT", "AT"])
    countries = [home, *r.sample([c for c in VAT if c != home], r.randint(4, 8))]
    categories = r.sample(CATEGORIES, r.randint(4, 8))
    prefix, digits = r.choice([("4", 4), ("30", 3), ("7", 3)])
    accounts = {
        f"Sales of {c}": f"{prefix}{k * 10 + 5:0{digits}d}-0{r.randint(0, 1)}"
        for k, c in enumerate(categories, start=1)
    }
    accounts |= {"receivable": f"1{r.randint(100, 299)}-00", "freight": f"4{r.randint(800, 899)}-00"}
    accounts |= {f"tax {rate:g}": f"22{r.randint(10, 19)}-{rate:02.0f}" for rate in {*VAT.values()}}
    accounts |= {"asset": "1510-00", "clearing": "2590-01"}
    items = [_item(r, 1000 + k, categories) for k in range(r.randint(150, 450))]
    staff = r.sample(["anna", "ben", "carla", "dirk", "eva", "felix", "greta"], r.randint(2, 4))
    people = [_customer(r, 5000 + k, countries, home, staff) for k in range(customers)]
    start = datetime(r.choice([2023, 2024, 2025]), 1, 1)  # noqa: DTZ001  the files hold the shop's local time
    limits = r.choice([[2000], [5000], [1000, 5000], [10000], [2500], [3000]])
    return World(
        random=r,
        start=start,
        countries=countries,
        home=home,
        items=items,
        customers=people,
        staff=staff,
        posters=r.sample(["otto", "rosa", "ugo", "vera"], r.randint(1, 3)),
        batch=r.choice(["batch", "autopost", "svc-gl"]),
        batch_hour=r.choice([1, 4, 22]),
        accounts=accounts,
        limits=limits,
        freights=[round(r.uniform(low, low + 3), 1) for low in (3, 6, 9)],
        free_from=r.choice([60.0, 90.0, 150.0]),
        fx_inverse=r.random() < 0.4,
        fx_drift=r.random() < 0.5,
        season=[r.uniform(0.7, 1.3) * (1.6 if month in {11, 12} else 1.0) for month in range(1, 13)],
        flash=[start + timedelta(days=r.randint(20, 340), hours=r.choice([12, 18, 20])) for _ in range(3)],
        list_change=start + timedelta(days=r.randint(60, 300)),
        tax_on_freight=r.random() < 0.7,
    )


def _item(r: random.Random, number: int, categories: list[str]) -> dict[str, Any]:
    price = round(min(900.0, 3 + r.lognormvariate(2.8, 1.0)), 2)
    weight, bulk = r.paretovariate(1.2), r.random() < 0.04
    return {"sku": f"A{number}", "category": r.choice(categories), "price": price, "weight": weight, "bulk": bulk}


def _customer(r: random.Random, number: int, countries: list[str], home: str, staff: list[str]) -> Customer:
    country = home if r.random() < 0.45 else r.choice(countries)
    business = r.random() < 0.15
    discount = r.choice([1.0, 0.95, 0.92, 0.88, 0.8]) if business else 1.0
    exempt = business and country != home and r.random() < 0.7
    weight = r.paretovariate(1.0 if business else 1.4) * (4.0 if business else 1.0)
    return Customer(
        number,
        country,
        business,
        discount,
        exempt,
        min(weight, 160.0),
        r.choice(staff),
        r.choice([4, 8, 15]) if business else 1.0,
        r.random() < 0.9,
    )


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
            made.append(_again(world, first, at))
            at += timedelta(days=every if every > 13 else 14)
    for order in r.sample(made, max(2, count // 300)):  # honest refunds: a return of what was bought, weeks later
        back = _again(world, order, min(order.at + timedelta(days=r.uniform(2, 30)), world.start + timedelta(days=364)))
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


def _again(world: World, order: Order, at: datetime) -> Order:
    del world
    return Order(
        order.customer, at, order.channel, [dict(line) for line in order.lines], order.method, order.country, order.ship, order.freight,
        order.status, order.deposit, "", order.currency, order.fx, order.exempt,
    )  # fmt: skip


def settle(world: World, made: list[Order]) -> Year:
    """The sums, payments and postings of the orders, then what bad orders change in them."""
    from gp_prestashop.assist.anomalies.years_books import write_books

    return write_books(world, made)
