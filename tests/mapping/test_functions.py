"""Each function's own examples, and what each does at its edges."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gp_prestashop.mapping.compiler import compile_flow
from gp_prestashop.mapping.library import LIBRARY
from gp_prestashop.mapping.shapes import Column, DocumentShape, Frame

EXAMPLES = [(name, example) for name, one in LIBRARY.items() for example in one.examples]
IN_CONTEXT = {
    "line_number", "allocate", "together", "total", "count", "first", "min", "max", "setting",
    "xref", "value", "lookup", "try_xref", "try_value", "try_lookup",
}  # fmt: skip


@pytest.fixture(scope="module")
def computed(shared_kit) -> dict[str, str]:
    """Of each example what it gives, all from one flow."""
    expressions = {f"X{n}": f"cast({example.expression} as varchar)" for n, (_, example) in enumerate(EXAMPLES)}
    header = Frame("header", (Column("SOPNUMBE"), *map(Column, expressions)))
    resources, _, *rest = shared_kit.surroundings
    loaded = shared_kit.load(shared_kit.text(shared_kit.header(expressions)))
    document = DocumentShape("gp", "sales_order", ("SOPNUMBE",), (header,))
    compiled, errors = compile_flow(loaded, resources, {"sales_order": document}, *rest)
    assert compiled is not None, "\n".join(map(str, errors))
    return compiled.map([shared_kit.record()], shared_kit.answers()).documents[0].header


@pytest.mark.parametrize("number", range(len(EXAMPLES)), ids=[f"{name}-{n}" for n, (name, _) in enumerate(EXAMPLES)])
def test_example(computed, number: int):
    assert computed[f"X{number}"] == EXAMPLES[number][1].result


def test_every_function_is_documented_and_has_an_example_or_a_test_of_its_own():
    for name, one in LIBRARY.items():
        assert one.doc.endswith("."), name
        assert one.signature.startswith(f"{name}("), name
        assert one.examples or name in IN_CONTEXT, name


def test_pad_fails_rather_than_cuts(kit):
    result = kit.map(kit.header({"SOPNUMBE": "pad(id, 3)"}), kit.record(999), kit.record(1000))
    assert [document.key for document in result.documents] == ["999"]
    assert [(p.source_key, p.code, p.column) for p in result.problems] == [("1000", "too_long", "header.SOPNUMBE")]


@pytest.mark.parametrize(
    ("text", "size", "cut"),
    [
        ("abc", 3, "abc"),
        ("abc def", 4, "abc"),
        ("noe\u0308l", 3, "no"),  # e with its own diaeresis stays whole or goes
        ("ab👩‍👧cd", 4, "ab"),  # a family of joined characters
        ("", 3, ""),
    ],
)
def test_fit_never_breaks_a_character(kit, text, size, cut):
    assert kit.value(f"fit(reference, {size})", record=kit.record(reference=text)) == cut


def test_latin_keeps_what_the_code_page_holds(kit):
    assert kit.value("latin(reference)", record=kit.record(reference="Œuvre à 5 € – Zoe\u0308")) == "Œuvre à 5 € – Zoë"
    assert kit.value("latin(reference)", record=kit.record(reference="Łódź 北京")) == "Lódz BeiJing"


def test_latin_of_another_code_page(kit):
    body = kit.header({"COMMENT": "latin(reference)"})
    compiled, _ = kit.compile_text(kit.text(body), code_page="cp1250")
    result = compiled.map([kit.record(reference="Łódź à")], kit.answers())
    assert result.documents[0].header["COMMENT"] == "Łódź a"


def test_text_of_which_nothing_is_left_is_held(kit):
    result = kit.map(kit.header({"COMMENT": "latin(reference)"}), kit.record(reference="\u200b\u200b"))
    assert [(problem.code, problem.severity) for problem in result.problems] == [("unwritable", "hold")]
    assert result.documents == []


def test_wrap_loses_nothing(kit):
    long, second = "Appartement 12, 3e étage, 128 boulevard du Maréchal", "Résidence des Trois Fontaines"
    lines = [
        kit.value(f"wrap(reference, gift_message, 30, {line})", record=kit.record(reference=long, gift_message=second))
        for line in (1, 2, 3)
    ]
    assert all(len(line) <= 30 for line in lines)
    assert " ".join(" ".join(lines).split()) == f"{long} {second}"


def test_wrap_that_cannot_fit_is_held(kit):
    body = kit.header({"ADDRESS1": "wrap(reference, '', 10, 1)"})
    result = kit.map(body, kit.record(reference="x" * 31))
    assert [problem.code for problem in result.problems] == ["too_long"]


def test_division_by_zero_is_held_only_where_it_is_reached(kit):
    body = kit.header({"SUBTOTAL": "case when id_carrier > 0 then div(total_paid, id_carrier, 2) else 0 end"})
    assert kit.one(body, kit.record(id_carrier="0")).header["SUBTOTAL"] == 0
    result = kit.map(kit.header({"SUBTOTAL": "div(total_paid, id_carrier, 2)"}), kit.record(id_carrier="0"))
    assert [problem.code for problem in result.problems] == ["division_by_zero"]


def test_greatest_is_unknown_when_an_argument_is(kit):
    assert kit.value("greatest(total_paid, 0)", "SUBTOTAL", kit.record(total_paid=None)) is None
    assert kit.value("greatest(-total_paid, 0)", "SUBTOTAL") == 0


def test_totals_of_frames(kit):
    lets = {"lines_net": "total('order_details.total_price')"}
    columns = {
        "SUBTOTAL": "lines_net",
        "COUNT": "count('order_details.taxes')",
        "CSTPONBR": "first('order_details.product_reference')",
        "TRDISAMT": "min('order_details.total_price')",
        "DOCAMNT": "max('order_details.total_price')",
    }
    header = kit.one(kit.header(columns, lets)).header
    assert header["SUBTOTAL"] == Decimal("30.496")
    assert (header["COUNT"], header["CSTPONBR"]) == (2, "ITEM1")
    assert (header["TRDISAMT"], header["DOCAMNT"]) == (Decimal("14.37"), Decimal("16.126"))
    empty = kit.one(kit.header(columns, lets), kit.record(order_details=[])).header
    assert (empty["SUBTOTAL"], empty["COUNT"], empty["CSTPONBR"]) == (0, 0, None)


def test_setting(kit):
    assert kit.value("setting('sop.prefix')") == "PS"
