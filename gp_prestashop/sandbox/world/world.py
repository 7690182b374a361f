"""A commercial world for the stand-in shop and the stand-in GP: the same seed gives the same rows, to the byte."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from gp_prestashop.sandbox.world.agreed import CLOSED_MONTH
from gp_prestashop.sandbox.world.catalogue import Article, catalogue, catalogue_rows
from gp_prestashop.sandbox.world.company import GpRow, inactive_customers, item_rows, taken_numbers
from gp_prestashop.sandbox.world.composer import Composer
from gp_prestashop.sandbox.world.delivery import Taxes, carriers
from gp_prestashop.sandbox.world.drafts import Counters, Draft
from gp_prestashop.sandbox.world.orders import OrderWriter
from gp_prestashop.sandbox.world.rows import VERSIONS, Row, RowMaker, dec6, install_rows, stamp
from gp_prestashop.sandbox.world.shoppers import Shopper, Special, new_shopper, shopper_rows
from gp_prestashop.sandbox.world.troubles import (
    EXPECTED,
    Expected,
    Kind,
    Troublemaker,
    early_moment,
    expected_of_state,
    plan,
)

__all__ = ["World", "generate"]

FIRST_DAY = date(2026, 10, 1)
_SPECIAL: Mapping[int, Special] = {3: "inactive", 4: "unfit"}


@dataclass(frozen=True)
class World:
    """Rows for both sides, and what ought to become of the orders.

    ``shop``: resource to rows, all fields as the webservice writes them. ``gp``: table to rows of real column names.
    ``troubles``: order id to what is wrong with it. ``expected``: order id to the state of its record after a run of
    the shipped flows (``held`` too for orders that wait for their payment). ``expected_payments``: the same for the
    order_payments rows of which it can be said: those of an unmapped module.
    """

    version: str
    seed: int
    first_day: date
    days: int
    go_live: date
    shop: Mapping[str, list[Row]]
    gp: Mapping[str, list[GpRow]]
    troubles: Mapping[int, Kind]
    expected: Mapping[int, Expected]
    expected_payments: Mapping[int, Expected]
    articles: tuple[Article, ...]
    shoppers: tuple[Shopper, ...]


def generate(
    seed: int = 1,
    *,
    items: int = 60,
    customers: int = 80,
    orders: int = 300,
    first_day: date = FIRST_DAY,
    days: int = 30,
    version: str = VERSIONS[-1],
    troubles: bool = True,
) -> World:
    """A world whose orders lie on ``days`` days from ``first_day`` (shop-local), but for a few early troubles."""
    if items < 12 or customers < 12:
        raise ValueError("A world needs 12 items and 12 customers at least")
    if troubles and first_day <= CLOSED_MONTH + timedelta(days=31):
        raise ValueError(f"With troubles the first day lies after the closed month of {CLOSED_MONTH:%B %Y}")
    rng = Random(seed)
    make = RowMaker(version)
    opened = datetime.combine(min(CLOSED_MONTH, first_day) - timedelta(days=200), time(9, 30))
    until = datetime.combine(first_day + timedelta(days=days), time()) - timedelta(seconds=1)
    articles = catalogue(rng, items)
    shoppers = _shoppers(rng, customers, opened, first_day, days, troubles=troubles)
    counters = Counters()
    shop: dict[str, list[Row]] = defaultdict(list)
    _install(shop, make, articles, opened)
    for shopper in shoppers:
        _extend(shop, shopper_rows(make, shopper))
    composer = Composer(rng, articles, shoppers)
    planned = plan(rng, orders) if troubles else {}
    moments = _moments(rng, orders, planned, first_day, days)
    maker = Troublemaker(rng, composer, articles, shoppers) if troubles else None
    writer = OrderWriter(make, counters, until)
    found: dict[int, Kind] = {}
    expected: dict[int, Expected] = {}
    expected_payments: dict[int, Expected] = {}
    previous: Draft | None = None
    for position, placed in enumerate(moments):
        kind = planned.get(position)
        id_order, id_cart = position + 1, counters.next("carts")
        if maker and kind:
            draft = maker.draft(kind, id_order, id_cart, placed)
            found[id_order], expected[id_order] = kind, EXPECTED[kind]
        else:
            draft = composer.draft(id_order, id_cart, placed)
            expected[id_order] = expected_of_state(draft.state)
        new_cart = draft.id_cart == id_cart
        rows = writer.write(draft, new_cart=new_cart)
        if not new_cart:
            counters.last["carts"] -= 1
        if kind == "split_reference" and previous and previous.reference == draft.reference:
            _share(shop["orders"][-1], shop["carts"][-1], rows)
        if kind == "unmapped_payment":
            expected_payments |= {int(row["id"]): "held" for row in rows["order_payments"]}
        _extend(shop, rows)
        previous = draft
    shop.setdefault("order_slip", [])
    taken = taken_numbers((key for key, kind in found.items() if kind == "number_taken"), first_day)
    gp = item_rows(articles, opened.date()) | {
        "RM00101": inactive_customers(shoppers, opened.date()) + taken["RM00101"],
        "SOP10100": taken["SOP10100"],
    }
    return World(
        version,
        seed,
        first_day,
        days,
        CLOSED_MONTH if troubles else first_day,
        dict(shop),
        gp,
        found,
        expected,
        expected_payments,
        tuple(articles),
        tuple(shoppers),
    )


def _shoppers(
    rng: Random, count: int, opened: datetime, first_day: date, days: int, *, troubles: bool
) -> list[Shopper]:
    """The first few are old customers, the rest came over the two months before and while the orders come."""
    old = max(6, count // 10)
    start = datetime.combine(first_day - timedelta(days=60), time())
    span = (60 + days) * 86_400
    since = [opened + timedelta(hours=7 * n) for n in range(1, old + 1)]
    since += sorted(start + timedelta(seconds=rng.randrange(span)) for _ in range(count - old))
    shoppers: list[Shopper] = []
    address = 1
    for key, moment in enumerate(since, 1):
        # Two of the old ones are those whom GP has closed, or whose name GP cannot hold.
        special = _SPECIAL.get(key, "") if troubles else ""
        country = "FR" if key <= old else None
        shopper = new_shopper(rng, key, address, moment, country=country, special=special)
        shoppers.append(shopper)
        address += len(shopper.addresses)
    return shoppers


def _moments(rng: Random, orders: int, planned: Mapping[int, Kind], first_day: date, days: int) -> list[datetime]:
    early = [
        early_moment(kind, n) for n, kind in sorted(planned.items()) if kind in ("before_go_live", "closed_period")
    ]
    start = datetime.combine(first_day, time())
    late = (start + timedelta(seconds=rng.randrange(days * 86_400 - 60)) for _ in range(orders - len(early)))
    return sorted(early) + sorted(late)


def _share(first: Row, cart: Row, rows: dict[str, list[Row]]) -> None:
    """Orders split from one cart share its reference and payment: PrestaShop books the whole sum once."""
    payment, second = rows["order_payments"][-1], rows["orders"][0]
    payment["amount"] = dec6(Decimal(payment["amount"]) + Decimal(first["total_paid"]))
    first["total_paid_real"] = first["total_paid"]
    cart["associations"]["cart_rows"] += [
        {
            "id_product": line["product_id"],
            "id_product_attribute": line["product_attribute_id"],
            "id_address_delivery": second["id_address_delivery"],
            "id_customization": "0",
            "quantity": line["product_quantity"],
        }
        for line in second["associations"]["order_rows"]
    ]


def _install(shop: dict[str, list[Row]], make: RowMaker, articles: list[Article], opened: datetime) -> None:
    when = {"date_add": stamp(opened), "date_upd": stamp(opened)}
    for resource in ("languages", "currencies", "countries", "states", "order_states"):
        shop[resource] = [make.fit(resource, row) for row in install_rows(resource)]
    shop["groups"] = [make.fit("groups", row | when) for row in install_rows("groups")]
    shop["shops"] = [make.row("shops", 1, id_shop_group=1, id_category=2, active=1, name="Crosswind Stationery")]
    shop["carriers"] = carriers(make)
    _extend(shop, Taxes().rows(make, opened))
    _extend(shop, catalogue_rows(make, articles, opened))


def _extend(shop: dict[str, list[Row]], rows: Mapping[str, list[Row]]) -> None:
    for resource, more in rows.items():
        shop[resource].extend(more)
