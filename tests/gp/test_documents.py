"""Shapes of documents come from the procedures' parameters."""

from __future__ import annotations

import pytest

from gp_prestashop.gp.documents import document_shapes


@pytest.mark.parametrize(
    ("document", "frame", "column", "type_", "length", "required"),
    [
        ("sales_order", "header", "SOPNUMBE", "VARCHAR", 21, True),
        ("sales_order", "header", "DOCAMNT", "DECIMAL(19,5)", None, False),
        ("sales_order", "header", "TRADEPCT", "DECIMAL(19,2)", None, False),
        ("sales_order", "header", "DOCDATE", "DATE", None, True),
        ("sales_order", "header", "TIME1", "TIMESTAMP", None, False),
        ("sales_order", "header", "BACHNUMB", "VARCHAR", 15, False),
        ("sales_order", "header", "CMMTTEXT", "VARCHAR", 500, False),
        ("sales_order", "lines", "ITEMNMBR", "VARCHAR", 30, True),
        ("sales_order", "lines", "QUANTITY", "DECIMAL(19,5)", None, True),
        ("sales_order", "taxes", "TAXDTLID", "VARCHAR", 15, True),
        ("customer", "header", "CUSTNAME", "VARCHAR", 64, True),
        ("customer", "internet", "EmailToAddress", "VARCHAR", None, False),
        ("customer_address", "header", "ADRSCODE", "VARCHAR", 15, True),
        ("deposit", "header", "DOCNUMBR", "VARCHAR", 20, True),
    ],
)
def test_columns(document: str, frame: str, column: str, type_: str, length: int | None, required: bool) -> None:
    found = document_shapes()[document].frame(frame)
    assert found is not None
    declared = found.column(column)
    assert declared is not None
    assert (declared.type, declared.max_length, declared.required) == (type_, length, required)


def test_card_numbers_and_the_writers_own_switches_cannot_be_mapped() -> None:
    for document, column in (
        ("customer", "CRCRDNUM"),
        ("deposit", "RCTNCCRD"),
        ("customer", "UpdateIfExists"),
        ("sales_order", "UpdateExisting"),
    ):
        assert document_shapes()[document].frames[0].column(column) is None


def test_choices_and_personal_data() -> None:
    header = document_shapes()["sales_order"].frames[0]
    soptype, name = header.column("SOPTYPE"), header.column("CUSTNAME")
    assert soptype is not None
    assert soptype.choices == (2, 3)
    assert name is not None
    assert name.personal
    payment = document_shapes()["deposit"].frames[0].column("PYMTTYPE")
    assert payment is not None
    assert payment.choices == (1, 2)
