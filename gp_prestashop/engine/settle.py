"""Doubt is settled by asking the target, after the first call can no longer be running; never by sending again."""

from __future__ import annotations

from datetime import timedelta

from gp_prestashop.engine.fingerprint import from_json
from gp_prestashop.engine.parts import Parts
from gp_prestashop.engine.plan import show_difference
from gp_prestashop.engine.protocols import Existing
from gp_prestashop.ledger.ledger import OpenIntent, Run
from gp_prestashop.words import called

__all__ = ["settle"]


def settle(parts: Parts, run: Run, flow_name: str) -> int:
    """Settle what this flow left in doubt, by dead runs and by this one; returns how many were settled.

    An intent of a run that is still alive elsewhere is left to it. Found: delivered. Not there, once the call cannot be
    running any more: pending again.
    """
    intents = [i for i in parts.ledger.doubtful(flow_name) if i.run_id == run.id or not i.run_alive]
    if not intents:
        return 0
    _wait_until_over(parts, intents)
    flow = parts.flow(flow_name)
    asked = f"{called(flow.document.system)} was asked"
    asked = asked[0].upper() + asked[1:]
    documents = {intent.id: from_json(intent.document) for intent in intents}
    existing = parts.target(flow).existing(list(documents.values()))
    for intent in intents:
        there = existing.get(documents[intent.id].key)
        if intent.action == "withdraw":
            _settle_withdrawal(parts, run, flow_name, intent, there)
        elif there is None:
            parts.ledger.abandon(
                run, flow_name, intent.id, "pending", "not_arrived", f"{asked}: the document did not arrive.", ""
            )
        elif there.ours and (there.same or intent.action == "create"):
            parts.ledger.finish(run, flow_name, intent.id, "found", intent.target_key, intent.fingerprint, {})
        elif there.ours:
            parts.ledger.abandon(
                run, flow_name, intent.id, "pending", "not_changed",
                f"{asked}: the change did not arrive ({show_difference(there.difference)}).", "",
            )  # fmt: skip
        else:
            parts.ledger.abandon(run, flow_name, intent.id, "held", "number_taken", there.sentence, "")
    parts.step("settled")
    return len(intents)


def _settle_withdrawal(parts: Parts, run: Run, flow: str, intent: OpenIntent, there: Existing | None) -> None:
    if there is None or there.status == "voided":
        parts.ledger.withdraw(run, flow, intent.id, "withdrawn", f"{intent.target_key} was taken back.")
    else:
        sentence = f"{intent.target_key} is there still: it was not taken back."
        parts.ledger.abandon(run, flow, intent.id, "pending", "not_withdrawn", sentence, "")


def _wait_until_over(parts: Parts, intents: list[OpenIntent]) -> None:
    newest = max(intent.started_at for intent in intents)
    over = newest + timedelta(seconds=parts.settle_after)
    wait = (over - parts.clock.now()).total_seconds()
    if wait > 0:
        parts.clock.sleep(wait)
