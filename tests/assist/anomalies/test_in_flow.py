"""Orders on their way: the shop's raw records as books, alerts, policy, what is learnt, the command and the asset check."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from gp_prestashop.assist.anomalies import Feedback, Policy, Scored, check_day, score_books, score_records
from gp_prestashop.assist.anomalies.alerts import alerts_of
from gp_prestashop.assist.anomalies.history import OrderHistory
from gp_prestashop.assist.anomalies.in_flow import scored_order
from gp_prestashop.assist.anomalies.prestashop_orders import books_of, rows_of
from gp_prestashop.assist.anomalies.years import make_year
from gp_prestashop.clock import SystemClock
from gp_prestashop.ledger.embedded import EmbeddedPostgres
from gp_prestashop.ledger.ledger import Ledger, Received, content_hash
from gp_prestashop.settings import AnomalySettings

NUMBERS = itertools.count()
NOW = datetime(2026, 1, 2, tzinfo=UTC)


class FixedClock(SystemClock):
    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at


@dataclass
class Record:
    key: str
    raw: dict[str, Any]
    currency: str | None = "EUR"


@pytest.fixture(scope="module")
def records() -> list[Record]:
    """Sound orders of a year as the shop's webservice shows them (strings, as it has them)."""
    year = make_year(61, 1500, 0.0)
    lines = {key: rows for key, rows in year.frames["lines"].groupby("order_id")}  # noqa: C416
    paid = year.frames["payments"].set_index("order_id")["amount"]
    sound = year.frames["orders"][
        lambda o: (o.payment_status != "refunded") & ~o.order_id.astype(str).isin(year.labels)
    ]
    return [_raw(order, lines[order.order_id], float(paid[order.order_id])) for order in sound.itertuples()]


def _raw(order: Any, lines: pd.DataFrame, paid: float) -> Record:
    net = order.subtotal + order.freight
    details = [
        {
            "product_id": line.sku[1:], "product_attribute_id": "0", "product_reference": line.sku, "product_quantity": str(line.qty),
            "unit_price_tax_excl": f"{line.unit_price:.6f}", "original_product_price": f"{line.list_price:.6f}",
        }
        for line in lines.itertuples()
    ]  # fmt: skip
    raw = {
        "id": str(order.order_id), "reference": order.reference, "date_add": str(order.created_at), "id_customer": str(order.customer_id),
        "conversion_rate": "1.000000", "module": order.payment_method, "valid": "1", "id_shop": "1",
        "total_products": f"{order.subtotal:.6f}", "total_shipping_tax_excl": f"{order.freight:.6f}", "total_discounts_tax_excl": "0.000000",
        "total_wrapping_tax_excl": "0.000000", "total_paid_tax_excl": f"{net:.6f}", "total_paid_tax_incl": f"{order.total:.6f}",
        "total_paid_real": f"{paid:.6f}", "order_details": details,
        "address_invoice": {"id_country": order.bill_country}, "address_delivery": {"id_country": order.ship_country},
    }  # fmt: skip
    return Record(str(order.order_id), raw, order.currency)


def mistyped(record: Record) -> Record:
    """The first line's price a hundredfold, with totals that follow."""
    raw = {**record.raw, "order_details": [dict(line) for line in record.raw["order_details"]]}
    line = raw["order_details"][0]
    before = float(line["unit_price_tax_excl"])
    line["unit_price_tax_excl"] = f"{before * 100:.6f}"
    more = before * 99 * float(line["product_quantity"])
    for name in ("total_products", "total_paid_tax_excl", "total_paid_tax_incl", "total_paid_real"):
        raw[name] = f"{float(raw[name]) + more:.6f}"
    return Record(record.key, raw, record.currency)


def test_the_shops_records_become_books(records: list[Record]) -> None:
    books = books_of(records)
    assert books.size == len(records)
    assert books.numbers("orders", "total") == pytest.approx([float(r.raw["total_paid_tax_incl"]) for r in records])
    assert len(books.lines) == sum(len(r.raw["order_details"]) for r in records)
    assert sum(row.score >= 0.5 for row in score_books(books)) <= 5


def test_an_order_on_its_way_is_judged_against_the_earlier_ones(records: list[Record], tmp_path: Path) -> None:
    history, (last,) = records[:-1], records[-1:]
    assert score_records(history, [last], Policy(), Feedback(tmp_path)) == []
    (alert,) = score_records(history, [mistyped(last)], Policy(hold=0.9), Feedback(tmp_path))
    assert (alert.order_ids, alert.kind, alert.action) == ((last.key,), "price", "hold")
    assert "100 times as much" in alert.reason
    assert score_records(history, [], Policy(), Feedback(tmp_path)) == []


def scored(order: str, score: float, kind: str = "account", cause: str = "account:9999") -> Scored:
    return Scored(order, score, kind, f"{order} was posted to 9999.", cause)


def test_orders_of_one_cause_are_one_alert(tmp_path: Path) -> None:
    rows = [scored("1", 0.7), scored("2", 0.95), scored("3", 0.6, "price", "price:X"), scored("4", 0.1)]
    alerts = alerts_of(rows, Policy(), Feedback(tmp_path))
    assert [(a.order_ids, a.reason) for a in alerts] == [
        (("2", "1"), "2 orders: 2 was posted to 9999."),
        (("3",), "3 was posted to 9999."),
    ]


def test_a_mark_teaches_and_lasts(tmp_path: Path) -> None:
    feedback = Feedback(tmp_path)
    feedback.fine(scored("1", 0.9), at=NOW, by="ana", why="new account")
    again = Feedback(tmp_path)
    assert again.judge(scored("1", 0.9)).score == 0.0
    assert again.judge(scored("2", 0.9)).score == pytest.approx(0.3)
    assert again.judge(scored("2", 0.9, cause="account:1111")).score == 0.9
    sums = scored("3", 0.99, "total", "total:total")
    again.fine(sums, at=NOW, by="ana")
    assert again.judge(scored("4", 0.99, "total", "total:total")).score == 0.99, "sums that disagree are no habit"
    with pytest.raises(ValueError, match="zone"):
        again.fine(sums, at=datetime(2026, 1, 2), by="ana")


def test_the_policy_says_what_is_done() -> None:
    assert Policy.of(AnomalySettings()).action(scored("1", 0.99)) == "warn", "nothing is held unless the site says so"
    policy = Policy.of(AnomalySettings(policy="hold", warn_from=0.4, hold_from=0.9, never_hold=("price",)))
    assert [policy.action(s) for s in (scored("1", 0.95), scored("1", 0.95, "price"), scored("1", 0.45), scored("1", 0.3))] == [
        "hold", "warn", "warn", None,
    ]  # fmt: skip


def test_an_order_that_was_let_go_on_is_left_alone_and_teaches_nothing(tmp_path: Path) -> None:
    feedback = Feedback(tmp_path)
    feedback.release("1", at=NOW, by="ana")
    assert feedback.released("1")
    assert not feedback.released("2")
    assert feedback.judge(scored("1", 0.9)).score == 0.0
    assert feedback.judge(scored("2", 0.9)).score == 0.9


@pytest.fixture
def ledger(postgres: EmbeddedPostgres) -> Iterator[Ledger]:
    ledger = Ledger(postgres.create_database(f"anomalies_{next(NUMBERS)}"))
    ledger.migrate()
    yield ledger
    ledger.close()


def receive(ledger: Ledger, records: list[Record]) -> None:
    items = [
        Received(r.key, r.raw, content_hash(r.raw), Decimal(r.raw["total_paid_tax_incl"]), r.currency, date.fromisoformat(r.raw["date_add"][:10]))
        for r in records
    ]  # fmt: skip
    with ledger.open_run("sales_orders", "test") as run:
        ledger.receive(run, "prestashop", "orders", ["sales_orders"], items)


def test_recorded_orders_are_checked_and_marked(ledger: Ledger, records: list[Record], tmp_path: Path) -> None:
    bad = mistyped(records[-3])
    receive(ledger, [*records[:-3], bad, *records[-2:]])
    day = date.fromisoformat(bad.raw["date_add"][:10])
    (alert,) = check_day(ledger, tmp_path, day, day, Policy())
    assert alert.order_ids == (bad.key,)
    assert check_day(ledger, tmp_path, date(2001, 1, 1), date(2001, 1, 2), Policy()) == []
    found = scored_order(ledger, bad.key)
    assert found is not None
    Feedback(tmp_path).fine(found, at=NOW, by="ana")
    assert check_day(ledger, tmp_path, day, day, Policy()) == []
    assert scored_order(ledger, "no such order") is None


def test_the_history_is_read_once_and_kept(
    ledger: Ledger, records: list[Record], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(ledger, records)
    clock = FixedClock(datetime.fromisoformat(records[-1].raw["date_add"]).replace(tzinfo=UTC))

    def history() -> OrderHistory:
        made = OrderHistory(ledger, tmp_path, "sales_orders", 365, clock)
        made.refresh()
        return made

    first = history()
    assert len(first) == len(records)
    wanted = [rows_of(records[-1])]
    around = first.around(wanted)
    assert records[-1].key not in {rows.header["order_id"] for rows in around}
    file = tmp_path / "assist" / "history" / "sales_orders.parquet"
    with monkeypatch.context() as patch:
        patch.setattr(ledger, "work", lambda *_, **__: pytest.fail("read again"))
        assert history().around(wanted) == around
    file.write_bytes(b"cut off")
    assert len(history()) == len(records)


def test_the_orders_around_a_few_are_few(
    ledger: Ledger, records: list[Record], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gp_prestashop.assist.anomalies.history.RECENT", 50)
    history = OrderHistory(ledger, tmp_path, "sales_orders", 365, FixedClock(NOW))
    history.add(rows_of(record) for record in records)
    last = rows_of(records[-1])
    around = history.around([last])
    assert 50 <= len(around) < len(records) / 2
    theirs = [rows for rows in map(rows_of, records[:-1]) if rows.header["customer_id"] == last.header["customer_id"]]
    assert {rows.header["order_id"] for rows in theirs[-40:]} <= {rows.header["order_id"] for rows in around}
    history.drop([around[0].header["order_id"]])
    assert around[0] not in history.around([last])
