"""Triage: causes, groups, and remedies that apply themselves within limits, against a real ledger."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text

from gp_prestashop.assist.triage import Stopped, TriagePolicy, apply, groups_of, stopped_records
from gp_prestashop.assist.triage.causes import cause_of
from gp_prestashop.errors import ConfigError, Transient
from gp_prestashop.ledger.embedded import EmbeddedPostgres
from gp_prestashop.ledger.ledger import IntentDraft, Ledger, Mark, Received, content_hash

NUMBERS = itertools.count()
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def ledger(postgres: EmbeddedPostgres) -> Iterator[Ledger]:
    ledger = Ledger(postgres.create_database(f"triage_{next(NUMBERS)}"))
    ledger.migrate()
    yield ledger
    ledger.close()


def stop(ledger: Ledger, flow: str, *marks: Mark) -> None:
    raws = {mark.key: {"id": mark.key} for mark in marks}
    items = [Received(key, raw, content_hash(raw), Decimal(10), "EUR", date(2026, 3, 1)) for key, raw in raws.items()]
    with ledger.open_run(flow, "test") as run:
        ledger.receive(run, "prestashop", flow, [flow], items)
        ledger.mark(run, flow, list(marks))


def held(key: str, code: str, sentence: str = "", **more: object) -> Mark:
    return Mark(key=key, state="held", code=code, sentence=sentence, **more)  # type: ignore[arg-type]


def deliver(ledger: Ledger) -> tuple[Callable[[str, Sequence[str]], None], list[tuple[str, tuple[str, ...]]]]:
    """Stands in for the engine: what it is asked to run is delivered."""
    ran: list[tuple[str, tuple[str, ...]]] = []

    def run_keys(flow: str, keys: Sequence[str]) -> None:
        ran.append((flow, tuple(keys)))
        drafts = [IntentDraft(key, "doc", f"T{key}", "create", "f" * 64, {}) for key in keys]
        with ledger.open_run(flow, "test") as run:
            for key, intent in ledger.open_intents(run, flow, drafts).items():
                ledger.finish(run, flow, intent, "created", f"T{key}", "f" * 64, {})

    return run_keys, ran


@pytest.mark.parametrize(
    ("code", "kind", "action"),
    [
        ("waits", "waiting", "bring"),
        ("no_xref", "mapping", "refresh"),
        ("bad_value", "mapping", ""),
        ("too_long", "contract", ""),
        ("totals", "money", ""),
        ("sql_1205", "gp", "retry"),
        ("gp_2079", "gp", "retry"),
        ("gp_1790", "gp", ""),
        ("shop_failed", "shop", "retry"),
        ("amendment", "person", ""),
        ("a_sites_own_check", "person", ""),
    ],
)
def test_each_code_has_a_cause(code: str, kind: str, action: str) -> None:
    cause = cause_of(code)
    assert (cause.kind, cause.action) == (kind, action)
    assert cause_of(code, "in_doubt").action == "settle"


def test_similar_records_are_one_group_with_its_money_and_command() -> None:
    records = [
        Stopped("orders", "1", "held", "no_lookup", "items has no entry 'AB-1'.", amount=Decimal("10.50"), currency="EUR"),
        Stopped("orders", "2", "held", "no_lookup", "items has no entry 'XY-9'.", amount=Decimal("4.50"), currency="EUR"),
        Stopped("orders", "3", "held", "no_lookup", "carriers has no entry 'XY-9'."),
        Stopped("orders", "4", "held", "waits", "Waits for customers 7", waits_for=(("customers", "7"),)),
    ]  # fmt: skip
    groups = groups_of(records)
    assert [[r.key for r in g.records] for g in groups] == [["1", "2"], ["3"], ["4"]]
    assert groups[0].money == {"EUR": Decimal("15.00")}
    assert groups[0].command == "gp-prestashop run orders --keys 1,2"
    assert groups[2].command == "gp-prestashop run customers --keys 7"
    assert groups[0].as_json()["money"] == {"EUR": "15.00"}


def test_an_order_that_looks_wrong_is_let_go_on_by_a_person_only() -> None:
    stopped = [
        Stopped("sales_orders", key, "held", "anomaly", "The payment is 5.00, the order's total 50.00.")
        for key in ("7", "8")
    ]
    (group,) = groups_of(stopped)
    assert (group.cause.kind, group.cause.action) == ("money", "")
    assert group.command == "gp-prestashop anomalies release 7 8"


def test_what_waits_gets_what_it_waits_for(ledger: Ledger, tmp_path: Path) -> None:
    stop(ledger, "customers", held("7", "gp_2079", "Locked."))
    stop(ledger, "orders", held("1", "waits", "Waits for customers 7", waits_for=(("customers", "7"),)))
    groups = groups_of(stopped_records(ledger, ["orders"]))
    run_keys, ran = deliver(ledger)
    (done,) = apply(groups, TriagePolicy(), ledger, run_keys, tmp_path, lambda: NOW)
    assert ran == [("customers", ("7",)), ("orders", ("1",))]
    assert (done.action, done.released) == ("bring", 1)
    assert ledger.states_of("orders", ["1"])["1"].state == "delivered"
    assert list(stopped_records(ledger, ["orders", "customers"])) == []
    with ledger.engine.connect() as connection:
        actors = set(connection.execute(text("select actor from gpps.audit where actor = 'triage'")).scalars())
    assert actors == {"triage"}, "what triage released is in the audit trail"


def test_money_and_a_persons_holds_are_never_touched(ledger: Ledger, tmp_path: Path) -> None:
    stop(
        ledger,
        "orders",
        held("1", "totals", "Totals differ."),
        held("2", "amendment", "Changed."),
        held("3", "gp_1790", "Inactive."),
    )
    run_keys, ran = deliver(ledger)
    groups = groups_of(stopped_records(ledger, ["orders"]))
    assert len(groups) == 3
    assert apply(groups, TriagePolicy(), ledger, run_keys, tmp_path, lambda: NOW) == []
    assert ran == []
    assert {s.state for s in ledger.states_of("orders", ["1", "2", "3"]).values()} == {"held"}


def test_attempts_and_records_are_limited(ledger: Ledger, tmp_path: Path) -> None:
    stop(ledger, "orders", *(held(str(k), "sql_1205", "Deadlock.") for k in range(1, 6)))
    ran: list[tuple[str, ...]] = []

    def fails(_flow: str, keys: Sequence[str]) -> None:
        ran.append(tuple(keys))
        stop_again = [held(key, "sql_1205", "Deadlock.") for key in keys]
        with ledger.open_run("orders", "test") as run:
            ledger.mark(run, "orders", stop_again)
        raise Transient("sql_1205", "Deadlock again.")

    policy = TriagePolicy(records=4, tries=2)
    for _ in range(5):
        for done in apply(groups_of(stopped_records(ledger, ["orders"])), policy, ledger, fails, tmp_path, lambda: NOW):
            assert (done.released, done.trouble) == (0, "Deadlock again.")
            assert len(done.keys) <= 4
    assert sum(keys.count("1") for keys in ran) == 2
    assert sum(len(keys) for keys in ran) == 10


def test_the_site_says_what_is_allowed(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "assist").mkdir()
    file = tmp_path / "assist" / "triage.toml"
    file.write_text('allow = ["settle"]\n')
    stop(ledger, "orders", held("1", "sql_1205", "Deadlock."))
    run_keys, ran = deliver(ledger)
    groups = groups_of(stopped_records(ledger, ["orders"]))
    assert apply(groups, TriagePolicy.load(tmp_path), ledger, run_keys, tmp_path, lambda: NOW) == []
    assert ran == []
    file.write_text('allow = ["pay"]\n')
    with pytest.raises(ConfigError, match="pay"):
        TriagePolicy.load(tmp_path)
