"""The main job over the real wires: orders, customers, addresses and deposits reach GP, once, to the cent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gp_prestashop.engine.dry_run import dry_run
from gp_prestashop.engine.protocols import Selection
from gp_prestashop.engine.reconcile import reconcile
from gp_prestashop.errors import GpPrestashopError
from gp_prestashop.gp.target import GpTarget
from gp_prestashop.mapping.shapes import Document
from gp_prestashop.sandbox.shop.faults import Fault
from gp_prestashop.sandbox.tds.faults import Fault as GpFault
from tests.house import EVER, EagerClock

MakeHouse = Callable[..., Any]


def documents(house: Any) -> Counter[str]:
    rows = house.gp("select trim(sopnumbe::text) from two.sop10100 where soptype = 2 and cstponbr <> 'COUNTER SALE'")
    return Counter(str(row[0]) for row in rows)


@pytest.mark.parametrize("orders", [300, pytest.param(2000, marks=pytest.mark.slow)])
def test_every_order_of_a_troubled_stream_is_in_its_expected_state(make_house: MakeHouse, orders: int) -> None:
    house = make_house(orders=orders)
    house.engine.run("sales_orders", EVER)
    states = house.engine.parts.ledger.states_of("sales_orders", [str(key) for key in house.world.expected])
    wrong = {
        key: (house.world.troubles.get(key), expected, states[str(key)].state, states[str(key)].sentence)
        for key, expected in house.world.expected.items()
        if states[str(key)].state != expected
    }
    assert wrong == {}
    held = [state for state in states.values() if state.state == "held"]
    assert all(state.code and state.sentence for state in held)
    result = reconcile(house.engine.parts, "sales_orders", date(2023, 1, 1), date(2026, 12, 31))
    assert result.breaks == []
    delivered = sum((day.gp[1] for day in result.days), Decimal(0))
    assert delivered == sum((s.amount for s in states.values() if s.state == "delivered"), Decimal(0)) > 0


def test_gp_holds_what_the_customer_paid_and_the_taxes_add_up(make_house: MakeHouse) -> None:
    house = make_house(orders=60, troubles=False)
    house.engine.run("sales_orders", EVER)
    house.engine.run("deposits", EVER)
    paid = {f"PS{int(order['id']):08d}": Decimal(order["total_paid"]) for order in house.world.shop["orders"]}
    rows = house.gp(
        "select trim(h.sopnumbe::text), h.ordocamt, h.ortaxamt + h.orfrttax + h.ormsctax,"
        " (select coalesce(sum(t.orslstax + t.orfrttax + t.ormsctax), 0) from two.sop10105 t"
        "  where t.sopnumbe = h.sopnumbe and t.soptype = 2 and t.lnitmseq <> 0), h.ordeprvd,"
        " (select coalesce(sum(p.oamtpaid), 0) from two.sop10103 p where p.sopnumbe = h.sopnumbe and p.soptype = 2)"
        " from two.sop10100 h where h.soptype = 2"
    )
    assert len(rows) > 30
    for number, amount, tax, details, deposited, payments in rows:
        assert amount == paid[number], number
        assert tax == details, number
        assert deposited == payments, number
    assert any(row[4] > 0 for row in rows)


def test_running_twice_is_a_no_op(make_house: MakeHouse) -> None:
    house = make_house(orders=40, troubles=False)
    first = house.engine.run("sales_orders", EVER)
    before = documents(house)
    second = house.engine.run("sales_orders", EVER)
    assert first.written > 0
    assert second.written == 0
    assert documents(house) == before
    assert set(before.values()) == {1}


def test_a_lost_ledger_finds_its_documents_again(make_house: MakeHouse) -> None:
    house = make_house(orders=30, troubles=False)
    house.engine.run("sales_orders", EVER)
    before = documents(house)
    with house.engine.parts.ledger.engine.begin() as connection:
        for table in ("record", "cross_reference", "intent"):
            connection.exec_driver_sql(f"delete from gpps.{table}")
    report = house.engine.run("sales_orders", EVER)
    assert report.written == 0
    assert documents(house) == before
    assert report.states["delivered"] == sum(before.values())


class Killed(BaseException):
    """Stands for SIGKILL at a step: nothing of the engine runs after it."""


@pytest.mark.parametrize("step", ["read", "received", "planned", "intents", "written", "finished"])
def test_a_kill_at_any_step_leaves_exactly_one_document(make_house: MakeHouse, step: str) -> None:
    house = make_house(orders=25, troubles=False)
    seen = Counter[str]()

    def die(name: str) -> None:
        seen[name] += 1
        if name == step and seen[name] == 2:
            raise Killed

    with pytest.raises(Killed):
        house.with_step(die).run("sales_orders", EVER)
    report = house.engine.run("sales_orders", EVER)
    assert report.states["in_doubt"] == 0
    found = documents(house)
    assert set(found.values()) == {1}
    assert len(found) == report.states["delivered"]
    assert reconcile(house.engine.parts, "sales_orders", date(2023, 1, 1), date(2026, 12, 31)).breaks == []


@pytest.mark.parametrize("written", [False, True])
def test_a_fault_of_our_own_holds_one_order_and_no_other(
    make_house: MakeHouse, monkeypatch: pytest.MonkeyPatch, written: bool
) -> None:
    house = make_house(orders=15, troubles=False)
    write, hit = GpTarget.write, []

    def faulty(self: GpTarget, document: Document, action: Any) -> Any:
        chosen = document.type == "sales_order" and (not hit or hit[0] == document.source_key)
        if chosen and not written:
            hit.append(document.source_key)
            raise KeyError("LNITMSEQ")
        outcome = write(self, document, action)
        if chosen:
            hit.append(document.source_key)
            raise KeyError("LNITMSEQ")
        return outcome

    monkeypatch.setattr(GpTarget, "write", faulty)
    report = house.engine.run("sales_orders", EVER)
    state = house.engine.parts.ledger.states_of("sales_orders", [hit[0]])[hit[0]]
    if written:  # it had arrived, so asking settled it
        assert state.state == "delivered"
    else:
        assert (state.state, state.code) == ("held", "fault")
        assert "KeyError: 'LNITMSEQ' (" in state.sentence
    assert report.states["delivered"] > 5
    monkeypatch.undo()
    house.engine.run("sales_orders", EVER)
    found = documents(house)
    assert set(found.values()) == {1}
    assert len(found) == house.engine.run("sales_orders", EVER).states["delivered"]


def test_an_answer_that_never_comes_is_settled_by_asking(make_house: MakeHouse) -> None:
    house = make_house(orders=20, troubles=False)
    house.sandbox.tds.faults.add(GpFault("close_after", "COMMIT TRANSACTION", count=2))
    report = house.engine.run("sales_orders", EVER)
    house.engine.run("sales_orders", EVER)
    found = documents(house)
    assert set(found.values()) == {1}
    final = house.engine.run("sales_orders", EVER)
    assert final.states["in_doubt"] == 0
    assert len(found) == final.states["delivered"]
    assert report.seen == 20


@pytest.mark.parametrize("kind", ["html", "notice", "truncate", "bom"])
def test_a_shop_that_answers_rubbish_loses_nothing(make_house: MakeHouse, kind: str) -> None:
    house = make_house(orders=15, troubles=False)
    house.sandbox.shop.faults.add(Fault(kind, "orders", count=1, seconds=1))
    with suppress(GpPrestashopError):  # in our own words, or healed by reading again
        house.engine.run("sales_orders", EVER)
    house.sandbox.shop.faults.clear()
    report = house.engine.run("sales_orders", EVER)
    assert report.seen == 15
    assert reconcile(house.engine.parts, "sales_orders", date(2023, 1, 1), date(2026, 12, 31)).breaks == []


@pytest.mark.parametrize("kind", ["unavailable", "too_many", "reset"])
def test_a_shop_that_refuses_for_a_while_is_asked_again(make_house: MakeHouse, kind: str) -> None:
    clock = EagerClock()
    house = make_house(orders=15, troubles=False, clock=clock)
    house.sandbox.shop.faults.add(Fault(kind, "orders", count=2))
    report = house.engine.run("sales_orders", EVER)
    assert report.seen == 15
    assert report.states["delivered"] == sum(documents(house).values()) > 5
    assert 0 < clock.slept < 600


def test_an_edited_order_is_changed_in_gp_or_held_with_the_difference(make_house: MakeHouse) -> None:
    """Applied while the order is unposted work; once a part of it is invoiced, a person must see to it."""
    house = make_house(orders=20, troubles=False)
    first = house.engine.run("sales_orders", EVER)
    delivered = next(
        key
        for key, state in house.engine.parts.ledger.states_of(
            "sales_orders", [row["id"] for row in house.world.shop["orders"]]
        ).items()
        if state.state == "delivered"
    )
    order = next(row for row in house.world.shop["orders"] if row["id"] == delivered)
    house.sandbox.shop.store.load({"orders": [{**order, "date_add": "2026-10-30 10:00:00", "note": "edited"}]})
    house.engine.run("sales_orders", Selection(keys=(delivered,)))
    state = house.engine.parts.ledger.states_of("sales_orders", [delivered])[delivered]
    assert (state.state, state.code) == ("delivered", "")
    dated = f"select docdate::date::text from two.sop10100 where sopnumbe = '{state.target_key}'"
    assert house.gp(dated) == [("2026-10-30",)]
    house.gp(f"update two.sop10200 set qtyprinv = 1 where sopnumbe = '{state.target_key}' returning 1")
    house.sandbox.shop.store.load({"orders": [{**order, "date_add": "2026-10-29 10:00:00", "note": "edited again"}]})
    house.engine.run("sales_orders", Selection(keys=(delivered,)))
    state = house.engine.parts.ledger.states_of("sales_orders", [delivered])[delivered]
    assert (state.state, state.code) == ("held", "amendment")
    assert "transferred" in state.sentence
    assert "DOCDATE" in state.sentence
    assert first.written == sum(documents(house).values())


def test_a_dry_run_writes_nothing_anywhere(make_house: MakeHouse) -> None:
    house = make_house(orders=15, troubles=False)
    result = dry_run(house.engine.parts, "sales_orders", EVER)
    assert result.documents
    assert all(document.header["CUSTNMBR"].startswith("PS") for document in result.documents)
    assert documents(house) == Counter()
    assert house.engine.parts.ledger.conservation("sales_orders") == []
