"""``triage``: stopped records by cause, with what mends each; ``--apply`` does what is safe and allowed."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from gp_prestashop.assist.triage import TriagePolicy, apply, groups_of, stopped_records
from gp_prestashop.commands.output import Json, console, explained_errors, print_json, print_table
from gp_prestashop.engine.protocols import Selection
from gp_prestashop.settings import load_settings
from gp_prestashop.wiring import open_engine

__all__ = ["triage"]


def triage(
    flow: Annotated[str | None, typer.Option(help="One flow; default: all.")] = None,
    *,
    do_apply: Annotated[bool, typer.Option("--apply", help="Apply what is safe, within the site's limits.")] = False,
    as_json: Json = False,
) -> None:
    """Class, group and mend what is held, dead, in doubt or was put back after an error."""
    with explained_errors():
        settings = load_settings()
        policy = TriagePolicy.load(settings.home)
        with open_engine(settings) as engine:
            ledger = engine.parts.ledger
            flows = [flow] if flow else list(engine.parts.flows)
            groups = groups_of(stopped_records(ledger, flows))
            done = (
                apply(
                    groups, policy, ledger, lambda f, keys: engine.run(f, Selection(keys=tuple(keys)), reason="triage"),
                    settings.home, lambda: datetime.now(UTC),
                )
                if do_apply
                else []
            )  # fmt: skip
    if as_json:
        print_json({"groups": [group.as_json() for group in groups], "applied": [asdict(one) for one in done]})
        return
    columns = ["flow", "state", "kind", "code", "n", "what", "remedy", "command"]
    rows = [(g.flow, g.state, g.cause.kind, g.code, len(g.records), g.sentence, g.remedy, g.command) for g in groups]
    print_table(f"{sum(len(g.records) for g in groups)} stopped records, {len(groups)} causes", columns, rows)
    for one in done:
        trouble = f"; {one.trouble}" if one.trouble else ""
        released = f"{one.released} of {len(one.keys)} released"
        console.print(f"{one.action} {one.flow} ({one.code}): {released}{trouble}", markup=False)
