"""Records that stopped: held, dead, in doubt, or pending after an error."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gp_prestashop.ledger.ledger import Ledger

__all__ = ["Stopped", "stopped_records"]

STATES = ("held", "dead", "in_doubt", "pending")
PAGE = 500


@dataclass(frozen=True, slots=True)
class Stopped:
    """One record and what the ledger says of it."""

    flow: str
    key: str
    state: str
    code: str
    sentence: str
    remedy: str = ""
    tries: int = 0
    amount: Decimal | None = None
    currency: str | None = None
    day: date | None = None
    waits_for: tuple[tuple[str, str], ...] = ()


def stopped_records(ledger: Ledger, flows: Sequence[str]) -> Iterator[Stopped]:
    """All stopped records of these flows; pending ones only where an error put them back."""
    for flow in flows:
        after = None
        while True:
            page = ledger.work(flow, states=STATES, after=after, limit=PAGE)
            states = ledger.states_of(flow, [item.key for item in page])
            for item in page:
                state = states.get(item.key)
                if state is None or state.state not in STATES or (state.state == "pending" and not state.code):
                    continue
                yield Stopped(
                    flow, item.key, state.state, state.code, state.sentence, state.remedy, state.tries, state.amount,
                    state.currency, state.day, state.waits_for,
                )  # fmt: skip
            if len(page) < PAGE:
                break
            after = page[-1].key
