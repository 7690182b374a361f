"""Shares of an amount add up to it, whatever the weights."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

BODY = """
lines:
  from: order_details
  LNITMSEQ: "line_number()"
  UNITPRCE: "allocate(total_tax, total_price, 2)"
  XTNDPRCE: "allocate(total_tax, total_price, id_carrier)"
header:
  SOPNUMBE: "'PS' || id"
  SUBTOTAL: "total('lines.UNITPRCE')"
"""
WEIGHTS = st.lists(st.one_of(st.just(Decimal(0)), st.decimals(0, 10**6, places=6)), min_size=1, max_size=12)
ORDERS = st.lists(st.tuples(st.decimals(-(10**6), 10**6, places=3), WEIGHTS), min_size=1, max_size=20)


@pytest.fixture(scope="module")
def allocation(shared_kit):
    return shared_kit, shared_kit.compile(BODY)


@given(ORDERS, st.sampled_from([0, 2, 3, 5]))
@settings(max_examples=40, deadline=None)
def test_shares_conserve_the_amount(allocation, orders, places):
    kit, compiled = allocation
    records = []
    for number, (amount, weights) in enumerate(orders):
        details = [kit.detail(i, total_price=str(weight)) for i, weight in enumerate(weights)]
        records.append(kit.record(number, total_tax=str(amount), id_carrier=str(places), order_details=details))
    result = compiled.map(records, kit.answers())
    assert result.problems == []
    for (amount, weights), document in zip(orders, result.documents, strict=True):
        lines = document.frames["lines"]
        assert sum(line["UNITPRCE"] for line in lines) == amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
        assert sum(line["XTNDPRCE"] for line in lines) == amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        for line, weight in zip(lines, weights, strict=True):
            if sum(weights):
                exact = amount * weight / sum(weights)
                assert abs(line["UNITPRCE"] - exact) <= Decimal(
                    "0.015"
                )  # the amount, and the running total before and after, are rounded
                assert weight or line["UNITPRCE"] == 0
        if not sum(weights):
            assert all(line["UNITPRCE"] == 0 for line in lines[:-1])


def test_groups_are_shared_out_apart(kit):
    body = """
lines:
  from: order_details
  LNITMSEQ: "line_number()"
  XTNDPRCE: "total_price"
taxes:
  from: order_details.taxes
  LNITMSEQ: "lines.LNITMSEQ"
  STAXAMNT: "allocate(lines.XTNDPRCE, rate, 2, lines.LNITMSEQ)"
header:
  SOPNUMBE: "'PS' || id"
"""
    two = [{"id": "1", "rate": "5"}, {"id": "2", "rate": "9.975"}]
    details = [kit.detail(1, total_price="10.00", taxes=two), kit.detail(2, total_price="0.01", taxes=two)]
    taxes = kit.one(body, kit.record(order_details=details)).frames["taxes"]
    assert [(row["LNITMSEQ"], row["STAXAMNT"]) for row in taxes] == [
        (1, Decimal("3.34")),
        (1, Decimal("6.66")),
        (2, Decimal("0.00")),
        (2, Decimal("0.01")),
    ]


def test_an_amount_that_differs_within_its_group_is_held(kit):
    body = BODY.replace("allocate(total_tax, total_price, 2)", "allocate(total_price, total_price, 2)")
    assert {problem.code for problem in kit.map(body).problems} == {"uneven_amount"}
