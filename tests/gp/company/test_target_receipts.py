"""Cash receipts through the real wire: pymssql to a TDS server, eConnect procedures, GP's receivables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from gp_prestashop.errors import DataError, Refused
from gp_prestashop.gp.target import GpTarget
from gp_prestashop.mapping.shapes import Document
from gp_prestashop.sandbox.gp import client

Make = Callable[..., Document]
_numbers = count(1)


@pytest.fixture
def receipt(target: GpTarget, ready: Make) -> Make:
    """A receipt of a customer whom GP holds."""
    ready()

    def make(number: str = "", applications: list[dict[str, Any]] | None = None, **header: Any) -> Document:
        number = number or f"PSR{next(_numbers):08d}"
        main = {
            "CUSTNMBR": "PS00000007", "DOCNUMBR": number, "DOCDATE": date(2026, 11, 20), "ORTRXAMT": Decimal("34.92"),
            "CSHRCTYP": 1, "CHEKBKID": "BANK-EUR", "CURNCYID": "EUR",
        }  # fmt: skip
        frames = {"header": [main | header], "applications": applications or []}
        return Document("3", "cash_receipt", number, frames)

    return make


@pytest.fixture
def invoice(target: GpTarget, ready: Make, server: Any) -> Callable[..., str]:
    """The number of an order's invoice, which GP has posted: 34.92."""

    def make(**header: Any) -> str:
        order = ready(**header)
        if "CURNCYID" in header:
            lines = [line | {"CURNCYID": header["CURNCYID"]} for line in order.frames["lines"]]
            order = replace(order, frames={**order.frames, "lines": lines})
        target.write(order, "create")
        number: str = server.do(client.transfer_to_invoice, order.key)
        server.do(client.post_batch, "INVOICES")
        return number

    return make


def test_a_receipt_arrives_once_in_a_batch_of_its_own_kind(target: GpTarget, receipt: Make, server: Any) -> None:
    document = receipt()
    assert target.existing([document]) == {}
    outcome = target.write(document, "create")
    assert outcome.action == "created"
    (row,) = server.sql("SELECT * FROM two.rm10201 WHERE docnumbr = %s", document.key)
    assert (row["bachnumb"], row["bchsourc"]) == (outcome.detail["BACHNUMB"], "RM_Cash")
    assert (row["ortrxamt"], row["chekbkid"], row["glpostdt"].date()) == (
        Decimal("34.92"),
        "BANK-EUR",
        date(2026, 11, 20),
    )
    found = target.existing([document])[document.key]
    assert (found.ours, found.same, found.status) == (True, True, "work")
    assert target.write(document, "create").action == "unchanged"
    (money,) = target.money("cash_receipt", [document.key])
    assert (money.currency, money.amount, money.functional_amount, money.status) == (
        "EUR", Decimal("34.92"), Decimal("34.92"), "work",
    )  # fmt: skip


def test_a_posted_receipt_is_found_open_and_in_history(target: GpTarget, receipt: Make, server: Any) -> None:
    document = receipt()
    batch = target.write(document, "create").detail["BACHNUMB"]
    server.do(client.post_receivables_batch, batch)
    assert (target.existing([document])[document.key].status, target.write(document, "create").action) == (
        "history", "unchanged",
    )  # fmt: skip
    assert [row.status for row in target.money("cash_receipt", [document.key])] == ["history"]
    server.sql("UPDATE two.rm20101 SET voidstts = 1 WHERE docnumbr = %s", document.key)
    assert target.existing([document])[document.key].status == "voided"


def test_another_amount_or_customer(target: GpTarget, receipt: Make, customer: Make) -> None:
    document = receipt()
    target.write(document, "create")
    other = receipt(document.key, ORTRXAMT=Decimal("10.00"))
    assert target.existing([other])[other.key].difference == {"ORTRXAMT": (Decimal("34.92"), Decimal("10.00"))}
    with pytest.raises(DataError) as caught:
        target.write(other, "change")
    assert caught.value.code == "amendment"
    somebody = receipt(document.key, CUSTNMBR="PS00000008")
    found = target.existing([somebody])[document.key]
    assert not found.ours
    assert "CUSTNMBR 'PS00000007' instead of 'PS00000008'" in found.sentence
    with pytest.raises(DataError) as caught:
        target.write(somebody, "create")
    assert caught.value.code == "number_taken"


def test_a_payment_that_is_a_deposit_already_is_not_entered_again(
    target: GpTarget, ready: Make, deposit: Make, receipt: Make, server: Any
) -> None:
    order = ready()
    target.write(order, "create")
    target.write(deposit("PSR-DEPOSIT", order.key), "create")
    document = receipt("PSR-DEPOSIT")
    found = target.existing([document])[document.key]
    assert (found.ours, found.same) == (True, True)
    assert target.write(document, "create").action == "unchanged"
    assert server.sql("SELECT 1 FROM two.rm10201 WHERE docnumbr = 'PSR-DEPOSIT'") == []


def test_a_foreign_receipt_keeps_the_shops_rate(target: GpTarget, receipt: Make, server: Any) -> None:
    """PrestaShop's rate is foreign money for one of the shop's currency, so amounts are divided by it: RTCLCMTD 1."""
    document = receipt(CURNCYID="USD", CHEKBKID="BANK-USD", XCHGRATE=Decimal("1.25"), RTCLCMTD=1)
    target.write(document, "create")
    (money,) = target.money("cash_receipt", [document.key])
    assert (money.currency, money.amount, money.functional_amount) == ("USD", Decimal("34.92"), Decimal("27.94"))
    assert target.existing([document])[document.key].same
    (row,) = server.sql("SELECT xchgrate, rtclcmtd FROM two.mc020102 WHERE docnumbr = %s", document.key)
    assert (row["xchgrate"], row["rtclcmtd"]) == (Decimal("1.25"), 1)


def test_a_receipt_is_applied_to_a_posted_invoice(
    target: GpTarget, receipt: Make, invoice: Callable[..., str], server: Any
) -> None:
    number = invoice()
    first = receipt(ORTRXAMT=Decimal("20.00"), applications=[{"APTODCNM": number, "APPTOAMT": Decimal("20.00")}])
    assert "applied" not in target.write(first, "create").detail
    second = receipt(applications=[{"APTODCNM": number, "APPTOAMT": Decimal("34.92")}])
    assert target.write(second, "create").detail["applied"] == f"Applied to {number}: 14.92 of 34.92."
    (row,) = server.sql("SELECT curtrxam FROM two.rm20101 WHERE rmdtypal = 1 AND docnumbr = %s", number)
    assert row["curtrxam"] == 0
    third = receipt(applications=[{"APTODCNM": number, "APPTOAMT": Decimal("1.00")}])
    assert "nothing of it is left" in target.write(third, "create").detail["applied"]
    applied = server.sql("SELECT apfrdcnm, apptoamt FROM two.rm20201 WHERE aptodcnm = %s ORDER BY apfrdcnm", number)
    assert [tuple(row.values()) for row in applied] == [(first.key, 20), (second.key, Decimal("14.92"))]


def test_what_gp_cannot_apply_arrives_unapplied(
    target: GpTarget, receipt: Make, invoice: Callable[..., str], server: Any
) -> None:
    foreign = invoice(CURNCYID="USD")
    for header, number, why in (
        ({}, foreign, "foreign currency"),
        ({"CURNCYID": "USD", "CHEKBKID": "BANK-USD"}, foreign, "functional currency only"),
        ({}, "NOSUCH", "not open"),
    ):
        document = receipt(**header, applications=[{"APTODCNM": number, "APPTOAMT": Decimal("1.00")}])
        assert why in target.write(document, "create").detail["applied"]
        assert server.sql("SELECT 1 FROM two.rm10201 WHERE docnumbr = %s", document.key)
    assert server.sql("SELECT 1 FROM two.rm20201 WHERE aptodcnm IN (%s, 'NOSUCH')", foreign) == []
    blank = receipt(applications=[{"APTODCNM": None, "APPTOAMT": Decimal("1.00")}])
    assert "applied" not in target.write(blank, "create").detail


def test_somebody_in_gp_may_be_faster(
    target: GpTarget, receipt: Make, invoice: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    early = receipt()
    target.write(early, "create")
    rows = [{"APTODCNM": invoice(), "APPTOAMT": Decimal("10.00")}]
    late = replace(early, frames={**early.frames, "applications": rows})
    assert list(target.existing([late])[late.key].difference) == [f"APPTOAMT {rows[0]['APTODCNM']}"]
    assert target.write(late, "change").action == "changed"
    with monkeypatch.context() as patch:  # looked at before that
        patch.setattr("gp_prestashop.gp.receivables.not_yet_applied", lambda *_: {late.key: late})
        with pytest.raises(DataError) as caught:
            target.write(late, "change")
    assert (caught.value.code, caught.value.details["numbers"]) == ("not_applied", [670])
    assert target.write(late, "change").action == "unchanged"
    assert target.existing([late])[late.key].same


@pytest.mark.parametrize(
    ("change", "kind", "number"),
    [
        ({"CHEKBKID": "NOBANK"}, DataError, 12),
        ({"CUSTNMBR": "NOBODY"}, DataError, 24),
        ({"CURNCYID": "XXX"}, DataError, 232),
        ({"CSHRCTYP": 2, "CRCARDID": "Amex"}, DataError, 17),
        ({"CHEKNMBR": "1"}, Refused, 22),
        ({"DOCNUMBR": "R" * 18}, Refused, 12004),
    ],
)
def test_refusals(
    change: dict[str, Any], kind: type[Exception], number: int, target: GpTarget, receipt: Make, server: Any
) -> None:
    document = receipt(**change)
    with pytest.raises(kind) as caught:
        target.write(document, "create")
    assert number in caught.value.details["numbers"]
    assert not server.sql("SELECT 1 FROM two.rm10201 WHERE docnumbr = %s", document.header["DOCNUMBR"])
    assert not server.sql("SELECT 1 FROM two.rm00401 WHERE docnumbr = %s", document.header["DOCNUMBR"])


def test_receipt_batches_roll_when_one_is_marked(target: GpTarget, receipt: Make, server: Any) -> None:
    batch = target.write(receipt(), "create").detail["BACHNUMB"]
    server.do(client.close_batch, batch, "RM_Cash")
    assert target.write(receipt(), "create").detail["BACHNUMB"] == batch.replace("-1", "-2")


def test_the_ledger_day_moves_out_of_a_closed_period(
    make_target: Callable[..., GpTarget], receipt: Make, server: Any
) -> None:
    document = receipt(DOCDATE=date(2024, 1, 15))
    (held,) = make_target().preflight([document])
    assert (held.code, held.column) == ("closed_period", "GLPOSTDT")
    mover = make_target(closed_period="move")
    assert [problem.code for problem in mover.preflight([document])] == ["moved_date"]
    mover.write(document, "create")
    (row,) = server.sql("SELECT docdate, glpostdt FROM two.rm10201 WHERE docnumbr = %s", document.key)
    assert (row["docdate"].date(), row["glpostdt"].date()) == (date(2024, 1, 15), date(2024, 2, 1))
