"""The Dagster entry point: loads the flows, wires connectors and resources."""

from __future__ import annotations

from gp_prestashop.components.build import build_definitions
from gp_prestashop.settings import cached_settings
from gp_prestashop.wiring import connect, shared_engine

wired = connect(cached_settings())
defs = build_definitions(wired.flows, wired.broken, wired.settings, shared_engine)
