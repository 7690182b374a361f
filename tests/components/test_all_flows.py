"""Every shipped flow as Dagster runs it: its sensor's tick, the runs it asks for, and its sweep."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg
import pytest

from gp_prestashop.components.build import build_definitions
from gp_prestashop.components.engine_resource import EngineResource
from gp_prestashop.engine.engine import Engine
from gp_prestashop.engine.protocols import Selection
from gp_prestashop.gp.source import GpSource
from gp_prestashop.settings import CatalogueSettings
from tests.both import Both
from tests.house import House
from tests.shop import Shop

BEGINNING = json.dumps({"since": "2023-01-01T00:00:00+00:00", "seen": {}})
TO_GP = ("customers", "addresses", "sales_orders", "deposits", "receipts", "refunds", "returns")
TO_SHOP = ("items", "variants", "prices", "stock", "activation", "fulfilment")
SWEPT = ("items", "variants", "prices", "stock", "fulfilment")


@pytest.fixture(scope="module")
def house(make_shared_house: Callable[..., House]) -> House:
    return make_shared_house(orders=12, items=12, troubles=False, days=6)


@pytest.fixture(scope="module")
def definitions(house: House) -> dg.Definitions:
    return build_definitions(house.engine.parts.flows, [], house.settings, lambda: house.engine)


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.DagsterInstance]:
    """In a folder that outlives it: Dagster goes on asking the last instance for its state."""
    with dg.DagsterInstance.local_temp(str(tmp_path_factory.mktemp("dagster"))) as made:
        yield made


def _run(definitions: dg.Definitions, instance: dg.DagsterInstance, request: dg.RunRequest, job: str) -> Any:
    assert not isinstance(request, dg.SkipReason), request
    return definitions.resolve_job_def(job).execute_in_process(
        run_config=request.run_config,
        instance=instance,
        tags=dict(request.tags),
        partition_key=request.partition_key,
        raise_on_error=False,
    )


@pytest.mark.parametrize("flow", [*TO_GP, *TO_SHOP])
def test_what_a_sensor_launches_succeeds(
    house: House, definitions: dg.Definitions, instance: dg.DagsterInstance, flow: str
) -> None:
    sensor = definitions.resolve_sensor_def(f"{flow}_changed")
    context = dg.build_sensor_context(
        instance=instance,
        repository_def=definitions.get_repository_def(),
        resources={"engine": (definitions.resources or {})["engine"]},
        cursor=BEGINNING,
    )
    if flow == "refunds":  # once its order is in GP
        shop = Shop(house)
        shop.refund(shop.delivered()[0])
    tick = sensor.evaluate_tick(context)
    for added in tick.dynamic_partitions_requests or ():
        instance.add_dynamic_partitions(added.partitions_def_name, list(added.partition_keys))
    for request in tick.run_requests:
        # A backlog and what goes to the shop give way to the news of one day.
        assert request.tags.get("dagster/priority") == (None if flow in ("refunds", "returns") else "-1")
        result = _run(definitions, instance, request, f"run_{flow}")
        assert result.success, [event.message for event in result.all_events if event.is_failure]
        checks = {check.check_name: check for check in result.get_asset_check_evaluations()}
        assert "stopped_records" in checks
        assert checks["conservation"].passed
        assert checks["reconciliation"].passed, checks["reconciliation"].metadata
    assert tick.run_requests, tick.skip_message


@pytest.mark.parametrize("flow", SWEPT)
def test_a_sweep_succeeds(definitions: dg.Definitions, instance: dg.DagsterInstance, flow: str) -> None:
    schedule = definitions.resolve_schedule_def(f"{flow}_sweep")
    context = dg.build_schedule_context(
        instance=instance,
        scheduled_execution_time=datetime(2026, 11, 21, 3, tzinfo=UTC),
        repository_def=definitions.get_repository_def(),
        resources={"engine": (definitions.resources or {})["engine"]},
    )
    (request,) = schedule.evaluate_tick(context).run_requests or ()
    result = _run(definitions, instance, request, f"run_{flow}")
    assert result.success, [event.message for event in result.all_events if event.is_failure]


def test_what_was_held_days_ago_is_tried_again_by_night(
    house: House, definitions: dg.Definitions, instance: dg.DagsterInstance
) -> None:
    shop = Shop(house)
    order = shop.copy_order(shop.delivered()[0])
    (item,) = {row["product_reference"] for row in shop.rows("order_details", id_order=order["id"])[:1]}
    Both(house).gp("update two.iv00101 set inactive = 1 where itemnmbr = %s", item)
    house.engine.run("sales_orders", Selection(keys=(order["id"],)))
    ledger = house.engine.parts.ledger
    assert ledger.states_of("sales_orders", [order["id"]])[order["id"]].state == "held"
    Both(house).gp("update two.iv00101 set inactive = 0 where itemnmbr = %s", item)
    context = dg.build_schedule_context(
        instance=instance,
        scheduled_execution_time=datetime.fromisoformat(order["date_add"]).replace(tzinfo=UTC) + timedelta(days=10),
        repository_def=definitions.get_repository_def(),
        resources={"engine": (definitions.resources or {})["engine"]},
    )
    requests = definitions.resolve_schedule_def("sales_orders_nightly").evaluate_tick(context).run_requests or ()
    assert [request.partition_key is not None for request in requests[:3]] == [True] * 3  # the last days
    for request in requests[3:]:
        assert request.tags["gpps/trigger"] == "held"
        assert _run(definitions, instance, request, "run_sales_orders").success
    assert ledger.states_of("sales_orders", [order["id"]])[order["id"]].state == "delivered"


def test_flows_that_are_not_set_up_are_skipped_with_the_reason(
    house: House, definitions: dg.Definitions, instance: dg.DagsterInstance
) -> None:
    parts = house.engine.parts
    source = GpSource(house.settings.gp, CatalogueSettings(), "PS", house.settings.home, parts.clock)
    engine = Engine(replace(parts, sources={**parts.sources, "gp": source}))
    told = [
        definitions.resolve_sensor_def("stock_changed")
        .evaluate_tick(
            dg.build_sensor_context(
                instance=instance,
                repository_def=definitions.get_repository_def(),
                resources={"engine": EngineResource(lambda: engine)},
            )
        )
        .skip_message,
        definitions.resolve_schedule_def("stock_sweep")
        .evaluate_tick(
            dg.build_schedule_context(
                instance=instance,
                scheduled_execution_time=datetime(2026, 11, 21, 3, tzinfo=UTC),
                repository_def=definitions.get_repository_def(),
                resources={"engine": EngineResource(lambda: engine)},
            )
        )
        .skip_message,
    ]
    for message in told:
        assert message is not None
        assert "Set GPPS_CATALOGUE__SOLD" in message
