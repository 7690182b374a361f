"""The screen before delivery: orders that look wrong are held or warned of, as the policy says.

It judges each batch together with the orders around it (see history), which takes some tenths of a second however long the
history is. A held order waits for a person, whatever is learnt meanwhile; one that a person let go on is not held again.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from gp_prestashop.assist.anomalies.alerts import Policy
from gp_prestashop.assist.anomalies.feedback import Feedback
from gp_prestashop.assist.anomalies.history import SUSPECT, OrderHistory
from gp_prestashop.assist.anomalies.prestashop_orders import books_from, rows_of
from gp_prestashop.assist.anomalies.score import Scored, score_books
from gp_prestashop.clock import Clock
from gp_prestashop.engine.parts import EngineFlow
from gp_prestashop.ledger.ledger import Ledger, WorkItem
from gp_prestashop.mapping.shapes import Problem
from gp_prestashop.settings import AnomalySettings

__all__ = ["OrderScreen", "release_command"]

LEAST = 200  # orders without which nothing is usual yet


class OrderScreen:
    """Problems of orders about to be delivered; of other records none."""

    def __init__(self, ledger: Ledger, home: Path, settings: AnomalySettings, clock: Clock) -> None:
        self._ledger = ledger
        self._home = home
        self._policy = Policy.of(settings)
        self._off = settings.policy == "off"
        self._holds = settings.policy == "hold"
        self._days = settings.history
        self._clock = clock
        self._histories: dict[str, OrderHistory] = {}
        self._lock = Lock()

    def __call__(self, flow: EngineFlow, items: Sequence[WorkItem]) -> list[Problem]:
        """One problem (code ``anomaly``) for each order that the policy holds or warns of."""
        if self._off or not items or not _of_orders(flow):
            return []
        feedback = Feedback(self._home)
        judged = [item for item in items if item.state != "delivered" and not feedback.released(item.key)]
        waiting = [item.key for item in judged if self._holds and item.state == "held" and item.code == SUSPECT]
        said = self._ledger.states_of(flow.name, waiting) if waiting else {}
        problems = [_problem(flow, key, said[key].sentence, "hold") for key in waiting]
        with self._lock:  # pages may be worked on at the same time
            scores = self._score(flow.name, [item for item in judged if item.key not in said])
        rows = [(row, self._policy.action(row)) for row in map(feedback.judge, scores)]
        return [*problems, *(_problem(flow, row.order_id, row.reason, action) for row, action in rows if action)]

    def _score(self, flow: str, items: Sequence[WorkItem]) -> list[Scored]:
        history = self._histories.get(flow)
        if history is None:
            history = self._histories[flow] = OrderHistory(self._ledger, self._home, flow, self._days, self._clock)
        history.refresh()
        orders = [rows_of(item) for item in items]
        if not orders or len(history) < LEAST:
            history.add(orders)
            return []
        wanted = {rows.header["order_id"] for rows in orders}
        scores = score_books(books_from([*history.around(orders), *orders]), ties=False)
        found = [row for row in scores if row.order_id in wanted]
        suspect = {row.order_id for row in found if self._policy.action(row) is not None}
        history.drop(suspect)
        history.add(rows for rows in orders if rows.header["order_id"] not in suspect)
        return found


def release_command(flow: str, key: str) -> str:
    """What a person types to let an order go on."""
    of = "" if flow == "sales_orders" else f" --flow {flow}"
    return f"gp-prestashop anomalies release {key}{of}"


def _of_orders(flow: EngineFlow) -> bool:
    return (flow.resource.system, flow.resource.name, flow.document.name) == ("prestashop", "orders", "sales_order")


def _problem(flow: EngineFlow, key: str, sentence: str, action: str) -> Problem:
    remedy = f"Correct it in the shop, or let it go on: {release_command(flow.name, key)}." if action == "hold" else ""
    return Problem(key, SUSPECT, sentence, action, remedy=remedy)
