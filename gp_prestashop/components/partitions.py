"""Partitions: days in the shop's time zone, from go-live on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import dagster as dg

from gp_prestashop.engine.parts import EngineFlow
from gp_prestashop.engine.protocols import Selection
from gp_prestashop.settings import Settings

__all__ = ["SelectionConfig", "days_of", "partitions_of", "selection_of"]


class SelectionConfig(dg.Config):
    """``keys``: only these records, whatever the partition says; a keyed run never overwrites a day."""

    keys: list[str] = []  # noqa: RUF012  a Dagster config field


def partitions_of(flow: EngineFlow, settings: Settings) -> dg.PartitionsDefinition[str] | None:
    """Daily partitions when the flow asks for them; the present day is one of them."""
    if flow.flow.partitions is None:
        return None
    first = settings.go_live or datetime.now(UTC).date() - timedelta(days=30)
    return dg.DailyPartitionsDefinition(start_date=first.isoformat(), timezone=settings.shop.timezone, end_offset=1)


def days_of(context: dg.AssetExecutionContext) -> tuple[date, date] | None:
    """First and last day (both inclusive) of the run's partition or partition range."""
    if not context.has_partition_key and not context.has_partition_key_range:
        return None
    window = context.partition_time_window
    return window.start.date(), (window.end - timedelta(seconds=1)).date()


def selection_of(context: dg.AssetExecutionContext, config: SelectionConfig) -> Selection:
    if config.keys:
        return Selection(keys=tuple(config.keys))
    days = days_of(context)
    return Selection(created=days) if days else Selection()
