"""The nightly asset check: orders of the last days that look wrong, as a warning on the flow's asset."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import dagster as dg

from gp_prestashop.assist.anomalies.alerts import Alert, counts

__all__ = ["anomaly_check"]

SHOWN = 20


def anomaly_check(asset: dg.AssetKey, look: Callable[[], Sequence[Alert]]) -> dg.AssetChecksDefinition:
    """The check ``anomalies`` of this asset; ``look`` gives the alerts. It warns and never blocks."""

    @dg.asset_check(asset=asset, name="anomalies", description="No order of the last days looks wrong.", blocking=False)
    def anomalies() -> dg.AssetCheckResult:
        alerts = list(look())
        rows = "\n".join(f"- **{a.kind}** {a.reason} (orders {', '.join(a.order_ids[:5])})" for a in alerts[:SHOWN])
        return dg.AssetCheckResult(
            passed=not alerts,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"orders": dict(counts(alerts)), "alerts": dg.MetadataValue.md(rows or "none")},
        )

    return anomalies
