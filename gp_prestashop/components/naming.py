"""Asset keys that read as lineage: prestashop/orders → mapped/sales_orders → gp/sales_orders."""

from __future__ import annotations

import dagster as dg

from gp_prestashop.engine.parts import EngineFlow

__all__ = ["extract_key", "group_name", "job_name", "load_key", "map_key", "pool_name"]


def extract_key(flow: EngineFlow) -> dg.AssetKey:
    return dg.AssetKey([flow.resource.system, flow.resource.name])


def map_key(flow: EngineFlow) -> dg.AssetKey:
    return dg.AssetKey(["mapped", flow.name])


def load_key(flow: EngineFlow) -> dg.AssetKey:
    return dg.AssetKey([flow.document.system, flow.name])


def group_name(flow: EngineFlow) -> str:
    """One group for each direction, in which the graph reads from left to right."""
    return f"{flow.resource.system}_to_{flow.document.system}"


def job_name(flow: EngineFlow) -> str:
    return f"run_{flow.name}"


def pool_name(flow: EngineFlow) -> str:
    """What writes to GP goes one by one; to the shop each flow by itself, so that a sweep never holds up orders, which
    are read in the pool of the shop."""
    return flow.document.system if flow.document.system == "gp" else f"{flow.document.system}_{flow.name}"
