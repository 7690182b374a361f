"""The nightly check of what looks wrong: orders, stock and postings, as a warning on the asset of orders."""

from collections.abc import Mapping

import dagster as dg

from gp_prestashop.assist.anomalies.alerts import Alert, counts
from gp_prestashop.assist.anomalies.nightly import DAYS, Found, look
from gp_prestashop.components.check_alone import check_alone
from gp_prestashop.components.engine_resource import EngineResource
from gp_prestashop.components.naming import load_key
from gp_prestashop.engine.parts import EngineFlow
from gp_prestashop.settings import Settings

__all__ = ["CHECK", "anomaly_check", "anomaly_definitions"]

CHECK = "anomalies"
FLOW = "sales_orders"
SHOWN = 20
AT = "45 4 * * *"  # after the nightly sweeps


def anomaly_definitions(flows: Mapping[str, EngineFlow], settings: Settings) -> dg.Definitions:
    """The check, a job that runs it alone, and its schedule; nothing where orders do not flow or the policy is ``off``."""
    if FLOW not in flows or settings.assist.anomalies.policy == "off":
        return dg.Definitions()
    return check_alone(
        anomaly_check(load_key(flows[FLOW]), settings),
        settings.shop.timezone,
        at=AT,
        how_often="nightly",
        description="Orders, stock and postings that look wrong.",
    )


def anomaly_check(key: dg.AssetKey, settings: Settings) -> dg.AssetChecksDefinition:
    """It warns and never blocks."""

    @dg.asset_check(
        asset=key, name=CHECK, blocking=False,
        description=f"No order of the last {DAYS} days, no item's stock and no posting looks wrong.",
    )  # fmt: skip
    def anomalies(engine: dg.ResourceParam[EngineResource]) -> dg.AssetCheckResult:
        parts = engine.engine.parts
        return _result(look(parts.ledger, settings, parts.clock, parts.flows))

    return anomalies


def _result(found: Found) -> dg.AssetCheckResult:
    described = {
        name: dg.MetadataValue.md("\n".join(map(_line, alerts[:SHOWN])) or "none")
        for name, alerts in found.alerts.items()
    }
    return dg.AssetCheckResult(
        passed=not found.all,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"alerts": dict(counts(found.all)), "notes": found.notes, **described},
    )


def _line(alert: Alert) -> str:
    return f"- **{alert.kind}** {alert.reason} ({', '.join(alert.order_ids[:5])})"
