"""Schedules: a nightly sweep of the last days, and of all that a flow keeps up to date: the net below sensors.

What waits from before those days is tried again as well, and so is what a target can do more of by now (a receipt whose
invoice was posted).
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from operator import itemgetter
from typing import Any

import dagster as dg

from gp_prestashop.components.engine_resource import EngineResource
from gp_prestashop.components.keyed_runs import MAX_KEYS, MAX_RUNS, keyed_runs
from gp_prestashop.components.naming import extract_key, job_name, load_key, map_key
from gp_prestashop.components.not_set_up import not_set_up
from gp_prestashop.components.partitions import ALL, days_since_go_live, is_daily, partition_name
from gp_prestashop.engine.parts import EngineFlow
from gp_prestashop.engine.protocols import ChangedKey
from gp_prestashop.engine.unfinished import unfinished
from gp_prestashop.settings import Settings

__all__ = ["flow_schedules"]

SWEPT_DAYS = 3
FINISHED_DAYS = 180  # what could not be finished in so many days is left to people


def flow_schedules(flow: EngineFlow, settings: Settings) -> list[dg.ScheduleDefinition]:
    """The flow's sweep, and where it says so, the schedule that finishes what could not be finished at first."""
    cron = flow.flow.triggers.finish if flow.flow.triggers is not None else None
    finish = _finish(flow, cron, settings) if cron else None
    return [schedule for schedule in (_net(flow, settings), finish) if schedule is not None]


def _schedule(
    flow: EngineFlow, settings: Settings, suffix: str, cron: str, description: str
) -> Callable[[Callable[..., Any]], dg.ScheduleDefinition]:
    """The decorator of a flow's schedule: its own job, in the shop's time zone, running from the start."""
    return dg.schedule(
        name=f"{flow.name}_{suffix}",
        job_name=job_name(flow),
        cron_schedule=cron,
        execution_timezone=settings.shop.timezone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=description,
    )


def _net(flow: EngineFlow, settings: Settings) -> dg.ScheduleDefinition | None:
    """The last days once more at 02:15 in the shop's time zone, or the flow's own sweep of everything."""
    if flow.flow.triggers is not None and flow.flow.triggers.sweep is not None:
        return _sweep(flow, flow.flow.triggers.sweep, settings)
    if not is_daily(flow):
        return None

    @_schedule(
        flow,
        settings,
        "nightly",
        "15 2 * * *",
        f"The last {SWEPT_DAYS} days of {flow.resource.name} once more, and what is held from before.",
    )
    def nightly(
        context: dg.ScheduleEvaluationContext, engine: dg.ResourceParam[EngineResource]
    ) -> Iterator[dg.RunRequest]:
        at = context.scheduled_execution_time
        today = at.astimezone(settings.shop.zone).date()
        days = [today - timedelta(days=back) for back in range(SWEPT_DAYS)]
        for day in days:
            if settings.go_live is None or day >= settings.go_live:
                yield dg.RunRequest(run_key=f"{flow.name}:{today}:{day}", partition_key=day.isoformat())
        waiting = engine.engine.parts.ledger.stopped_keys(flow.name, days[-1], MAX_KEYS * MAX_RUNS)
        rows = [ChangedKey(key, at.isoformat(), day) for key, day in waiting]
        if rows:
            requests, _ = keyed_runs(flow, rows, days_since_go_live(settings).start.date(), trigger="held")
            yield from requests

    return nightly


def _sweep(flow: EngineFlow, cron: str, settings: Settings) -> dg.ScheduleDefinition:
    """Everything is read and compared with the target, whether it changed or not."""

    @_schedule(flow, settings, "sweep", cron, f"All {flow.resource.name}, compared with what the target holds.")
    def sweep(
        context: dg.ScheduleEvaluationContext, engine: dg.ResourceParam[EngineResource]
    ) -> dg.RunRequest | dg.SkipReason:
        if reason := not_set_up(engine.engine, flow):
            return dg.SkipReason(reason)
        at = context.scheduled_execution_time
        keys = [key.to_python_identifier() for key in (extract_key(flow), map_key(flow), load_key(flow))]
        by_value = flow.flow.partitions is not None and not is_daily(flow)
        if by_value:
            context.instance.add_dynamic_partitions(partition_name(flow), [ALL])
        return dg.RunRequest(
            run_key=f"{flow.name}:sweep:{at.isoformat()}",
            run_config={"ops": {key: {"config": {"sweep": True}} for key in keys}},
            partition_key=ALL if by_value else None,
            tags={
                **({"dagster/partition": ALL} if by_value else {}),
                "gpps/flow": flow.name,
                "gpps/trigger": "sweep",
                "dagster/priority": "-2",
            },
        )

    return sweep


def _finish(flow: EngineFlow, cron: str, settings: Settings) -> dg.ScheduleDefinition:
    """The newest first, if there are more than one tick may start: what could never be finished is old."""

    @_schedule(
        flow,
        settings,
        "finish",
        cron,
        f"Delivered {flow.resource.name} whose documents can be finished by now, such as receipts to apply.",
    )
    def finish(
        context: dg.ScheduleEvaluationContext, engine: dg.ResourceParam[EngineResource]
    ) -> list[dg.RunRequest] | dg.SkipReason:
        at = context.scheduled_execution_time
        first = at.astimezone(settings.shop.zone).date() - timedelta(days=FINISHED_DAYS)
        found = sorted(unfinished(engine.engine.parts, flow.name, first), key=itemgetter(1))
        rows = [ChangedKey(key, at.isoformat(), day) for key, day in found[-MAX_KEYS * MAX_RUNS :]]
        if not rows:
            return dg.SkipReason("Everything that was delivered is finished.")
        start = days_since_go_live(settings).start.date() if is_daily(flow) else None
        requests, _ = keyed_runs(flow, rows, start, trigger="finish", sweep=True)
        return requests

    return finish
