"""Partitions: days in the shop's time zone, from go-live on; or the values of a column (item classes, sites)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import dagster as dg

from gp_prestashop.engine.parts import EngineFlow
from gp_prestashop.engine.protocols import Selection
from gp_prestashop.settings import Settings

__all__ = [
    "ALL",
    "SelectionConfig",
    "days_of",
    "days_since_go_live",
    "is_daily",
    "partition_name",
    "partitions_of",
    "selection_of",
]

ALL = "all"  # the partition of a flow by values that keeps to none of them


class SelectionConfig(dg.Config):
    """``keys``: only these records, whatever the partition says; a keyed run never overwrites a day.

    ``sweep``: delivered records too are compared with what the target holds.
    """

    keys: list[str] = []  # noqa: RUF012  a Dagster config field
    sweep: bool = False


def partitions_of(flow: EngineFlow, settings: Settings) -> dg.PartitionsDefinition[str] | None:
    """Daily partitions when the flow asks for them; the present day is one of them. Values come and go: the flow's
    sensor and schedule add those that there are."""
    if flow.flow.partitions is None:
        return None
    if not is_daily(flow):
        return dg.DynamicPartitionsDefinition(name=partition_name(flow))
    return days_since_go_live(settings)


def days_since_go_live(settings: Settings) -> dg.DailyPartitionsDefinition:
    """Days in the shop's time zone, the present one too; of the last month when no go-live is set yet."""
    first = settings.go_live or datetime.now(UTC).date() - timedelta(days=30)
    return dg.DailyPartitionsDefinition(start_date=first.isoformat(), timezone=settings.shop.timezone, end_offset=1)


def is_daily(flow: EngineFlow) -> bool:
    return flow.flow.partitions is not None and flow.flow.partitions.daily is not None


def partition_name(flow: EngineFlow) -> str:
    """The name of the values in Dagster's instance, which all flows of a resource share."""
    return f"{flow.resource.system}_{flow.resource.name}"


def days_of(context: dg.AssetExecutionContext) -> tuple[date, date] | None:
    """First and last day (both inclusive) of the run's partition or partition range."""
    if not context.has_partition_key and not context.has_partition_key_range:
        return None
    if isinstance(context.assets_def.partitions_def, dg.DynamicPartitionsDefinition):
        return None
    window = context.partition_time_window
    return window.start.date(), (window.end - timedelta(seconds=1)).date()


def selection_of(context: dg.AssetExecutionContext, config: SelectionConfig) -> Selection:
    if config.keys:
        return Selection(keys=tuple(config.keys))
    days = days_of(context)
    if days is not None:
        return Selection(created=days)
    value = context.partition_key if context.has_partition_key else ALL
    return Selection(partition=None if value == ALL else value)
