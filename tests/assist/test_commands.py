"""The commands of anomalies, triage and foresight over a house: both stand-ins, the ledger, real flows."""

from __future__ import annotations

import json
from collections.abc import Callable

from typer.testing import CliRunner

from gp_prestashop.cli import app
from tests.house import EVER, House

RUNNER = CliRunner()


def test_recorded_orders_are_looked_at_by_each_command(make_house: Callable[..., House]) -> None:
    house = make_house(orders=30, items=12)
    house.engine.run("sales_orders", EVER)
    days = [row.day for row in house.engine.parts.ledger.conservation("sales_orders") if row.day is not None]
    span = f"{min(days)}...{max(days)}"
    checked = RUNNER.invoke(app, ["anomalies", "check", "--day", span, "--stock", "--postings", "--json"])
    assert checked.exit_code == 0, checked.output
    assert all(
        {"order_ids", "score", "kind", "reason", "cause", "action"} == set(alert)
        for alert in json.loads(checked.stdout)
    )
    triaged = RUNNER.invoke(app, ["triage", "--json"])
    assert triaged.exit_code == 0, triaged.output
    stopped = sum(
        row.count for flow in house.engine.parts.flows for row in house.engine.parts.ledger.conservation(flow)
        if row.state in {"held", "dead", "in_doubt"}
    )  # fmt: skip
    assert sum(group["count"] for group in json.loads(triaged.stdout)["groups"]) == stopped
    seen = RUNNER.invoke(app, ["foresight", "--history", "3650", "--json"])
    assert seen.exit_code in {0, 1}, seen.output
    told = json.loads(seen.stdout)
    assert told["silence"]["alarm"] is (seen.exit_code == 1)
    assert told["silence"]["expected"] > 0
    assert {"forecasts", "coverage", "error", "naive"} <= set(told["backtest"]["demand"])

    assert RUNNER.invoke(app, ["anomalies", "fine", "999999"]).exit_code == 1
    assert RUNNER.invoke(app, ["anomalies", "release", "999999"]).exit_code == 1
    assert RUNNER.invoke(app, ["anomalies", "check", "--day", "yesterday"]).exit_code == 2
