"""All definitions from all flows: one extract asset for each resource, two assets and a job for each flow."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import dagster as dg

from gp_prestashop.components.abandoned_carts import abandoned_carts_asset
from gp_prestashop.components.anomaly_check import anomaly_definitions
from gp_prestashop.components.broken import broken_flow
from gp_prestashop.components.engine_resource import EngineResource
from gp_prestashop.components.extract_assets import extract_asset
from gp_prestashop.components.flow_assets import flow_assets
from gp_prestashop.components.handover import RunScopedIOManager
from gp_prestashop.components.naming import extract_key
from gp_prestashop.components.schedules import flow_schedules
from gp_prestashop.components.sensors import flow_job, flow_sensor
from gp_prestashop.components.silence_check import silence_definitions
from gp_prestashop.engine.engine import Engine
from gp_prestashop.engine.parts import EngineFlow
from gp_prestashop.mapping.loader import LoadedFlow
from gp_prestashop.settings import Settings

__all__ = ["build_definitions"]


def build_definitions(
    flows: Mapping[str, EngineFlow],
    broken: Sequence[LoadedFlow],
    settings: Settings,
    engine: Callable[[], Engine],
) -> dg.Definitions:
    """Nothing is connected to while this runs; ``engine`` is called when the first asset runs."""
    by_resource: dict[dg.AssetKey, list[EngineFlow]] = {}
    for flow in flows.values():
        by_resource.setdefault(extract_key(flow), []).append(flow)
    marked = [broken_flow(loaded) for loaded in broken]
    built = dg.Definitions(
        assets=[
            *(extract_asset(sharing, settings) for sharing in by_resource.values()),
            *(asset for flow in flows.values() for asset in flow_assets(flow, flows, settings)),
            *(spec for spec, _ in marked),
            abandoned_carts_asset(settings),
        ],
        asset_checks=[check for _, check in marked],
        jobs=[flow_job(flow) for flow in flows.values()],
        sensors=[sensor for flow in flows.values() if (sensor := flow_sensor(flow, settings))],
        schedules=[schedule for flow in flows.values() for schedule in flow_schedules(flow, settings)],
        resources={"engine": EngineResource(engine), "handover": RunScopedIOManager(settings.home / "runs")},
        executor=dg.in_process_executor,
    )
    return dg.Definitions.merge(built, anomaly_definitions(flows, settings), silence_definitions(flows, settings))
