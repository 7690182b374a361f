"""Order status and tracking numbers from GP to the shop: once each, under kill and replay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import psycopg
import pytest

from gp_prestashop.engine.protocols import Selection
from gp_prestashop.sandbox.gp.client import post_batch, void_document
from gp_prestashop.sandbox.shop.faults import Fault

ALL = Selection()
Make = Callable[..., Any]
SHIPPED = "4"
OPEN_STATES = {"2", "3", "11"}


def arrived(both: Make, **options: Any) -> tuple[Any, list[str]]:
    """A house whose orders are in GP, and the ids of those that the shop has not shipped yet."""
    here = both(orders=30, **options)
    here.house.engine.run("sales_orders", ALL)
    ids = [row["id"] for row in here.rows("orders") if row["current_state"] in OPEN_STATES]
    keys = here.house.engine.parts.ledger.xrefs("sales_orders", ids)
    found = [i for i in ids if i in keys]
    assert len(found) >= 5
    return here, found


def number(order: str) -> str:
    return f"PS{int(order):08d}"


def post(here: Any) -> None:
    """Everything is invoiced and posted in GP."""
    batches = {str(row[0]) for row in here.house.gp("select trim(bachnumb::text) from two.sop10100")}
    with psycopg.connect(here.house.gp_url) as connection, connection.cursor() as cursor:
        for batch in batches:
            post_batch(cursor, batch)


def track(here: Any, order: str, *numbers: str, kind: int = 2) -> None:
    here.add_to_gp({"SOP10107": [{"SOPNUMBE": order, "SOPTYPE": kind, "Tracking_Number": one} for one in numbers]})


def history(here: Any, order: str) -> Counter[str]:
    return Counter(row["id_order_state"] for row in here.rows("order_histories", id_order=order))


def tracking(here: Any, order: str) -> str:
    return str(here.rows("order_carriers", id_order=order)[-1]["tracking_number"])


@pytest.mark.parametrize("version", ["8.2.1", "1.7.8.11"])
def test_tracking_and_state_arrive_once(both: Make, version: str) -> None:
    here, orders = arrived(both, version=version)
    track(here, number(orders[0]), "1Z-1", "1Z-2")
    post(here)
    carrier = here.rows("order_carriers", id_order=orders[0])[-1]
    here.house.engine.run("fulfilment", ALL)
    assert tracking(here, orders[0]) == "1Z-1, 1Z-2"
    assert all(history(here, order)[SHIPPED] == 1 for order in orders)
    after = here.rows("order_carriers", id_order=orders[0])[-1]
    assert {k: v for k, v in after.items() if k != "tracking_number"} == {
        k: v for k, v in carrier.items() if k != "tracking_number"
    }
    before = here.writes()
    with here.house.engine.parts.ledger.engine.begin() as connection:  # the ledger is lost
        connection.exec_driver_sql("delete from gpps.record where flow = 'fulfilment'")
        connection.exec_driver_sql("delete from gpps.cross_reference where flow = 'fulfilment'")
    here.house.engine.run("fulfilment", ALL)
    assert here.writes() == before
    assert all(history(here, order)[SHIPPED] == 1 for order in orders)


@pytest.mark.parametrize("resource", ["order_carriers", "order_histories"])
def test_an_answer_that_never_comes_posts_nothing_twice(both: Make, resource: str) -> None:
    here, orders = arrived(both)
    kinds = ("error_after", "reset_after", "reset", "empty_500")
    for order, _ in zip(orders, kinds, strict=False):
        track(here, number(order), "1Z-1")
    post(here)
    for order, kind in zip(orders, kinds, strict=False):
        for method in ("POST", "PATCH"):
            here.house.sandbox.shop.faults.add(Fault(kind, resource, method=method))
        here.house.engine.run("fulfilment", Selection(keys=(number(order),)))
        here.house.sandbox.shop.faults.clear()
        assert history(here, order)[SHIPPED] <= 1, kind
    final = here.house.engine.run("fulfilment", ALL)
    assert final.states["in_doubt"] == final.states["pending"] == final.states["held"] == 0
    assert [tracking(here, order) for order in orders[: len(kinds)]] == ["1Z-1"] * len(kinds)
    assert all(history(here, order)[SHIPPED] == 1 for order in orders)


class Killed(BaseException):
    """Stands for SIGKILL at a step."""


def test_a_kill_at_any_step_posts_nothing_twice(both: Make) -> None:
    here, orders = arrived(both)
    post(here)
    steps = ("received", "planned", "intents", "written", "finished")
    for order, step in zip(orders, steps, strict=False):
        one = Selection(keys=(number(order),))
        with pytest.raises(Killed):
            here.house.with_step(partial(_die_at, step)).run("fulfilment", one)
        here.house.engine.run("fulfilment", one)
        assert history(here, order)[SHIPPED] == 1, step
    here.house.engine.run("fulfilment", ALL)
    assert all(history(here, order)[SHIPPED] == 1 for order in orders)


def _die_at(step: str, name: str) -> None:
    if name == step:
        raise Killed


def test_partial_shipments_back_orders_and_voids_are_told_as_the_map_says(both: Make) -> None:
    maps = 'fulfilment_states:\n  partial: {value: "3"}\n  back_ordered: {value: "9"}\n  voided: {value: "6"}\n  invoiced: {value: "4"}\n'
    here, orders = arrived(both, maps=maps)
    partial, voided = [one for one in orders if not history(here, one)["3"]][:2]
    invoice = {"SOPTYPE": 3, "ORIGTYPE": 2, "ORIGNUMB": number(partial), "DOCID": "STDINV"}
    here.add_to_gp(
        {"SOP30200": [{**invoice, "SOPNUMBE": "INV1"}], "SOP10100": [{**invoice, "SOPNUMBE": "BO1", "SOPTYPE": 5}]}
    )
    track(here, "INV1", "1Z-9", kind=3)
    with psycopg.connect(here.house.gp_url) as connection, connection.cursor() as cursor:
        void_document(cursor, number(voided))
    here.house.engine.run("fulfilment", ALL)
    assert (history(here, partial)["3"], history(here, partial)[SHIPPED], tracking(here, partial)) == (1, 0, "1Z-9")
    assert history(here, voided)["6"] == 1
    # The back order is invoiced under its own number, and the order is complete.
    here.gp("delete from two.sop10100 where sopnumbe = 'BO1'")
    here.add_to_gp(
        {
            "SOP30200": [
                {"SOPTYPE": 5, "SOPNUMBE": "BO1", "ORIGTYPE": 2, "ORIGNUMB": number(partial)},
                {"SOPTYPE": 3, "SOPNUMBE": "INV2", "ORIGTYPE": 5, "ORIGNUMB": "BO1"},
            ]
        }
    )
    track(here, "INV2", "1Z-10", kind=3)
    post(here)
    here.house.engine.run("fulfilment", ALL)
    assert (history(here, partial)["3"], history(here, partial)[SHIPPED]) == (1, 1)
    assert tracking(here, partial) == "1Z-9, 1Z-10"


def test_an_order_that_came_to_its_end_in_the_shop_stays_there(both: Make) -> None:
    here, orders = arrived(both)
    delivered = orders[0]
    here.store.change("orders", delivered, current_state="5")
    post(here)
    report = here.house.engine.run("fulfilment", ALL)
    assert history(here, delivered)[SHIPPED] == 0
    assert here.store.row("orders", delivered)["current_state"] == "5"
    assert any(w.code == "kept_there" and "state stays 5" in w.sentence for w in report.warnings)


def test_an_order_that_was_shipped_in_the_shop_is_not_taken_back_while_it_is_open_in_gp(both: Make) -> None:
    """The backlog of a first run: people have shipped those orders by hand, and GP has only just got them."""
    maps = 'fulfilment_states:\n  open: {value: "3"}\n  voided: {value: "6"}\n'
    here, orders = arrived(both, maps=maps)
    shipped, waiting, voided = [one for one in orders if not history(here, one)["3"]][:3]
    for order in (shipped, voided):
        here.store.change("orders", order, current_state=SHIPPED)
    with psycopg.connect(here.house.gp_url) as connection, connection.cursor() as cursor:
        void_document(cursor, number(voided))
    report = here.house.engine.run("fulfilment", ALL)
    states = [here.store.row("orders", order)["current_state"] for order in (shipped, waiting, voided)]
    assert states == [SHIPPED, "3", "6"]
    assert history(here, shipped)["3"] == 0
    assert any(w.code == "kept_there" and f"state stays {SHIPPED}" in w.sentence for w in report.warnings)


@pytest.mark.parametrize(("email", "sent"), [("yes", "1"), ("no", None)])
def test_the_mail_goes_only_where_it_is_wanted(both: Make, email: str, sent: str | None) -> None:
    here, orders = arrived(both, settings={"GPPS_FULFILMENT__EMAIL": email})
    post(here)
    asked: list[str | None] = []
    transport = here.house.engine.parts.sources["prestashop"].client.transport
    write = transport.write

    def watched(method: str, path: str, body: Any, params: Any = None) -> Any:
        if path == "order_histories":
            asked.append((params or {}).get("sendemail"))
        return write(method, path, body, params)

    transport.write = watched
    here.house.engine.run("fulfilment", ALL)
    assert set(asked) == {sent}
    assert len(asked) >= len(orders)


def test_a_tracking_number_that_comes_late_is_seen(both: Make) -> None:
    here, orders = arrived(both)
    post(here)
    here.house.engine.run("fulfilment", ALL)
    since = here.house.engine.parts.clock.now()
    track(here, number(orders[1]), "1Z-LATE")  # moves no DEX_ROW_TS
    keys = tuple(row.key for row in here.house.engine.parts.sources["gp"].changed("sales_documents", since))
    assert number(orders[1]) in keys
    here.house.engine.run("fulfilment", Selection(keys=keys))
    assert tracking(here, orders[1]) == "1Z-LATE"
    assert history(here, orders[1])[SHIPPED] == 1


@pytest.mark.parametrize("version", ["8.2.1", "1.7.8.11"])
def test_a_tracking_number_with_signs_that_the_shop_refuses_is_told_all_the_same(both: Make, version: str) -> None:
    """Several in one field of GP, a stray quote: Validate::isTrackingNumber would refuse the row, and no state would follow."""
    here, orders = arrived(both, version=version)
    order = orders[0]
    track(here, number(order), "1Z-1; 1Z-2|1Z-3", "'1Z*4\u00a0'")
    post(here)
    for _ in range(2):
        here.house.engine.run("fulfilment", ALL)
    assert tracking(here, order) == "1Z 4, 1Z-1, 1Z-2, 1Z-3"
    assert history(here, order)[SHIPPED] == 1


@pytest.mark.parametrize("version", ["8.2.1", "1.7.8.11"])
def test_a_state_that_the_shop_does_not_have_is_said_and_not_tried(both: Make, version: str) -> None:
    here, orders = arrived(both, version=version, maps='fulfilment_states:\n  invoiced: {value: "99"}\n')
    track(here, number(orders[0]), "1Z-1")
    post(here)
    here.house.engine.run("fulfilment", Selection(keys=(number(orders[0]),)))
    state = here.state("fulfilment", number(orders[0]))
    assert (state.state, state.code) == ("held", "state_unknown")
    assert "fulfilment_states" in state.remedy
    assert tracking(here, orders[0]) == "1Z-1"
