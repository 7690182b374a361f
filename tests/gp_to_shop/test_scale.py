"""What the issue promises in numbers: 5,000 items with 1,500 variants; 100,000 quantities."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from benchmarks.stock import ONE_IN_A_HUNDRED, measure
from benchmarks.stock_house import fill_gp, fill_shop
from gp_prestashop.engine.protocols import Selection

Make = Callable[..., Any]


@pytest.mark.parametrize(("products", "parents"), [(60, 15), pytest.param(3500, 500, marks=pytest.mark.slow)])
@pytest.mark.timeout(1800)
def test_a_catalogue_arrives_once_and_a_second_run_sends_nothing(both: Make, products: int, parents: int) -> None:
    """3,500 items without variants and 500 parents with three each: 5,000 items, 1,500 of them variants."""
    here = both(settings={"GPPS_CATALOGUE__CREATE": "yes", "GPPS_STOCK__GUARD": "no"})
    numbers = [f"BIG{n:05d}" for n in range(products)]
    variants = [
        f"VAR{n:04d}-{colour}-{size}"
        for n in range(parents)
        for colour, size in (("RED", "S"), ("RED", "L"), ("BLU", "S"))
    ]
    here.add_to_gp(
        {
            "IV00101": [
                {"ITEMNMBR": number, "ITEMDESC": f"Thing {number}", "ITEMTYPE": 1, "ITMCLSCD": "WEBITEM",
                 "UOMSCHDL": "EACH", "TAXOPTNS": 1, "PRICMTHD": 1}
                for number in [*numbers, *variants]
            ],
            "IV00105": [
                {"ITEMNMBR": number, "CURNCYID": "EUR", "LISTPRCE": Decimal("9.90")} for number in [*numbers, *variants]
            ],
            "IV00102": [
                {"ITEMNMBR": number, "LOCNCODE": "MAIN", "RCRDTYPE": 2, "QTYONHND": 5} for number in [*numbers, *variants]
            ],
        }
    )  # fmt: skip
    flows = ("items", "variants", "stock", "prices", "activation")
    for flow in flows:
        here.house.engine.run(flow, Selection())
    made = {row["reference"]: row for row in here.rows("products")}
    assert set(numbers) <= set(made)
    assert {f"VAR{n:04d}" for n in range(parents)} <= set(made)
    combinations = {row["reference"] for row in here.rows("combinations")}
    assert set(variants) <= combinations
    assert all(made[number]["active"] == "1" and Decimal(made[number]["price"]) == Decimal("9.9") for number in numbers)
    before, requests = here.writes(), here.requests()
    for flow in flows:
        report = here.house.engine.run(flow, Selection())
        assert (report.written, report.states["in_doubt"], report.states["dead"]) == (0, 0, 0), flow
    assert here.writes() == before
    assert here.requests() - requests < (products + parents) // 20 + 60


def test_requests_grow_with_the_rows_however_the_shops_ids_lie(both: Make) -> None:
    here = both(settings={"GPPS_STOCK__GUARD": "no", "GPPS_CATALOGUE__SOLD": "class:STOCK"})
    rows = 1000
    fill_shop(here.store, rows)  # ids from a million on
    fill_gp(here.house.gp_url, rows)
    assert here.house.engine.run("stock", Selection()).written == rows
    assert here.requests() <= 100  # 50 to 70, as pages meet while the index is read; a walk over empty ids took 114
    before = here.writes()
    here.gp(ONE_IN_A_HUNDRED)
    assert here.house.engine.run("stock", Selection(), sweep=True).written == rows // 100
    assert here.writes() - before == 1


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_forced_sweep_and_one_of_a_hundredth_keep_to_their_requests() -> None:
    rows = 100_000
    found = measure(lambda _: None, rows)
    ours = found["ours"]
    assert ours["full_requests"] <= 2500
    assert ours["changed_rows"] == rows // 100
    assert ours["changed_writes"] <= rows // 10_000  # one for each 100 changes
    assert ours["peak_rss_mib"] < found["small"]["peak_rss_mib"] * 1.3
