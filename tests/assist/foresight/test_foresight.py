"""Foresight: forecasts by hand, by back-test on seeded series, and out of a real ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from gp_prestashop.assist.foresight import backtest_demand, backtest_silence, fit_demand, fit_volume, outlook
from gp_prestashop.assist.foresight.recorded import recorded_sales, recorded_stock
from gp_prestashop.ledger.embedded import EmbeddedPostgres
from gp_prestashop.ledger.ledger import Ledger, Received, content_hash

LAST = date(2026, 3, 1)  # a Sunday


def test_a_steady_item_runs_out_when_arithmetic_says() -> None:
    demand = fit_demand(np.full(200, 2.0), LAST)
    assert demand.level == pytest.approx(2.0)
    assert demand.scatter == 1.0
    likely = demand.runs_out(20, 0.5)
    assert likely is not None
    assert abs((likely - LAST).days - 10) <= 1
    early = demand.runs_out(20, 0.1)
    assert early is not None
    assert LAST < early < LAST + timedelta(days=10)
    assert demand.runs_out(0, 0.5) == LAST + timedelta(days=1)


def test_what_never_sells_never_runs_out() -> None:
    demand = fit_demand(np.zeros(100), LAST)
    assert demand.runs_out(1, 0.1) is None
    assert demand.exceeds(0, demand.mean(LAST, 30)) == 0.0
    assert fit_demand(np.array([]), LAST).level == 0.0


def test_weekdays_and_a_change_of_level_are_learnt() -> None:
    days = [LAST - timedelta(days=k) for k in range(364)][::-1]
    sold = np.array([0.0 if d.weekday() == 6 else 10.0 for d in days])
    demand = fit_demand(sold, LAST)
    assert demand.mean(LAST + timedelta(days=7), 1) < 0.3 * demand.mean(LAST + timedelta(days=1), 1), (
        "little on Sundays"
    )
    doubled = np.concatenate([np.full(200, 3.0), np.full(80, 6.0)])
    assert fit_demand(doubled, LAST).level == pytest.approx(6.0, rel=0.1)


def test_forecasts_of_seeded_sales_hold_what_they_promise() -> None:
    rng = np.random.default_rng(5)
    rates = rng.lognormal(0.0, 1.0, 60)
    week = np.array([1.2, 1.0, 1.0, 1.0, 1.4, 0.8, 0.6])
    season = 1 + 0.3 * np.sin(np.arange(365) / 58)
    sold = {
        f"I{k}": rng.poisson(rate * week[np.arange(365) % 7] * season).astype(float) for k, rate in enumerate(rates)
    }
    result = backtest_demand(sold, LAST)
    assert result.forecasts == 360
    assert 0.8 <= result.coverage <= 0.99
    assert result.error < result.naive


def test_oversell_grows_with_the_lag_and_the_urgent_come_first() -> None:
    days = [LAST - timedelta(days=k) for k in range(90)]
    sales = pd.DataFrame(
        [(d, "FAST", 20.0) for d in days] + [(d, "SLOW", 1.0) for d in days[::10]], columns=["day", "item", "qty"]
    )
    stock = {"SLOW": 50.0, "FAST": 3.0, "DEAD": 4.0}
    soon, late = outlook(sales, stock, LAST, 5.0), outlook(sales, stock, LAST, 240.0)
    assert [o.item for o in soon] == ["FAST", "SLOW", "DEAD"]
    risk = {o.item: o.oversell for o in late}
    assert soon[0].oversell < 0.01 < risk["FAST"]
    assert risk["DEAD"] == 0.0
    assert soon[2].early is None
    assert outlook(sales.iloc[:0], {"X": 1.0}, LAST, 5.0)[0].early is None


def shop_moments(seed: int, days: int = 200) -> list[datetime]:
    """Orders of a shop that sleeps: about 40 a day, most in the evening, fewer on Sundays."""
    rng = np.random.default_rng(seed)
    start = datetime(2025, 8, 4)
    rate = np.array([0.2] * 7 + [1.5] * 11 + [4.0] * 5 + [1.0])
    moments = []
    for day in range(days):
        for hour in range(24):
            count = rng.poisson(rate[hour] * (0.5 if day % 7 == 6 else 1.0))
            at = start + timedelta(days=day, hours=hour)
            moments += [at + timedelta(seconds=float(s)) for s in rng.uniform(0, 3600, count)]
    return sorted(moments)


def test_silence_is_judged_by_the_hour() -> None:
    moments = shop_moments(1)
    start, end = datetime(2025, 8, 4), datetime(2026, 2, 20)
    volume = fit_volume(moments, start, end)
    monday = datetime(2026, 2, 23)
    assert volume.expected(monday, monday + timedelta(days=1)) == pytest.approx(39.9, rel=0.15)
    night = volume.silence(monday.replace(hour=0), monday.replace(hour=6))
    evening = volume.silence(monday.replace(hour=17), monday.replace(hour=23))
    assert not night.alarm
    assert evening.alarm
    assert "may be down" in evening.sentence
    assert volume.expected(monday, monday) == 0.0
    assert not fit_volume([], start, end).silence(start, end).alarm


def test_silence_alarms_are_prompt_and_seldom_false() -> None:
    result = backtest_silence(shop_moments(2))
    assert result.days == 60
    assert result.false_alarms <= 1
    assert result.missed == 0
    assert 2 <= result.hours_to_notice <= 12


@pytest.fixture
def ledger(postgres: EmbeddedPostgres) -> Iterator[Ledger]:
    ledger = Ledger(postgres.create_database("foresight"))
    ledger.migrate()
    yield ledger
    ledger.close()


def test_sales_and_stock_come_out_of_the_ledger(ledger: Ledger) -> None:
    lines = [{"product_reference": "A-1", "product_quantity": "3"}, {"product_reference": "", "product_quantity": "1"}]
    order = {"date_add": "2026-02-27 10:00:00", "order_details": lines}
    item = {"ITEMNMBR": "A-1 ", "sites": [{"QTYONHND": "10", "ATYALLOC": "-2"}, {"QTYONHND": "5", "ATYALLOC": "0"}]}
    for flow, resource, key, raw, day in (
        ("sales_orders", "orders", "1", order, date(2026, 2, 27)),
        ("stock", "stock", "A-1", item, None),
    ):
        with ledger.open_run(flow, "test") as run:
            ledger.receive(run, "x", resource, [flow], [Received(key, raw, content_hash(raw), Decimal(1), "EUR", day)])
    sales, moments = recorded_sales(ledger, date(2026, 2, 1), LAST)
    assert sales.to_numpy().tolist() == [[date(2026, 2, 27), "A-1", 3.0]]
    assert moments == [datetime(2026, 2, 27, 10)]
    assert recorded_stock(ledger) == {"A-1": 13.0}
