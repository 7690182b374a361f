"""Pains of stock, as people report them to PrestaShop and to makers of connectors; numbers are of the list of pains."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gp_prestashop.engine.protocols import Selection
from gp_prestashop.sandbox.shop.faults import Fault
from tests.both import both

__all__ = ["both"]

ALL = Selection()
Make = Callable[..., Any]
OPEN = {"GPPS_STOCK__GUARD": "no"}
VERSIONS = ["8.2.1", "1.7.8.11"]


def watched(here: Any) -> list[tuple[str, str]]:
    """(method, resource) of every write that is sent from now on."""
    seen: list[tuple[str, str]] = []
    transport = here.house.engine.parts.sources["prestashop"].client.transport
    write = transport.write

    def note(method: str, path: str, *rest: Any) -> Any:
        seen.append((method, path.partition("/")[0]))
        return write(method, path, *rest)

    transport.write = note
    return seen


@pytest.mark.parametrize("version", VERSIONS)
def test_9_a_stock_write_detaches_no_combination(both: Make, version: str) -> None:
    """PrestaShop 38049: combinations vanish from their product when stock is PUT. Every write is read back."""
    here = both(version=version, settings=OPEN)
    here.gp("update two.iv00102 set qtyonhnd = qtyonhnd + 5 where rcrdtype = 2")
    before = {
        (row["id"], row["id_product"], row["id_product_attribute"], row["out_of_stock"], row["id_shop"])
        for row in here.rows("stock_availables")
    }
    combinations = here.rows("combinations")
    report = here.house.engine.run("stock", ALL)
    assert report.written > 5, report.reasons
    after = {
        (row["id"], row["id_product"], row["id_product_attribute"], row["out_of_stock"], row["id_shop"])
        for row in here.rows("stock_availables")
    }
    assert after == before
    assert here.rows("combinations") == combinations


def test_9_a_shop_that_moves_the_row_is_found_out(both: Make) -> None:
    here = both(settings=OPEN)
    here.gp("update two.iv00102 set qtyonhnd = 41 where itemnmbr = 'CW-00002' and rcrdtype = 2")
    row = here.stock_row("CW-00002")
    moved: list[str] = []

    def move(name: str) -> None:
        if name == "intents" and not moved:
            moved.append(name)
            here.store.change("stock_availables", row["id"], id_product_attribute="777")

    here.house.with_step(move).run("stock", Selection(keys=("CW-00002",)))
    state = here.state("stock", "CW-00002")
    assert (state.state, state.code) == ("held", "stock_row_moved")
    assert "777" in state.sentence


@pytest.mark.parametrize("version", VERSIONS)
def test_10_only_stock_availables_is_written_and_never_posted(both: Make, version: str) -> None:
    """PrestaShop 18953: quantity on products is read-only and always 0; stock rows cannot be POSTed."""
    here = both(version=version, settings=OPEN)
    here.gp("update two.iv00102 set qtyonhnd = qtyonhnd + 5 where rcrdtype = 2")
    seen = watched(here)
    here.house.engine.run("stock", ALL)
    assert set(seen) == {("PATCH" if version[0] == "8" else "PUT", "stock_availables")}


def test_11_a_change_made_by_raw_sql_is_found_by_the_sweep(both: Make) -> None:
    """PrestaShop 20465, 13006: no date and no hook shows a change of stock."""
    here = both(settings=OPEN)
    here.house.engine.run("stock", ALL)
    wanted = here.stock("CW-00002")
    row = here.stock_row("CW-00002")
    here.store.row("stock_availables", row["id"])["quantity"] = "99999"  # behind the shop's back
    assert here.house.engine.run("stock", ALL).written == 0
    assert here.house.engine.run("stock", ALL, sweep=True).written == 1
    assert here.stock("CW-00002") == wanted


def test_the_sum_row_of_a_product_with_combinations_is_never_written(both: Make) -> None:
    """What is written to it goes back to the sum, and a connector that compares would write it for ever."""
    here = both(settings=OPEN)
    parent = {"ITEMNMBR": "CW-00003", "ITEMTYPE": 1, "ITMCLSCD": "WEBITEM", "UOMSCHDL": "EACH"}  # GP counts it as well
    quantity = {"ITEMNMBR": "CW-00003", "LOCNCODE": "MAIN", "RCRDTYPE": 2, "QTYONHND": 1}
    here.add_to_gp({"IV00101": [parent], "IV00102": [quantity]})
    here.gp("update two.iv00102 set qtyonhnd = 7, atyalloc = 0 where rcrdtype = 2")
    here.house.engine.run("stock", ALL)
    combination = here.rows("combinations")[0]
    rows = here.rows("stock_availables", id_product=combination["id_product"])
    quantities = {row["id_product_attribute"]: int(row["quantity"]) for row in rows}
    assert quantities.pop("0") == sum(quantities.values()) == 7 * len(quantities)
    assert here.house.engine.run("stock", ALL, sweep=True).written == 0


@pytest.mark.parametrize(("wanted", "quantity"), [("no", 0), ("yes", -8)])
def test_a_negative_quantity_is_sent_only_where_it_is_wanted(both: Make, wanted: str, quantity: int) -> None:
    here = both(settings={**OPEN, "GPPS_STOCK__NEGATIVE": wanted})
    here.gp("update two.iv00102 set qtyonhnd = 1, atyalloc = 9 where itemnmbr = 'CW-00004' and rcrdtype = 2")
    here.house.engine.run("stock", Selection(keys=("CW-00004",)))
    assert here.stock("CW-00004") == quantity


def test_one_bad_row_does_not_block_its_batch(both: Make) -> None:
    """The request stops at the bad row: those before it are saved, those after it are not tried, and nobody says so."""
    here = both(settings=OPEN)
    here.gp("update two.iv00102 set qtyonhnd = qtyonhnd + 5 where rcrdtype = 2")
    bad = here.stock_row("CW-00002")["id"]
    writer = here.house.engine.parts.targets["prestashop"]._writer
    update = writer.update

    def refusing(resource: str, changes: Any, **options: bool) -> Any:
        for place, change in enumerate(changes, 1):
            if str(change["id"]) == bad:
                here.house.sandbox.shop.faults.add(Fault("error_row", resource, method="PATCH", row=place))
        return update(resource, changes, **options)

    writer.update = refusing
    report = here.house.engine.run("stock", ALL)
    assert report.states["held"] == 1
    assert here.state("stock", "CW-00002").state == "held"
    writer.update = update
    assert here.house.engine.run("stock", ALL).states["held"] == 0


def test_19_a_firewall_that_blocks_is_waited_for_not_fought(both: Make) -> None:
    """OpenLinker 1772: hosting that blocks after bursts. What was not written is pending, and nothing is dead."""
    here = both(settings=OPEN)
    here.gp("update two.iv00102 set qtyonhnd = qtyonhnd + 5 where rcrdtype = 2")
    here.house.sandbox.shop.faults.add(Fault("too_many", "stock_availables", method="PATCH", seconds=1))
    report = here.house.engine.run("stock", ALL)
    assert (report.states["dead"], report.states["pending"]) == (0, 0)
    figures = here.house.engine.parts.targets["prestashop"].figures()
    assert figures["shop/refusals"] == 1
    assert figures["shop/budget_per_minute"] is not None
