"""What is wrong with a flow is said with file, line, column, and what was meant."""

from __future__ import annotations

import pytest

FLOW = """\
type: gp_prestashop.Flow
attributes:
  name: sales_orders
  source: {system: prestashop, resource: orders}
  target: {system: gp, document: sales_order, key: SOPNUMBE}
  map:
    let:
      number: "'PS' || id"
    lines:
      from: order_details
      LNITMSEQ: "line_number()"
    header:
      SOPNUMBE: "number"
      COMMENT: "@"
"""


def place(text: str, piece: str) -> tuple[int, int]:
    """Line and column of a piece of the file, from 1."""
    index = text.index(piece)
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


WRONG = [
    ("referense", "referense", "There is no referense here.", "did you mean reference?"),
    ("'a' || referense", "referense", "There is no referense here.", "did you mean reference?"),
    ("order_detail.id", "order_detail.id", "There is no frame order_detail here.", "did you mean order_details?"),
    ("order_details.id", "order_details.id", "order_details has many rows here", "Use total('order_details.id')"),
    ("lines.LNITMSEQ", "lines.LNITMSEQ", "lines has many rows here", "Use total('lines.LNITMSEQ')"),
    ("address_delivery.citi", "address_delivery.citi", "address_delivery has no citi.", "did you mean city?"),
    ("uper(reference)", "uper(reference)", "There is no function uper().", "did you mean upper?"),
    ("upper(reference, 2)", "upper(", "", ""),
    ("pad(id)", "pad(id)", "pad() is called with 1 arguments.", "Write pad(id, n)."),
    ("coalesce(reference, 1 +)", ")", "The expression cannot be read", ""),
    ("reference = 5", "reference = 5", "Text cannot be compared with integer.", "Use cast(… as integer)."),
    (
        "upper(reference) || 'x' || total_paid / 2",
        "total_paid / 2",
        "Dividing with / is not allowed",
        "Use div(a, b, decimals)",
    ),
    ("cast(total_paid as double)", "total_paid as", "Casting to double is not allowed.", "decimal(19,5)"),
    ("setting('sop.prefx')", "setting('sop.prefx')", "There is no setting sop.prefx.", "did you mean sop.prefix?"),
    (
        "lookup('gp.item', reference, 'ITEMNMBR')",
        "lookup(",
        "There is no look-up list gp.item.",
        "did you mean gp.items?",
    ),
    ("lookup('gp.items', reference, 'ITEM')", "lookup(", "gp.items has no column ITEM.", "did you mean ITEMNMBR?"),
    ("lookup('gp.items', reference, id, 'ITEMNMBR')", "lookup(", "gp.items is asked by ITEMNMBR: 1 keys, not 2.", ""),
    ("total('lines.XTNDPRC')", "total(", "lines has no", ""),
    ("total('line.LNITMSEQ')", "total(", "There is no frame line", "did you mean lines?"),
    ("date_add", "", "COMMENT takes text, not timestamp.", "cast(… as varchar)"),
    ("date_add + reference", "date_add + reference", "The expression does not fit together", ""),
    ("COMMENT || 'x'", "COMMENT || 'x'", "COMMENT depends on itself", ""),
    ("case when reference then 1 end", "reference then", "A condition is wanted here, not varchar.", ""),
    ("if(id = 'abc', 'a', 'b')", "id = 'abc'", "“abc” is not a whole number.", ""),
]


@pytest.mark.parametrize(("expression", "piece", "message", "suggestion"), WRONG, ids=[one[0] for one in WRONG])
def test_expression_errors_have_their_place(kit, expression, piece, message, suggestion):
    text = FLOW.replace("@", expression)
    compiled, errors = kit.compile_text(text)
    assert compiled is None
    (error,) = errors
    assert message in error.message
    assert suggestion in error.suggestion
    line, column = place(text, f'"{expression}"')
    # Where the piece starts within the quotes; without a piece, the value as a whole.
    expected = column + 1 + expression.index(piece) if piece else column
    assert (error.line, error.column) == (line, expected)
    assert str(error).startswith(f"{error.file}:{line}:{error.column}: ")


def test_all_mistakes_are_found_at_once_and_followers_are_not_blamed(kit):
    text = FLOW.replace("\"'PS' || id\"", "\"'PS' || idd\"").replace("@", "referenc").replace("LNITMSEQ:", "LNITMSEK:")
    _, errors = kit.compile_text(text)
    assert [(error.line, error.message) for error in errors] == [
        (8, "There is no idd here."),
        (9, "lines must also map LNITMSEQ."),
        (11, "LNITMSEK is not a column of lines."),
        (14, "There is no referenc here."),
    ]
    assert errors[2].suggestion == "did you mean LNITMSEQ?"


def test_a_circle_is_shown(kit):
    errors = kit.errors(kit.header({"COMMENT": "a"}, {"a": "b || 'x'", "b": "a || 'y'"}))
    assert "a depends on itself: a → b → a." in [error.message for error in errors]


def test_a_name_that_is_both_an_output_and_a_column(kit):
    (error,) = kit.errors(kit.header({"COMMENT": "reference"}, {"reference": "'x'"}))
    assert error.message == "reference is both a let of header and a column of orders."
    assert error.suggestion == "Write out.reference or record.reference."
    both = kit.header({"COMMENT": "out.reference || record.reference"}, {"reference": "'x-'"})
    assert kit.one(both).header["COMMENT"] == "x-ABCDEF"


def test_a_number_too_large_is_the_records_fault_not_the_flows(kit):
    result = kit.map(kit.header({"SUBTOTAL": "total_paid * 10000"}), kit.record(total_paid="99999999999.99"))
    assert [problem.code for problem in result.problems] == ["too_large"]


HEADS = [
    ("resource: orders", "resource: order", "order is not a resource.", "did you mean orders?"),
    ("document: sales_order", "document: sales_ordr", "sales_ordr is not a document.", "did you mean sales_order?"),
    ("system: gp", "system: g", "g is not the system of this document.", ""),
    ("key: SOPNUMBE", "key: CUSTNMBR", "CUSTNMBR is not a key of sales_order.", ""),
    ("lines:", "linez:", "linez is not a frame of sales_order.", "did you mean lines?"),
    (
        "from: order_details",
        "from: order_detail",
        "There is no source frame order_detail.",
        "did you mean order_details?",
    ),
    (
        "  map:",
        "  needs: {customers: id_custmer}\n  map:",
        "id_custmer is not a column of orders.",
        "did you mean id_customer?",
    ),
    (
        "  map:",
        "  partitions: {daily: date_ad}\n  map:",
        "date_ad is not a column of orders.",
        "did you mean date_add?",
    ),
]


@pytest.mark.parametrize(("right", "wrong", "message", "suggestion"), HEADS, ids=[one[1].strip() for one in HEADS])
def test_heads_are_checked_against_the_shapes(kit, right, wrong, message, suggestion):
    _, errors = kit.compile_text(FLOW.replace("@", "reference").replace(right, wrong))
    assert message in [error.message for error in errors]
    assert any(suggestion in error.suggestion for error in errors if error.message == message)
