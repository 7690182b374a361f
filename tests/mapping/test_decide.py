"""Accept and hold rules."""

from __future__ import annotations

import pytest

HEAD = """
accept:
  live: {assert: "cast(date_add as date) >= cast(setting('go_live') as date)", because: "placed before go-live"}
  state: {assert: "value('order_states', current_state) <> 'ignore'", because: "not for GP"}
hold:
  - {code: awaiting_payment, when: "value('order_states', current_state) = 'wait'", because: "It waits for its payment."}
  - {code: no_lines, when: "count('order_details') = 0", because: "It has no lines."}
"""
STATES = {
    ("value", "order_states"): {("2",): {"value": "order"}, ("1",): {"value": "wait"}, ("6",): {"value": "ignore"}}
}


@pytest.fixture
def decide(kit):
    compiled = kit.compile(kit.header({}), HEAD)
    return lambda *records: compiled.decide(list(records), kit.answers(STATES))


def test_each_record_gets_one_outcome(kit, decide):
    decisions = decide(
        kit.record(1),
        kit.record(2, date_add="2025-12-31 23:59:59"),
        kit.record(3, current_state="6"),
        kit.record(4, current_state="1"),
        kit.record(5, order_details=[]),
    )
    assert [record.key for record in decisions.accepted] == ["1"]
    assert decisions.ignored == {"2": ("live", "placed before go-live"), "3": ("state", "not for GP")}
    assert [(p.source_key, p.code, p.sentence) for p in decisions.held] == [
        ("4", "awaiting_payment", "It waits for its payment."),
        ("5", "no_lines", "It has no lines."),
    ]


def test_an_old_order_in_an_unknown_state_is_ignored_and_a_new_one_held(kit, decide):
    decisions = decide(
        kit.record(1, current_state="99", date_add="2025-01-01 00:00:00"), kit.record(2, current_state="99")
    )
    assert decisions.ignored == {"1": ("live", "placed before go-live")}
    assert {(problem.source_key, problem.code) for problem in decisions.held} == {("2", "no_value")}


def test_a_rule_that_cannot_be_told_holds(kit, decide):
    decisions = decide(kit.record(1, date_add=None), kit.record(2, date_add="yesterday"))
    assert [(problem.source_key, problem.code) for problem in decisions.held] == [
        ("1", "undecided"),
        ("2", "bad_value"),
    ]
    assert decisions.ignored == {}


def test_without_rules_all_are_accepted(kit):
    records = [kit.record(1), kit.record(2)]
    decisions = kit.compile(kit.header({})).decide(records, kit.answers())
    assert (decisions.accepted, decisions.ignored, decisions.held) == (records, {}, [])


def test_the_short_form_of_accept(kit):
    compiled = kit.compile(kit.header({}), 'accept: "gift"')
    decisions = compiled.decide([kit.record(1, gift="1"), kit.record(2)], kit.answers())
    assert ([record.key for record in decisions.accepted], decisions.ignored) == (["1"], {"2": ("accept", "")})
