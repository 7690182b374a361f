"""Third stage: write. The intent is durable before the call, the outcome right after it."""

from __future__ import annotations

import traceback
from collections.abc import Sequence

from gp_prestashop.engine.fingerprint import as_json
from gp_prestashop.engine.load_many import load_many
from gp_prestashop.engine.parts import EngineFlow, Parts
from gp_prestashop.engine.plan import Planned
from gp_prestashop.engine.protocols import Outcome, Target, WithdrawTarget
from gp_prestashop.errors import ConfigError, DataError, InDoubt, Refused, Transient
from gp_prestashop.ledger.ledger import IntentDraft, Run

__all__ = ["load"]


def load(parts: Parts, run: Run, flow_name: str, planned: Sequence[Planned]) -> list[str]:
    """Write the documents, each one transaction in the target, or many in one request; returns the keys delivered.

    Raises Transient or ConfigError when going on is useless: what was not written is pending again, nothing is lost.
    """
    if not planned:
        return []
    flow = parts.flow(flow_name)
    intents = parts.ledger.open_intents(run, flow_name, [_draft(one) for one in planned])
    parts.step("intents")
    todo = [one for one in planned if one.document.source_key in intents]  # others: another run has them in hand
    delivered: list[str] = []
    if parts.batch_size(flow) > 1:
        delivered = load_many(parts, run, flow, [one for one in todo if one.action != "withdraw"], intents)
        todo = [one for one in todo if one.action == "withdraw"]
    for position, one in enumerate(todo):
        key = one.document.source_key
        try:
            if _write_one(parts, run, flow, one, intents[key]):
                delivered.append(key)
        except (Transient, ConfigError) as error:
            for left in todo[position:]:
                parts.ledger.abandon(
                    run,
                    flow_name,
                    intents[left.document.source_key],
                    "pending",
                    error.code,
                    error.sentence,
                    error.remedy,
                )
            raise
    return delivered


def _write_one(parts: Parts, run: Run, flow: EngineFlow, one: Planned, intent: int) -> bool:
    """Whether the document is delivered. DataError holds it, Refused makes a dead letter, InDoubt leaves the intent open.

    A fault of our own (or of a site's rules) with one document holds it as well: the others must not wait for its repair.
    """
    ledger = parts.ledger
    try:
        outcome = parts.retry.call(lambda: _send(parts.target(flow), one), clock=parts.clock, random=parts.random)
        parts.step("written")
    except DataError as error:
        sentence = f"{error.sentence} It would change {one.difference}." if one.difference else error.sentence
        ledger.abandon(run, flow.name, intent, "held", error.code, sentence, error.remedy)
        return False
    except Refused as error:
        ledger.refuse(run, flow.name, intent, error.code, error.sentence, error.remedy, as_json(one.document))
        return False
    except InDoubt as error:
        ledger.doubt(run, flow.name, intent, error.sentence)
        return False
    except (Transient, ConfigError):
        raise
    except Exception as error:  # noqa: BLE001
        _fault(parts, run, flow, one, intent, error)
        return False
    if one.action == "withdraw":
        rule, because = one.rule
        ledger.withdraw(run, flow.name, intent, rule, f"{because} {outcome.detail.get('sentence', '')}".strip())
    else:
        ledger.finish(run, flow.name, intent, outcome.action, outcome.key, one.fingerprint, dict(outcome.detail))
    parts.step("finished")
    return one.action != "withdraw"


def _fault(parts: Parts, run: Run, flow: EngineFlow, one: Planned, intent: int, error: Exception) -> None:
    """Held with the place of the fault, once it is known that nothing arrived; in doubt otherwise."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    sentence = f"A fault of this program: {type(error).__name__}: {error} ({place.filename}, line {place.lineno})."
    try:
        arrived = one.document.key in parts.target(flow).existing([one.document])
    except Exception:  # noqa: BLE001  the same fault, or a target that is gone: later it can be asked again
        arrived = True
    if arrived:
        parts.ledger.doubt(run, flow.name, intent, sentence)
    else:
        remedy = "Report it with this text; then run the record again by its key."
        parts.ledger.abandon(run, flow.name, intent, "held", "fault", sentence, remedy)


def _send(target: Target, one: Planned) -> Outcome:
    if one.action != "withdraw":
        return target.write(one.document, one.action)
    if not isinstance(target, WithdrawTarget):
        raise DataError("not_withdrawn", f"{one.rule[1]} {one.document.key} must be taken back by a person.".strip())
    return target.withdraw(one.document)


def _draft(one: Planned) -> IntentDraft:
    return IntentDraft(
        key=one.document.source_key,
        document_type=one.document.type,
        target_key=one.document.key,
        action=one.action,
        fingerprint=one.fingerprint,
        document=as_json(one.document),
        payload_hash=one.payload_hash,
    )
