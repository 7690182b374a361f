"""The two assets of a flow: mapped documents, and documents written to the target."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import dagster as dg

from gp_prestashop.components.checks import flow_check_specs, run_flow_checks
from gp_prestashop.components.engine_resource import EngineResource
from gp_prestashop.components.failures import translated_errors
from gp_prestashop.components.metadata import (
    day_metadata,
    document_metadata,
    lineage_metadata,
    report_metadata,
    warned_metadata,
)
from gp_prestashop.components.naming import extract_key, group_name, load_key, map_key, pool_name
from gp_prestashop.components.partitions import SelectionConfig, days_of, days_since_go_live, partitions_of
from gp_prestashop.engine.engine import Engine
from gp_prestashop.engine.parts import EngineFlow
from gp_prestashop.engine.plan import Planned
from gp_prestashop.engine.protocols import MeasuredTarget
from gp_prestashop.engine.report import RunReport
from gp_prestashop.engine.transform import Transformed
from gp_prestashop.settings import Settings

__all__ = ["flow_assets"]

CHUNK = 200
KINDS = {"gp": "sqlserver"}


def flow_assets(
    flow: EngineFlow, flows: Mapping[str, EngineFlow], settings: Settings
) -> tuple[dg.AssetsDefinition, dg.AssetsDefinition]:
    """``mapped/<flow>`` and ``<system>/<flow>``."""
    return _mapped(flow, flows, settings), _written(flow, settings)


def _mapped(flow: EngineFlow, flows: Mapping[str, EngineFlow], settings: Settings) -> dg.AssetsDefinition:
    needed = [load_key(flows[name]) for name in flow.flow.needs if name in flows]

    @dg.asset(
        key=map_key(flow),
        deps=[
            dg.AssetDep(extract_key(flow)),
            *(dg.AssetDep(key, partition_mapping=dg.AllPartitionMapping()) for key in needed),
        ],
        description=f"{flow.flow.title or flow.name}: checked, mapped and planned, ready to be written.",
        partitions_def=partitions_of(flow, settings),
        backfill_policy=dg.BackfillPolicy.single_run(),
        group_name=group_name(flow),
        kinds={"duckdb"},
        pool=pool_name(flow),  # bringing what is needed writes to the target
        metadata=lineage_metadata(flow, written=False),
        io_manager_key="handover",
    )
    def mapped(
        context: dg.AssetExecutionContext, config: SelectionConfig, engine: dg.ResourceParam[EngineResource]
    ) -> Iterator[dg.Output[list[Planned]]]:
        planned: list[Planned] = []
        with translated_errors(), engine.engine.session(flow.name, "dagster") as session:
            for keys in _keys(engine.engine, flow, context, config):
                planned += engine.engine.transform(session, keys, sweep=config.sweep).planned
                context.log.info(f"{len(planned)} documents planned")
        told = warned_metadata(session.report.warnings)
        yield dg.Output(planned, metadata={**document_metadata(flow, planned), **told})

    return mapped


def _written(flow: EngineFlow, settings: Settings) -> dg.AssetsDefinition:
    @dg.asset(
        key=load_key(flow),
        ins={"planned": dg.AssetIn(map_key(flow), input_manager_key="handover")},
        description=f"{flow.flow.title or flow.name}: written, each document once.",
        partitions_def=partitions_of(flow, settings),
        backfill_policy=dg.BackfillPolicy.single_run(),
        group_name=group_name(flow),
        kinds={KINDS.get(flow.document.system, flow.document.system)},
        pool=pool_name(flow),
        metadata=lineage_metadata(flow, written=True),
        check_specs=flow_check_specs(flow),
        freshness_policy=_freshness(flow),
    )
    def written(
        context: dg.AssetExecutionContext,
        config: SelectionConfig,
        engine: dg.ResourceParam[EngineResource],
        planned: list[Planned],
    ) -> dg.MaterializeResult:  # type: ignore[type-arg]
        with translated_errors(), engine.engine.session(flow.name, "dagster") as session:
            for start in range(0, len(planned), CHUNK):
                engine.engine.load(session, Transformed(planned[start : start + CHUNK]))
                context.log.info(f"{session.report.written} of {len(planned)} documents written")
        report = session.report
        with translated_errors():
            _count(engine.engine, flow, context, config, report)
            checks = run_flow_checks(
                engine.engine, flow, days_of(context), config.keys, days_since_go_live(settings).start.date()
            )
            _describe_days(engine.engine, flow, context)
        target = engine.engine.parts.target(flow)
        budget = target.figures() if isinstance(target, MeasuredTarget) else {}
        metadata = {**report_metadata(report), **{name: value for name, value in budget.items() if value is not None}}
        return dg.MaterializeResult(metadata=metadata, check_results=checks)

    return written


def _describe_days(engine: Engine, flow: EngineFlow, context: dg.AssetExecutionContext) -> None:
    """A run over a range says for each day what is there now."""
    days = days_of(context)
    if days is None or not context.has_partition_key_range:
        return
    described = day_metadata(engine.parts.ledger.conservation(flow.name, *days))
    for day in context.partition_keys:
        context.add_asset_metadata(described.get(day, {"day/records": 0}), partition_key=day)


def _freshness(flow: EngineFlow) -> dg.FreshnessPolicy | None:
    from datetime import timedelta

    if flow.flow.triggers is None or flow.flow.triggers.poll is None:
        return None
    return dg.FreshnessPolicy.time_window(fail_window=timedelta(days=2), warn_window=timedelta(days=1))


def _keys(
    engine: Engine, flow: EngineFlow, context: dg.AssetExecutionContext, config: SelectionConfig
) -> Iterator[Sequence[str]]:
    """The records to map: those asked for, or the pending and held ones of the partition."""
    if config.keys:
        rest = iter(config.keys)
        while chunk := list(islice(rest, CHUNK)):
            yield chunk
        return
    after: str | None = None
    states = ("pending", "held", "delivered") if config.sweep else ("pending", "held")
    while work := engine.parts.ledger.work(flow.name, states=states, days=days_of(context), after=after, limit=CHUNK):
        after = work[-1].key
        yield [item.key for item in work]


def _count(
    engine: Engine, flow: EngineFlow, context: dg.AssetExecutionContext, config: SelectionConfig, report: RunReport
) -> None:
    days = days_of(context)
    keys = config.keys or (list(engine.parts.ledger.record_keys(flow.name, *days)) if days else [])
    if days is None and not config.keys:
        for row in engine.parts.ledger.conservation(flow.name):
            report.states[row.state] += row.count
            if row.state in ("held", "dead", "in_doubt"):
                report.reasons[row.state, row.reason, ""] += row.count
        report.seen = report.states.total()
        return
    report.seen = len(keys)
    for start in range(0, len(keys), 1000):
        report.count(engine.parts.ledger.tally(flow.name, keys[start : start + 1000]))
