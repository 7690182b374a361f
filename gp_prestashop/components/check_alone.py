"""A check with a job that runs nothing else, and the job's schedule."""

import dagster as dg

__all__ = ["check_alone"]


def check_alone(
    check: dg.AssetChecksDefinition, timezone: str, *, at: str, how_often: str, description: str
) -> dg.Definitions:
    """``at``: a cron line, in the shop's time. ``how_often`` ends the schedule's name."""
    (key,) = check.check_keys
    job = dg.define_asset_job(f"{key.name}_job", selection=dg.AssetSelection.checks(key), description=description)
    schedule = dg.ScheduleDefinition(
        name=f"{key.name}_{how_often}",
        job=job,
        cron_schedule=at,
        execution_timezone=timezone,
        description=description,
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )
    return dg.Definitions(asset_checks=[check], jobs=[job], schedules=[schedule])
