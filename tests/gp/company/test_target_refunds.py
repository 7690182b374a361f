"""Refunds through the real wire: sales returns (SOPTYPE 4) and receivables credit memos (RMDTYPAL 7)."""

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
DAY = date(2026, 11, 20)
_numbers = count(1)


@pytest.fixture
def sales_return(target: GpTarget, ready: Make) -> Make:
    """Two of ITEM-A come back, with their tax: 24.12. ``bucket`` is the kind of quantity that the site gets back."""
    ready()

    def make(number: str = "", bucket: str = "QTYONHND", item: str = "ITEM-A", **header: Any) -> Document:
        number = number or f"PSX{next(_numbers):08d}"
        common = {"SOPTYPE": 4, "SOPNUMBE": number, "CUSTNMBR": "PS00000007"}
        line = {
            **common, "DOCDATE": DAY, "DOCID": "STDRTN", "LNITMSEQ": 16384, "ITEMNMBR": item, "LOCNCODE": "MAIN",
            "QUANTITY": Decimal(2), bucket: Decimal(2), "UNITPRCE": Decimal("10.05"), "XTNDPRCE": Decimal("20.10"),
            "TAXAMNT": Decimal("4.02"), "CURNCYID": header.get("CURNCYID", "EUR"),
        }  # fmt: skip
        tax = {**common, "TAXTYPE": 0, "LNITMSEQ": 16384, "TAXDTLID": "FRVAT20", "STAXAMNT": Decimal("4.02"),
               "SALESAMT": Decimal("20.10")}  # fmt: skip
        main = {
            **common, "DOCID": "STDRTN", "DOCDATE": DAY, "CSTPONBR": "XKBKNABJK", "CURNCYID": "EUR", "LOCNCODE": "MAIN",
            "SUBTOTAL": Decimal("20.10"), "FREIGHT": Decimal(0), "MISCAMNT": Decimal(0), "TRDISAMT": Decimal(0),
            "TAXAMNT": Decimal("4.02"), "TAXSCHID": "SHOP-FR", "DOCAMNT": Decimal("24.12"), "PYMTRCVD": Decimal(0),
        }  # fmt: skip
        user = [{"SOPTYPE": 4, "SOPNUMBE": number, "USERDEF1": "PS00000012"}]
        frames = {"header": [main | header], "lines": [line], "taxes": [tax], "user_defined": user}
        return Document("5", "sales_return", number, frames)

    return make


@pytest.fixture
def memo(target: GpTarget, ready: Make) -> Make:
    ready()

    def make(number: str = "", applications: list[dict[str, Any]] | None = None, **header: Any) -> Document:
        number = number or f"PSM{next(_numbers):08d}"
        main = {
            "RMDTYPAL": 7, "DOCNUMBR": number, "DOCDATE": DAY, "CUSTNMBR": "PS00000007", "DOCAMNT": Decimal("12.00"),
            "SLSAMNT": Decimal("10.00"), "TAXAMNT": Decimal("2.00"), "CURNCYID": "EUR", "CSTPONBR": "XKBKNABJK",
            "DOCDESCR": "PS00000012", "TAXSCHID": "SHOP-FR",
        }  # fmt: skip
        tax = {"TAXDTLID": "FRVAT20", "TAXAMNT": Decimal("2.00"), "STAXAMNT": Decimal("2.00"), "TAXDTSLS": Decimal(10)}
        frames = {"header": [main | header], "taxes": [tax], "applications": applications or []}
        return Document("5", "credit_memo", number, frames)

    return make


def stock(server: Any, item: str) -> dict[str, Decimal]:
    (row,) = server.sql(
        "SELECT qtyonhnd, qtyrtrnd, qtydmged FROM two.iv00102 WHERE itemnmbr = %s AND locncode = 'MAIN'", item
    )
    return row


def test_a_return_arrives_once_beside_an_order_of_the_same_number(
    target: GpTarget, sales_return: Make, ready: Make, server: Any
) -> None:
    order = ready()
    target.write(order, "create")
    document = sales_return(order.key)
    assert target.existing([document]) == {}
    assert target.write(document, "create").action == "created"
    (row,) = server.sql("SELECT * FROM two.sop10100 WHERE soptype = 4 AND sopnumbe = %s", document.key)
    assert (row["docid"], row["ordocamt"], row["cstponbr"]) == ("STDRTN", Decimal("24.12"), "XKBKNABJK")
    (user,) = server.sql("SELECT userdef1 FROM two.sop10106 WHERE soptype = 4 AND sopnumbe = %s", document.key)
    assert user["userdef1"] == "PS00000012"
    found = target.existing([document])[document.key]
    assert (found.ours, found.same, found.status) == (True, True, "work")
    assert target.write(document, "create").action == "unchanged"
    assert [row.amount for row in target.money("sales_return", [document.key])] == [Decimal("24.12")]
    assert [row.amount for row in target.money("sales_order", [document.key])] == [Decimal("34.92")]


@pytest.mark.parametrize(
    ("bucket", "column"), [("QTYONHND", "qtyonhnd"), ("QTYRTRND", "qtyrtrnd"), ("QTYDMGED", "qtydmged")]
)
def test_stock_moves_once_when_the_return_is_posted(
    bucket: str, column: str, target: GpTarget, sales_return: Make, server: Any
) -> None:
    before = stock(server, "ITEM-A")
    document = sales_return(bucket=bucket)
    batch = target.write(document, "create").detail["BACHNUMB"]
    assert stock(server, "ITEM-A") == before
    server.do(client.post_batch, batch)
    assert stock(server, "ITEM-A") == {**before, column: before[column] + 2}
    assert target.existing([document])[document.key].status == "history"
    assert target.write(document, "create").action == "unchanged"
    (row,) = server.sql("SELECT rmdtypal, curtrxam FROM two.rm20101 WHERE docnumbr = %s", document.key)
    assert list(row.values()) == [8, Decimal("24.12")]


def test_money_paid_back_with_the_return(target: GpTarget, sales_return: Make, server: Any) -> None:
    document = sales_return(PYMTRCVD=Decimal("24.12"))
    payment = {
        "SOPTYPE": 4, "SOPNUMBE": document.key, "CUSTNMBR": "PS00000007", "DOCDATE": DAY, "DOCAMNT": Decimal("24.12"),
        "CHEKBKID": "BANK-EUR", "PYMTTYPE": 4, "Action": 1,
    }  # fmt: skip
    document = replace(document, frames={**document.frames, "payments": [payment]})
    assert target.write(document, "create").action == "created"
    (row,) = server.sql("SELECT pymtrcvd, acctamnt FROM two.sop10100 WHERE sopnumbe = %s", document.key)
    assert list(row.values()) == [Decimal("24.12"), 0]


@pytest.mark.parametrize(
    ("header", "number"),
    [
        ({"ORDRDATE": DAY}, 180),
        ({"ORIGTYPE": 2, "ORIGNUMB": "PS00000012"}, 181),
        ({"FREIGHT": Decimal(-1)}, 7473),
        ({"DOCAMNT": Decimal("24.13")}, 235),
    ],
)
def test_returns_refused(header: dict[str, Any], number: int, target: GpTarget, sales_return: Make) -> None:
    """A return cannot name the order as its original (181), so its reference and a user-defined field do."""
    with pytest.raises(Refused) as caught:
        target.write(sales_return(**header), "create")
    assert number in caught.value.details["numbers"]


def test_a_return_needs_to_say_where_its_quantity_goes(target: GpTarget, sales_return: Make) -> None:
    document = sales_return()
    line = {**document.frames["lines"][0], "QTYONHND": Decimal(1)}
    with pytest.raises(Refused) as caught:
        target.write(replace(document, frames={**document.frames, "lines": [line]}), "create")
    assert 183 in caught.value.details["numbers"]


def test_a_return_that_differs_is_held(target: GpTarget, sales_return: Make) -> None:
    document = sales_return()
    target.write(document, "create")
    with pytest.raises(DataError) as caught:
        target.write(document, "change")
    assert caught.value.code == "amendment"
    other = sales_return(document.key, CSTPONBR="OTHER")
    assert not target.existing([other])[document.key].ours


def test_a_credit_memo_arrives_once(target: GpTarget, memo: Make, server: Any) -> None:
    document = memo()
    assert target.existing([document]) == {}
    outcome = target.write(document, "create")
    (row,) = server.sql("SELECT * FROM two.rm10301 WHERE docnumbr = %s", document.key)
    assert (row["bachnumb"], row["bchsourc"]) == (outcome.detail["BACHNUMB"], "RM_Sales")
    assert (row["docamnt"], row["taxamnt"], row["docdescr"]) == (12, 2, "PS00000012")
    (tax,) = server.sql("SELECT bachnumb, staxamnt FROM two.rm10601 WHERE docnumbr = %s", document.key)
    assert list(tax.values()) == [outcome.detail["BACHNUMB"], 2]
    found = target.existing([document])[document.key]
    assert (found.ours, found.same, found.status) == (True, True, "work")
    assert target.write(document, "create").action == "unchanged"
    server.do(client.post_receivables_batch, outcome.detail["BACHNUMB"], "RM_Sales")
    assert target.existing([document])[document.key].status == "history"
    (money,) = target.money("credit_memo", [document.key])
    assert (money.amount, money.currency, money.status) == (12, "EUR", "history")
    foreign = memo(document.key, CSTPONBR="OTHER")
    assert "CSTPONBR 'XKBKNABJK' instead of 'OTHER'" in target.existing([foreign])[document.key].sentence


def test_a_foreign_credit_memo_at_the_orders_rate(target: GpTarget, memo: Make) -> None:
    document = memo(CURNCYID="USD", XCHGRATE=Decimal("1.25"), RTCLCMTD=1)
    target.write(document, "create")
    (money,) = target.money("credit_memo", [document.key])
    assert (money.currency, money.amount, money.functional_amount) == ("USD", 12, Decimal("9.60"))
    assert target.existing([document])[document.key].same


def test_a_credit_memo_is_applied_to_the_posted_invoice(target: GpTarget, memo: Make, ready: Make, server: Any) -> None:
    order = ready()
    target.write(order, "create")
    invoice = server.do(client.transfer_to_invoice, order.key)
    server.do(client.post_batch, "INVOICES")
    document = memo(applications=[{"APTODCNM": invoice, "APPTOAMT": Decimal("12.00")}])
    target.write(document, "create")
    (row,) = server.sql("SELECT apfrdcty, apptoamt FROM two.rm20201 WHERE aptodcnm = %s", invoice)
    assert list(row.values()) == [7, 12]


@pytest.mark.parametrize(
    ("change", "kind", "number"),
    [
        ({"DOCAMNT": Decimal("12.01")}, Refused, 621),
        ({"TAXAMNT": Decimal(3), "DOCAMNT": Decimal(13)}, Refused, 712),
        ({"TAXSCHID": "NOSUCH"}, DataError, 7023),
        ({"ADRSCODE": "NOSUCH"}, DataError, 217),
        ({"CURNCYID": "XXX"}, DataError, 536),
    ],
)
def test_memos_refused(
    change: dict[str, Any], kind: type[Exception], number: int, target: GpTarget, memo: Make, server: Any
) -> None:
    document = memo(**change)
    with pytest.raises(kind) as caught:
        target.write(document, "create")
    assert number in caught.value.details["numbers"]
    for table in ("rm10301", "rm10601", "rm00401"):
        assert server.sql(f"SELECT 1 FROM two.{table} WHERE docnumbr = %s", document.key) == []
