"""The shop of a made-up year: its countries, people, items, accounts, limits and customers, drawn from a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

__all__ = ["LOCAL", "MONEY", "VAT", "Customer", "Order", "World", "make_world"]

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
