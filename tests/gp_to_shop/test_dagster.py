"""Dagster runs the flows to the shop: keyed runs of a sensor, one site as a partition, the nightly sweep."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from gp_prestashop.components.build import build_definitions
from gp_prestashop.components.partitions import ALL
from gp_prestashop.engine.engine import OVERLAP

Make = Callable[..., Any]
SETTINGS = {"GPPS_STOCK__GUARD": "no"}


@pytest.fixture
def instance(tmp_path: Path) -> Any:
    folder = tmp_path / "dagster"
    folder.mkdir()
    with dg.DagsterInstance.local_temp(str(folder)) as made:
        yield made


def _definitions(here: Any) -> dg.Definitions:
    parts = here.house.engine.parts
    return build_definitions(parts.flows, [], here.house.settings, lambda: here.house.engine)


def _engine(definitions: dg.Definitions) -> dict[str, Any]:
    return {"engine": (definitions.resources or {})["engine"]}


def _tick(definitions: dg.Definitions, instance: Any, name: str, since: datetime) -> Any:
    context = dg.build_sensor_context(
        instance=instance,
        repository_def=definitions.get_repository_def(),
        resources=_engine(definitions),
        cursor=json.dumps({"since": since.isoformat(), "seen": {}}),
    )
    return definitions.resolve_sensor_def(name).evaluate_tick(context)


def test_a_change_of_stock_becomes_a_keyed_run_that_shows_the_shops_budget(both: Make, instance: Any) -> None:
    here = both(settings=SETTINGS)
    here.house.engine.run("stock", _everything())
    since = datetime.now(UTC) + OVERLAP
    here.gp("update two.iv00102 set qtyonhnd = 41 where itemnmbr = 'CW-00002' and locncode = 'MAIN'")
    definitions = _definitions(here)
    tick = _tick(definitions, instance, "stock_changed", since)
    values = {value for request in tick.dynamic_partitions_requests for value in request.partition_keys}
    assert values == {ALL, "MAIN", "WAREHOUSE"}
    (request,) = tick.run_requests
    assert request.partition_key == ALL
    instance.add_dynamic_partitions("gp_stock", sorted(values))
    result = definitions.resolve_job_def("run_stock").execute_in_process(
        run_config=request.run_config, instance=instance, partition_key=ALL
    )
    assert result.success
    assert here.stock("CW-00002") == 41
    (event,) = instance.fetch_materializations(dg.AssetKey(["prestashop", "stock"]), limit=10).records
    metadata = event.asset_materialization.metadata
    assert metadata["written"].value == 1
    assert metadata["shop/requests"].value > 0
    assert metadata["shop/at_a_time"].value == 4


def test_a_site_is_a_partition_and_the_sweep_corrects_what_drifted(both: Make, instance: Any) -> None:
    here = both(settings=SETTINGS)
    definitions = _definitions(here)
    job = definitions.resolve_job_def("run_stock")
    instance.add_dynamic_partitions("gp_stock", [ALL, "MAIN"])
    assert job.execute_in_process(instance=instance, partition_key="MAIN").success
    wanted = here.stock("CW-00002")
    here.store.change("stock_availables", here.stock_row("CW-00002")["id"], quantity="99999")
    schedule = definitions.resolve_schedule_def("stock_sweep")
    context = dg.build_schedule_context(
        instance=instance,
        scheduled_execution_time=datetime.now(UTC),
        repository_def=definitions.get_repository_def(),
        resources=_engine(definitions),
    )
    (request,) = schedule.evaluate_tick(context).run_requests
    assert request.partition_key == ALL
    result = job.execute_in_process(run_config=request.run_config, instance=instance, partition_key=ALL)
    assert result.success
    assert here.stock("CW-00002") == wanted
    assert all(check.passed for check in result.get_asset_check_evaluations())


def test_each_flow_to_the_shop_has_a_pool_of_its_own(both: Make) -> None:
    definitions = _definitions(both(settings=SETTINGS))
    graph = definitions.get_repository_def().asset_graph
    pools = {
        key.to_user_string(): graph.get(key).pools for key in graph.get_all_asset_keys() if key.path[0] == "prestashop"
    }
    assert pools["prestashop/orders"] == {"prestashop"}
    assert pools["prestashop/stock"] == {"prestashop_stock"}
    assert pools["prestashop/items"] == {"prestashop_items"}


def _everything() -> Any:
    from gp_prestashop.engine.protocols import Selection

    return Selection()
