"""Orders on their way: judged against the orders before them, from the ledger's raw records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from gp_prestashop.assist.anomalies.alerts import Alert, Policy, alerts_of
from gp_prestashop.assist.anomalies.feedback import Feedback
from gp_prestashop.assist.anomalies.history import STATES
from gp_prestashop.assist.anomalies.prestashop_orders import RawOrder, books_of
from gp_prestashop.assist.anomalies.score import Scored, score_books
from gp_prestashop.ledger.ledger import Ledger, WorkItem

__all__ = ["check_day", "recorded_orders", "score_records"]

PAGE = 1000


def score_records(
    history: Sequence[RawOrder], candidates: Sequence[RawOrder], policy: Policy, feedback: Feedback
) -> list[Alert]:
    """Alerts for the candidates, the worst first, judged together with the history (a year is best)."""
    wanted = {str(record.key) for record in candidates}
    if not wanted:
        return []
    scored = score_books(books_of([*history, *candidates]))
    return alerts_of(scored, policy, feedback, only=wanted)


def recorded_orders(ledger: Ledger, flow: str, first: date, last: date) -> Iterator[WorkItem]:
    """All records of the flow in these days, in every state, page by page."""
    after = None
    while True:
        page = ledger.work(flow, states=STATES, days=(first, last), after=after, limit=PAGE)
        yield from page
        if len(page) < PAGE:
            return
        after = page[-1].key


def check_day(
    ledger: Ledger,
    home: Path,
    first: date,
    last: date,
    policy: Policy,
    *,
    flow: str = "sales_orders",
    history: int = 365,
) -> list[Alert]:
    """Alerts for the orders of these days, against ``history`` days before them."""
    records = list(recorded_orders(ledger, flow, first - timedelta(days=history), last))
    candidates = [record for record in records if record.day is not None and first <= record.day <= last]
    before = [record for record in records if record.day is not None and record.day < first]
    return score_records(before, candidates, policy, Feedback(home))


def scored_order(ledger: Ledger, key: str, *, flow: str = "sales_orders", history: int = 365) -> Scored | None:
    """One recorded order with its score, against the days before and its own; None when the ledger has none of that id."""
    state = ledger.states_of(flow, [key]).get(key)
    if state is None or state.day is None:
        return None
    records = list(recorded_orders(ledger, flow, state.day - timedelta(days=history), state.day))
    return next((row for row in score_books(books_of(records)) if row.order_id == key), None)
