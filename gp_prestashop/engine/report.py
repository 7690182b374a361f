"""What a run did: counts and money by state, for the command line, Dagster's metadata and tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from gp_prestashop.engine.plan import Recognised
from gp_prestashop.ledger.ledger import Tally
from gp_prestashop.mapping.shapes import Problem

__all__ = ["RunReport"]


@dataclass
class RunReport:
    """``written`` counts documents that this run created or changed; ``states`` where the records seen stand now.

    ``recognised``: what the target had before the ledger knew of it, and how it was found.
    """

    flow: str
    run_id: int
    seen: int = 0
    written: int = 0
    states: Counter[str] = field(default_factory=Counter)
    money: dict[tuple[str, str], Decimal] = field(default_factory=dict)  # (state, currency) → amount
    reasons: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # (state, code or rule, sentence) → records
    warnings: list[Problem] = field(default_factory=list)
    recognised: list[Recognised] = field(default_factory=list)

    def count(self, tallies: Iterable[Tally]) -> None:
        """Add where records stand."""
        for one in tallies:
            self.states[one.state] += one.records
            if one.amount is not None:
                key = (one.state, one.currency)
                self.money[key] = self.money.get(key, Decimal(0)) + one.amount
            if one.state not in ("delivered", "pending"):
                self.reasons[one.state, one.reason, one.sentence] += one.records

    def recognised_by(self) -> Counter[str]:
        """How many were found by what."""
        return Counter(one.by for one in self.recognised)

    def as_json(self) -> dict[str, Any]:
        return {
            "flow": self.flow,
            "run": self.run_id,
            "seen": self.seen,
            "written": self.written,
            "states": dict(self.states),
            "money": [
                {"state": state, "currency": currency, "amount": f"{amount:f}"}
                for (state, currency), amount in sorted(self.money.items())
            ],
            "reasons": [
                {"state": state, "code": code, "sentence": sentence, "records": records}
                for (state, code, sentence), records in self.reasons.most_common(50)
            ],
            "warnings": [{"key": w.source_key, "code": w.code, "sentence": w.sentence} for w in self.warnings[:50]],
            "matched": [{"key": m.source_key, "by": m.by, "sentence": m.sentence} for m in self.recognised],
        }
