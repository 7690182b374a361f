"""Extract assets: one for each resource, shared by the flows that read it."""

from collections.abc import Sequence

import dagster as dg

from gp_prestashop.components.engine_resource import EngineResource
from gp_prestashop.components.failures import translated_errors
from gp_prestashop.components.metadata import resource_metadata
from gp_prestashop.components.naming import extract_key, group_name
from gp_prestashop.components.partitions import SelectionConfig, partitions_of, selection_of
from gp_prestashop.engine.parts import EngineFlow
from gp_prestashop.settings import Settings

__all__ = ["extract_asset"]


def extract_asset(flows: Sequence[EngineFlow], settings: Settings) -> dg.AssetsDefinition:
    """The asset that reads the resource which ``flows`` share, into the ledger."""
    first = flows[0]
    names = [flow.name for flow in flows]

    @dg.asset(
        key=extract_key(first),
        description=f"{first.resource.name} as the shop sends them, kept in the ledger. Read by: {', '.join(names)}.",
        partitions_def=partitions_of(first, settings),
        backfill_policy=dg.BackfillPolicy.single_run(),
        group_name=group_name(first),
        kinds={first.resource.system},
        pool=first.resource.system,
        metadata=resource_metadata(first.resource.main),
    )
    def read(
        context: dg.AssetExecutionContext, config: SelectionConfig, engine: dg.ResourceParam[EngineResource]
    ) -> dg.MaterializeResult:  # type: ignore[type-arg]
        keys: list[str] = []
        with (
            translated_errors(),
            engine.engine.session(f"{first.resource.system}/{first.resource.name}", "dagster") as session,
        ):
            for page in engine.engine.extract(session, names, selection_of(context, config)):
                keys += page
                context.log.info(f"{len(keys)} records read")
        return dg.MaterializeResult(metadata={"records": len(keys), "dagster/row_count": len(keys)})

    return read
