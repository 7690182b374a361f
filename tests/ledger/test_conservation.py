"""Whatever happens, each record is in exactly one state, and money is conserved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gp_prestashop.ledger.ledger import ConservationRow, Ledger, Mark, Run

Make = Callable[..., Any]
MARCH = [date(2026, 3, day) for day in (1, 2)]


def test_counts_and_money_by_day_currency_state_and_reason(ledger: Ledger, run: Run, item: Make, deliver: Make) -> None:
    ledger.receive(
        run,
        "prestashop",
        "orders",
        ["orders"],
        [
            item("1", "10.01"), item("2", "20.02"), item("3", "0.10", currency="USD"), item("4", "-5.00", day=2),
            item("5", "7.77", day=2), item("6", None), item("7", "1.000001"),
        ],
    )  # fmt: skip
    deliver(ledger, run, "orders", "1", "2", "3")
    ledger.mark(run, "orders", [Mark("4", "ignored", rule="before go-live"), Mark("5", "held", "no_item")])
    first, second = MARCH
    assert ledger.conservation("orders", first, second) == [
        ConservationRow(first, "EUR", "delivered", "", 2, Decimal("30.03")),
        ConservationRow(first, "EUR", "pending", "", 2, Decimal("1.000001")),
        ConservationRow(first, "USD", "delivered", "", 1, Decimal("0.10")),
        ConservationRow(second, "EUR", "held", "no_item", 1, Decimal("7.77")),
        ConservationRow(second, "EUR", "ignored", "before go-live", 1, Decimal("-5.00")),
    ]
    assert len(ledger.conservation("orders", second, second)) == 2
    assert len(ledger.conservation("orders")) == 5
    assert ledger.conservation("customers") == []
    assert list(ledger.record_keys("orders", second, second)) == ["4", "5"]
    assert list(ledger.delivered_keys("orders", first, second)) == [
        ("1", "PS00000001", Decimal("10.01"), "EUR", first),
        ("2", "PS00000002", Decimal("20.02"), "EUR", first),
        ("3", "PS00000003", Decimal("0.10"), "USD", first),
    ]


KEYS = st.sampled_from(["1", "2", "3"])
STEPS = st.one_of(
    st.tuples(st.just("receive"), KEYS, st.decimals(-1000, 1000, places=2)),
    st.tuples(st.just("mark"), KEYS, st.sampled_from(["held", "ignored", "pending", "delivered"])),
    st.tuples(st.just("open"), KEYS, st.none()),
    st.tuples(st.just("end"), KEYS, st.sampled_from(["finish", "held", "pending", "refuse", "doubt"])),
    st.tuples(st.just("revive"), KEYS, st.none()),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=5, max_size=25))
def test_no_history_loses_a_record_or_a_cent(
    ledger: Ledger, run: Run, item: Make, draft: Make, rows: Make, steps: list[tuple[str, str, Any]]
) -> None:
    with ledger.engine.begin() as connection:
        tables = "record, payload, intent, dead_letter, cross_reference, audit, audit_head"
        connection.exec_driver_sql(f"truncate {', '.join('gpps.' + table for table in tables.split(', '))}")
    received: dict[str, Decimal] = {}
    opened: dict[str, int] = {}
    for step, key, what in steps:
        if step == "receive":
            ledger.receive(run, "prestashop", "orders", ["orders"], [item(key, str(what))])
            received[key] = what
        elif step == "mark":
            ledger.mark(run, "orders", [Mark(key, what, "code")])
        elif step == "revive":
            ledger.revive("orders", [key])
        elif step == "open" and key in received:
            opened.update(ledger.open_intents(run, "orders", [draft(key)]))
        elif step == "end" and key in opened:
            end(ledger, run, key, opened, what)
        check(ledger, rows, received, opened)
    ledger.seal()
    assert ledger.verify() is None


def end(ledger: Ledger, run: Run, key: str, opened: dict[str, int], how: str) -> None:
    intent = opened[key] if how == "doubt" else opened.pop(key)
    if how == "doubt":
        ledger.doubt(run, "orders", intent, "?")
    elif how == "finish":
        ledger.finish(run, "orders", intent, "created", f"PS{key}", "f" * 64, {})
    elif how == "refuse":
        ledger.refuse(run, "orders", intent, "e", "No.", "", {})
    else:
        ledger.abandon(run, "orders", intent, how, "c", "s", "r")


def check(ledger: Ledger, rows: Make, received: dict[str, Decimal], opened: dict[str, int]) -> None:
    counted = ledger.conservation("orders")
    assert sum(row.count for row in counted) == len(received)
    assert sum((row.amount or Decimal(0) for row in counted), Decimal(0)) == sum(received.values(), Decimal(0))
    assert {i.key: i.id for i in ledger.doubtful("orders")} == opened
    states = {key: found.state for key, found in ledger.states_of("orders", list(received)).items()}
    assert set(states) == set(received)
    assert {key for key, state in states.items() if state == "in_doubt"} <= set(opened)
    assert {letter.key for letter in ledger.dead_letters()} == {key for key, state in states.items() if state == "dead"}
    # The trail's last word on each record is the state that it is in.
    last = rows(
        "select distinct on (key) key, after ->> 'state' from gpps.audit where after ? 'state' order by key, id desc"
    )
    assert dict(last) == states
