"""Currencies, exchange rates and price lists as the connector sees them, through the real wire."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gp_prestashop.gp.target import GpTarget
from gp_prestashop.mapping.shapes import Document

Make = Callable[..., Document]


@pytest.fixture
def rates(server: Any) -> Iterator[None]:
    """Another rate of USD from 10 November on, and one of a table that divides for GBP; taken away afterwards."""
    server.sql(
        "INSERT INTO dynamics.mc00100 (exgtblid, curncyid, exchdate, xchgrate, expndate)"
        " VALUES ('USD-SELL', 'USD', '2026-11-10', 0.95, '2099-12-31')"
    )
    server.sql("UPDATE dynamics.mc40300 SET rtclcmtd = 1 WHERE exgtblid = 'GBP-SELL'")
    yield
    server.sql("DELETE FROM dynamics.mc00100 WHERE exchdate = '2026-11-10'")
    server.sql("UPDATE dynamics.mc40300 SET rtclcmtd = 0 WHERE exgtblid = 'GBP-SELL'")


@pytest.mark.usefixtures("rates")
def test_the_rate_in_force_on_a_day(target: GpTarget) -> None:
    keys = [("USD", "2026-11-09"), ("USD", "2026-11-20"), ("GBP", "2026-11-20 10:00:00"), ("EUR", "2026-11-20"),
            ("XXX", "2026-11-20"), ("USD", "2019-01-01"), ("USD", "no day")]  # fmt: skip
    found = target.lookup("gp.exchange_rates", keys, ["XCHGRATE", "RTCLCMTD", "EXGTBLID", "RATETPID", "EXCHDATE"])
    common = {"EXGTBLID": "USD-SELL", "RATETPID": "SELL", "RTCLCMTD": 0}
    assert found == {
        keys[0]: {**common, "XCHGRATE": Decimal("0.9090909"), "EXCHDATE": date(2023, 1, 1)},
        keys[1]: {**common, "XCHGRATE": Decimal("0.95"), "EXCHDATE": date(2026, 11, 10)},
        keys[2]: {"EXGTBLID": "GBP-SELL", "RATETPID": "SELL", "RTCLCMTD": 1, "XCHGRATE": Decimal("1.15"),
                  "EXCHDATE": date(2023, 1, 1)},
    }  # fmt: skip


def dated(document: Document, day: date, **header: Any) -> Document:
    return replace(document, frames={**document.frames, "header": [document.header | {"DOCDATE": day} | header]})


def test_what_gp_lacks_is_held_before_anything_is_sent(target: GpTarget, order: Make) -> None:
    def codes(document: Document) -> list[str]:
        return [problem.code for problem in target.preflight([document])]

    assert codes(order(CURNCYID="XXX")) == ["unknown_currency"]
    assert codes(order(CURNCYID="usd")) == []
    assert codes(order(CURNCYID="")) == []
    old = dated(order(CURNCYID="USD"), date(2022, 12, 31))
    assert codes(old) == ["no_period", "no_rate"]
    assert codes(dated(old, date(2022, 12, 31), XCHGRATE=Decimal("1.1"), RTCLCMTD=1)) == ["no_period"]


@pytest.mark.usefixtures("rates")
def test_the_rate_that_preflight_finds_is_the_one_that_gp_uses(target: GpTarget, ready: Make) -> None:
    document = ready(CURNCYID="USD")
    lines = [line | {"CURNCYID": "USD"} for line in document.frames["lines"]]
    document = replace(document, frames={**document.frames, "lines": lines})
    assert target.preflight([document]) == []
    target.write(document, "create")
    (money,) = target.money("sales_order", [document.key])
    assert money.functional_amount == Decimal("33.18")  # 20.10, 5.00, 4.00, 5.02 and 0.80 at 0.95 each


def test_doctor_of_the_shops_currencies(target: GpTarget, server: Any) -> None:
    probes = {probe.name: probe for probe in target.probe_currencies(["EUR", "usd", "GBP", "JPY", "EUR"])}
    assert list(probes) == ["GP currency EUR", "GP currency USD", "GP currency GBP", "GP currency JPY"]
    assert probes["GP currency EUR"].ok
    assert probes["GP currency USD"].ok
    assert "rate 0.9090909 (multiply) of 2023-01-01 from table USD-SELL" in probes["GP currency USD"].sentence
    assert not probes["GP currency GBP"].ok
    assert "9386" in probes["GP currency GBP"].sentence
    assert "ITEM-A" in probes["GP currency GBP"].sentence
    assert not probes["GP currency JPY"].ok
    assert "held" in probes["GP currency JPY"].sentence
    server.sql("UPDATE two.mc40301 SET curncyid = 'OFF' WHERE curncyid = 'USD'")
    (probe,) = target.probe_currencies(["USD"])
    server.sql("UPDATE two.mc40301 SET curncyid = 'USD' WHERE curncyid = 'OFF'")
    assert not probe.ok
    assert "no exchange table" in probe.sentence
