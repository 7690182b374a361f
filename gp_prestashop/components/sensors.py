"""Sensors: what changed in the source since the last tick becomes keyed runs."""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import dagster as dg

from gp_prestashop.components.engine_resource import EngineResource
from gp_prestashop.components.naming import extract_key, job_name, load_key, map_key
from gp_prestashop.components.not_set_up import not_set_up
from gp_prestashop.components.partitions import ALL, days_since_go_live, is_daily, partition_name
from gp_prestashop.engine.engine import OVERLAP, Engine
from gp_prestashop.engine.parts import EngineFlow
from gp_prestashop.engine.protocols import ChangedKey, ClockedSource, PartitionedSource
from gp_prestashop.settings import Settings
from gp_prestashop.words import called

__all__ = ["flow_job", "flow_sensor"]

MAX_KEYS = 500  # in one run
MAX_RUNS = 20  # in one tick; the rest comes with the next
DAYS_APART = 3  # up to so many days, each is a run of its own

BEHIND = "-1"  # what goes to the shop, and a backlog, give way to new orders and to what a person launches

PARTITION = "dagster/partition"
RANGE_START = "dagster/asset_partition_range_start"
RANGE_END = "dagster/asset_partition_range_end"


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
        requests, rest = _requests(flow, fresh, days_since_go_live(settings).start.date() if is_daily(flow) else None)
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


def _requests(flow: EngineFlow, rows: Sequence[ChangedKey], first: date | None) -> tuple[list[dg.RunRequest], set[str]]:
    """Run requests, and the keys left for the next tick. ``first``: the first day that is a partition, if days are."""
    requests: list[dg.RunRequest] = []
    rest: set[str] = set()
    for group in _by_day(rows, first) if first else [rows]:
        for start in range(0, len(group), MAX_KEYS):
            chunk = group[start : start + MAX_KEYS]
            if len(requests) >= MAX_RUNS:
                rest.update(row.key for row in chunk)
                continue
            days = [_partition_day(row, first).isoformat() for row in chunk] if first else []
            requests.append(_request(flow, (min(days), max(days)) if days else None, chunk))
    return requests, rest


def _by_day(rows: Sequence[ChangedKey], first: date) -> list[list[ChangedKey]]:
    """One group for each day; a backlog of many days is one group, since each run costs seconds to start."""
    ordered = sorted(rows, key=lambda row: _partition_day(row, first))
    days = sorted({_partition_day(row, first) for row in rows})
    if len(days) > DAYS_APART:
        return [ordered]
    return [[row for row in ordered if _partition_day(row, first) == day] for day in days]


def _partition_day(row: ChangedKey, first: date) -> date:
    """What is older than go-live (a customer of long ago who moved) goes with the first day: its key says what it is about."""
    return max(row.day or first, first)


def _request(flow: EngineFlow, days: tuple[str, str] | None, chunk: Sequence[ChangedKey]) -> dg.RunRequest:
    """``days``: the first and last of the records'; several days are one run over a range of partitions."""
    identity = hashlib.sha256("|".join(f"{row.key}@{row.version}" for row in chunk).encode()).hexdigest()[:16]
    keys = {"config": {"keys": [row.key for row in chunk]}}
    ops = {key.to_python_identifier(): keys for key in (extract_key(flow), map_key(flow), load_key(flow))}
    tags = {"gpps/flow": flow.name, "gpps/trigger": "poll", "gpps/keys": str(len(chunk))}
    one_day = days[0] if days and days[0] == days[1] else None
    if flow.flow.partitions is not None and not is_daily(flow):
        one_day = ALL
        tags |= {PARTITION: ALL}  # asked for by name: whether it is there, Dagster need not look up here
    if days and not one_day:
        tags |= {RANGE_START: days[0], RANGE_END: days[1]}
    if flow.resource.system == "gp" or RANGE_START in tags:
        tags |= {"dagster/priority": BEHIND}
    return dg.RunRequest(
        run_key=f"{flow.name}:{'...'.join(days) if days else None}:{identity}",
        run_config={"ops": ops},
        partition_key=one_day,
        tags=tags,
    )
