"""Warnings travel with the record and hold nothing; a value that vanishes without a reason does."""

from __future__ import annotations

import pytest

from gp_prestashop.mapping.functions import LIBRARY, combine, function


def told(result):
    return [(one.code, one.column, one.sentence, one.severity) for one in result.problems]


def test_a_transliterated_text_is_sent_with_a_warning(kit):
    body = kit.header({"CUSTNAME": "fit(latin(address_delivery.lastname), 30)"})
    result = kit.map(body, kit.record())
    assert result.documents[0].header["CUSTNAME"] == "Lódzka"
    assert told(result) == [
        ("transliterated", "header.CUSTNAME", "“Łódzka” is written “Lódzka” in GP's code page.", "warn")
    ]


@pytest.mark.parametrize("text", ["Zoë", "Muller", "", None, "e\u0301clair", "100 €"])
def test_what_the_code_page_holds_is_no_warning(kit, text):
    result = kit.map(kit.header({"CUSTNAME": "latin(gift_message)"}), kit.record(gift_message=text))
    assert (len(result.documents), told(result)) == (1, [])


def test_each_record_has_its_own_warnings(kit):
    body = kit.header({"CUSTNAME": "latin(gift_message)", "COMMENT": "latin(reference)"})
    records = [kit.record(1, gift_message="Łódź"), kit.record(2), kit.record(3, reference="Ž", gift_message="Ș")]
    result = kit.map(body, *records)
    assert [(one.source_key, one.column) for one in result.problems] == [
        ("1", "header.CUSTNAME"),
        ("3", "header.CUSTNAME"),
    ]  # Ž is in the code page


def test_a_warning_reaches_through_lets_and_never_hides_an_error(kit):
    lets = {"name": "latin(gift_message)", "short": "left(name, 3)"}
    result = kit.map(kit.header({"CUSTNAME": "short"}, lets), kit.record(gift_message="Łódź"))
    assert [one.code for one in result.problems] == ["transliterated"]
    assert result.documents[0].header["CUSTNAME"] == "Lód"
    body = kit.header({"CUSTNAME": "latin(gift_message) || value('carriers', id_carrier)"})
    result = kit.map(body, kit.record(gift_message="Łódź"))
    assert (result.documents, {one.code for one in result.problems}) == ([], {"no_value", "transliterated"})
    long = kit.map(kit.header({"CUSTNMBR": "latin(gift_message)"}), kit.record(gift_message="Ł" * 20))
    assert (long.documents, {one.code for one in long.problems}) == ([], {"too_long", "transliterated"})


def test_only_the_branch_that_is_taken_warns(kit):
    body = kit.header({"CUSTNAME": "case when gift then latin(gift_message) else latin(reference) end"})
    given = kit.record(1, gift="1", gift_message="Łódź", reference="x")
    other = kit.record(2, gift="0", gift_message="Łódź", reference="x")
    neither = kit.record(3, gift="0", gift_message="x", reference="Ł")
    assert [one.source_key for one in kit.map(body, given, other, neither).problems] == ["1", "3"]


def test_a_warning_of_a_child_row_names_its_frame(kit):
    body = "lines:\n  from: order_details\n  LNITMSEQ: 1\n  ITEMDESC: latin(product_name)\n" + kit.header({})
    details = [kit.detail(1, product_name="Ł"), kit.detail(2, product_name="L")]
    result = kit.map(body, kit.record(order_details=details))
    assert [one.column for one in result.problems] == ["lines.ITEMDESC"]


@pytest.fixture
def vanish():
    """A function of the library that loses what it is given, as a faulty one would."""

    @function("vanish(text)", "For tests.", least=1)
    def build(_context, args):
        return combine(f"nullif({args[0].sql}, {args[0].sql})", "VARCHAR", args)

    yield
    del LIBRARY["vanish"]


def test_a_value_that_vanishes_without_a_reason_holds_the_record(kit, vanish):
    result = kit.map(kit.header({"COMMENT": "vanish(reference)"}), kit.record())
    (problem,) = result.problems
    assert (result.documents, problem.code) == ([], "null_result")
    assert problem.sentence == "COMMENT comes out empty although everything it is made of has a value."
    in_let = kit.map(kit.header({"COMMENT": "'a' || gone"}, {"gone": "vanish(reference)"}), kit.record())
    assert [(one.code, one.sentence.partition(" ")[0]) for one in in_let.problems] == [("null_result", "gone")]


def test_a_missing_input_explains_a_missing_result(kit, vanish):
    result = kit.map(kit.header({"COMMENT": "vanish(module)"}), kit.record(module=None))
    assert (result.problems, result.documents[0].header["COMMENT"]) == ([], None)
    meant = kit.map(kit.header({"COMMENT": "nullif(vanish(reference), 'x')"}), kit.record())
    assert meant.problems == []  # nullif makes nothing on purpose
