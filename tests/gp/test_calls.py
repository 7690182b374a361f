"""A document becomes the right calls in the right order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from gp_prestashop.gp.calls import calls_of, tax_totals
from gp_prestashop.gp.transaction import render
from gp_prestashop.mapping.shapes import Document

Make = Callable[..., Document]


def test_order_of_calls_and_tax_totals(order: Make) -> None:
    calls = calls_of(order(), "create")
    assert [call.procedure for call in calls] == [
        *["taSopLineIvcInsert"] * 2,
        *["taSopLineIvcTaxInsert"] * 4,
        "taSopUserDefined",
        "taSopHdrIvcInsert",
    ]
    total = calls[5].parameters
    assert (total["LNITMSEQ"], total["TAXTYPE"], total["TAXDTLID"]) == (0, 0, "FRVAT20")
    assert (total["STAXAMNT"], total["FRTTXAMT"]) == (Decimal("5.02"), Decimal("0.80"))
    assert (total["SALESAMT"], total["FREIGHT"]) == (Decimal("25.10"), Decimal("4.00"))


def test_taxes_of_one_line_that_are_one_detail_in_gp_are_one_row(order: Make) -> None:
    """A state's and a county's tax: GP takes a detail once a line (795). The line's base is counted once."""
    document = order()
    state, other, freight = document.frames["taxes"]
    county = {**state, "STAXAMNT": Decimal("0.50"), "TAXDTLID": "frvat20"}
    split = {**state, "STAXAMNT": Decimal("3.52")}
    document = replace(document, frames={**document.frames, "taxes": [split, county, other, freight]})
    calls = [call.parameters for call in calls_of(document, "create") if call.frame == "taxes"]
    assert [(row["LNITMSEQ"], row.get("STAXAMNT"), row.get("SALESAMT")) for row in calls] == [
        (16384, Decimal("4.02"), Decimal("20.10")),
        (32768, Decimal("1.00"), Decimal("5.00")),
        (0, None, None),
        (0, Decimal("5.02"), Decimal("25.10")),
    ]


def test_totals_are_one_for_each_detail_and_respect_those_made() -> None:
    base = {"SOPTYPE": 2, "SOPNUMBE": "X", "CUSTNMBR": "C"}
    rows = [
        {**base, "TAXDTLID": "A", "TAXTYPE": 0, "LNITMSEQ": 16384, "STAXAMNT": Decimal(1)},
        {**base, "TAXDTLID": "B", "TAXTYPE": 0, "LNITMSEQ": 16384, "STAXAMNT": Decimal(2)},
        {**base, "TAXDTLID": "B", "TAXTYPE": 2, "LNITMSEQ": 0, "MSCTXAMT": Decimal(3)},
        {**base, "TAXDTLID": "C", "TAXTYPE": 0, "LNITMSEQ": 0, "STAXAMNT": Decimal(9)},
    ]
    totals = {row["TAXDTLID"]: row for row in tax_totals(rows)}
    assert set(totals) == {"A", "B"}
    assert totals["B"]["STAXAMNT"] == Decimal(2)
    assert totals["B"]["MSCTXAMT"] == Decimal(3)


def test_what_is_none_is_not_passed_but_the_trade_discount_always_is(order: Make) -> None:
    document = order(TRDISAMT=None)
    header = calls_of(document, "create")[-1].parameters
    assert "SHIPMTHD" not in header
    assert header["TRDISAMT"] == 0
    with_percent = order(TRDISAMT=None, TRADEPCT=Decimal("5.00"))
    assert "TRDISAMT" not in calls_of(with_percent, "create")[-1].parameters


def test_create_fails_on_what_exists_and_change_updates(customer: Make) -> None:
    create = [call.parameters.get("UpdateIfExists") for call in calls_of(customer(), "create")]
    assert create == [0, 1, None]
    change = calls_of(customer(UseCustomerClass=1), "change")
    assert change[0].parameters["UpdateIfExists"] == 1
    assert change[0].parameters["UseCustomerClass"] == 0
    address = Document("5", "customer_address", "A5", {"header": customer().frames["addresses"]})
    assert calls_of(address, "create")[0].parameters["UpdateIfExists"] == 0
    assert calls_of(address, "change")[0].parameters["UpdateIfExists"] == 1


def test_an_unknown_parameter_is_a_fault_of_ours(order: Make) -> None:
    document = order()
    wrong = replace(document, frames={**document.frames, "header": [{**document.header, "CUSTNMR": "X"}]})
    with pytest.raises(KeyError, match="CUSTNMR"):
        calls_of(wrong, "create")


def test_the_batch_stops_at_the_first_error_and_never_commits(order: Make) -> None:
    sql = render(calls_of(order(BACHNUMB="WEB1"), "create"), company="TWO", code_page="cp1252", lock_timeout=30000)
    assert sql.count("EXEC [TWO].dbo.") == 8
    assert sql.count("IF @state = 0 BEGIN SET @step") == 8
    assert "BEGIN TRANSACTION" in sql
    assert "COMMIT" not in sql
    assert "SET XACT_ABORT ON" in sql
    assert sql.rstrip().endswith("SELECT @step AS Step, @state AS ErrorState, @errors AS ErrString;")
    assert "@I_vXTNDPRCE = 20.1," in sql
    assert "@I_vDOCDATE = '20261120'" in sql
