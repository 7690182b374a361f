"""What people marked as fine, kept in ``$GPPS_HOME/assist/anomalies_fine.jsonl``, one mark a line, never rewritten.

The order itself is never alerted of again for that kind (of any kind, when a person let it go on). Its cause (an account, a country with a payment method, an item's price, a
customer's quantities) counts less each time it was fine. Sums that disagree are no habit: there only the order is excused.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from gp_prestashop.assist.anomalies.score import Scored
from gp_prestashop.errors import ConfigError

__all__ = ["Feedback", "Mark"]

FILE = "anomalies_fine.jsonl"
NEVER_HABITS = frozenset({"quantity:negative", "price:list"})
HABITS = frozenset({"account", "price", "quantity", "country_payment", "posting_time", "under_limit", "exchange_rate"})


@dataclass(frozen=True, slots=True)
class Mark:
    """One decision: ``at`` is ISO 8601 with its zone. Without a kind, the order was let go on, which teaches nothing."""

    order_id: str
    kind: str
    cause: str
    at: str
    by: str
    why: str = ""


class Feedback:
    """Reads and adds marks."""

    def __init__(self, home: Path) -> None:
        self._path = home / "assist" / FILE
        self.marks = self._read()

    def fine(self, scored: Scored, *, at: datetime, by: str, why: str = "") -> Mark:
        """Mark this alert as fine. Raises ValueError on a naive time."""
        return self._keep(Mark(scored.order_id, scored.kind, scored.cause, _stamp(at), by, why))

    def release(self, order_id: str, *, at: datetime, by: str, why: str = "") -> Mark:
        """Let this order go on, whatever is said of it. Raises ValueError on a naive time."""
        return self._keep(Mark(order_id, "", "", _stamp(at), by, why))

    def released(self, order_id: str) -> bool:
        """Whether a person let it go on, or marked something about it as fine."""
        return any(mark.order_id == order_id for mark in self.marks)

    def _keep(self, mark: Mark) -> Mark:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(mark), ensure_ascii=False) + "\n")
        self.marks.append(mark)
        return mark

    def judge(self, scored: Scored) -> Scored:
        """The score after what was learnt: 0 for an order that was fine, p / (1 + 2n) after n marks of the same habit."""
        if any(mark.order_id == scored.order_id and mark.kind in {"", scored.kind} for mark in self.marks):
            return replace(scored, score=0.0)
        if scored.kind not in HABITS or scored.cause in NEVER_HABITS:
            return scored
        known = Counter(mark.cause for mark in self.marks if mark.kind and mark.order_id != scored.order_id)
        return replace(scored, score=scored.score / (1 + 2 * known[scored.cause]))

    def _read(self) -> list[Mark]:
        if not self._path.is_file():
            return []
        try:
            return [Mark(**json.loads(line)) for line in self._path.read_text(encoding="utf-8").splitlines() if line]
        except (ValueError, TypeError) as error:
            raise ConfigError("marks_unreadable", f"{self._path} cannot be read: {error}.") from error


def _stamp(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError("The time of a mark needs a zone.")
    return at.isoformat()
