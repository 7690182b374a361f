"""One bad record never stops the others."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gp_prestashop.mapping.database import Limits

BODY = """
lines:
  from: order_details
  when: "product_quantity > 0"
  LNITMSEQ: "line_number() * 16384"
  ITEMNMBR: "lookup('gp.items', product_reference, 'ITEMNMBR')"
  QUANTITY: "product_quantity"
  UNITPRCE: "div(total_price, product_quantity, 2)"
header:
  SOPNUMBE: "'PS' || pad(id, 8)"
  CSTPONBR: "reference"
  SUBTOTAL: "total_paid"
  DOCAMNT: "total_paid * total_tax"
  CREATED: "cast(gift_message as timestamp)"
"""
ITEMS = {("lookup", "gp.items"): {(f"ITEM{n}",): {"ITEMNMBR": f"ITEM{n}"} for n in (1, 2)}}
GOOD = {"gift_message": "2026-11-21 10:00:00", "total_tax": "1"}


@pytest.fixture(scope="module")
def flow(shared_kit):
    return shared_kit, shared_kit.compile(BODY)


BAD = {
    "an unreadable number": ({"total_paid": "12,50"}, "bad_value", "total_paid"),
    "a fraction of a whole number": ({"id": "1.5"}, "bad_value", "id"),
    "text that is too long": ({"reference": "R" * 21}, "too_long", "header.CSTPONBR"),
    "a number with too many decimals": ({"total_paid": "1.123456"}, "too_precise", "header.SUBTOTAL"),
    "a number that overflows": ({"total_paid": "99999999999999.000001"}, "too_large", "header.DOCAMNT"),
    "a date that is none": ({"gift_message": "soon"}, "bad_cast", "header.CREATED"),
    "an unknown item": (
        {"order_details": [{"product_reference": "NOPE", "product_quantity": "1"}]},
        "no_lookup",
        "lines.ITEMNMBR",
    ),
}


@pytest.mark.parametrize(("raw", "code", "column"), BAD.values(), ids=BAD.keys())
def test_one_bad_record_in_500_leaves_499(flow, raw, code, column):
    kit, compiled = flow
    records = [kit.record(n, **GOOD) for n in range(1, 501)]
    records[250] = kit.record(251, **{**GOOD, "total_tax": "100000", **raw})
    result = compiled.map(records, kit.answers(ITEMS))
    assert len(result.documents) == 499
    assert "251" not in {document.source_key for document in result.documents}
    assert {problem.source_key for problem in result.problems} == {"251"}
    assert (code, column) in {(problem.code, problem.column) for problem in result.problems}


def test_what_duckdb_itself_refuses_is_halved_down_to_the_record_and_its_column(kit):
    compiled = kit.compile(kit.header({"COUNT": "id_customer * id_carrier % 1000"}))
    huge = str(2**62)
    records = [kit.record(n, **({"id_customer": huge, "id_carrier": huge} if n == 77 else {})) for n in range(1, 101)]
    result = compiled.map(records, kit.answers())
    assert [document.source_key for document in result.documents] == [str(n) for n in range(1, 101) if n != 77]
    (problem,) = result.problems
    assert (problem.source_key, problem.code, problem.column) == ("77", "not_computable", "header.COUNT")
    assert "Overflow" in problem.sentence


def test_halving_asks_no_key_twice(kit):
    compiled = kit.compile(
        kit.header(
            {
                "COUNT": "id_customer * id_carrier + length(CUSTNMBR)",
                "CUSTNMBR": "xref('customers', id_customer)",
            }
        )
    )
    huge = str(2**62)
    answers = kit.answers({("xref", "customers"): {("7",): {"value": "PS7"}, (huge,): {"value": "PSX"}}})
    records = [kit.record(n, **({"id_customer": huge, "id_carrier": huge} if n == 7 else {})) for n in range(1, 33)]
    assert len(compiled.map(records, answers).documents) == 31
    asked = [key for _, _, keys, _ in answers.asked for key in keys]
    assert len(asked) == len(set(asked)) == 2


def test_batches_keep_the_records_order(kit):
    compiled = kit.compile(BODY, limits=Limits(batch=7))
    records = [kit.record(n, **GOOD) for n in range(50, 0, -1)]
    result = compiled.map(records, kit.answers(ITEMS))
    assert [document.source_key for document in result.documents] == [record.key for record in records]


def test_a_value_that_is_missing_where_gp_needs_one(kit):
    body = kit.header({"SOPNUMBE": "'PS' || reference"})
    result = kit.map(body, kit.record(1, reference=None), kit.record(2))
    assert [document.key for document in result.documents] == ["PSABCDEF"]
    assert [(problem.source_key, problem.code) for problem in result.problems] == [("1", "missing")]


def test_an_empty_batch(flow):
    kit, compiled = flow
    result = compiled.map([], kit.answers())
    assert (result.documents, result.problems) == ([], [])


def test_a_hundred_thousand_rows(kit):
    body = """
lines:
  from: order_details
  LNITMSEQ: "line_number() * 16384"
  QUANTITY: "product_quantity"
  UNITPRCE: "div(total_price, product_quantity, 2)"
  XTNDPRCE: "UNITPRCE * QUANTITY"
  ITEMDESC: "fit(latin(product_name), 100)"
header:
  SOPNUMBE: "'PS' || pad(id, 8)"
  SUBTOTAL: "total('lines.XTNDPRCE')"
"""
    details = [kit.detail(n, total_price="10.00", product_quantity="4") for n in range(5)]
    records = [kit.record(n, order_details=details) for n in range(20_000)]
    result = kit.compile(body).map(records, kit.answers())
    assert len(result.documents) == 20_000
    assert sum(document.header["SUBTOTAL"] for document in result.documents) == Decimal(20_000 * 50)
