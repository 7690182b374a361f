"""Replay: two maps over the same records, field by field."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gp_prestashop.engine.parts import EngineFlow
from gp_prestashop.engine.replay import replay
from gp_prestashop.engine.stand_ins import StandIns
from tests.mapping.conftest import LISTS, Answers

LINES = "lines:\n  from: order_details\n  LNITMSEQ: line_number()\n  QUANTITY: product_quantity\n"


@pytest.fixture
def flow(kit):
    def make(body: str, head: str = "") -> EngineFlow:
        compiled = kit.compile(body, head)
        return EngineFlow(compiled.flow, compiled, compiled.resource, compiled.document)

    return make


def run(kit, old, new, *records):
    return replay(old, new, [list(records)], kit.answers())


def test_the_same_map_makes_no_difference(kit, flow):
    one = flow(kit.header({"DOCAMNT": "total_paid"}))
    result = run(kit, one, one, kit.record(1), kit.record(2))
    assert (result.records, result.same, result.differences) == (2, 2, [])
    assert result.amounts == {"header.DOCAMNT": (Decimal("73.2"), Decimal("73.2"))}


def test_fields_rows_and_amounts_that_differ(kit, flow):
    old = flow(LINES + kit.header({"DOCAMNT": "total_paid", "COMMENT": "reference"}))
    new = flow(
        LINES.replace("QUANTITY:", "when: product_quantity > 1\n  QUANTITY:")
        + kit.header({"DOCAMNT": "total_paid + case when id = 1 then 1 else 0 end", "CSTPONBR": "reference"})
    )
    result = run(kit, old, new, kit.record(1), kit.record(2))
    first = result.differences[0]
    changed = {(one.frame, one.row, one.column): (one.old, one.new) for one in first.fields}
    assert changed == {
        ("lines", 1, "LNITMSEQ"): (2, None),
        ("lines", 1, "QUANTITY"): (Decimal("1.00000"), None),
        ("header", 0, "DOCAMNT"): (Decimal("36.60000"), Decimal("37.60000")),
        ("header", 0, "COMMENT"): ("ABCDEF", None),
        ("header", 0, "CSTPONBR"): (None, "ABCDEF"),
    }
    assert result.columns()["header.DOCAMNT"] == 1
    assert result.amounts["header.DOCAMNT"] == (Decimal("73.20"), Decimal("74.20"))
    assert result.as_json()["amounts"]["lines.QUANTITY"] == {
        "old": "6.00000",
        "new": "4.00000",
        "difference": "-2.00000",
    }


def test_records_that_one_of_them_ignores_or_holds(kit, flow):
    old = flow(kit.header({"COMMENT": "reference"}))
    new = flow(
        kit.header({"CUSTNMBR": "reference"}),
        'accept: "id <> 1"\nhold:\n  - {code: big, when: "total_paid > 100", because: "Over 100."}',
    )
    records = [kit.record(1), kit.record(2, total_paid="200"), kit.record(3, reference="X" * 16), kit.record(4)]
    result = run(kit, old, new, *records)
    assert result.fates == {("document", "ignored"): 1, ("document", "held"): 2, ("document", "document"): 1}
    assert [(one.key, one.new.fate, one.new.code) for one in result.differences] == [
        ("1", "ignored", "accept"),
        ("2", "held", "big"),
        ("3", "held", "too_long"),
        ("4", "document", ""),
    ]


def test_the_contract_of_the_target_is_part_of_it(kit, flow):
    old = flow(kit.header({"TRDISAMT": "total_discounts"}))
    result = run(kit, old, old, kit.record(date_add=None))
    assert result.same == 1


def test_stand_ins_answer_look_ups_and_leave_all_else_to_the_ledger():
    known = Answers({("value", "carriers"): {("3",): {"value": "SEA"}}, ("lookup", "ledger.x"): {("1",): {"k": "v"}}})
    stand_ins = StandIns(known, LISTS, ("ledger",))
    found = stand_ins.resolve("lookup", "gp.items", [("A1",)], ["ITEMNMBR", "DECIMALS", "PRICE"])
    assert found == {("A1",): {"ITEMNMBR": "A1", "DECIMALS": 2, "PRICE": Decimal(2)}}
    assert stand_ins.resolve("value", "carriers", [("3",)], ["value"]) == {("3",): {"value": "SEA"}}
    assert stand_ins.resolve("lookup", "ledger.x", [("1",)], ["k"]) == {("1",): {"k": "v"}}
    assert list(stand_ins.used) == ["gp.items.ITEMNMBR", "gp.items.DECIMALS", "gp.items.PRICE"]
