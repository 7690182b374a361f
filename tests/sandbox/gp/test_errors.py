"""Each error number that the procedures raise, from the call that raises it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

TODAY = datetime(2026, 11, 10)


LINE = [
    (101, {"UOFM": None}),
    (101, {"DOCDATE": None}),
    (102, {"ITEMNMBR": ""}),
    (102, {"SOPNUMBE": "  "}),
    (104, {"SOPTYPE": 7}),
    (788, {"MRKDNAMT": Decimal(-1)}),
    (7470, {"QUANTITY": Decimal(-2), "XTNDPRCE": Decimal(-20)}),
    (7471, {"XTNDPRCE": Decimal(-20)}),
    (7472, {"TAXAMNT": Decimal(-1)}),
    (2611, {"NONINVEN": 2}),
    (2612, {"DROPSHIP": 2}),
    (2224, {"ALLOCATE": 5}),
    (2225, {"UpdateIfExists": 3}),
    (2227, {"RecreateDist": 1}),
    (3409, {"IVITMTXB": 4}),
    (6232, {"QtyShrtOpt": 7}),
    (8500, {"DROPSHIP": 1, "QtyShrtOpt": 3}),
    (108, {"ITEMNMBR": "NOSUCH"}),
    (3771, {"NONINVEN": 1}),
    (598, {"CUSTNMBR": "NOBODY"}),
    (3441, {"DOCID": "NOSUCH"}),
    (106, {"LOCNCODE": "NOSUCH"}),
    (110, {"LOCNCODE": "WAREHOUSE"}),
    (9551, {"PRSTADCD": "NOSUCH"}),
    (3442, {"CURNCYID": "XXX"}),
    (928, {"PRCLEVEL": "NOSUCH"}),
    (179, {"SLPRSNID": "NOSUCH"}),
    (245, {"SALSTERR": "NOSUCH"}),
    (927, {"SHIPMTHD": "NOSUCH"}),
    (3420, {"TAXSCHID": "NOSUCH"}),
    (870, {"ITMTSHID": "NOSUCH"}),
    (5313, {"UOFM": "Pallet"}),
    (9386, {"ITEMNMBR": "EURONLY", "CURNCYID": "USD"}),
    (11755, {"ITEMNMBR": "OLD"}),
    (3407, {"UNITCOST": Decimal(3)}),
    (2273, {"CMMTTEXT": "a", "COMMENT_1": "b"}),
    (7803, {"MRKDNAMT": Decimal(1), "MRKDNPCT": Decimal(10), "XTNDPRCE": Decimal(18)}),
    (4646, {"UNITPRCE": Decimal("10.001"), "XTNDPRCE": Decimal("20.00")}),
    (4647, {"XTNDPRCE": Decimal("20.001")}),
    (5447, {"MRKDNAMT": Decimal("1.001"), "XTNDPRCE": Decimal("18.00")}),
    (11454, {"QUANTITY": Decimal("2.5"), "XTNDPRCE": Decimal("25.00")}),
    (8503, {"ITEMNMBR": "FREE TEXT", "NONINVEN": 1, "QUANTITY": Decimal("2.5"), "XTNDPRCE": Decimal("25.00")}),
    (451, {"MRKDNAMT": Decimal("11.00"), "XTNDPRCE": Decimal("-2.00")}),
    (299, {"XTNDPRCE": Decimal("20.01")}),
    (722, {"SOPTYPE": 3, "DOCID": "STDINV", "XTNDPRCE": Decimal("20.01")}),
    (4644, {"QUANTITY": 0, "XTNDPRCE": Decimal("20.00")}),
    (4776, {"ITEMNMBR": "LAST", "QUANTITY": 5, "XTNDPRCE": Decimal("50.00"), "QtyShrtOpt": 4}),
    (4776, {"ITEMNMBR": "LAST", "QUANTITY": 0, "QTYTBAOR": 5, "XTNDPRCE": Decimal("50.00")}),
    (2608, {"UpdateIfExists": 1}),
    (215, {"QTYRTRND": 1}),
    (580, {"SOPTYPE": 1, "DOCID": "STDQTE", "QTYTBAOR": 1, "XTNDPRCE": Decimal("30.00")}),
    (929, {"INVINDX": "999-9999-99"}),
    (771, {"DEFPRICING": 1, "ITEMNMBR": "LEVELLESS"}),
    (9177, {"DEFPRICING": 1, "PRCLEVEL": "RETAIL"}),
]


@pytest.mark.parametrize(("number", "change"), LINE)
def test_line(gp, number: int, change: dict[str, object]) -> None:
    if change.get("ITEMNMBR") == "LEVELLESS":
        gp.run(
            "INSERT INTO two.iv00101 (itemnmbr, itemtype, decplqty, uomschdl, selnguom)"
            " VALUES ('LEVELLESS', 5, 1, 'EACH', 'Each')"
        )
        gp.run("INSERT INTO two.iv00108 (itemnmbr, curncyid, prclevel, uofm) VALUES ('LEVELLESS', 'EUR', 'X', 'Each')")
        gp.run("UPDATE two.rm40101 SET prclevel = ''")
        gp.run("UPDATE two.rm00101 SET prclevel = ''")
    assert number in gp.line(**change)
    assert gp.rows("SELECT * FROM two.sop10200") == []


def test_line_number_taken(gp) -> None:
    assert gp.line(LNITMSEQ=16384) == []
    assert gp.line(LNITMSEQ=16384) == [450]


def test_line_of_a_document_that_has_its_header(gp) -> None:
    assert gp.line() == []
    assert gp.header() == []
    assert gp.line() == [2221]
    assert gp.line(CUSTNMBR="C2") == [11984, 2221, 598]


def test_line_without_a_site(gp) -> None:
    gp.run("UPDATE two.sop40100 SET locncode = ''")
    assert gp.line(LOCNCODE="", QtyShrtOpt=4) == [1747]
    assert gp.line(LOCNCODE="") == []
    assert gp.one("SELECT locncode, atyalloc FROM two.sop10200") == {"locncode": "", "atyalloc": 0}


def test_inactive_site(gp) -> None:
    gp.run("UPDATE two.iv40700 SET inactive = 1 WHERE locncode = 'MAIN'")
    assert gp.line() == [11807]
    assert 11809 in gp.header()


HEADER = [
    (53, {"DEFPRICING": None}),
    (54, {"BACHNUMB": ""}),
    (54, {"DOCID": ""}),
    (54, {"DOCDATE": ""}),
    (898, {"SOPTYPE": 0}),
    (899, {"CREATECOMM": 2}),
    (2211, {"CREATEDIST": 2}),
    (2212, {"CREATETAXES": 2}),
    (2213, {"DEFTAXSCHDS": 2}),
    (2214, {"FREIGTBLE": 4}),
    (2215, {"MISCTBLE": 4}),
    (2217, {"UpdateExisting": 2}),
    (2272, {"QUOEXPDA": TODAY}),
    (7802, {"TRDISAMT": Decimal(1), "TRADEPCT": Decimal(5)}),
    (786, {"DISTKNAM": Decimal(-1)}),
    (832, {"FREIGHT": Decimal("1.001"), "DOCAMNT": Decimal("21.001")}),
    (724, {"CURNCYID": "XXX"}),
    (9370, {"CURNCYID": "USD"}),
    (723, {"RATETPID": "NOSUCH"}),
    (737, {"DISTKNAM": Decimal(1)}),
    (736, {"DISAVAMT": Decimal(1)}),
    (364, {"BatchCHEKBKID": "NOSUCH"}),
    (2296, {"CMMTTEXT": "a", "COMMENT_1": "b"}),
    (178, {"SLPRSNID": "NOSUCH"}),
    (244, {"SALSTERR": "NOSUCH"}),
    (58, {"LOCNCODE": ""}),
    (59, {"LOCNCODE": "NOSUCH"}),
    (60, {"PYMTRCVD": Decimal("0.01")}),
    (9342, {"RTCLCMTD": 2}),
    (818, {"PRBTADCD": "NOSUCH"}),
    (867, {"PRSTADCD": "NOSUCH"}),
    (859, {"CREATETAXES": 1, "USINGHEADERLEVELTAXES": 1}),
    (866, {"CREATETAXES": 1, "TAXAMNT": Decimal(1), "TAXSCHID": "SHOP-FR"}),
    (890, {"FRTSCHID": "NOSUCH"}),
    (891, {"MSCSCHID": "NOSUCH"}),
    (61, {"TAXSCHID": "NOSUCH"}),
    (82, {"TAXAMNT": Decimal(1), "DOCAMNT": Decimal(21)}),
    (66, {"CUSTNMBR": "NOBODY"}),
    (67, {"SUBTOTAL": Decimal("20.01"), "DOCAMNT": Decimal("20.01")}),
    (4602, {"TRDISAMT": Decimal("20.01"), "DOCAMNT": Decimal("-0.01")}),
    (68, {"DOCID": "NOSUCH"}),
    (7473, {"FREIGHT": Decimal(-1), "DOCAMNT": Decimal(19)}),
    (7474, {"MISCAMNT": Decimal(-1), "DOCAMNT": Decimal(19)}),
    (7475, {"TRDISAMT": Decimal(-1), "DOCAMNT": Decimal(21)}),
    (7476, {"SUBTOTAL": Decimal(-20), "DOCAMNT": Decimal(-20)}),
    (7477, {"DOCAMNT": Decimal(-20)}),
    (5526, {"TAXAMNT": Decimal(-1), "DOCAMNT": Decimal(19)}),
    (7031, {"DSCDLRAM": Decimal(1), "DSCPCTAM": Decimal(1)}),
    (7032, {"PYMTRMID": "NOSUCH"}),
    (799, {"TAXAMNT": Decimal(1), "DOCAMNT": Decimal(21), "TAXSCHID": "SHOP-FR"}),
    (868, {"TAXAMNT": Decimal(1), "DOCAMNT": Decimal(21), "TAXSCHID": "SHOP-FR"}),
    (62, {"TAXAMNT": Decimal(1), "DOCAMNT": Decimal(21), "TAXSCHID": "SHOP-FR"}),
    (85, {"FRTTXAMT": Decimal(1), "DOCAMNT": Decimal(21)}),
    (86, {"MSCTXAMT": Decimal(1), "DOCAMNT": Decimal(21)}),
    (64, {"MRKDNAMT": Decimal(1)}),
    (235, {"DOCAMNT": Decimal("20.01")}),
    (11764, {"Print_Phone_NumberGB": 5}),
    (3770, {"MSTRNUMB": 77}),
]


@pytest.mark.parametrize(("number", "change"), HEADER)
def test_header(gp, number: int, change: dict[str, object]) -> None:
    gp.run("INSERT INTO two.sop40500 (mstrnumb) VALUES (77)")
    assert gp.line() == []
    assert number in gp.header(**change)
    assert gp.rows("SELECT * FROM two.sop10100") == []
    assert gp.header() == []


def test_number_taken_in_work_and_in_history(gp) -> None:
    assert gp.line() == []
    assert gp.header() == []
    assert 56 in gp.header()
    assert gp.call("taSopVoidDocument", SOPTYPE=2, SOPNUMBE="PS1") == []
    assert gp.line() == []
    assert gp.header() == [56]


def test_customer_inactive_and_on_hold(gp) -> None:
    assert gp.line() == []
    gp.run("UPDATE two.rm00101 SET inactive = 1, hold = 1")
    assert gp.header() == [1790]
    assert gp.header(CKHOLD=1) == [1790, 1541]


def test_credit_limit(gp) -> None:
    gp.run("UPDATE two.rm00101 SET crlmttyp = 2, crlmtamt = 19")
    assert gp.line() == []
    assert gp.header(CKCreditLimit=1) == [1791]
    assert gp.header() == []


def test_closed_batch(gp) -> None:
    assert gp.line() == []
    assert gp.header() == []
    gp.run("UPDATE two.sy00500 SET mkdtopst = 1 WHERE bachnumb = 'WEB1'")
    assert gp.line(SOPNUMBE="PS2") == []
    assert gp.header(SOPNUMBE="PS2") == [5616]


def test_foreign_documents(gp) -> None:
    usd = {"CURNCYID": "USD"}
    assert gp.line(ITEMNMBR="NOLIST", **usd) == []
    assert gp.header(**usd) == [1319]
    gp.run("DELETE FROM dynamics.mc00100")
    assert gp.header(**usd) == [727, 1319]
    gp.run("DELETE FROM dynamics.mc60100 WHERE curncyid = 'USD'")
    assert gp.header(**usd) == [726, 727, 1319]
    assert gp.payment(DOCDATE=datetime(2026, 11, 9)) == []
    assert 1321 in gp.header(**usd)


def test_orders_that_may_not_be_back_ordered(gp) -> None:
    gp.run("UPDATE two.sop40200 SET ordtobac = 0")
    assert gp.line(QUANTITY=1, QTYTBAOR=1) == []
    assert gp.header() == [2697]


PAYMENT = [
    (35, {"PYMTTYPE": None}),
    (36, {"CUSTNMBR": ""}),
    (6618, {"PYMTTYPE": 6, "CARDNAME": "Visa"}),
    (3426, {"PYMTTYPE": 7}),
    (3427, {"Action": 4}),
    (581, {"SOPTYPE": 1}),
    (11456, {"PROCESSELECTRONICALLY": 2}),
    (3428, {"Action": 2, "DOCNUMBR": ""}),
    (109, {"DOCAMNT": 0}),
    (3552, {"Action": 2}),
    (3640, {"SOPTYPE": 3}),
    (4006, {"PYMTTYPE": 4}),
    (753, {"PYMTTYPE": 2}),
    (214, {"CHEKBKID": ""}),
    (212, {"CHEKBKID": "NOSUCH"}),
    (48, {"PYMTTYPE": 3, "CARDNAME": "NOSUCH"}),
]


@pytest.mark.parametrize(("number", "change"), PAYMENT)
def test_payment(gp, number: int, change: dict[str, object]) -> None:
    assert number in gp.payment(**change)
    assert gp.rows("SELECT * FROM two.sop10103") == []


def test_inactive_checkbook(gp) -> None:
    gp.run("UPDATE two.cm00100 SET inactive = 1 WHERE chekbkid = 'BANK-EUR'")
    assert gp.payment() == [9528]
    assert gp.line() == []
    assert gp.header(BatchCHEKBKID="BANK-EUR") == [9515]


def test_the_same_deposit_twice(gp) -> None:
    assert gp.payment() == []
    assert gp.payment() == [42]
    assert gp.payment(SOPNUMBE="PS2") == [42]
    assert gp.payment(Action=None) == []  # taken as an update: once in the books all the same
    assert gp.one("SELECT count(*) AS n, sum(amntpaid) AS paid FROM two.sop10103") == {"n": 1, "paid": Decimal("24.00")}
    assert gp.one("SELECT deprecv FROM two.rm00103 WHERE custnmbr = 'C1'")["deprecv"] == Decimal("24.00")


TAX = [
    (601, {"STAXAMNT": None}),
    (602, {"TAXDTLID": ""}),
    (604, {"SOPTYPE": 9}),
    (605, {"TAXDTLID": "NOSUCH"}),
    (456, {"ACTNUMST": "999-9999-99"}),
    (456, {"ACTINDX": 9999}),
]


@pytest.mark.parametrize(("number", "change"), TAX)
def test_tax(gp, number: int, change: dict[str, object]) -> None:
    assert number in gp.tax(**change)
    assert gp.rows("SELECT * FROM two.sop10105") == []


@pytest.mark.parametrize(("kind", "number"), [(0, 795), (1, 794), (2, 793)])
def test_tax_row_twice(gp, kind: int, number: int) -> None:
    assert gp.tax(TAXTYPE=kind) == []
    assert gp.tax(TAXTYPE=kind) == [number]


def test_tax_detail_without_account(gp) -> None:
    gp.run("UPDATE two.tx00201 SET actindx = 0")
    assert gp.tax() == [457]


CUSTOMER = [
    (32, {"UpdateIfExists": None}),
    (33, {"CUSTNMBR": ""}),
    (251, {"UpdateIfExists": 0}),
    (1409, {"CUSTCLAS": ""}),
    (495, {"CUSTCLAS": "NOSUCH"}),
    (5403, {"CRLMTAMT": Decimal(-1)}),
    (8074, {"BALNCTYP": 1}),
    (1621, {"HOLD": 2}),
    (1620, {"INACTIVE": 2}),
    (6328, {"CUSTPRIORITY": 101}),
    (6329, {"CCode": "XX"}),
    (250, {"TAXSCHID": "NOSUCH"}),
    (249, {"SLPRSNID": "NOSUCH"}),
    (5458, {"SALSTERR": "NOSUCH"}),
    (5897, {"CUSTDISC": Decimal(101)}),
    (5421, {"PYMTRMID": "NOSUCH"}),
    (6231, {"PRCLEVEL": "NOSUCH"}),
    (4617, {"CRLMTTYP": 3}),
    (7128, {"CRLMTTYP": 1, "CRLMTAMT": Decimal(5)}),
    (94, {"CRCARDID": "NOSUCH"}),
    (1327, {"CURNCYID": "XXX"}),
    (7859, {"RATETPID": "NOSUCH"}),
    (5420, {"CHEKBKID": "NOSUCH"}),
    (7864, {"RMCSHACTNUMST": "999-9999-99"}),
]


@pytest.mark.parametrize(("number", "change"), CUSTOMER)
def test_customer(gp, number: int, change: dict[str, object]) -> None:
    before = gp.rows("SELECT * FROM two.rm00101")
    assert number in gp.customer(**{**change, "CUSTNAME": "Somebody Else"})
    assert gp.rows("SELECT * FROM two.rm00101") == before


def test_customer_currency_access(gp) -> None:
    gp.run("DELETE FROM dynamics.mc60100 WHERE curncyid = 'USD'")
    assert gp.customer("C9", CURNCYID="USD") == [1305]


def test_customer_address_codes(gp) -> None:
    assert gp.customer("C9", ADRSCODE=None) == [5518]
    assert gp.customer("C9", CreateAddress=0) == [1406]
    assert gp.customer("C8", CreateAddress=0, PRSTADCD="A", PRBTADCD="B", STADDRCD="C") == [1406, 1408, 1407, 1405]


def test_customer_with_documents_stays_active(gp) -> None:
    assert gp.line() == []
    assert gp.header() == []
    assert gp.customer(INACTIVE=1) == [1410]


ADDRESS = [
    (98, {"UpdateIfExists": None}),
    (99, {"CUSTNMBR": ""}),
    (118, {"CUSTNMBR": "NOBODY"}),
    (107, {"ADRSCODE": ""}),
    (8285, {"SLPRSNID": "NOSUCH"}),
    (117, {"TAXSCHID": "NOSUCH"}),
    (6308, {"LOCNCODE": "NOSUCH"}),
    (6309, {"SALSTERR": "NOSUCH"}),
    (6307, {"CCode": "XX"}),
    (9366, {"ADRSCODE": "PRIMARY", "UpdateIfExists": 0}),
    (11762, {"Print_Phone_NumberGB": 5}),
]


@pytest.mark.parametrize(("number", "change"), ADDRESS)
def test_address(gp, number: int, change: dict[str, object]) -> None:
    assert number in gp.call("taCreateCustomerAddress", **{"CUSTNMBR": "C1", "ADRSCODE": "NEW", **change})
    assert len(gp.rows("SELECT * FROM two.rm00102")) == 1


INTERNET = [
    (10900, {"INET1": None}),
    (10901, {"Master_Type": ""}),
    (10902, {"Master_ID": ""}),
    (10903, {"ADRSCODE": ""}),
    (654, {"Master_ID": "NOBODY"}),
    (655, {"ADRSCODE": "NOSUCH"}),
    (653, {"Master_Type": "SLP", "Master_ID": "NOBODY"}),
    (658, {"Master_Type": "ITM", "Master_ID": "NOSUCH"}),
    (661, {"Master_Type": "CMP", "Master_ID": "NOSUCH"}),
]


@pytest.mark.parametrize(("number", "change"), INTERNET)
def test_internet_address(gp, number: int, change: dict[str, object]) -> None:
    fields = {"Master_Type": "CUS", "Master_ID": "C1", "ADRSCODE": "PRIMARY", "INET1": "zoe@example.test"}
    assert number in gp.call("taCreateInternetAddresses", **{**fields, **change})
    assert gp.rows("SELECT * FROM two.sy01200") == []


@pytest.mark.parametrize(
    ("number", "change"), [(134, {"SOPNUMBE": None}), (135, {"SOPNUMBE": ""}), (136, {"SOPTYPE": 8})]
)
def test_user_defined(gp, number: int, change: dict[str, object]) -> None:
    assert number in gp.call("taSopUserDefined", **{"SOPTYPE": 2, "SOPNUMBE": "PS1", **change})


VOID = [
    (7000, {"BACHNUMB": None}),
    (7001, {"SOPNUMBE": ""}),
    (7003, {"SOPTYPE": 7}),
    (1588, {"RemovePayments": 2}),
    (2939, {"SOPNUMBE": "NOSUCH"}),
]


@pytest.mark.parametrize(("number", "change"), VOID)
def test_void(gp, number: int, change: dict[str, object]) -> None:
    assert gp.line() == []
    assert gp.header() == []
    assert number in gp.call("taSopVoidDocument", **{"SOPTYPE": 2, "SOPNUMBE": "PS1", **change})
    assert gp.one("SELECT voidstts FROM two.sop10100")["voidstts"] == 0


def test_locked_document(gp) -> None:
    assert gp.line() == []
    assert gp.payment() == []
    assert gp.header(PYMTRCVD=Decimal("24.00")) == []
    gp.run("INSERT INTO tempdb.dex_lock SELECT 77, dex_row_id, 'TWO.dbo.SOP10100' FROM two.sop10100")
    assert gp.call("taSopVoidDocument", SOPTYPE=2, SOPNUMBE="PS1") == [7134]
    assert gp.line(UpdateIfExists=1) == [2079]
    gp.run("DELETE FROM tempdb.dex_lock")
    assert gp.call("taSopVoidDocument", SOPTYPE=2, SOPNUMBE="PS1", RemovePayments=0) == [7002]


def test_every_error_is_reported_and_the_last_is_the_state(gp) -> None:
    """Validation goes on after an error; the conftest's `call` checks that the state is the last number."""
    assert gp.line(ITEMNMBR="NOSUCH", CUSTNMBR="NOBODY", LOCNCODE="NOSUCH", XTNDPRCE=Decimal("1.00")) == [
        108,
        598,
        106,
        299,
    ]
