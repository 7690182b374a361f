"""Intents and their outcomes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gp_prestashop.ledger.ledger import Delivery, IntentDraft, Ledger, Mark, RecordState, Run

Make = Callable[..., Any]


@pytest.fixture
def received(ledger: Ledger, run: Run, item: Make) -> Callable[..., None]:
    def do(*keys: str, **raw: object) -> None:
        ledger.receive(run, "prestashop", "orders", ["orders"], [item(key, **raw) for key in keys])

    return do


def state(ledger: Ledger, key: str) -> RecordState:
    return ledger.states_of("orders", [key])[key]


def test_a_delivery_is_one_whole(ledger: Ledger, run: Run, received: Make, draft: Make, rows: Make) -> None:
    received("7")
    ledger.mark(run, "orders", [Mark("7", "held", "no_item", "Item X is not in GP.", "Make it.")])
    intent = ledger.open_intents(run, "orders", [draft("7")])["7"]
    assert ledger.doubtful("orders")[0].id == intent
    ledger.finish(run, "orders", intent, "created", "PS7-1", "a" * 64, {"batch": "WEB-1", "warning": "Zoë was cut"})
    found = state(ledger, "7")
    assert (found.state, found.code, found.sentence, found.remedy) == ("delivered", "", "", "")
    assert (found.target_key, found.tries) == ("PS7-1", 1)
    assert ledger.xrefs("orders", ["7", "8"]) == {"7": "PS7-1"}
    assert ledger.doubtful("orders") == []
    assert rows("select fingerprint, processed_hash = payload_hash from gpps.record") == [("a" * 64, True)]
    assert rows("select outcome, detail ->> 'batch' from gpps.intent") == [("created", "WEB-1")]
    assert rows("select action, before, after from gpps.audit order by id desc limit 1") == [
        ("created", {"state": "held", "code": "no_item"}, {"state": "delivered", "target_key": "PS7-1"})
    ]
    assert rows("select count(*) from gpps.audit where after::text like '%Zoë%'") == [(0,)]


def test_a_page_is_delivered_at_once_or_not_at_all(ledger: Ledger, run: Run, received: Make, draft: Make) -> None:
    keys = [str(n) for n in range(1, 101)]
    received(*keys)
    intents = ledger.open_intents(run, "orders", [draft(key) for key in keys])
    deliveries = [Delivery(i, "created", f"PS{key}", "f" * 64) for key, i in intents.items()]
    ledger.finish_many(run, "orders", deliveries[:1])
    with pytest.raises(RuntimeError, match="closed already"):
        ledger.finish_many(run, "orders", deliveries)
    assert len(ledger.doubtful("orders")) == 99
    ledger.finish_many(run, "orders", deliveries[1:])
    assert {s.state for s in ledger.states_of("orders", keys).values()} == {"delivered"}
    assert len(ledger.xrefs("orders", keys)) == 100


def test_a_record_in_hand_gets_no_second_intent(ledger: Ledger, run: Run, received: Make, draft: Make) -> None:
    received("7", "8")
    first = ledger.open_intents(run, "orders", [draft("7")])
    with ledger.open_run("orders", "other") as other:
        second = ledger.open_intents(other, "orders", [draft("7"), draft("8")])
        assert set(first) == {"7"}
        assert set(second) == {"8"}


def test_what_was_delivered_since_it_was_planned_gets_no_intent(
    ledger: Ledger, run: Run, received: Make, draft: Make, deliver: Make
) -> None:
    received("7")
    planned = draft("7")
    with ledger.open_run("orders", "other") as other:
        deliver(ledger, other, "orders", "7")
    assert ledger.open_intents(run, "orders", [planned]) == {}


def test_an_intent_for_an_unknown_record_is_a_fault(ledger: Ledger, run: Run, draft: Make) -> None:
    with pytest.raises(LookupError, match="404"):
        ledger.open_intents(run, "orders", [draft("404")])


def test_a_record_that_changed_on_its_way_is_compared_again(
    ledger: Ledger, run: Run, received: Make, draft: Make, rows: Make
) -> None:
    received("7")
    intent = ledger.open_intents(run, "orders", [draft("7")])["7"]
    received("7", note="changed")
    ledger.finish(run, "orders", intent, "created", "PS7", "f" * 64, {})
    assert (state(ledger, "7").state, state(ledger, "7").target_key) == ("pending", "PS7")
    assert rows("select processed_hash = payload_hash, fingerprint from gpps.record") == [(False, "f" * 64)]


def test_a_draft_of_an_older_payload_does_not_pass_for_the_newer(
    ledger: Ledger, run: Run, received: Make, draft: Make
) -> None:
    received("7")
    old = ledger.work("orders")[0].payload_hash
    received("7", note="changed")
    one = draft("7")
    mapped = IntentDraft(one.key, one.document_type, one.target_key, one.action, one.fingerprint, {}, payload_hash=old)
    intent = ledger.open_intents(run, "orders", [mapped])["7"]
    ledger.finish(run, "orders", intent, "created", "PS7", "f" * 64, {})
    assert state(ledger, "7").state == "pending"


@pytest.mark.parametrize("to", ["held", "pending"])
def test_abandoned(ledger: Ledger, run: Run, received: Make, draft: Make, to: str) -> None:
    received("7")
    intent = ledger.open_intents(run, "orders", [draft("7")])["7"]
    ledger.abandon(run, "orders", intent, to, "closed", "The period is closed.", "Open it.")
    found = state(ledger, "7")
    assert (found.state, found.code, found.sentence, found.remedy) == (
        to,
        "closed",
        "The period is closed.",
        "Open it.",
    )
    assert ledger.doubtful("orders") == []
    assert "7" in ledger.open_intents(run, "orders", [draft("7")])


def test_abandoned_as_nothing_else(ledger: Ledger, run: Run) -> None:
    with pytest.raises(ValueError, match="delivered"):
        ledger.abandon(run, "orders", 1, "delivered", "", "", "")


def test_refused_makes_one_dead_letter(ledger: Ledger, run: Run, received: Make, draft: Make) -> None:
    received("7", name="Ann")
    for tries in (1, 2):
        intent = ledger.open_intents(run, "orders", [draft("7")])["7"]
        ledger.refuse(run, "orders", intent, "econnect_67", f"No {tries}.", "Mend it.", {"SOPNUMBE": "PS7"})
        [letter] = ledger.dead_letters("orders")
        assert (letter.key, letter.code, letter.sentence, letter.remedy) == (
            "7",
            "econnect_67",
            f"No {tries}.",
            "Mend it.",
        )
        assert letter.document == {"SOPNUMBE": "PS7"}
        assert letter.raw is not None
        assert letter.raw["name"] == "Ann"
        assert (state(ledger, "7").state, state(ledger, "7").tries) == ("dead", tries)
        assert ledger.dead_letter(letter.id) == letter
        assert ledger.revive("orders", ["7"]) == ["7"]
        assert ledger.dead_letters("orders") == []
    assert [letter.resolution for letter in ledger.dead_letters(resolved=True)] == ["pending", "pending"]


def test_a_dead_record_that_changes_is_pending_and_its_letter_closed(
    ledger: Ledger, run: Run, received: Make, draft: Make
) -> None:
    received("7")
    intent = ledger.open_intents(run, "orders", [draft("7")])["7"]
    ledger.refuse(run, "orders", intent, "e", "No.", "", {})
    received("7", note="changed")
    assert state(ledger, "7").state == "pending"
    assert ledger.dead_letters() == []


def test_refused_while_it_changed_is_pending(ledger: Ledger, run: Run, received: Make, draft: Make) -> None:
    received("7")
    intent = ledger.open_intents(run, "orders", [draft("7")])["7"]
    received("7", note="changed")
    ledger.refuse(run, "orders", intent, "e", "No.", "", {})
    assert (state(ledger, "7").state, state(ledger, "7").code) == ("pending", "")
    assert ledger.dead_letters() == []
    assert [letter.resolution for letter in ledger.dead_letters(resolved=True)] == ["changed"]


def test_doubt_stays_until_it_is_settled(ledger: Ledger, run: Run, received: Make, draft: Make) -> None:
    received("7")
    intent = ledger.open_intents(run, "orders", [draft("7")])["7"]
    ledger.doubt(run, "orders", intent, "No answer came.")
    received("7", note="changed")
    ledger.mark(run, "orders", [Mark("7", "held", "disappeared")])
    assert ledger.revive("orders", ["7"]) == []
    assert (state(ledger, "7").state, state(ledger, "7").sentence) == ("in_doubt", "No answer came.")
    assert ledger.work("orders") == []
    assert ledger.open_intents(run, "orders", [draft("7")]) == {}
    [open_intent] = ledger.doubtful("orders", ["7"])
    assert ledger.doubtful("orders", ["8"]) == []
    assert (open_intent.id, open_intent.run_id, open_intent.run_alive) == (intent, run.id, True)
    assert (open_intent.target_key, open_intent.document) == ("PS00000007", {"SOPNUMBE": "PS00000007"})
    ledger.finish(run, "orders", intent, "found", "PS7", "f" * 64, {})
    assert state(ledger, "7").state == "pending"  # it changed meanwhile
    assert ledger.doubtful("orders") == []


def test_an_outcome_comes_once(ledger: Ledger, run: Run, received: Make, draft: Make) -> None:
    received("7")
    intent = ledger.open_intents(run, "orders", [draft("7")])["7"]
    ledger.finish(run, "orders", intent, "created", "PS7", "f" * 64, {})
    for again in (
        lambda: ledger.finish(run, "orders", intent, "created", "PS7", "f" * 64, {}),
        lambda: ledger.abandon(run, "orders", intent, "held", "x", "x", "x"),
        lambda: ledger.refuse(run, "orders", intent, "x", "x", "x", {}),
        lambda: ledger.doubt(run, "orders", intent, "x"),
    ):
        with pytest.raises(RuntimeError, match="closed already"):
            again()
    assert state(ledger, "7").state == "delivered"


def test_matches_are_linked_without_a_write(ledger: Ledger, run: Run, received: Make, rows: Make) -> None:
    received("7", "8")
    ledger.link(run, "orders", {"7": "PS7", "8": "PS8"})
    ledger.link(run, "orders", {"7": "PS7", "8": "PS8-1"})
    ledger.link(run, "orders", {})
    assert ledger.xrefs("orders", ["7", "8"]) == {"7": "PS7", "8": "PS8-1"}
    assert [state(ledger, key).target_key for key in "78"] == ["PS7", "PS8-1"]
    assert rows("select key from gpps.audit where action = 'linked' order by id") == [("7",), ("8",), ("8",)]
