"""The same job through the web services: zeep, Windows authentication, both layouts, faults decoded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import psycopg
import pytest

from gp_prestashop.engine.reconcile import reconcile
from tests.house import EVER

MakeHouse = Callable[..., Any]


@pytest.fixture(params=["legacy", "services"])
def layout(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("GPPS_GP__WRITER", "webservices")
    monkeypatch.setenv("GPPS_GP__SERVICES_LAYOUT", request.param)
    return str(request.param)


def test_orders_and_deposits_arrive_to_the_cent(make_house: MakeHouse, layout: str) -> None:
    house = make_house(orders=20, troubles=False)
    report = house.engine.run("sales_orders", EVER)
    deposits = house.engine.run("deposits", EVER)
    assert report.states["delivered"] > 10
    assert deposits.states["delivered"] > 5
    assert house.sandbox.soap.requests["CreateSalesOrder"] == report.states["delivered"]
    assert house.sandbox.tds.statements["EXEC"] == 0, layout
    assert reconcile(house.engine.parts, "sales_orders", date(2023, 1, 1), date(2026, 12, 31)).breaks == []


def test_a_validation_fault_is_a_sentence(make_house: MakeHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GPPS_GP__WRITER", "webservices")
    house = make_house(orders=20, troubles=False)
    house.engine.run("customers", EVER)
    with psycopg.connect(house.gp_url) as connection:
        connection.execute("update two.rm00101 set inactive = 1")
    report = house.engine.run("sales_orders", EVER)
    assert report.written == 0
    assert any(code == "gp_1790" and "1790" in sentence for (_, code, sentence) in report.reasons)
