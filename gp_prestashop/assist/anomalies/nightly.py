"""The nightly look: orders of the last days, the stock, and what GP's general ledger got for invoices."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from gp_prestashop.assist.anomalies.alerts import Alert, Policy, alerts_of
from gp_prestashop.assist.anomalies.feedback import Feedback
from gp_prestashop.assist.anomalies.gp_books import gp_books
from gp_prestashop.assist.anomalies.in_flow import check_day
from gp_prestashop.assist.anomalies.score import Scored, score_books
from gp_prestashop.assist.anomalies.stock import recorded_readings, score_stock
from gp_prestashop.clock import Clock
from gp_prestashop.errors import ConfigError
from gp_prestashop.gp.database import GpDatabase
from gp_prestashop.ledger.ledger import Ledger
from gp_prestashop.settings import Settings

__all__ = ["DAYS", "STOCK_DAYS", "Found", "look", "posting_alerts", "scored_postings", "scored_stock", "stock_alerts"]

DAYS = 7
STOCK_DAYS = 60
OF_POSTINGS = frozenset({"posting", "account", "posting_time"})


@dataclass(frozen=True, slots=True)
class Found:
    """Alerts by what they are of (orders, stock, postings), and why a part was not looked at."""

    alerts: dict[str, list[Alert]]
    notes: list[str]

    @property
    def all(self) -> list[Alert]:
        return [alert for alerts in self.alerts.values() for alert in alerts]


def look(
    ledger: Ledger, settings: Settings, clock: Clock, flows: Collection[str], *, flow: str = "sales_orders"
) -> Found:
    """All three, as far as there are flows and rights for them. Raises Transient when GP is away."""
    today = clock.now().astimezone(settings.shop.zone).date()
    first, policy, feedback = (
        today - timedelta(days=DAYS - 1),
        Policy.of(settings.assist.anomalies),
        Feedback(settings.home),
    )
    history = settings.assist.anomalies.history
    found = {"orders": check_day(ledger, settings.home, first, today, policy, flow=flow, history=history)}
    notes = []
    if "stock" in flows:
        found["stock"] = stock_alerts(ledger, clock, policy, feedback)
    try:
        database = GpDatabase(settings.gp, clock)
        found["postings"] = posting_alerts(database, first, today, history, policy, feedback)
    except ConfigError as error:
        notes.append(f"GP's postings were not looked at: {error.sentence}")
    return Found(found, notes)


def stock_alerts(ledger: Ledger, clock: Clock, policy: Policy, feedback: Feedback, flow: str = "stock") -> list[Alert]:
    """Items whose stock looks wrong as read last."""
    return alerts_of(scored_stock(ledger, clock, flow), policy, feedback)


def posting_alerts(
    database: GpDatabase, first: date, last: date, history: int, policy: Policy, feedback: Feedback
) -> list[Alert]:
    """Invoices of these days whose postings look wrong against those before. Raises Transient or ConfigError."""
    scored = scored_postings(database, first, last, history)
    return alerts_of(scored, policy, feedback)


def scored_postings(database: GpDatabase, first: date, last: date, history: int) -> list[Scored]:
    """The invoices of these days about whose postings something is said. Raises Transient or ConfigError."""
    books = gp_books(database, first - timedelta(days=history), last)
    if not books.has("gl", "debit"):
        return []
    days = books.orders["created_at"].dt.date
    recent = set(books.orders["order_id"][(days >= first) & (days <= last)])
    scored = score_books(books, ties=False)
    return [row for row in scored if row.kind in OF_POSTINGS and row.order_id in recent]


def scored_stock(ledger: Ledger, clock: Clock, flow: str = "stock") -> list[Scored]:
    """Each item's stock as it was read last."""
    return score_stock(list(recorded_readings(ledger, clock.now() - timedelta(days=STOCK_DAYS), flow)))
