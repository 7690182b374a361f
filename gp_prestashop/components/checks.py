"""Asset checks of a flow: conservation (blocking), reconciliation with the target, and records that stopped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import dagster as dg

from gp_prestashop.components.naming import load_key
from gp_prestashop.engine.engine import Engine
from gp_prestashop.engine.parts import EngineFlow
from gp_prestashop.engine.protocols import CountedSource, Selection
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
    engine: Engine, flow: EngineFlow, days: tuple[date, date] | None, keys: Sequence[str], first: date
) -> list[dg.AssetCheckResult]:
    """The checks over the partition's days; a keyed run checks the days of its records, or them alone.

    Days before ``first``, which is go-live, are nobody's to count: what happened then is here by chance."""
    if keys or days is None:
        states = engine.parts.ledger.states_of(flow.name, list(keys))
        known = [record.day for record in states.values() if record.day is not None and record.day >= first]
        days = (min(known), max(known)) if known else None
    if days is None or not isinstance(engine.parts.source(flow), CountedSource):
        return _checks_of_records(engine, flow, keys)
    result = _reconcile_with_arrivals(engine, flow, days)
    counted = [day for day in result.days if day.states]
    states_now = {state: sum(day.states.get(state, (0, 0))[0] for day in counted) for state in STATES}
    unbalanced = [day for day in result.days if not day.conserved]
    return [
        dg.AssetCheckResult(
            passed=not unbalanced,
            check_name="conservation",
            metadata={"days": len(result.days), "unbalanced": [str(day.day) for day in unbalanced]},
        ),
        dg.AssetCheckResult(passed=result.ok, check_name="reconciliation", metadata={"breaks": result.breaks[:50]}),
        _stopped_records(states_now),
    ]


def _checks_of_records(engine: Engine, flow: EngineFlow, keys: Sequence[str]) -> list[dg.AssetCheckResult]:
    """Where the run's records stand, or all of them, where days are not counted. What others changed in the target is drift."""
    ledger = engine.parts.ledger
    if keys:
        rows = [(row.state, row.reason, row.records) for row in ledger.tally(flow.name, keys)]
    else:
        rows = [(row.state, row.reason, row.count) for row in ledger.conservation(flow.name)]
    states = {wanted: sum(count for state, _, count in rows if state == wanted) for wanted in STATES}
    drifted = sum(count for _, reason, count in rows if reason == "drift")
    return [
        dg.AssetCheckResult(passed=states["pending"] == 0, check_name="conservation", metadata=states),
        dg.AssetCheckResult(passed=drifted == 0, check_name="reconciliation", metadata={"drifted": drifted}),
        _stopped_records(states),
    ]


def _stopped_records(states: Mapping[str, int]) -> dg.AssetCheckResult:
    stopped = {state: states[state] for state in ("held", "dead", "in_doubt")}
    return dg.AssetCheckResult(
        passed=not any(stopped.values()),
        check_name="stopped_records",
        severity=dg.AssetCheckSeverity.WARN,
        metadata=stopped,
    )


def _reconcile_with_arrivals(engine: Engine, flow: EngineFlow, days: tuple[date, date]) -> Reconciliation:
    """Orders that arrive while we count are seen now, and count as pending."""
    result = reconcile(engine.parts, flow.name, *days)
    if result.unseen:
        with engine.session(flow.name, "arrivals") as session:
            for _ in engine.extract(session, [flow.name], Selection(keys=tuple(result.unseen))):
                pass
        result = reconcile(engine.parts, flow.name, *days)
    return result
