"""Similar stopped records as one group: the same flow, code, and sentence but for names and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gp_prestashop.assist.anomalies.history import SUSPECT
from gp_prestashop.assist.anomalies.screen import release_command
from gp_prestashop.assist.triage.causes import Cause, cause_of
from gp_prestashop.assist.triage.stopped import Stopped

__all__ = ["Group", "groups_of", "shape_of"]

# Quoted values and words with a digit differ from record to record; the other words are the cause's.
VARIES = re.compile(r"'[^']*'|\"[^\"]*\"|«[^»]*»|\S*\d\S*")
EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Group:
    """Records that stopped for one cause, with what mends it and the command for that."""

    flow: str
    code: str
    state: str
    cause: Cause
    sentence: str  # of one of them
    records: tuple[Stopped, ...]
    remedy: str
    command: str

    @property
    def money(self) -> dict[str, Decimal]:
        """What is stuck, by currency."""
        sums: dict[str, Decimal] = {}
        for record in self.records:
            if record.amount is not None and record.currency:
                sums[record.currency] = sums.get(record.currency, Decimal(0)) + record.amount
        return sums

    def as_json(self) -> dict[str, Any]:
        return {
            "flow": self.flow, "state": self.state, "code": self.code, "kind": self.cause.kind, "count": len(self.records),
            "keys": [record.key for record in self.records], "money": {c: str(v) for c, v in self.money.items()},
            "sentence": self.sentence, "remedy": self.remedy, "command": self.command, "action": self.cause.action,
        }  # fmt: skip


def groups_of(records: Iterable[Stopped]) -> list[Group]:
    """Groups, the largest first."""
    found: dict[tuple[str, str, str, str], list[Stopped]] = {}
    for record in records:
        found.setdefault((record.flow, record.state, record.code, shape_of(record.sentence)), []).append(record)
    groups = [_group(rows) for rows in found.values()]
    return sorted(groups, key=lambda group: (-len(group.records), group.flow, group.code))


def shape_of(sentence: str) -> str:
    """The sentence without what is this record's own."""
    return VARIES.sub("…", sentence)


def _group(rows: list[Stopped]) -> Group:
    first = rows[0]
    cause = cause_of(first.code, first.state)
    remedy = first.remedy or cause.advice
    return Group(
        first.flow,
        first.code,
        first.state,
        cause,
        first.sentence,
        tuple(rows),
        remedy,
        _command(first.flow, rows, cause),
    )


def _command(flow: str, rows: list[Stopped], cause: Cause) -> str:
    """What a person types once the cause is mended."""
    if cause.action == "bring":
        needs = sorted({need for row in rows for need in row.waits_for})
        flows = {needed: ",".join(key for f, key in needs if f == needed) for needed, _ in needs}
        return "; ".join(f"gp-prestashop run {needed} --keys {keys}" for needed, keys in flows.items())
    if rows[0].code == SUSPECT:
        return release_command(flow, " ".join(row.key for row in rows[:EXAMPLES]))
    keys = ",".join(row.key for row in rows[:EXAMPLES]) + (",…" if len(rows) > EXAMPLES else "")
    return f"gp-prestashop run {flow} --keys {keys}"
