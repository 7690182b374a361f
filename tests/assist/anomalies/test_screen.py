"""The screen before delivery, through the wires: what looks wrong is held or warned of, what a person lets go on is delivered."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from typer.testing import CliRunner

from gp_prestashop.assist.anomalies.screen import OrderScreen
from gp_prestashop.clock import SystemClock
from gp_prestashop.commands.anomalies import app
from gp_prestashop.engine.engine import Engine
from gp_prestashop.engine.protocols import Selection
from gp_prestashop.ledger.ledger import Mark, Received, WorkItem, content_hash
from gp_prestashop.settings import AnomalySettings
from tests.house import EVER, House
from tests.shop import FAR, Shop

PRICES = (
    "unit_price_tax_incl", "unit_price_tax_excl", "total_price_tax_incl", "total_price_tax_excl", "product_price",
)  # fmt: skip
TOTALS = (
    "total_paid", "total_paid_tax_incl", "total_paid_tax_excl", "total_paid_real", "total_products", "total_products_wt",
)  # fmt: skip


def screened(house: House, policy: str) -> Engine:
    parts = house.engine.parts
    settings = AnomalySettings(policy=policy, history=3650)  # type: ignore[arg-type]
    return Engine(replace(parts, screen=OrderScreen(parts.ledger, house.settings.home, settings, SystemClock())))


def remember(house: House, orders: int, buyer: str) -> None:
    """Earlier orders of the same shop, recorded and not sent; this buyer takes some thirty pieces each time."""
    ledger = house.engine.parts.ledger
    known = [item for item in ledger.work("sales_orders", states=("delivered",)) if int(item.key) < FAR]
    made = [earlier(known[at % len(known)], at, buyer) for at in range(orders)]
    with ledger.open_run("sales_orders", "test") as run:
        ledger.receive(run, "prestashop", "orders", ["sales_orders"], made)
        ledger.mark(run, "sales_orders", [Mark(key=one.key, state="ignored", rule="go_live") for one in made])


def earlier(item: WorkItem, at: int, buyer: str) -> Received:
    """An order with the same first item, in other quantities, of another day."""
    raw: dict[str, Any] = copy.deepcopy(dict(item.raw))
    day = datetime.now(UTC).date() - timedelta(days=20 + at)
    line = raw["order_details"][0]
    pieces = 30 + at % 7 if str(raw["id_customer"]) == buyer else 1 + at % 3
    net = Decimal(line["unit_price_tax_excl"]) * pieces
    line |= {"product_quantity": str(pieces), "total_price_tax_excl": str(net)}
    raw |= {
        "id": str(5_000_000 + at), "reference": f"H{at:08d}", "date_add": f"{day} {9 + at % 9:02d}:{at % 60:02d}:00",
        "order_details": [line], "total_products": str(net), "total_shipping_tax_excl": "0", "total_discounts_tax_excl": "0",
        "total_wrapping_tax_excl": "0", "total_paid_tax_excl": str(net), "total_paid_tax_incl": str(net * Decimal("1.2")),
        "total_paid_real": str(net * Decimal("1.2")),
    }  # fmt: skip
    return Received(raw["id"], raw, content_hash(raw), net, item.currency, day)


def mistyped(shop: Shop, order: dict[str, Any]) -> dict[str, Any]:
    """A copy whose every amount has two digits too many, so that all of it still adds up."""
    names = [
        *TOTALS,
        *(name for name in order if name.startswith(("total_shipping", "total_discounts", "total_wrapping"))),
    ]
    bad = shop.copy_order(order, date_add=now(), **{name: times(order[name]) for name in names})
    for detail in shop.rows("order_details", id_order=bad["id"]):
        taxes = detail.get("associations", {}).get("taxes", [])
        more = {name: times(detail[name]) for name in PRICES}
        associations = (
            {"taxes": [tax | {k: times(tax[k]) for k in tax if "amount" in k} for tax in taxes]} if taxes else {}
        )
        shop.put("order_details", {**detail, **more, **({"associations": associations} if associations else {})})
    return bad


def two_customers(shop: Shop, besides: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """An order each of two other customers, of one line."""
    found: dict[str, dict[str, Any]] = {}
    for order in shop.delivered():
        if (
            len(order["associations"]["order_rows"]) == 1
            and str(order["id_customer"]) != besides
            and int(order["id"]) < FAR
        ):
            found.setdefault(str(order["id_customer"]), order)
    one, other, *_ = found.values()
    return one, other


def doubled(shop: Shop, order: dict[str, Any], often: int) -> dict[str, Any]:
    """The order with its pieces doubled so often."""
    for _ in range(often):
        order = shop.edit(order)
    return shop.put("orders", {**order, "total_paid_real": order["total_paid"]})


def times(amount: str) -> str:
    return str(Decimal(amount) * 100)


def now() -> str:
    return f"{datetime.now(UTC).date()} 10:00:00"


def run(engine: Engine, *orders: dict[str, Any]) -> tuple[list[str], list[str]]:
    keys = tuple(str(order["id"]) for order in orders)
    report = engine.run("sales_orders", Selection(keys=keys))
    states = engine.parts.ledger.states_of("sales_orders", keys)
    return [f"{states[key].state} {states[key].code}".strip() for key in keys], [w.code for w in report.warnings]


@pytest.fixture
def house(make_house: Callable[..., House]) -> House:
    house = make_house(orders=20, troubles=False)
    house.engine.run("sales_orders", EVER)
    return house


def test_what_looks_wrong_waits_for_a_person(house: House) -> None:
    shop = Shop(house)
    good = shop.delivered()[0]
    bad = mistyped(shop, good)
    assert run(screened(house, "hold"), bad)[0] == ["delivered"], "nothing is usual yet in a new shop"

    one, other = two_customers(shop, str(good["id_customer"]))
    remember(house, 300, str(one["id_customer"]))
    holds, warns, off = (screened(house, policy) for policy in ("hold", "warn", "off"))
    bad, sound = mistyped(shop, good), shop.copy_order(good, date_add=now())
    states, _ = run(holds, bad, sound)
    assert states == ["held anomaly", "delivered"]
    said = house.engine.parts.ledger.states_of("sales_orders", [bad["id"]])[bad["id"]]
    assert "100 times" in said.sentence
    assert f"gp-prestashop anomalies release {bad['id']}" in said.remedy
    assert run(holds, bad)[0] == ["held anomaly"], "running it again does not let it go"

    result = CliRunner().invoke(app, ["release", bad["id"], "--by", "ana", "--why", "asked the customer"])
    assert result.exit_code == 0, result.output
    assert "delivered" in result.output
    assert run(holds, bad)[0] == ["delivered"]

    big = doubled(shop, shop.copy_order(one, date_add=now()), 5)  # thirty pieces, as usual
    odd = doubled(shop, shop.copy_order(other, date_add=now()), 10)
    assert run(holds, big, odd)[0] == ["delivered", "held anomaly"], "a big regular customer is no anomaly"

    assert run(warns, mistyped(shop, good)) == (["delivered"], ["anomaly"])
    assert run(off, mistyped(shop, good)) == (["delivered"], [])
