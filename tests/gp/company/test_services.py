"""The same documents through the web services: zeep, Windows authentication, a WSDL; what they cannot do is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from gp_prestashop.errors import DataError, Refused
from gp_prestashop.gp.conformance import run_conformance
from gp_prestashop.gp.target import GpTarget
from gp_prestashop.mapping.shapes import Document
from gp_prestashop.settings import GpSettings

Make = Callable[..., Document]
DAY = date(2026, 11, 20)
_numbers = count(1)


@pytest.fixture
def target(services_target: Callable[..., GpTarget]) -> GpTarget:
    return services_target()


def receipt(**header: Any) -> Document:
    number = f"WSR{next(_numbers):08d}"
    main = {
        "CUSTNMBR": "PS00000007", "DOCNUMBR": number, "DOCDATE": DAY, "ORTRXAMT": Decimal("34.92"), "CSHRCTYP": 1,
        "CHEKBKID": "BANK-EUR", "CURNCYID": "EUR", "TRXDSCRN": "Order 12",
    }  # fmt: skip
    return Document("3", "cash_receipt", number, {"header": [main | header]})


def memo(**header: Any) -> Document:
    number = f"WSM{next(_numbers):08d}"
    main = {
        "RMDTYPAL": 7, "DOCNUMBR": number, "DOCDATE": DAY, "CUSTNMBR": "PS00000007", "DOCAMNT": Decimal("12.00"),
        "SLSAMNT": Decimal("10.00"), "TAXAMNT": Decimal("2.00"), "CURNCYID": "EUR", "CSTPONBR": "XKBKNABJK",
        "TAXSCHID": "SHOP-FR",
    }  # fmt: skip
    tax = {"TAXDTLID": "FRVAT20", "TAXAMNT": Decimal("2.00"), "STAXAMNT": Decimal("2.00"), "TAXDTSLS": Decimal(10)}
    return Document("5", "credit_memo", number, {"header": [main | header], "taxes": [tax]})


def returned(**line: Any) -> Document:
    number = f"WSX{next(_numbers):08d}"
    common = {"SOPTYPE": 4, "SOPNUMBE": number, "CUSTNMBR": "PS00000007"}
    row = {
        **common, "DOCDATE": DAY, "DOCID": "STDRTN", "LNITMSEQ": 16384, "ITEMNMBR": "ITEM-A", "LOCNCODE": "MAIN",
        "QUANTITY": Decimal(2), "QTYRTRND": Decimal(2), "UNITPRCE": Decimal("10.05"), "XTNDPRCE": Decimal("20.10"),
        "CURNCYID": "EUR",
    }  # fmt: skip
    header = {
        **common, "DOCID": "STDRTN", "DOCDATE": DAY, "CSTPONBR": "XKBKNABJK", "CURNCYID": "EUR", "LOCNCODE": "MAIN",
        "SUBTOTAL": Decimal("20.10"), "TRDISAMT": Decimal(0), "DOCAMNT": Decimal("20.10"), "PYMTRCVD": Decimal("20.10"),
    }  # fmt: skip
    paid = {**common, "DOCDATE": DAY, "DOCAMNT": Decimal("20.10"), "CHEKBKID": "BANK-EUR", "PYMTTYPE": 4, "Action": 1}
    user = {"SOPTYPE": 4, "SOPNUMBE": number, "USERDEF1": "PS00000012"}
    frames = {"header": [header], "lines": [row | line], "payments": [paid], "user_defined": [user]}
    return Document("5", "sales_return", number, frames)


@pytest.mark.parametrize("make", [receipt, memo, returned])
def test_each_document_arrives_once_and_is_found(
    make: Callable[..., Document], target: GpTarget, ready: Make, server: Any
) -> None:
    ready()
    document = make()
    assert target.existing([document]) == {}
    outcome = target.write(document, "create")
    assert outcome.action == "created"
    found = target.existing([document])[document.key]
    assert (found.ours, found.same, found.status) == (True, True, "work"), found.difference
    assert target.write(document, "create").action == "unchanged"
    source = {"cash_receipt": "RM_Cash", "credit_memo": "RM_Sales", "sales_return": "Sales Entry"}[document.type]
    batches = server.sql(
        "SELECT 1 FROM two.sy00500 WHERE bchsourc = %s AND bachnumb = %s", source, outcome.detail["BACHNUMB"]
    )
    assert batches
    assert [row.amount for row in target.money(document.type, [document.key])]


def test_the_return_says_where_its_quantity_goes(target: GpTarget, ready: Make, server: Any) -> None:
    ready()
    document = returned()
    target.write(document, "create")
    (line,) = server.sql("SELECT qtyrtrnd, qtyonhnd FROM two.sop10200 WHERE sopnumbe = %s", document.key)
    assert list(line.values()) == [2, 0]
    (user,) = server.sql("SELECT userdef1 FROM two.sop10106 WHERE sopnumbe = %s", document.key)
    assert user["userdef1"] == "PS00000012"


def test_a_line_takes_its_comment_along(target: GpTarget, ready: Make, server: Any) -> None:
    document = _with_line(ready(), CMMTTEXT="Customised: no. 41 in the shop")
    target.write(document, "create")
    rows = server.sql("SELECT comment_1 FROM two.sop10202 WHERE sopnumbe = %s", document.key)
    assert [row["comment_1"] for row in rows] == ["Customised: no. 41 in the shop"]


def test_a_refusal_names_the_procedures_numbers(target: GpTarget, ready: Make) -> None:
    ready()
    with pytest.raises(DataError) as caught:
        target.write(receipt(CHEKBKID="NOBANK"), "create")
    assert caught.value.code == "gp_12"
    with pytest.raises(Refused) as refused:
        target.write(memo(DOCAMNT=Decimal(13)), "create")
    assert refused.value.details["numbers"] == [621]


def test_nothing_can_be_applied(target: GpTarget, ready: Make, server: Any) -> None:
    ready()
    server.sql("INSERT INTO two.rm00401 (docnumbr, rmdtypal, dcstatus, custnmbr) VALUES ('WSINV', 1, 2, 'PS00000007')")
    server.sql(
        "INSERT INTO two.rm20101 (docnumbr, rmdtypal, custnmbr, ortrxamt, curtrxam, curncyid)"
        " VALUES ('WSINV', 1, 'PS00000007', 50, 50, 'EUR')"
    )
    document = receipt()
    row = {"APTODCNM": "WSINV", "APPTOAMT": Decimal(5)}
    document = replace(document, frames={**document.frames, "applications": [row]})
    assert "cannot apply" in target.write(document, "create").detail["applied"]
    assert server.sql("SELECT 1 FROM two.rm20201 WHERE aptodcnm = 'WSINV'") == []


def test_what_the_services_cannot_carry_is_said_before_anything_is_sent(
    target: GpTarget, ready: Make, services: Any
) -> None:
    sent = services.requests["CreateSalesOrder"]
    for document, name in (
        (ready(CREATETAXES=1), "CREATETAXES"),
        (_with_line(ready(), QtyShrtOpt=4), "QtyShrtOpt"),
        (_with_line(ready(), KitCompMan=1), "KitCompMan"),
    ):
        with pytest.raises(DataError, match=name) as caught:
            target.write(document, "create")
        assert caught.value.code == "not_by_services"
    with pytest.raises(DataError, match="divide") as caught:
        target.write(ready(CURNCYID="USD", XCHGRATE=Decimal("1.25"), RTCLCMTD=1), "create")
    assert caught.value.code == "rate_sense"
    assert services.requests["CreateSalesOrder"] == sent


def test_the_rate_goes_along_where_the_exchange_table_has_its_sense(target: GpTarget, ready: Make) -> None:
    document = _with_line(ready(CURNCYID="USD", XCHGRATE=Decimal("0.8"), RTCLCMTD=0), CURNCYID="USD")
    lines = [{**line, "CURNCYID": "USD"} for line in document.frames["lines"]]
    document = replace(document, frames={**document.frames, "lines": lines})
    target.write(document, "create")
    (money,) = target.money("sales_order", [document.key])
    assert (money.amount, money.functional_amount) == (Decimal("34.92"), Decimal("27.94"))


def _with_line(document: Document, **change: Any) -> Document:
    first, *others = document.frames["lines"]
    return replace(document, frames={**document.frames, "lines": [first | change, *others]})


def test_address_and_carrier_of_an_order_can_change_but_no_amount(target: GpTarget, ready: Make, server: Any) -> None:
    original = ready()
    target.write(original, "create")
    header = original.header | {"CITY": "Lyon", "SHIPMTHD": "EXPRESS"}
    document = replace(original, frames={**original.frames, "header": [header]})
    assert target.write(document, "change").action == "changed"
    assert target.existing([document])[document.key].same
    dearer = replace(original, frames={**original.frames, "header": [header | {"FREIGHT": Decimal(5)}]})
    with pytest.raises(DataError, match="change only its address") as caught:
        target.write(dearer, "change")
    assert caught.value.code == "amendment"
    (row,) = server.sql("SELECT orfrtamt FROM two.sop10100 WHERE sopnumbe = %s", original.key)
    assert row["orfrtamt"] == 4


def test_a_cancelled_order_is_voided_or_put_on_hold(
    services_target: Callable[..., GpTarget], ready: Make, deposit: Make, server: Any
) -> None:
    target = services_target()
    document = ready()
    target.write(document, "create")
    assert "voided" in target.withdraw(document).detail["sentence"]
    assert target.existing([document])[document.key].status == "voided"
    paid = ready()
    target.write(paid, "create")
    target.write(deposit(f"W{paid.key}", paid.key), "create")
    with pytest.raises(DataError) as caught:
        target.withdraw(paid)
    assert caught.value.code == "deposits_there"
    stopping = services_target(cancel="hold", cancel_hold="SERVICES STOP")
    assert "on hold" in stopping.withdraw(paid).detail["sentence"]
    assert server.sql("SELECT 1 FROM two.sop10104 WHERE sopnumbe = %s AND delete1 = 0", paid.key)


def test_the_conformance_kit_passes_over_the_services_too(server: Any, services: Any) -> None:
    login = {"services_url": services.url, "services_user": "SANDBOX\\gp", "services_password": "pw"}
    settings = GpSettings(sql_url=server.url, company="TWO", writer="webservices", batch={"prefix": "CONS"}, **login)
    results = list(run_conformance(settings, write=True))
    assert [(result.name, result.sentence) for result in results if not result.ok] == []
