"""Applies the safe remedies: each is one more run of a flow for some keys, which the engine's guards make harmless.

Nothing here writes to GP or the shop, nor touches an amount: a record is made pending again and the engine does what it always does.
A cause of the kind *money*, or one that is a person's, is never acted on. Every revival is in the ledger's audit (actor ``triage``),
every attempt in ``$GPPS_HOME/assist/triage.jsonl``, which also bounds how often.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gp_prestashop.assist.triage.groups import Group
from gp_prestashop.assist.triage.policy import TriagePolicy
from gp_prestashop.assist.triage.stopped import Stopped
from gp_prestashop.errors import ConfigError, GpPrestashopError
from gp_prestashop.ledger.ledger import Ledger

__all__ = ["Applied", "apply"]

LOG = "triage.jsonl"
NEVER = frozenset({"money", "person"})
RunKeys = Callable[[str, Sequence[str]], object]  # runs a flow for these keys, as Engine.run does


@dataclass(frozen=True, slots=True)
class Applied:
    """What was done for one group. ``released``: records that stopped no longer; ``trouble``: why the run itself failed."""

    flow: str
    code: str
    action: str
    keys: tuple[str, ...]
    released: int
    trouble: str = ""


def apply(
    groups: Sequence[Group], policy: TriagePolicy, ledger: Ledger, run: RunKeys, home: Path, now: Callable[[], datetime]
) -> list[Applied]:
    """Apply what the policy allows, group by group, within its limits."""
    log = home / "assist" / LOG
    tried = _tried(log)
    left, done = policy.records, []
    for group in groups:
        if group.cause.action not in policy.allow or group.cause.kind in NEVER:
            continue
        ready = [r for r in group.records if tried[r.flow, r.key, r.code] < policy.tries][:left]
        if not ready:
            continue
        left -= len(ready)
        _note(log, ready, group.cause.action, now())
        done.append(_apply_one(group, ready, ledger, run))
    return done


def _apply_one(group: Group, ready: Sequence[Stopped], ledger: Ledger, run: RunKeys) -> Applied:
    keys = [record.key for record in ready]
    trouble = ""
    try:
        if group.cause.action == "bring":
            needs = sorted({need for record in ready for need in record.waits_for})
            for flow in dict.fromkeys(flow for flow, _ in needs):
                wanted = [key for needed, key in needs if needed == flow]
                ledger.revive(flow, wanted, actor="triage")
                run(flow, wanted)
        if group.state in {"held", "dead"}:
            ledger.revive(group.flow, keys, actor="triage")
        run(group.flow, keys)
    except GpPrestashopError as error:
        trouble = error.sentence
    states = ledger.states_of(group.flow, keys)
    released = sum(1 for key in keys if key in states and states[key].state in {"delivered", "ignored"})
    return Applied(group.flow, group.code, group.cause.action, tuple(keys), released, trouble)


def _tried(log: Path) -> Counter[tuple[str, str, str]]:
    if not log.is_file():
        return Counter()
    try:
        rows = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines() if line]
        return Counter((row["flow"], row["key"], row["code"]) for row in rows)
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError("triage_log_unreadable", f"{log} cannot be read: {error}.") from error


def _note(log: Path, records: Sequence[Stopped], action: str, at: datetime) -> None:
    """Before the attempt, so that one that kills the process counts as well."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as file:
        for r in records:
            row = {"at": at.isoformat(), "flow": r.flow, "key": r.key, "code": r.code, "action": action}
            file.write(json.dumps(row) + "\n")
