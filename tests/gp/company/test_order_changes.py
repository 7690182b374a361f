"""Edited and cancelled orders through the real wire: applied while the order is unposted work, else held."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gp_prestashop.errors import DataError, Transient
from gp_prestashop.gp.target import GpTarget
from gp_prestashop.mapping.shapes import Document
from gp_prestashop.sandbox.gp import client
from gp_prestashop.sandbox.tds.faults import Fault

Make = Callable[..., Document]
SCHEDULES = {"FRTSCHID": "ITEM-STD"}  # the freight's tax schedule, as a map names it that lets GP work taxes out again


def edited(document: Document, lines: list[dict[str, Any]], **header: Any) -> Document:
    """The same order with other lines, its taxes at 20 % and its sums made to fit."""
    common = {name: document.header[name] for name in ("SOPTYPE", "SOPNUMBE", "CUSTNMBR")}
    taxes = [tax for tax in document.frames["taxes"] if tax["TAXTYPE"] == 1]
    for line in lines:
        line["TAXAMNT"] = (line["XTNDPRCE"] / 5).quantize(Decimal("0.01"))
        taxes.append(
            {**common, "TAXTYPE": 0, "LNITMSEQ": line["LNITMSEQ"], "TAXDTLID": "FRVAT20", "STAXAMNT": line["TAXAMNT"],
             "SALESAMT": line["XTNDPRCE"], "TDTTXSLS": line["XTNDPRCE"]}
        )  # fmt: skip
    subtotal = sum((line["XTNDPRCE"] for line in lines), Decimal(0))
    tax = sum((line["TAXAMNT"] for line in lines), Decimal(0))
    new = document.header | {"SUBTOTAL": subtotal, "TAXAMNT": tax} | header
    new["DOCAMNT"] = subtotal + tax + new["FREIGHT"] + new["FRTTXAMT"]
    return replace(document, frames={**document.frames, "header": [new], "lines": lines, "taxes": taxes})


def more(document: Document, quantity: int = 3) -> Document:
    """So many of the first line's item."""
    first, second = document.frames["lines"]
    line = {**first, "QUANTITY": Decimal(quantity), "XTNDPRCE": Decimal("10.05") * quantity}
    return edited(document, [line, dict(second)])


def moved(document: Document) -> Document:
    header = document.header | {"CITY": "Lyon", "ADDRESS1": "2 quai Saint-Antoine", "SHIPMTHD": "EXPRESS"}
    return replace(document, frames={**document.frames, "header": [header]})


@pytest.fixture
def entered(target: GpTarget, ready: Make) -> Callable[..., Document]:
    """An order that GP holds in work."""

    def make() -> Document:
        document = ready(**SCHEDULES)
        target.write(document, "create")
        return document

    return make


def in_gp(server: Any, number: str) -> tuple[list[tuple[Any, ...]], Decimal]:
    lines = server.sql("SELECT itemnmbr, quantity FROM two.sop10200 WHERE sopnumbe = %s ORDER BY lnitmseq", number)
    (header,) = server.sql("SELECT ordocamt FROM two.sop10100 WHERE sopnumbe = %s", number)
    return [tuple(line.values()) for line in lines], header["ordocamt"]


def change(target: GpTarget, document: Document) -> Any:
    """What the engine does: the guard sees a difference, and after the change none."""
    assert not target.existing([document])[document.key].same
    outcome = target.write(document, "change")
    there = target.existing([document])[document.key]
    assert (there.ours, there.same) == (True, True), there.difference
    return outcome


def test_address_and_carrier(target: GpTarget, entered: Callable[..., Document], server: Any) -> None:
    document = moved(entered())
    assert change(target, document).action == "changed"
    (row,) = server.sql("SELECT city, shipmthd, bachnumb, ordocamt FROM two.sop10100 WHERE sopnumbe = %s", document.key)
    assert (row["city"], row["shipmthd"], row["ordocamt"]) == ("Lyon", "EXPRESS", Decimal("34.92"))
    taxes = server.sql("SELECT lnitmseq FROM two.sop10105 WHERE sopnumbe = %s ORDER BY lnitmseq", document.key)
    assert [tax["lnitmseq"] for tax in taxes] == [0, 16384, 32768, 2147483646]
    assert target.write(document, "change").action == "unchanged"


def test_quantity(target: GpTarget, entered: Callable[..., Document], server: Any) -> None:
    original = entered()
    before = server.sql("SELECT atyalloc FROM two.iv00102 WHERE itemnmbr = 'ITEM-A' AND locncode = 'MAIN'")[0][
        "atyalloc"
    ]
    document = more(original)
    change(target, document)
    assert in_gp(server, document.key) == ([("ITEM-A", 3), ("ITEM-B", 1)], Decimal("46.98"))
    after = server.sql("SELECT atyalloc FROM two.iv00102 WHERE itemnmbr = 'ITEM-A' AND locncode = 'MAIN'")[0][
        "atyalloc"
    ]
    assert after == before + 1
    totals = server.sql(
        "SELECT orslstax, orfrttax FROM two.sop10105 WHERE sopnumbe = %s AND lnitmseq = 0", document.key
    )
    assert totals == [{"orslstax": Decimal("7.03"), "orfrttax": Decimal("0.80")}]


def test_a_line_added_one_removed_and_one_replaced(
    target: GpTarget, entered: Callable[..., Document], server: Any
) -> None:
    first, second = entered_lines = (original := entered()).frames["lines"]
    third = {**second, "LNITMSEQ": 49152, "ITEMNMBR": "ITEM-A", "UNITPRCE": Decimal(7), "XTNDPRCE": Decimal(7)}
    document = edited(original, [dict(first), dict(second), third])
    change(target, document)
    assert in_gp(server, document.key)[0] == [("ITEM-A", 2), ("ITEM-B", 1), ("ITEM-A", 1)]
    document = edited(original, [dict(second)])
    change(target, document)
    assert in_gp(server, document.key) == ([("ITEM-B", 1)], Decimal("10.80"))
    other = {**entered_lines[1], "ITEMNMBR": "ITEM-A"}
    document = edited(original, [other])
    change(target, document)
    assert in_gp(server, document.key) == ([("ITEM-A", 1)], Decimal("10.80"))


def test_shipping_costs_and_the_users_fields(target: GpTarget, entered: Callable[..., Document], server: Any) -> None:
    original = entered()
    freight = [tax | {"FREIGHT": Decimal(6), "FRTTXAMT": Decimal("1.20")} if tax["TAXTYPE"] == 1 else tax
               for tax in original.frames["taxes"]]  # fmt: skip
    header = original.header | {"FREIGHT": Decimal(6), "FRTTXAMT": Decimal("1.20"), "DOCAMNT": Decimal("37.32")}
    user = [original.frames["user_defined"][0] | {"USERDEF2": "changed"}]
    document = replace(original, frames={**original.frames, "header": [header], "taxes": freight, "user_defined": user})
    change(target, document)
    (row,) = server.sql("SELECT userdef1, userdef2 FROM two.sop10106 WHERE sopnumbe = %s", document.key)
    assert list(row.values()) == ["12", "changed"]
    assert in_gp(server, document.key)[1] == Decimal("37.32")


def test_a_deposit_stays_on_the_edited_order(
    target: GpTarget, entered: Callable[..., Document], deposit: Make, server: Any
) -> None:
    original = entered()
    target.write(deposit(f"D{original.key}", original.key), "create")
    document = more(original)
    change(target, document)
    (row,) = server.sql("SELECT ordeprvd, oractamt FROM two.sop10100 WHERE sopnumbe = %s", document.key)
    assert list(row.values()) == [Decimal("34.92"), Decimal("12.06")]


def held(target: GpTarget, document: Document) -> str:
    with pytest.raises(DataError) as caught:
        target.write(document, "change")
    assert caught.value.code == "amendment"
    assert caught.value.remedy
    return caught.value.sentence


def test_a_cent_that_gp_calculates_otherwise_changes_nothing(
    target: GpTarget, entered: Callable[..., Document], server: Any
) -> None:
    original = entered()
    before = in_gp(server, original.key)
    document = more(original)
    line_tax = next(tax for tax in document.frames["taxes"] if tax["LNITMSEQ"] == 16384)
    line_tax["STAXAMNT"] += Decimal("0.01")
    document.header["TAXAMNT"] += Decimal("0.01")
    document.header["DOCAMNT"] += Decimal("0.01")
    sentence = held(target, document)
    assert "DOCAMNT 46.98 instead of 46.99" in sentence
    assert "FRVAT20 7.83 instead of 7.84" in sentence
    assert in_gp(server, original.key) == before
    assert target.existing([original])[original.key].same


def test_taxes_of_another_detail_change_nothing(target: GpTarget, entered: Callable[..., Document]) -> None:
    document = more(entered())
    for tax in document.frames["taxes"]:
        tax["TAXDTLID"] = "GBVAT20"
    assert "FRVAT20 7.83 instead of 0.00, GBVAT20 0.00 instead of 7.83" in held(target, document)


def test_what_gp_refuses_is_held_and_nothing_is_changed(
    target: GpTarget, entered: Callable[..., Document], server: Any
) -> None:
    original = entered()
    before = in_gp(server, original.key)
    document = more(original)
    document.frames["lines"][0]["UNITPRCE"] = Decimal("10.051")
    assert "4646" in held(target, document)
    document = more(original)
    document.header["SHIPMTHD"] = "NOSUCH"
    document.frames["lines"][1]["ITEMNMBR"] = "NOWHERE"
    with pytest.raises(DataError) as caught:
        target.write(document, "change")
    assert caught.value.code == "gp_108"
    assert in_gp(server, original.key) == before


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("UPDATE two.sop10200 SET qtyprinv = 1 WHERE sopnumbe = %s", "transferred"),
        ("UPDATE two.sop10200 SET qtyfulfi = 1 WHERE sopnumbe = %s", "fulfilled"),
        ("UPDATE two.sop10100 SET sopstatus = 3 WHERE sopnumbe = %s", "picked"),
        ("UPDATE two.sop10100 SET workflowapprstatcreditlm = 4 WHERE sopnumbe = %s", "approval"),
        ("INSERT INTO two.sop60100 (sopnumbe, soptype, lnitmseq) VALUES (%s, 2, 16384)", "purchase order"),
    ],
)
def test_what_others_have_begun_is_left_alone(
    sql: str, why: str, target: GpTarget, entered: Callable[..., Document], server: Any
) -> None:
    original = entered()
    server.sql(sql, original.key)
    before = in_gp(server, original.key)
    assert why in held(target, more(original))
    with pytest.raises(DataError, match=why) as caught:
        target.withdraw(original)
    assert caught.value.code == "not_withdrawn"
    assert in_gp(server, original.key) == before


def test_posted_voided_and_busy_orders(target: GpTarget, entered: Callable[..., Document], server: Any) -> None:
    original = entered()
    (row,) = server.sql("SELECT bachnumb FROM two.sop10100 WHERE sopnumbe = %s", original.key)
    server.do(client.close_batch, row["bachnumb"])
    assert "being posted" in held(target, more(original))
    server.do(client.open_batch, row["bachnumb"])
    server.do(client.lock_document, original.key)
    with pytest.raises(Transient):
        target.write(more(original), "change")
    server.do(client.unlock_documents)
    server.do(client.post_batch, row["bachnumb"])
    assert "posted or transferred" in held(target, more(original))
    voided = entered()
    server.do(client.void_document, voided.key)
    assert "voided" in held(target, more(voided))


def test_a_lost_connection_changes_nothing(target: GpTarget, entered: Callable[..., Document], server: Any) -> None:
    original = entered()
    before = in_gp(server, original.key)
    server.faults.add(Fault("close_after", "taSopLineIvcInsert"))
    with pytest.raises(Exception, match="GP"):
        target.write(more(original), "change")
    assert in_gp(server, original.key) == before


def test_a_foreign_order_keeps_the_shops_rate_when_it_is_edited(target: GpTarget, ready: Make, server: Any) -> None:
    rate = {"CURNCYID": "USD", "XCHGRATE": Decimal("1.25"), "RTCLCMTD": 1}
    original = ready(**SCHEDULES, **rate)
    lines = [line | {"CURNCYID": "USD"} for line in original.frames["lines"]]
    original = replace(original, frames={**original.frames, "lines": lines})
    target.write(original, "create")
    change(target, more(original))
    (money,) = target.money("sales_order", [original.key])
    assert (money.amount, money.functional_amount) == (Decimal("46.98"), Decimal("37.58"))


def test_a_cancelled_order_is_voided_once(target: GpTarget, entered: Callable[..., Document], server: Any) -> None:
    document = entered()
    outcome = target.withdraw(document)
    assert (outcome.action, outcome.key) == ("withdrawn", document.key)
    assert "voided" in outcome.detail["sentence"]
    (row,) = server.sql("SELECT voidstts FROM two.sop30200 WHERE soptype = 2 AND sopnumbe = %s", document.key)
    assert row["voidstts"] == 1
    assert target.existing([document])[document.key].status == "voided"
    assert "already" in target.withdraw(document).detail["sentence"]


def test_a_cancelled_order_with_deposits_waits_for_a_person(
    target: GpTarget, entered: Callable[..., Document], deposit: Make, server: Any
) -> None:
    document = entered()
    target.write(deposit(f"D{document.key}", document.key), "create")
    with pytest.raises(DataError, match=r"deposits of 34\.92") as caught:
        target.withdraw(document)
    assert caught.value.code == "deposits_there"
    assert server.sql("SELECT 1 FROM two.sop10103 WHERE sopnumbe = %s", document.key)


def test_a_cancelled_order_goes_on_hold_where_the_settings_say_so(
    make_target: Callable[..., GpTarget], entered: Callable[..., Document], deposit: Make, server: Any
) -> None:
    target = make_target(cancel="hold", cancel_hold="WEB STOP")
    document = entered()
    target.write(deposit(f"D{document.key}", document.key), "create")
    assert "on hold WEB STOP" in target.withdraw(document).detail["sentence"]
    assert target.withdraw(document).action == "withdrawn"
    holds = server.sql("SELECT prchldid, delete1 FROM two.sop10104 WHERE sopnumbe = %s", document.key)
    assert holds == [{"prchldid": "WEB STOP", "delete1": 0}]
    with pytest.raises(LookupError, match="on hold"):
        server.do(client.transfer_to_invoice, document.key)


def test_a_cancelled_order_that_is_paid_after_all_comes_off_its_hold(
    make_target: Callable[..., GpTarget], entered: Callable[..., Document], server: Any
) -> None:
    target = make_target(cancel="hold", cancel_hold="WEB STOP")
    same, document = entered(), entered()
    for one in (same, document):
        target.withdraw(one)
    assert "off hold WEB STOP" in change(target, same).detail["sentence"]
    change(target, more(document))  # and was edited meanwhile
    for one in (same, document):
        holds = server.sql("SELECT prchldid, delete1 FROM two.sop10104 WHERE sopnumbe = %s", one.key)
        assert holds == [{"prchldid": "WEB STOP", "delete1": 1}]
        server.do(client.transfer_to_invoice, one.key)
    assert "on hold" in target.withdraw(entered()).detail["sentence"]


def test_only_our_orders_are_taken_back(target: GpTarget, entered: Callable[..., Document], deposit: Make) -> None:
    document = entered()
    other = replace(document, frames={**document.frames, "header": [document.header | {"CSTPONBR": "OTHER"}]})
    for action in (target.withdraw, lambda one: target.write(one, "change")):
        with pytest.raises(DataError) as caught:
            action(other)
        assert caught.value.code == "number_taken"
    with pytest.raises(DataError) as caught:
        target.withdraw(deposit("X", document.key))
    assert caught.value.code == "not_withdrawn"


def test_a_day_in_a_closed_period_moves_as_it_did_when_the_order_came(
    make_target: Callable[..., GpTarget], ready: Make
) -> None:
    target = make_target(closed_period="move")
    day = date(2024, 1, 15)
    original = ready(DOCDATE=day, **SCHEDULES)
    lines = [line | {"DOCDATE": day} for line in original.frames["lines"]]
    original = replace(original, frames={**original.frames, "lines": lines})
    target.write(original, "create")
    change(target, more(original))
