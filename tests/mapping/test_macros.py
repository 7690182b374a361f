"""Cross-references, value maps, look-ups: asked for many keys at once, missing ones said plainly."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

XREF = ("xref", "customers")


def test_keys_are_asked_once_for_the_whole_batch(kit):
    answers = kit.answers({XREF: {("7",): {"value": "PS00000007"}, ("8",): {"value": "PS00000008"}}})
    body = kit.header(
        {"CUSTNMBR": "xref('customers', id_customer)", "COMMENT": "'to ' || xref('customers', id_customer)"}
    )
    records = [kit.record(n, id_customer=str(7 + n % 2)) for n in range(100)]
    result = kit.map(body, *records, answers=answers)
    assert {document.header["COMMENT"] for document in result.documents} == {"to PS00000007", "to PS00000008"}
    assert answers.asked == [("xref", "customers", (("7",), ("8",)), ("value",))]


def test_columns_of_one_list_are_asked_together(kit):
    rows = {("EUR",): {"CURNCYID": "Z-EUR", "decimals": 2}}
    answers = kit.answers(
        {("lookup", "gp.currencies"): rows, ("lookup", "prestashop.currencies"): {("1",): {"iso_code": "EUR"}}}
    )
    lets = {"iso": "lookup('prestashop.currencies', id_currency, 'iso_code')"}
    columns = {
        "CURNCYID": "lookup('gp.currencies', iso, 'CURNCYID')",
        "SUBTOTAL": "round(total_paid, lookup('gp.currencies', iso, 'decimals'))",
    }
    header = kit.one(kit.header(columns, lets), kit.record(total_paid="1.005"), answers).header
    assert (header["CURNCYID"], header["SUBTOTAL"]) == ("Z-EUR", Decimal("1.01"))
    assert answers.asked == [
        ("lookup", "prestashop.currencies", (("1",),), ("iso_code",)),
        ("lookup", "gp.currencies", (("EUR",),), ("CURNCYID", "decimals")),
    ]


def test_a_code_without_an_entry_holds_the_record_and_says_where_to_add_it(kit):
    body = kit.header({"SHIPMTHD": "value('carriers', id_carrier)"})
    answers = kit.answers({("value", "carriers"): {("3",): {"value": "GROUND"}}})
    result = kit.map(body, kit.record(1), kit.record(2, id_carrier="9"), answers=answers)
    assert [document.source_key for document in result.documents] == ["1"]
    (problem,) = result.problems
    assert (problem.code, problem.column) == ("no_value", "header.SHIPMTHD")
    assert problem.sentence == "“9” has no entry in the value map 'carriers'."
    assert problem.remedy == "Add it to the value map 'carriers'."


def test_an_entry_without_the_column(kit):
    body = kit.header({"COMMENT": "value('payment_modules', module, 'CHEKBKID')"})
    answers = kit.answers({("value", "payment_modules"): {("ps_wirepayment",): {"CHEKBKID": None}}})
    (problem,) = kit.map(body, answers=answers).problems
    assert problem.sentence == "“ps_wirepayment” has no entry with a CHEKBKID in the value map 'payment_modules'."


def test_a_missing_key_is_nothing_and_is_not_asked(kit):
    body = kit.header({"CUSTNMBR": "xref('customers', id_customer)"})
    answers = kit.answers()
    assert kit.one(body, kit.record(id_customer=None), answers).header["CUSTNMBR"] is None
    assert answers.asked == []


def test_a_blank_key_is_not_asked_and_not_found(kit):
    body = kit.header({"COMMENT": "lookup('gp.items', reference, 'ITEMNMBR')"})
    answers = kit.answers()
    (problem,) = kit.map(body, kit.record(reference=""), answers=answers).problems
    assert (problem.code, answers.asked) == ("no_lookup", [])


def test_try_gives_nothing(kit):
    columns = {
        "CUSTNMBR": "coalesce(try_xref('customers', id_customer), 'NEW')",
        "SHIPMTHD": "coalesce(try_value('carriers', id_carrier), 'NONE')",
        "COMMENT": "coalesce(try_lookup('gp.items', reference, 'ITEMNMBR'), '-')",
    }
    header = kit.one(kit.header(columns)).header
    assert (header["CUSTNMBR"], header["SHIPMTHD"], header["COMMENT"]) == ("NEW", "NONE", "-")


def test_what_is_not_reached_cannot_fail(kit):
    lets = {"method": "value('carriers', id_carrier)"}
    columns = {
        "SHIPMTHD": "case when gift then method else 'PICKUP' end",
        "COMMENT": "coalesce(reference, method)",
        "COUNT": "case when not gift or method = 'X' then 1 else 0 end",
    }
    assert kit.one(kit.header(columns, lets)).header["SHIPMTHD"] == "PICKUP"
    (problem,) = kit.map(kit.header(columns, lets), kit.record(gift="1")).problems
    assert (problem.code, problem.column) == ("no_value", "header.SHIPMTHD")


def test_macros_in_macros(kit):
    known = {
        ("lookup", "prestashop.tax_rules"): {("4", "8"): {"id_tax": "12", "since": "2026-01-01"}},
        ("value", "groups"): {("3",): {"value": "4"}},
        ("value", "tax_details"): {("12",): {"value": "FR20"}},
    }
    lets = {"tax": "lookup('prestashop.tax_rules', value('groups', id_carrier), 8, 'id_tax')"}
    columns = {
        "TAXSCHID": "value('tax_details', tax)",
        "DOCDATE": "lookup('prestashop.tax_rules', value('groups', id_carrier), 8, 'since')",
    }
    header = kit.one(kit.header(columns, lets), answers=kit.answers(known)).header
    assert (header["TAXSCHID"], header["DOCDATE"]) == ("FR20", date(2026, 1, 1))


def test_only_rows_that_are_kept_are_asked_for(kit):
    body = """
lines:
  from: order_details
  when: "product_quantity > 0"
  LNITMSEQ: "line_number()"
  ITEMNMBR: "lookup('gp.items', product_reference, 'ITEMNMBR')"
header:
  SOPNUMBE: "'PS' || id"
"""
    answers = kit.answers({("lookup", "gp.items"): {("ITEM2",): {"ITEMNMBR": "I2"}}})
    details = [kit.detail(1, product_quantity="0"), kit.detail(2)]
    lines = kit.one(body, kit.record(order_details=details), answers).frames["lines"]
    assert lines == [{"LNITMSEQ": 1, "ITEMNMBR": "I2"}]
