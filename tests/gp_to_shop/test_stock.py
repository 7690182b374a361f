"""Quantities from GP to the shop over the real wires: changed ones, sweeps, drift, batches with a bad row, kills."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gp_prestashop.engine.engine import Engine
from gp_prestashop.engine.protocols import Selection
from gp_prestashop.oversell import UnseenDemand
from gp_prestashop.sandbox.shop.faults import Fault

ALL = Selection()


@dataclass
class FakeClock:
    """A clock that stands still."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None:
        raise AssertionError(f"nothing waits {seconds} seconds here")


Make = Callable[..., Any]
VERSIONS = ["8.2.1", "1.7.8.11"]


def off(both: Any) -> dict[str, tuple[int, int]]:
    """Articles whose quantity in the shop is not GP's: reference → (there, wanted)."""
    rows = both.house.gp(
        "select trim(q.itemnmbr::text), floor(q.qtyonhnd - abs(q.atyalloc)) from two.iv00102 q"
        " join two.iv00101 i on i.itemnmbr = q.itemnmbr where q.rcrdtype = 2 and i.itemtype in (1, 2)"
    )
    shop = {row["reference"] for row in both.rows("products")} | {row["reference"] for row in both.rows("combinations")}
    return {
        number: (both.stock(number), int(wanted))
        for number, wanted in rows
        if number in shop and both.stock(number) != int(wanted)
    }


@pytest.mark.parametrize("version", VERSIONS)
def test_every_quantity_arrives_and_a_second_sweep_writes_nothing(both: Make, version: str) -> None:
    here = both(version=version, settings={"GPPS_STOCK__GUARD": "no"})
    here.gp("update two.iv00102 set qtyonhnd = qtyonhnd + 7, atyalloc = 2 where rcrdtype = 2")
    before = here.writes()
    report = here.house.engine.run("stock", ALL)
    assert report.states["held"] == report.states["dead"] == report.states["in_doubt"] == 0
    assert off(here) == {}
    assert report.written > 50
    assert here.writes() - before <= 1 + report.written // 100
    again = here.writes()
    second = here.house.engine.run("stock", ALL, sweep=True)
    assert (second.written, here.writes()) == (0, again)
    assert second.states["delivered"] == report.states["delivered"]


def test_only_what_changed_in_gp_is_read_and_sent(both: Make) -> None:
    here = both(settings={"GPPS_STOCK__GUARD": "no"})
    here.house.engine.run("stock", ALL)
    before = here.writes()
    marked = datetime.now(UTC)
    here.gp("update two.iv00102 set qtyonhnd = 41 where itemnmbr = 'CW-00002' and locncode = 'MAIN'")
    keys = [row.key for row in here.house.engine.parts.sources["gp"].changed("stock", marked - timedelta(seconds=1))]
    assert "CW-00002" in keys
    report = here.house.engine.run("stock", Selection(keys=tuple(keys)))
    assert (report.written, here.writes() - before) == (1, 1)
    assert here.stock("CW-00002") == 41


@pytest.mark.parametrize(("drift", "left"), [("correct", 0), ("report", 1)])
def test_a_number_changed_in_the_shop_is_corrected_or_reported(both: Make, drift: str, left: int) -> None:
    here = both(settings={"GPPS_STOCK__GUARD": "no"})
    here.house.engine.run("stock", ALL)
    here.store.change("stock_availables", here.stock_row("CW-00002")["id"], quantity="3")
    parts = here.house.engine.parts
    flow = parts.flows["stock"]
    changed = replace(flow, flow=flow.flow.model_copy(update={"drift": drift}))
    engine = Engine(replace(parts, flows={**parts.flows, "stock": changed}))
    quick = engine.run("stock", ALL)  # the ledger knows nothing of it
    assert quick.written == 0
    swept = engine.run("stock", ALL, sweep=True)
    assert len(off(here)) == left
    assert swept.written == 1 - left
    if drift == "report":
        state = here.state("stock", "CW-00002")
        assert (state.state, state.code) == ("held", "drift")
        assert "quantity 3 →" in state.sentence
        assert engine.run("stock", ALL).states["held"] == 1  # it does not go quiet by itself


def test_a_sweep_sends_what_a_setting_or_a_value_map_changes_though_gp_did_not(both: Make) -> None:
    here = both(settings={"GPPS_STOCK__GUARD": "no"})
    here.gp("update two.iv00102 set qtyonhnd = 50, atyalloc = 0 where itemnmbr = 'CW-00002' and locncode = 'MAIN'")
    here.house.engine.run("stock", ALL)
    before = here.stock("CW-00002")
    again = here.again(GPPS_STOCK__SAFETY="3")
    assert again.run("stock", ALL).written == 0
    assert again.run("stock", ALL, sweep=True).written > 0
    assert here.stock("CW-00002") == before - 3


@pytest.mark.parametrize("version", VERSIONS)
def test_a_batch_that_stops_half_way_is_brought_to_its_end(both: Make, version: str) -> None:
    here = both(version=version, settings={"GPPS_STOCK__GUARD": "no"})
    here.gp("update two.iv00102 set qtyonhnd = qtyonhnd + 5 where rcrdtype = 2")
    # The request stops at its thirtieth row: those before are saved, those after it are not tried.
    here.house.sandbox.shop.faults.add(
        Fault("error_row", "stock_availables", method="PATCH" if version[0] == "8" else "PUT", row=30)
    )
    report = here.house.engine.run("stock", ALL)
    assert (off(here), report.states["held"]) == ({}, 0)


def test_a_vanished_row_is_held_and_the_others_arrive(both: Make) -> None:
    here = both(settings={"GPPS_STOCK__GUARD": "no"})
    here.gp("update two.iv00102 set qtyonhnd = qtyonhnd + 5 where rcrdtype = 2")
    gone = here.stock_row("CW-00002")
    taken: list[str] = []

    def take(name: str) -> None:
        if name == "intents" and not taken:
            taken.append(name)
            with here.store.lock:
                here.store.table("stock_availables").remove(int(gone["id"]))

    report = here.house.with_step(take).run("stock", ALL)
    state = here.state("stock", "CW-00002")
    assert (state.state, state.code) == ("held", "stock_row_gone")
    assert report.states["held"] == 1
    here.store.load({"stock_availables": [gone]})
    here.house.engine.run("stock", ALL)
    assert off(here) == {}


def test_whatever_the_shop_answers_both_sides_agree_in_the_end(both: Make) -> None:
    here = both(settings={"GPPS_STOCK__GUARD": "no"})
    for kind in ("error_after", "reset_after", "reset", "empty_500", "too_many", "truncate"):
        here.gp("update two.iv00102 set qtyonhnd = qtyonhnd + 5 where rcrdtype = 2")
        here.house.sandbox.shop.faults.add(Fault(kind, "stock_availables", method="PATCH"))
        first = here.house.engine.run("stock", ALL)
        assert first.states["dead"] == 0, kind
        here.house.sandbox.shop.faults.clear()
        final = here.house.engine.run("stock", ALL)
        assert off(here) == {}, kind
        assert (final.states["in_doubt"], final.states["held"], final.states["pending"]) == (0, 0, 0), kind


class Killed(BaseException):
    """Stands for SIGKILL at a step."""


def test_a_kill_at_any_step_is_made_good(both: Make) -> None:
    here = both(settings={"GPPS_STOCK__GUARD": "no", "GPPS_SHOP__BATCH_SIZE": "20"})
    for step, time in (("received", 1), ("planned", 1), ("intents", 1), ("written", 2), ("finished", 2)):
        here.gp("update two.iv00102 set qtyonhnd = qtyonhnd + 5 where rcrdtype = 2")
        with pytest.raises(Killed):
            here.house.with_step(_dies(step, time)).run("stock", ALL)
        final = here.house.engine.run("stock", ALL)
        assert off(here) == {}, step
        assert final.states["in_doubt"] == 0, step


def _dies(step: str, time: int) -> Callable[[str], None]:
    seen = Counter[str]()

    def die(name: str) -> None:
        seen[name] += 1
        if name == step and seen[name] == time:
            raise Killed

    return die


def test_quantities_follow_the_formula(both: Make) -> None:
    here = both(settings={"GPPS_STOCK__GUARD": "no", "GPPS_STOCK__SITES": "main, warehouse", "GPPS_STOCK__SAFETY": "2"})
    here.add_to_gp(
        {
            "IV40700": [{"LOCNCODE": "OUTLET"}],
            "IV00102": [
                {"ITEMNMBR": "CW-00002", "LOCNCODE": "WAREHOUSE", "RCRDTYPE": 2, "QTYONHND": 10, "ATYALLOC": 4},
                {"ITEMNMBR": "CW-00002", "LOCNCODE": "OUTLET", "RCRDTYPE": 2, "QTYONHND": 1000},
            ],
            "SOP10200": [
                {"SOPNUMBE": "X", "SOPTYPE": 2, "LNITMSEQ": 16384, "ITEMNMBR": "CW-00002", "LOCNCODE": "MAIN",
                 "QUANTITY": 2, "QTYBSUOM": 12, "ATYALLOC": 1},
                {"SOPNUMBE": "Q", "SOPTYPE": 1, "LNITMSEQ": 16384, "ITEMNMBR": "CW-00002", "LOCNCODE": "MAIN",
                 "QUANTITY": 50, "QTYBSUOM": 1},
            ],
        }
    )  # fmt: skip
    here.gp("update two.iv00102 set qtyonhnd = 100, atyalloc = 3 where itemnmbr = 'CW-00002' and locncode = 'MAIN'")
    here.gp("update two.iv00102 set qtyonhnd = 1, atyalloc = 9 where itemnmbr = 'CW-00004' and locncode = 'MAIN'")
    here.gp("update two.iv00101 set inactive = 1 where itemnmbr = 'CW-00009'")
    here.house.engine.run("stock", ALL)
    assert here.stock("CW-00002") == 100 - 3 + 10 - 4 - 12 - 2  # one line of a dozen is not allocated
    assert here.stock("CW-00004") == 0  # never below, unless wanted
    assert here.stock("CW-00009") == 0


@pytest.mark.parametrize(
    ("policy", "expected"), [("keep", ("2", "2", "2")), ("gp", ("1", "0", "0")), ("deny", ("0",) * 3)]
)
def test_orders_for_more_than_there_is_are_the_shops_business_or_gps(
    both: Make, policy: str, expected: tuple[str, str, str]
) -> None:
    here = both(settings={"GPPS_STOCK__GUARD": "no", "GPPS_STOCK__OUT_OF_STOCK": policy})
    here.gp("update two.iv00101 set alwbkord = 1 where itemnmbr in ('CW-00002', 'CW-00004')")
    here.gp("update two.iv00101 set alwbkord = 0 where itemnmbr = 'CW-00009'")
    here.gp("update two.iv00101 set itemtype = 2 where itemnmbr = 'CW-00004'")  # discontinued
    numbers = ("CW-00002", "CW-00004", "CW-00009")
    here.house.engine.run("stock", Selection(keys=numbers))
    assert tuple(here.stock_row(number)["out_of_stock"] for number in numbers) == expected


def test_a_kit_is_as_many_as_its_scarcest_component_makes(both: Make) -> None:
    here = both(settings={"GPPS_STOCK__GUARD": "no"})
    here.add_to_gp(
        {
            "IV00104": [
                {"ITEMNMBR": "CW-00009", "SEQNUMBR": 1, "CMPTITNM": "CW-00002", "CMPITUOM": "Each", "CMPITQTY": 3},
                {"ITEMNMBR": "CW-00009", "SEQNUMBR": 2, "CMPTITNM": "CW-00004", "CMPITUOM": "Dozen", "CMPITQTY": 1},
            ]
        }
    )
    here.gp("update two.iv00101 set itemtype = 3 where itemnmbr = 'CW-00009'")
    here.gp("update two.iv00102 set qtyonhnd = 25, atyalloc = 0 where itemnmbr = 'CW-00002' and locncode = 'MAIN'")
    here.gp("update two.iv00102 set qtyonhnd = 119, atyalloc = 0 where itemnmbr = 'CW-00004' and locncode = 'MAIN'")
    here.house.engine.run("stock", ALL)
    assert here.stock("CW-00009") == 8
    since = datetime.now(UTC) - timedelta(seconds=1)
    here.gp("update two.iv00102 set qtyonhnd = 35 where itemnmbr = 'CW-00004' and locncode = 'MAIN'")
    changed = tuple(row.key for row in here.house.engine.parts.sources["gp"].changed("stock", since))
    assert "CW-00009" in changed  # its own rows did not change, its component's did
    here.house.engine.run("stock", Selection(keys=changed))
    assert here.stock("CW-00009") == 2


def test_what_shop_orders_took_is_not_offered_again(both: Make) -> None:
    here = both(orders=40)
    taken: Counter[tuple[str, str]] = Counter()
    live = {row["id"] for row in here.rows("orders") if row["current_state"] not in {"6", "7", "8"}}
    for line in here.rows("order_details"):
        if line["id_order"] in live:
            taken[line["product_id"], line["product_attribute_id"]] += int(line["product_quantity"]) - int(
                line.get("product_quantity_refunded") or 0
            )
    here.gp("update two.iv00102 set qtyonhnd = 500, atyalloc = 0 where rcrdtype = 2")
    here.house.engine.run("stock", ALL)
    rows = {
        (row["id_product"], row["id_product_attribute"]): int(row["quantity"]) for row in here.rows("stock_availables")
    }
    product, quantity = next((key, n) for key, n in taken.items() if rows[key] < 500)
    assert rows[product] == 500 - quantity
    # Once GP has the orders, it has allocated their lines, and nothing is subtracted twice.
    here.house.engine.run("sales_orders", ALL)
    parts = here.house.engine.parts
    later = FakeClock(datetime.now(UTC) + timedelta(minutes=3))
    guard = UnseenDemand(parts.sources["prestashop"], parts.ledger, here.house.settings, later)
    still_unseen = guard.lookup("unseen.demand", [product], ["quantity"]).get(product, {"quantity": 0})["quantity"]
    assert still_unseen < quantity
    engine = Engine(replace(parts, lookups={**parts.lookups, "unseen": guard}))
    engine.run("stock", ALL, sweep=True)
    assert int(
        here.rows("stock_availables", id_product=product[0], id_product_attribute=product[1])[0]["quantity"]
    ) == (500 - quantity)


@pytest.mark.parametrize("version", ["8.2.1", "1.7.8.11"])
def test_a_variant_that_is_no_longer_sold_on_the_web_has_nothing_to_sell(both: Make, version: str) -> None:
    """Its product stays shown for its other variants, and a combination cannot be hidden."""
    here = both(version=version, settings={"GPPS_STOCK__GUARD": "no"})
    one, other = sorted(row["reference"] for row in here.rows("combinations"))[:2]
    here.gp("update two.iv00102 set qtyonhnd = 7, atyalloc = 0 where itemnmbr in (%s, %s)", one, other)
    here.house.engine.run("stock", ALL)
    assert here.stock(one) > 0
    here.gp("update two.iv00101 set itmclscd = 'STORE' where itemnmbr = %s", one)
    here.house.engine.run("stock", Selection(keys=(one, other)))
    assert (here.stock(one), here.state("stock", one).state) == (0, "delivered")
    assert here.stock(other) > 0
    here.gp("update two.iv00101 set itmclscd = 'WEBITEM' where itemnmbr = %s", one)
    here.house.engine.run("stock", Selection(keys=(one,)))
    assert here.stock(one) > 0


@pytest.mark.parametrize("few", [True, False])
def test_stock_rows_of_combinations_that_were_deleted_make_no_product_one_with_combinations(
    both: Make, few: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not few:
        monkeypatch.setattr("gp_prestashop.prestashop.articles.FEW", 0)  # the whole index is read
    here = both(settings={"GPPS_STOCK__GUARD": "no"})
    row = here.stock_row("CW-00002")
    here.store.add("stock_availables", {**row, "id": "", "id_product_attribute": "9999", "quantity": "3"})
    here.gp("update two.iv00102 set qtyonhnd = 31, atyalloc = 0 where itemnmbr = 'CW-00002' and locncode = 'MAIN'")
    here.house.engine.run("stock", Selection(keys=("CW-00002", "CW-00003")))
    assert here.state("stock", "CW-00002").state == "delivered"
    assert here.stock("CW-00002") >= 31
