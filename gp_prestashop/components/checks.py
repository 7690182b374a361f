"""Asset checks of a flow: conservation (blocking), reconciliation with the target, and records that stopped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import dagster as dg

from gp_prestashop.components.naming import load_key
from gp_prestashop.engine.engine import Engine
from gp_prestashop.engine.parts import EngineFlow
from gp_prestashop.engine.protocols import Selection
from gp_prestashop.engine.reconcile import STATES, Reconciliation, reconcile

__all__ = ["flow_check_specs", "run_flow_checks"]


def flow_check_specs(flow: EngineFlow) -> list[dg.AssetCheckSpec]:
    key = load_key(flow)
    return [
        dg.AssetCheckSpec(
            "conservation", asset=key, blocking=True, description="Every record is in exactly one state."
        ),
        dg.AssetCheckSpec(
            "reconciliation", asset=key, description="What was delivered is what the target holds, to the cent."
        ),
        dg.AssetCheckSpec("stopped_records", asset=key, description="No record is held, dead or in doubt."),
    ]


def run_flow_checks(
    engine: Engine, flow: EngineFlow, days: tuple[date, date] | None, keys: Sequence[str]
) -> list[dg.AssetCheckResult]:
    """The checks over the partition's days; a keyed run checks the days of its records."""
    if days is None and not keys:
        return _checks_of_all(engine, flow)
    if days is None or keys:
        states = engine.parts.ledger.states_of(flow.name, list(keys))
        known = [record.day for record in states.values() if record.day is not None]
        if not known:
            return [dg.AssetCheckResult(passed=True, check_name=spec.name) for spec in flow_check_specs(flow)]
        days = (min(known), max(known))
    result = _reconcile_with_arrivals(engine, flow, days)
    counted = [day for day in result.days if day.states]
    stopped = {
        state: sum(day.states.get(state, (0, 0))[0] for day in counted) for state in ("held", "dead", "in_doubt")
    }
    unbalanced = [day for day in result.days if not day.conserved]
    return [
        dg.AssetCheckResult(
            passed=not unbalanced,
            check_name="conservation",
            metadata={"days": len(result.days), "unbalanced": [str(day.day) for day in unbalanced]},
        ),
        dg.AssetCheckResult(passed=result.ok, check_name="reconciliation", metadata={"breaks": result.breaks[:50]}),
        dg.AssetCheckResult(
            passed=not any(stopped.values()),
            check_name="stopped_records",
            severity=dg.AssetCheckSeverity.WARN,
            metadata=dict(stopped),
        ),
    ]


def _checks_of_all(engine: Engine, flow: EngineFlow) -> list[dg.AssetCheckResult]:
    """A flow without days: where all its records stand. What others changed in the target shows as drift."""
    rows = engine.parts.ledger.conservation(flow.name)
    states = {state: sum(row.count for row in rows if row.state == state) for state in STATES}
    drifted = sum(row.count for row in rows if row.reason == "drift")
    stopped = {state: states[state] for state in ("held", "dead", "in_doubt")}
    return [
        dg.AssetCheckResult(passed=states["pending"] == 0, check_name="conservation", metadata=states),
        dg.AssetCheckResult(passed=drifted == 0, check_name="reconciliation", metadata={"drifted": drifted}),
        dg.AssetCheckResult(
            passed=not any(stopped.values()),
            check_name="stopped_records",
            severity=dg.AssetCheckSeverity.WARN,
            metadata=dict(stopped),
        ),
    ]


def _reconcile_with_arrivals(engine: Engine, flow: EngineFlow, days: tuple[date, date]) -> Reconciliation:
    """Orders that arrive while we count are seen now, and count as pending."""
    result = reconcile(engine.parts, flow.name, *days)
    if result.unseen:
        with engine.session(flow.name, "arrivals") as session:
            for _ in engine.extract(session, [flow.name], Selection(keys=tuple(result.unseen))):
                pass
        result = reconcile(engine.parts, flow.name, *days)
    return result
