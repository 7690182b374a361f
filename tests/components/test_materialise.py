"""Dagster runs the flow: a range of days as a backfill launches it, a keyed run as a sensor launches it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import dagster as dg
import pytest

from gp_prestashop.components.build import build_definitions
from gp_prestashop.components.keyed_runs import RANGE_END, RANGE_START
from gp_prestashop.engine.engine import Engine
from gp_prestashop.engine.parts import EngineFlow
from gp_prestashop.ledger.ledger import WorkItem
from gp_prestashop.mapping.shapes import Problem


@pytest.fixture
def house(make_house: Callable[..., Any]) -> Any:
    return make_house(orders=30, troubles=False)


def _definitions(house: Any) -> dg.Definitions:
    parts = replace(house.engine.parts, screen=_odd)
    return build_definitions(parts.flows, [], house.settings, lambda: Engine(parts))


def _odd(flow: EngineFlow, items: Sequence[WorkItem]) -> list[Problem]:
    return [Problem(items[0].key, "anomaly", "It looks odd.", "warn")] if items and flow.name == "sales_orders" else []


def test_a_sensor_launches_a_backlog_as_one_run_that_reaches_gp(house: Any) -> None:
    definitions = _definitions(house)
    with dg.DagsterInstance.ephemeral() as instance:
        sensor = definitions.resolve_sensor_def("sales_orders_changed")
        context = dg.build_sensor_context(
            instance=instance,
            repository_def=definitions.get_repository_def(),
            resources={"engine": definitions.resources["engine"]} if definitions.resources else {},
            cursor=json.dumps({"since": f"{house.world.go_live}T00:00:00+00:00", "seen": {}}),
        )
        requests = sensor.evaluate_tick(context).run_requests
        assert len(requests) == 1
        tags = requests[0].tags
        assert date.fromisoformat(tags[RANGE_START]) < date.fromisoformat(tags[RANGE_END])
        job = definitions.resolve_job_def("run_sales_orders")
        result = job.execute_in_process(run_config=requests[0].run_config, instance=instance, tags=dict(tags))
        assert result.success
        delivered = house.gp("select count(*) from two.sop10100 where soptype = 2 and cstponbr <> 'COUNTER SALE'")[0][0]
        assert delivered > 10
        events = instance.fetch_materializations(dg.AssetKey(["gp", "sales_orders"]), limit=1000).records
        records = [
            event.asset_materialization.metadata["day/records"].value for event in events if event.asset_materialization
        ]
        assert sum(records) == 30  # each day says what it holds, not what the run held
        mapped = instance.get_latest_materialization_event(dg.AssetKey(["mapped", "sales_orders"]))
        assert mapped is not None
        assert mapped.asset_materialization is not None
        assert "It looks odd." in str(mapped.asset_materialization.metadata["warned"].value)
        checks = {check.check_name: check.passed for check in result.get_asset_check_evaluations()}
        assert checks["conservation"]
        assert checks["reconciliation"]


def test_a_second_tick_has_nothing_to_do(house: Any) -> None:
    definitions = _definitions(house)
    with dg.DagsterInstance.ephemeral() as instance:
        sensor = definitions.resolve_sensor_def("customers_changed")
        cursor: str | None = json.dumps({"since": "2023-01-01T00:00:00+00:00", "seen": {}})
        found = []
        for _ in range(2):
            context = dg.build_sensor_context(
                instance=instance,
                repository_def=definitions.get_repository_def(),
                resources={"engine": definitions.resources["engine"]} if definitions.resources else {},
                cursor=cursor,
            )
            tick = sensor.evaluate_tick(context)
            found.append(len(tick.run_requests))
            cursor = tick.cursor
        assert found[0] > 0
        assert found[1] == 0
