"""Assertions over mapped frames."""

from __future__ import annotations

from decimal import Decimal

BODY = """
let: {expected: "total_paid - total_tax"}
lines:
  from: order_details
  let: {net: "round(total_price, 2)"}
  LNITMSEQ: "line_number()"
  XTNDPRCE: "net"
header:
  let: {difference: "SUBTOTAL - expected"}
  SOPNUMBE: "'PS' || id"
  SUBTOTAL: "total('lines.net')"
"""
CHECKS = """
check:
  - {code: totals, assert: "difference = 0", because: "The document does not add up."}
  - {code: large, when: "gift", assert: "SUBTOTAL < 10", because: "A large gift.", severity: warn}
  - {code: dear, assert: "XTNDPRCE < 1000", because: "A dear line.", frame: lines}
"""


def result_of(kit, **raw):
    return kit.map(BODY, kit.record(1, **raw), head=CHECKS)


def test_a_check_that_holds_says_nothing(kit):
    result = result_of(kit)
    assert (len(result.documents), result.problems) == (1, [])
    assert result.documents[0].frames["lines"] == [
        {"LNITMSEQ": 1, "XTNDPRCE": Decimal("16.13")},
        {"LNITMSEQ": 2, "XTNDPRCE": Decimal("14.37")},
    ]


def test_one_that_does_not_hold_stops_the_document(kit):
    result = result_of(kit, total_paid="36.61")
    assert result.documents == []
    assert [(p.code, p.severity, p.sentence) for p in result.problems] == [
        ("totals", "hold", "The document does not add up.")
    ]


def test_one_that_cannot_be_told_stops_it_as_well(kit):
    assert [problem.code for problem in result_of(kit, total_tax=None).problems] == ["totals"]


def test_a_warning_does_not(kit):
    result = result_of(kit, gift="1")
    assert len(result.documents) == 1
    assert [(problem.code, problem.severity) for problem in result.problems] == [("large", "warn")]


def test_a_check_of_a_child_frame(kit):
    details = [kit.detail(1, total_price="2000"), kit.detail(2, total_price="1")]
    result = result_of(kit, order_details=details, total_paid="2007.1")
    assert [problem.code for problem in result.problems] == ["dear"]
