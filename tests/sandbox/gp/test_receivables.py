"""Receivables: receipts, credit memos, their posting, and what is applied to what."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gp_prestashop.sandbox.gp import client
from tests.sandbox.gp.conftest import TODAY


def receipt(gp, **more: object) -> list[int]:
    fields = {
        "CUSTNMBR": "C1", "DOCNUMBR": "R1", "DOCDATE": TODAY, "ORTRXAMT": Decimal("24.00"), "GLPOSTDT": TODAY,
        "BACHNUMB": "CASH1", "CSHRCTYP": 1, "CHEKBKID": "BANK-EUR", "CURNCYID": "EUR",
    }  # fmt: skip
    return gp.call("taRMCashReceiptInsert", **{**fields, **more})


def memo(gp, **more: object) -> list[int]:
    fields = {
        "RMDTYPAL": 7, "DOCNUMBR": "CM1", "DOCDATE": TODAY, "BACHNUMB": "MEMO1", "CUSTNMBR": "C1",
        "DOCAMNT": Decimal("12.00"), "SLSAMNT": Decimal("10.00"), "TAXAMNT": Decimal("2.00"), "CURNCYID": "EUR",
        "CSTPONBR": "ABCDEFGHI",
    }  # fmt: skip
    return gp.call("taRMTransaction", **{**fields, **more})


def memo_tax(gp, **more: object) -> list[int]:
    fields = {
        "CUSTNMBR": "C1", "DOCNUMBR": "CM1", "RMDTYPAL": 7, "BACHNUMB": "MEMO1", "TAXDTLID": "FRVAT20",
        "TAXAMNT": Decimal("2.00"), "STAXAMNT": Decimal("2.00"), "TAXDTSLS": Decimal("10.00"),
    }  # fmt: skip
    return gp.call("taRMTransactionTaxInsert", **{**fields, **more})


def apply(gp, **more: object) -> list[int]:
    fields = {"APTODCNM": "STDINV1001", "APFRDCNM": "R1", "APPTOAMT": Decimal("20.00"), "APFRDCTY": 9, "APTODCTY": 1}
    return gp.call("taRMApply", **{**fields, **more})


def invoiced(gp, **more: object) -> str:
    """An order of 20.00 that was invoiced and posted."""
    assert gp.line(**more) == []
    assert gp.header(**more) == []
    number = client.transfer_to_invoice(gp.cursor, "PS1")
    assert client.post_batch(gp.cursor, "INVOICES") == [number]
    return number


def test_a_receipt_is_work(gp) -> None:
    assert receipt(gp) == []
    row = gp.one("SELECT * FROM two.rm10201")
    assert (row["bchsourc"], row["bachnumb"], row["custnmbr"], row["chekbkid"]) == (
        "RM_Cash",
        "CASH1",
        "C1",
        "BANK-EUR",
    )
    assert (row["ortrxamt"], row["curtrxam"], row["cshrctyp"]) == (24, 24, 1)
    key = gp.one("SELECT dcstatus, rmdtypal, custnmbr FROM two.rm00401 WHERE docnumbr = 'R1'")
    assert list(key.values()) == [1, 9, "C1"]
    sides = gp.rows("SELECT disttype, debitamt, crdtamnt FROM two.rm10101 ORDER BY seqnumbr")
    assert [tuple(side.values()) for side in sides] == [(1, 24, 0), (3, 0, 24)]
    assert gp.one("SELECT unpstdca FROM two.rm00103 WHERE custnmbr = 'C1'")["unpstdca"] == 24
    batch = gp.one("SELECT numoftrx, bchtotal, series FROM two.sy00500 WHERE bchsourc = 'RM_Cash'")
    assert list(batch.values()) == [1, 24, 3]


@pytest.mark.parametrize(
    ("change", "numbers"),
    [
        ({"CUSTNMBR": ""}, [2]),
        ({"CUSTNMBR": "NOBODY"}, [24]),
        ({"DOCNUMBR": ""}, [3]),
        ({"DOCNUMBR": "R" * 18}, [12004]),
        ({"XCHGRATE": -1}, [5629]),
        ({"RATEVARC": -1}, [5630]),
        ({"BACHNUMB": ""}, [5]),
        ({"CHEKBKID": ""}, [6]),
        ({"CHEKBKID": "NOBANK"}, [12]),
        ({"BatchCHEKBKID": "NOBANK"}, [362]),
        ({"CSHRCTYP": 3}, [14]),
        ({"CHEKNMBR": "1"}, [22]),
        ({"CSHRCTYP": 2}, [16]),
        ({"CSHRCTYP": 2, "CRCARDID": "Amex"}, [17]),
        ({"CRCARDID": "Visa"}, [23]),
        ({"CREATEDIST": 2}, [5654]),
        ({"RequesterTrx": 2}, [3722]),
        ({"RATETPID": "NOSUCH"}, [225]),
        ({"CURNCYID": "XXX"}, [232]),
        ({"CURNCYID": "USD", "DOCDATE": "2020-01-01"}, [546]),
    ],
)
def test_receipts_refused(gp, change, numbers) -> None:
    assert receipt(gp, **change) == numbers
    assert gp.rows("SELECT 1 FROM two.rm10201") == gp.rows("SELECT 1 FROM two.rm00401") == []


def test_receipt_numbers_are_taken_once(gp) -> None:
    assert receipt(gp) == []
    assert receipt(gp, CUSTNMBR="C1", ORTRXAMT=1) == [7]
    assert client.post_receivables_batch(gp.cursor, "CASH1") == ["R1"]
    assert receipt(gp) == [7]
    assert gp.payment(DOCNUMBR="R1") == [42]


def test_states_that_refuse_receipts(gp) -> None:
    assert receipt(gp, CSHRCTYP=0, CHEKNMBR="100") == []
    assert receipt(gp, DOCNUMBR="R2", CSHRCTYP=0, CHEKNMBR="100") == [11481]
    client.close_batch(gp.cursor, "CASH1", "RM_Cash")
    assert receipt(gp, DOCNUMBR="R2") == [25]
    client.open_batch(gp.cursor, "CASH1", "RM_Cash")
    gp.run("UPDATE two.sy00500 SET approvl = 1 WHERE bchsourc = 'RM_Cash'")
    assert receipt(gp, DOCNUMBR="R2") == [5627]
    gp.run("UPDATE two.cm00100 SET inactive = 1 WHERE chekbkid = 'PAYPAL'")
    assert receipt(gp, DOCNUMBR="R3", BACHNUMB="CASH2", CHEKBKID="PAYPAL", BatchCHEKBKID="PAYPAL") == [9513, 9512]
    gp.run("UPDATE dynamics.mc60100 SET inactive = 1 WHERE curncyid = 'USD'")
    assert receipt(gp, DOCNUMBR="R3", BACHNUMB="CASH2", CURNCYID="USD") == [774]


def test_foreign_receipt(gp) -> None:
    assert receipt(gp, CURNCYID="USD", CHEKBKID="BANK-USD", XCHGRATE=Decimal("1.25"), RTCLCMTD=1) == []
    row = gp.one("SELECT ortrxamt, curncyid FROM two.rm10201")
    assert list(row.values()) == [Decimal("19.20"), "USD"]
    row = gp.one("SELECT ororgtrx, xchgrate, rtclcmtd, dcstatus FROM two.mc020102")
    assert list(row.values()) == [24, Decimal("1.25"), 1, 1]
    assert client.post_receivables_batch(gp.cursor, "CASH1") == ["R1"]
    row = gp.one("SELECT ortrxamt, curtrxam, cbkidcsh, voidstts FROM two.rm20101")
    assert list(row.values()) == [Decimal("19.20"), Decimal("19.20"), "BANK-USD", 0]
    assert gp.one("SELECT dcstatus FROM two.mc020102")["dcstatus"] == 2
    assert gp.rows("SELECT 1 FROM two.rm10201") == gp.rows("SELECT 1 FROM two.sy00500 WHERE bchsourc = 'RM_Cash'") == []


def test_credit_memo(gp) -> None:
    assert memo_tax(gp) == []
    assert memo(gp) == []
    row = gp.one("SELECT * FROM two.rm10301")
    assert (row["rmdnumwk"], row["docamnt"], row["slsamnt"], row["taxamnt"]) == ("CM1", 12, 10, 2)
    assert (row["cstponbr"], row["adrscode"], row["bchsourc"]) == ("ABCDEFGHI", "PRIMARY", "RM_Sales")
    sides = gp.rows("SELECT disttype, debitamt - crdtamnt AS amount FROM two.rm10101 ORDER BY seqnumbr")
    assert [tuple(side.values()) for side in sides] == [(3, -12), (19, 10), (13, 2)]
    assert gp.one("SELECT unpstdsa FROM two.rm00103 WHERE custnmbr = 'C1'")["unpstdsa"] == -12
    assert client.post_receivables_batch(gp.cursor, "MEMO1", "RM_Sales") == ["CM1"]
    row = gp.one("SELECT rmdtypal, ortrxamt, curtrxam, cspornbr FROM two.rm20101")
    assert list(row.values()) == [7, 12, 12, "ABCDEFGHI"]


def test_foreign_credit_memo(gp) -> None:
    assert memo_tax(gp) == []
    assert memo(gp, CURNCYID="USD", XCHGRATE=Decimal("0.5")) == []
    assert gp.one("SELECT docamnt FROM two.rm10301")["docamnt"] == 6
    assert gp.one("SELECT taxamnt, ortaxamt FROM two.rm10601") == {"taxamnt": 1, "ortaxamt": 2}
    assert gp.one("SELECT ororgtrx, ortaxamt FROM two.mc020102") == {"ororgtrx": 12, "ortaxamt": 2}


@pytest.mark.parametrize(
    ("change", "numbers"),
    [
        ({"ADRSCODE": "NOSUCH"}, [217]),
        ({"CUSTNMBR": ""}, [186]),
        ({"CUSTNMBR": "NOBODY"}, [201]),
        ({"DOCNUMBR": ""}, [187]),
        ({"DOCNUMBR": "C" * 18}, [12003]),
        ({"DOCDATE": "1900-01-01"}, [216]),
        ({"DOCAMNT": -1, "SLSAMNT": -1}, [188, 586]),
        ({"TAXAMNT": 2, "DOCAMNT": 12}, [712]),
        ({"BACHNUMB": ""}, [189]),
        ({"RMDTYPAL": 2}, [627]),
        ({"DOCAMNT": 11}, [621]),
        ({"SLSAMNT": Decimal("10.001"), "DOCAMNT": Decimal("10.001")}, [4643]),
        ({"CURNCYID": "XXX"}, [536]),
        ({"PYMTRMID": "NOSUCH"}, [626]),
        ({"TAXSCHID": "NOSUCH"}, [7023]),
        ({"SHIPMTHD": "NOSUCH"}, [1320]),
        ({"SLPRSNID": "NOSUCH"}, [7149]),
        ({"SALSTERR": "NOSUCH"}, [7024]),
        ({"RATETPID": "NOSUCH"}, [535]),
    ],
)
def test_credit_memos_refused(gp, change, numbers) -> None:
    assert memo(gp, **{"TAXAMNT": 0, "DOCAMNT": 10, **change}) == numbers
    assert gp.rows("SELECT 1 FROM two.rm10301") == []


def test_a_credit_memo_once_and_not_into_a_marked_batch(gp) -> None:
    plain = {"TAXAMNT": 0, "DOCAMNT": 10}
    assert memo(gp, **plain) == []
    assert memo(gp, **plain) == [190]
    client.close_batch(gp.cursor, "MEMO1", "RM_Sales")
    assert memo(gp, DOCNUMBR="CM2", **plain) == [202]


@pytest.mark.parametrize(
    ("change", "numbers"),
    [
        ({"DOCNUMBR": ""}, [293]),
        ({"RMDTYPAL": 9}, [294]),
        ({"BACHNUMB": ""}, [259]),
        ({"TAXDTLID": "NOSUCH"}, [295]),
        ({"ACTINDX": 9999}, [455]),
        ({"TDTTXSLS": 11}, [5443]),
    ],
)
def test_tax_rows_of_memos_refused(gp, change, numbers) -> None:
    assert memo_tax(gp, **change) == numbers


def test_a_tax_detail_once(gp) -> None:
    assert memo_tax(gp) == []
    assert memo_tax(gp) == [262]


def test_a_work_receipt_is_applied_to_an_open_invoice(gp) -> None:
    number = invoiced(gp)
    assert receipt(gp) == []
    assert apply(gp, APTODCNM=number) == []
    assert gp.one("SELECT curtrxam FROM two.rm20101")["curtrxam"] == 0
    assert gp.one("SELECT curtrxam FROM two.rm10201")["curtrxam"] == 4
    row = gp.one("SELECT apptoamt, oraptoam, posted, custnmbr FROM two.rm20201")
    assert list(row.values()) == [20, 20, 0, "C1"]
    client.post_receivables_batch(gp.cursor, "CASH1")
    assert gp.one("SELECT posted FROM two.rm20201")["posted"] == 1
    assert gp.one("SELECT curtrxam FROM two.rm20101 WHERE rmdtypal = 9")["curtrxam"] == 4


def test_a_credit_memo_is_applied(gp) -> None:
    number = invoiced(gp)
    assert memo(gp, TAXAMNT=0, DOCAMNT=10) == []
    call = {"APTODCNM": number, "APFRDCNM": "CM1", "APFRDCTY": 7}
    assert apply(gp, **call, APPTOAMT=11) == [664]
    assert apply(gp, **call, APPTOAMT=4) == []
    assert apply(gp, **call, APPTOAMT=4) == [670]
    assert gp.one("SELECT curtrxam FROM two.rm20101")["curtrxam"] == 16
    assert gp.one("SELECT docamnt - appldamt AS rest FROM two.rm10301")["rest"] == 6


@pytest.mark.parametrize(
    ("change", "numbers"),
    [
        ({"APTODCNM": ""}, [563, 568]),
        ({"APFRDCNM": ""}, [564, 569]),
        ({"APPTOAMT": -1}, [565]),
        ({"APFRDCTY": 1}, [184, 569]),
        ({"APTODCTY": 2}, [1660, 568]),
        ({"APTODCNM": "NOSUCH"}, [568]),
        ({"APFRDCNM": "NOSUCH"}, [569]),
        ({"APPTOAMT": Decimal("20.01")}, [570, 574]),
        ({"APPTOAMT": 19, "WROFAMNT": 2}, [574]),
    ],
)
def test_applications_refused(gp, change, numbers) -> None:
    number = invoiced(gp)
    assert receipt(gp) == []
    assert apply(gp, **{"APTODCNM": number, **change}) == numbers


def test_other_customers_currencies_and_locks(gp) -> None:
    number = invoiced(gp)
    assert gp.customer("C2") == []
    assert receipt(gp, CUSTNMBR="C2") == []
    assert apply(gp, APTODCNM=number) == [165]
    assert receipt(gp, DOCNUMBR="R2", CURNCYID="USD") == []
    assert apply(gp, APTODCNM=number, APFRDCNM="R2") == [4694]
    assert receipt(gp, DOCNUMBR="R3") == []
    gp.run(
        "INSERT INTO tempdb.dex_lock (session_id, row_id, table_path_name)"
        " SELECT 1, dex_row_id, 'TWO.dbo.RM20101' FROM two.rm20101"
    )
    assert apply(gp, APTODCNM=number, APFRDCNM="R3") == [3386]
    assert gp.rows("SELECT 1 FROM two.rm20201") == []


def test_a_foreign_invoice_takes_no_application(gp) -> None:
    number = invoiced(gp, CURNCYID="USD")
    assert gp.one("SELECT ororgtrx FROM two.mc020102")["ororgtrx"] == 20
    assert receipt(gp) == []
    assert apply(gp, APTODCNM=number, APPTOAMT=1) == [4694]
