"""Runs for certain records: grouped by day, so that each run is of partitions that a person finds again."""

import hashlib
from collections.abc import Sequence
from datetime import date

import dagster as dg

from gp_prestashop.components.naming import extract_key, load_key, map_key
from gp_prestashop.components.partitions import ALL, is_daily
from gp_prestashop.engine.parts import EngineFlow
from gp_prestashop.engine.protocols import ChangedKey

__all__ = ["MAX_KEYS", "MAX_RUNS", "RANGE_END", "RANGE_START", "keyed_runs"]

MAX_KEYS = 500  # in one run
MAX_RUNS = 20  # in one tick; the rest comes with the next
DAYS_APART = 3  # up to so many days, each is a run of its own

BEHIND = "-1"  # what goes to the shop, and a backlog, give way to new orders and to what a person launches

PARTITION = "dagster/partition"
RANGE_START = "dagster/asset_partition_range_start"
RANGE_END = "dagster/asset_partition_range_end"


def keyed_runs(
    flow: EngineFlow, rows: Sequence[ChangedKey], first: date | None, *, trigger: str = "poll", sweep: bool = False
) -> tuple[list[dg.RunRequest], set[str]]:
    """Run requests, and the keys left for the next tick. ``first``: the first day that is a partition, if days are.

    A ``sweep`` compares also what was delivered.
    """
    requests: list[dg.RunRequest] = []
    rest: set[str] = set()
    for group in _by_day(rows, first) if first else [rows]:
        for start in range(0, len(group), MAX_KEYS):
            chunk = group[start : start + MAX_KEYS]
            if len(requests) >= MAX_RUNS:
                rest.update(row.key for row in chunk)
                continue
            days = [_partition_day(row, first).isoformat() for row in chunk] if first else []
            between = (min(days), max(days)) if days else None
            requests.append(_request(flow, between, chunk, trigger, sweep=sweep))
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


def _request(
    flow: EngineFlow, days: tuple[str, str] | None, chunk: Sequence[ChangedKey], trigger: str, *, sweep: bool
) -> dg.RunRequest:
    """``days``: the first and last of the records'; several days are one run over a range of partitions."""
    identity = hashlib.sha256("|".join(f"{row.key}@{row.version}" for row in chunk).encode()).hexdigest()[:16]
    keys = {"config": {"keys": [row.key for row in chunk], **({"sweep": True} if sweep else {})}}
    ops = {key.to_python_identifier(): keys for key in (extract_key(flow), map_key(flow), load_key(flow))}
    tags = {"gpps/flow": flow.name, "gpps/trigger": trigger, "gpps/keys": str(len(chunk))}
    one_day = days[0] if days and days[0] == days[1] else None
    if flow.flow.partitions is not None and not is_daily(flow):
        one_day = ALL
        tags |= {PARTITION: ALL}  # asked for by name: whether it is there, Dagster need not look up here
    if days and not one_day:
        tags |= {RANGE_START: days[0], RANGE_END: days[1]}
    if flow.resource.system == "gp" or RANGE_START in tags or sweep:
        tags |= {"dagster/priority": BEHIND}
    return dg.RunRequest(
        run_key=f"{flow.name}:{'...'.join(days) if days else None}:{identity}",
        run_config={"ops": ops},
        partition_key=one_day,
        tags=tags,
    )
