"""``doctor`` on the money that a shop takes: each thing that GP may lack, taken away one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest

from gp_prestashop.currency_probes import currency_probes
from gp_prestashop.engine.protocols import Probe
from tests.both import Both
from tests.house import House
from tests.shop import Shop


@pytest.fixture(scope="module")
def house(make_shared_house: Callable[..., House]) -> House:
    return make_shared_house(orders=8, troubles=False)


def probes(house: House, *, shop_rates: bool = True) -> dict[str, Probe]:
    parts = house.engine.parts
    found = currency_probes(
        parts.sources["prestashop"], parts.targets["gp"], parts.targets["prestashop"], shop_rates=shop_rates
    )
    return {probe.name: probe for probe in found}


@contextmanager
def without(house: House, table: str, where: str) -> Iterator[None]:
    """GP without these rows for a while."""
    with psycopg.connect(house.gp_url) as connection:
        rows = connection.execute(f"delete from {table} where {where} returning *").fetchall()
        assert rows
    yield
    places = ", ".join(["%s"] * len(rows[0]))
    with psycopg.connect(house.gp_url) as connection, connection.cursor() as cursor:
        cursor.executemany(f"insert into {table} overriding system value values ({places})", rows)


def test_every_currency_of_the_shop_is_looked_at(house: House) -> None:
    found = probes(house)
    assert {"GP currency EUR", "GP currency USD"} <= set(found)
    assert found["GP currency EUR"].ok, found["GP currency EUR"].sentence
    usd = found["GP currency USD"]  # one article of this world has no price in dollars
    assert not usd.ok
    assert "without a price list row (IV00108, error 9386): CW-" in usd.sentence


def test_a_price_that_is_missing_counts_where_the_shop_sells_the_item(house: House) -> None:
    shop = Shop(house)
    reference = next(row["reference"] for row in shop.rows("combinations"))
    Both(house).add_to_gp({"IV00101": [{"ITEMNMBR": "NOT-SOLD-HERE", "ITEMTYPE": 1}]})
    with without(house, "two.iv00108", f"curncyid = 'EUR' and itemnmbr = '{reference}'"):
        said = probes(house)["GP currency EUR"].sentence
    assert f"(IV00108, error 9386): {reference}." in said


@pytest.mark.parametrize("table", ["two.mc40301", "dynamics.mc40300"])
def test_a_company_without_an_exchange_table(house: House, table: str) -> None:
    with without(house, table, "curncyid = 'USD'"):
        probe = probes(house)["GP currency USD"]
    assert not probe.ok
    assert "the company has no exchange table for it (MC40301, MC40300)" in probe.sentence
    assert "Select Rate Types" in probe.remedy


def test_a_table_without_a_rate_matters_where_gp_gives_the_rates(house: House) -> None:
    with without(house, "dynamics.mc00100", "curncyid = 'USD'"):
        of_gp, of_shop = probes(house, shop_rates=False)["GP currency USD"], probes(house)["GP currency USD"]
    assert "no exchange rate is in force on" in of_gp.sentence
    assert "Enter a rate in GP" in of_gp.remedy
    assert "no exchange rate" not in of_shop.sentence


def test_a_shop_that_counts_in_other_money_than_gp_must_take_gps_rates(house: House) -> None:
    shop = Shop(house)
    rows = shop.rows("currencies")
    for row in rows:
        shop.put("currencies", {**row, "conversion_rate": "1.000000" if row["iso_code"] == "USD" else "0.900000"})
    said = probes(house)["exchange rates"]
    assert not said.ok
    assert "USD, which is not GP's functional currency" in said.sentence
    assert "exchange rates" not in probes(house, shop_rates=False)
    for row in rows:
        shop.put("currencies", row)
