"""Records: received, worked on, marked, erased."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gp_prestashop.ledger.ledger import Ledger, Mark, Received, RecordState, Run

Make = Callable[..., Any]


def receive(ledger: Ledger, run: Run, *items: Received, flows: tuple[str, ...] = ("orders",)) -> None:
    ledger.receive(run, "prestashop", "orders", flows, items)


def state(ledger: Ledger, key: str, flow: str = "orders") -> RecordState:
    return ledger.states_of(flow, [key])[key]


def test_a_new_record_is_pending_for_each_flow(ledger: Ledger, run: Run, item: Make) -> None:
    receive(ledger, run, item("7", "12.345678"), flows=("orders", "deposits"))
    for flow in ("orders", "deposits"):
        found = state(ledger, "7", flow)
        assert (found.state, found.amount, found.currency, found.day) == (
            "pending",
            Decimal("12.345678"),
            "EUR",
            date(2026, 3, 1),
        )


def test_an_unchanged_record_is_left_alone(ledger: Ledger, run: Run, item: Make, rows: Make) -> None:
    receive(ledger, run, item("7"))
    ledger.mark(run, "orders", [Mark("7", "ignored", rule="before go-live")])
    before = rows("select * from gpps.record"), rows("select count(*) from gpps.audit")
    receive(ledger, run, item("7", date_upd="2026-03-09 10:00:00"))
    assert (rows("select * from gpps.record"), rows("select count(*) from gpps.audit")) == before
    assert rows("select count(*) from gpps.payload") == [(1,)]


def test_a_changed_record_is_pending_again_and_remembers_its_document(
    ledger: Ledger, run: Run, item: Make, deliver: Make, rows: Make
) -> None:
    receive(ledger, run, item("7"))
    deliver(ledger, run, "orders", "7")
    receive(ledger, run, item("7", "11.00", day=2))
    [work] = ledger.work("orders")
    assert (work.state, work.target_key, work.fingerprint) == ("pending", "PS00000007", "f" * 64)
    assert (work.amount, work.day, work.raw["total_paid"]) == (Decimal(11), date(2026, 3, 2), "11.00")
    assert rows("select count(*) from gpps.payload") == [(2,)]  # every version is kept


def test_a_key_sent_twice_in_a_page_counts_once(ledger: Ledger, run: Run, item: Make) -> None:
    receive(ledger, run, item("7", "1.00"), item("7", "2.00"))
    assert state(ledger, "7").amount == 2


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1e30"])
def test_an_amount_that_no_column_holds_does_not_stop_the_page(
    ledger: Ledger, run: Run, item: Make, amount: str
) -> None:
    receive(ledger, run, item("7", amount), item("8"))
    assert state(ledger, "7").amount is None
    assert state(ledger, "8").amount == 10


def test_text_that_postgres_cannot_hold_does_not_stop_the_page(
    ledger: Ledger, run: Run, item: Make, draft: Make
) -> None:
    receive(ledger, run, item("7", name="a\x00b\ud800"), item("8"))
    assert ledger.work("orders", ["7"])[0].raw["name"] == "a\x00b\ud800"  # as received
    ledger.mark(run, "orders", [Mark("7", "held", "text", "a\x00b\ud800 is no name")])
    assert state(ledger, "7").sentence == "a�b� is no name"
    one = draft("7")
    strange = type(one)(one.key, one.document_type, one.target_key, "create", "f", {"name": "a\x00b\ud800 \\u0000"})
    ledger.open_intents(run, "orders", [strange])
    assert ledger.doubtful("orders")[0].document == {"name": "a�b� \\u0000"}


def test_work_is_ordered_by_number_and_paged(ledger: Ledger, run: Run, item: Make) -> None:
    keys = ["10", "9", "2", "100", "1-x", "1"]
    receive(ledger, run, *(item(key) for key in keys))
    assert [w.key for w in ledger.work("orders")] == ["1", "2", "9", "10", "1-x", "100"]
    assert [w.key for w in ledger.work("orders", limit=2, after="9")] == ["10", "1-x"]
    assert [w.key for w in ledger.work("orders", ["9", "100", "unknown"])] == ["9", "100"]
    assert ledger.work("orders", []) == []


def test_work_takes_states_and_days(ledger: Ledger, run: Run, item: Make) -> None:
    receive(ledger, run, *(item(str(day), day=day) for day in (1, 2, 3, 4)))
    ledger.mark(run, "orders", [Mark("2", "held", "x"), Mark("3", "ignored", rule="r")])
    assert [w.key for w in ledger.work("orders")] == ["1", "2", "4"]
    assert [w.key for w in ledger.work("orders", states=("ignored",))] == ["3"]
    assert [w.key for w in ledger.work("orders", days=(date(2026, 3, 2), date(2026, 3, 3)))] == ["2"]
    assert ledger.work("orders", ["2"])[0].code == "x"


def test_a_mark_that_changes_nothing_leaves_no_trace(ledger: Ledger, run: Run, item: Make, rows: Make) -> None:
    receive(ledger, run, item("7"))
    held = Mark("7", "held", "waits", "Waits for its customer.", "Wait.", waits_for=(("customers", "3"),))
    ledger.mark(run, "orders", [held])
    before = rows("select updated_at, run_id from gpps.record"), rows("select count(*) from gpps.audit")
    ledger.mark(run, "orders", [held])
    assert (rows("select updated_at, run_id from gpps.record"), rows("select count(*) from gpps.audit")) == before
    ledger.mark(run, "orders", [Mark("7", "held", "waits", "Waits for its customer.", "Hurry.")])
    assert state(ledger, "7").remedy == "Hurry."
    assert state(ledger, "7").waits_for == ()


def test_a_mark_decided_on_an_older_payload_is_void(ledger: Ledger, run: Run, item: Make) -> None:
    receive(ledger, run, item("7"), item("8"))
    old = {w.key: w.payload_hash for w in ledger.work("orders")}
    receive(ledger, run, item("7", "11.00"))
    ledger.mark(run, "orders", [Mark(key, "ignored", rule="r", processed_hash=old[key]) for key in ("7", "8")])
    assert state(ledger, "7").state == "pending"
    assert state(ledger, "8").state == "ignored"


def test_no_mark_makes_a_record_dead_or_doubtful(ledger: Ledger, run: Run, item: Make) -> None:
    receive(ledger, run, item("7"))
    for wrong in ("dead", "in_doubt", "nonsense"):
        with pytest.raises(ValueError, match=wrong):
            ledger.mark(run, "orders", [Mark("7", wrong)])
    assert state(ledger, "7").state == "pending"


def test_marks_tell_the_trail_who_and_what(ledger: Ledger, run: Run, item: Make, rows: Make) -> None:
    receive(ledger, run, item("7"))
    ledger.mark(run, "orders", [Mark("7", "held", "no_item", "Item X is not in GP.")])
    ledger.revive("orders", ["7"], actor="ann")
    told = rows("select actor, action, key, before ->> 'state', after ->> 'state' from gpps.audit order by id")
    assert told == [
        ("engine", "received", "7", None, "pending"),
        ("engine", "held", "7", "pending", "held"),
        ("ann", "pending", "7", "held", "pending"),
    ]


def test_what_waits_for_a_record_is_found(ledger: Ledger, run: Run, item: Make) -> None:
    receive(ledger, run, *(item(key) for key in "123"))
    ledger.mark(
        run,
        "orders",
        [
            Mark("1", "held", "waits", waits_for=(("customers", "5"), ("addresses", "9"))),
            Mark("2", "held", "waits", waits_for=(("customers", "6"),)),
            Mark("3", "held", "waits", waits_for=(("5", "customers"), ("addresses", "5"))),
        ],
    )
    assert ledger.waiting_for("customers", ["5", "7"]) == [("orders", "1")]
    assert ledger.waiting_for("customers", ["5", "6"]) == [("orders", "1"), ("orders", "2")]
    ledger.mark(run, "orders", [Mark("1", "pending")])
    assert ledger.waiting_for("customers", ["5"]) == []


def test_only_held_and_dead_records_are_revived(ledger: Ledger, run: Run, item: Make, deliver: Make) -> None:
    receive(ledger, run, *(item(key) for key in "1234"))
    deliver(ledger, run, "orders", "1")
    ledger.mark(run, "orders", [Mark("2", "held", "x"), Mark("3", "ignored", rule="r")])
    assert ledger.revive("orders", ["1", "2", "3", "4", "unknown"]) == ["2"]
    assert state(ledger, "1").state == "delivered"


def test_erasure_leaves_state_and_money(
    ledger: Ledger, run: Run, item: Make, draft: Make, deliver: Make, rows: Make
) -> None:
    receive(ledger, run, item("7", name="Zoë"), item("8", name="Ann"), item("9", name="Zoë"))
    receive(ledger, run, item("7", name="Zoë B."))
    deliver(ledger, run, "orders", "7", "8")
    intents = ledger.open_intents(run, "orders", [draft("9")])
    ledger.refuse(run, "orders", intents["9"], "e", "Zoë is unknown.", "", {"CUSTNAME": "Zoë"})
    assert ledger.erase_payloads("prestashop", "orders", ["7", "9"]) == 3
    assert rows("select key from gpps.payload") == [("8",)]
    assert rows("select key from gpps.intent where document <> '{}' or detail is not null") == [("8",)]
    everything = str([rows(f"select * from gpps.{table}") for table in ("record", "intent", "dead_letter", "audit")])
    assert "Zoë" not in everything
    assert (state(ledger, "7").state, state(ledger, "7").amount) == ("delivered", Decimal(10))
    assert ledger.dead_letters()[0].raw is None
    receive(ledger, run, item("9", name="Zoë"))  # received again, unchanged: its payload is back
    assert ledger.work("orders", ["9"], states=("dead",))[0].raw["name"] == "Zoë"


def test_thousands_at_once(ledger: Ledger, run: Run, item: Make) -> None:
    keys = [str(n) for n in range(5000)]
    receive(ledger, run, *(item(key) for key in keys))
    ledger.mark(run, "orders", [Mark(key, "held", "x") for key in keys])
    assert len(ledger.states_of("orders", keys)) == 5000
    assert len(ledger.work("orders", keys, limit=5000)) == 5000
