"""The package's reference data hold together."""

from __future__ import annotations

from gp_prestashop.gp.documents import document_types
from gp_prestashop.gp.reference import SqlType, error_facts, procedures, tables


def test_keys_are_columns() -> None:
    for fact in tables().values():
        assert set(fact.key) <= fact.columns.keys(), fact.name


def test_timestamps_are_where_the_reference_says() -> None:
    assert tables()["SOP10100"].changed
    assert not tables()["SOP10103"].changed
    assert all(("DEX_ROW_TS" in fact.columns) == fact.changed for fact in tables().values())


def test_no_integration_id_in_history() -> None:
    """SOP30200 lacks INTEGRATIONID, so the guard must not depend on it; CSTPONBR survives posting."""
    assert "INTEGRATIONID" in tables()["SOP10100"].columns
    assert "INTEGRATIONID" not in tables()["SOP30200"].columns
    assert "CSTPONBR" in tables()["SOP30200"].columns


def test_lengths() -> None:
    header = procedures()["taSopHdrIvcInsert"].parameters
    assert header["SOPNUMBE"].type == SqlType("char", 21)
    assert header["DOCAMNT"].type == SqlType("numeric", 19, 5)
    assert header["SOPNUMBE"].required
    assert not header["FREIGHT"].required


def test_error_facts() -> None:
    facts = error_facts()
    assert facts[108].must_exist
    assert facts[235].procedure == "taSopHdrIvcInsert"
    assert facts[671].custom
    assert facts[599].custom
    assert not facts[67].must_exist


def test_the_order_of_a_sales_order() -> None:
    assert [frame for frame, _ in document_types()["sales_order"].order()] == [
        "lines",
        "components",
        "taxes",
        "user_defined",
        "header",
    ]
    assert [frame for frame, _ in document_types()["customer"].order()] == ["header", "addresses", "internet"]


def test_what_is_applied_comes_after_the_header() -> None:
    orders = {name: [frame for frame, _ in document_types()[name].order()] for name in ("cash_receipt", "credit_memo")}
    assert orders == {"cash_receipt": ["header", "applications"], "credit_memo": ["taxes", "header", "applications"]}
    returns = [frame for frame, _ in document_types()["sales_return"].order()]
    assert returns == ["lines", "taxes", "payments", "user_defined", "header"]
