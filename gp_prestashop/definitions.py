"""The Dagster entry point: loads the flows, wires connectors and resources."""

import warnings

import dagster as dg

# Backfill policies are still marked beta in Dagster; without this each asset would say so at every start.
warnings.filterwarnings("ignore", category=dg.BetaWarning)

from gp_prestashop.components.build import build_definitions  # noqa: E402
from gp_prestashop.settings import cached_settings  # noqa: E402
from gp_prestashop.wiring import connect, shared_engine  # noqa: E402

wired = connect(cached_settings())
defs = build_definitions(wired.flows, wired.broken, wired.settings, shared_engine)
