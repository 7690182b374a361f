"""Schedules: a nightly sweep of the last days, the net below sensors."""

from collections.abc import Iterator
from datetime import timedelta

import dagster as dg

from gp_prestashop.components.naming import job_name
from gp_prestashop.engine.parts import EngineFlow
from gp_prestashop.settings import Settings

__all__ = ["flow_schedule"]

SWEPT_DAYS = 3


def flow_schedule(flow: EngineFlow, settings: Settings) -> dg.ScheduleDefinition | None:
    """At 02:15 in the shop's time zone, the last days once more, held records included."""
    if flow.flow.partitions is None:
        return None

    @dg.schedule(
        name=f"{flow.name}_nightly",
        job_name=job_name(flow),
        cron_schedule="15 2 * * *",
        execution_timezone=settings.shop.timezone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=f"The last {SWEPT_DAYS} days of {flow.resource.name} once more, held ones included.",
    )
    def nightly(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest]:
        today = context.scheduled_execution_time.astimezone(settings.shop.zone).date()
        for back in range(SWEPT_DAYS):
            day = today - timedelta(days=back)
            if settings.go_live is None or day >= settings.go_live:
                yield dg.RunRequest(run_key=f"{flow.name}:{today}:{day}", partition_key=day.isoformat())

    return nightly
