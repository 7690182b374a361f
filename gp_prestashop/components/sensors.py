"""Sensors: what changed in the source since the last tick becomes keyed runs."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg

from gp_prestashop.components.engine_resource import EngineResource
from gp_prestashop.components.keyed_runs import keyed_runs
from gp_prestashop.components.naming import extract_key, job_name, load_key, map_key
from gp_prestashop.components.not_set_up import not_set_up
from gp_prestashop.components.partitions import ALL, days_since_go_live, is_daily, partition_name
from gp_prestashop.engine.engine import OVERLAP, Engine
from gp_prestashop.engine.parts import EngineFlow
from gp_prestashop.engine.protocols import ClockedSource, PartitionedSource
from gp_prestashop.settings import Settings
from gp_prestashop.words import called

__all__ = ["flow_job", "flow_sensor"]


def flow_job(flow: EngineFlow) -> Any:
    """The job that runs one flow from extract to write."""
    return dg.define_asset_job(
        job_name(flow),
        selection=dg.AssetSelection.assets(extract_key(flow), map_key(flow), load_key(flow)),
        executor_def=dg.in_process_executor,
        description=f"{flow.flow.title or flow.name}: extract, map, write.",
    )


def flow_sensor(flow: EngineFlow, settings: Settings) -> dg.SensorDefinition | None:
    """A sensor for flows with a poll interval. Its cursor holds since when to ask, and what was seen in the overlap."""
    triggers = flow.flow.triggers
    if triggers is None or triggers.poll is None:
        return None

    @dg.sensor(
        name=f"{flow.name}_changed",
        job_name=job_name(flow),
        minimum_interval_seconds=triggers.poll_seconds,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=f"New and changed {flow.resource.name} in {called(flow.resource.system)}.",
    )
    def changed(context: dg.SensorEvaluationContext, engine: dg.ResourceParam[EngineResource]) -> dg.SensorResult:
        source = engine.engine.parts.source(flow)
        if reason := not_set_up(engine.engine, flow):
            return dg.SensorResult(skip_reason=reason)
        now = source.now() if isinstance(source, ClockedSource) else datetime.now(UTC)
        cursor = json.loads(context.cursor) if context.cursor else {}
        since = datetime.fromisoformat(cursor["since"]) if cursor else _first_moment(flow, settings, now)
        seen: dict[str, str] = cursor.get("seen", {})
        found = list(source.changed(flow.resource.name, since - OVERLAP))
        fresh = [row for row in found if seen.get(row.key) != row.version]
        requests, rest = keyed_runs(flow, fresh, days_since_go_live(settings).start.date() if is_daily(flow) else None)
        handled = {row.key: row.version for row in found if row.key not in rest}
        next_since = since if rest else now
        return dg.SensorResult(
            run_requests=requests,
            skip_reason=None if requests else f"Nothing new since {since:%Y-%m-%d %H:%M:%S} UTC.",
            cursor=json.dumps({"since": next_since.isoformat(), "seen": handled}),
            dynamic_partitions_requests=_values(flow, engine.engine, context.instance),
        )

    return changed


def _values(flow: EngineFlow, engine: Engine, instance: dg.DagsterInstance) -> list[dg.AddDynamicPartitionsRequest]:
    """The values of the column that partitions the flow which Dagster does not know yet."""
    if flow.flow.partitions is None or is_daily(flow):
        return []
    source = engine.parts.source(flow)
    there = [ALL, *(source.partitions(flow.resource.name) if isinstance(source, PartitionedSource) else ())]
    new = sorted(set(there) - set(instance.get_dynamic_partitions(partition_name(flow))))
    return [dg.DynamicPartitionsDefinition(name=partition_name(flow)).build_add_request(new)] if new else []


def _first_moment(flow: EngineFlow, settings: Settings, now: datetime) -> datetime:
    """Go-live, or a day ago when none is set yet (the runs will say that it is missing).

    Flows that sweep everything begin now: what is older is the sweep's.
    """
    swept = flow.flow.triggers is not None and flow.flow.triggers.sweep is not None
    if swept or settings.go_live is None:
        return now - timedelta(days=1)
    return datetime(settings.go_live.year, settings.go_live.month, settings.go_live.day, tzinfo=settings.shop.zone)
