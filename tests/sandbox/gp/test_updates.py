"""What existing records become: customers, addresses, lines, headers, payments, and what GP's users do to them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import psycopg
import pytest

from gp_prestashop.sandbox.gp import client
from gp_prestashop.sandbox.gp.host import EconnectHost
from gp_prestashop.sandbox.gp.numbers import incremented
from gp_prestashop.sandbox.gp.values import ConversionError


def stock(gp, item: str) -> tuple[Decimal, Decimal]:
    """Allocated and back ordered, the same at the site and in the summary row."""
    site, summary = gp.rows("SELECT atyalloc, qtybkord FROM two.iv00102 WHERE itemnmbr = %s", item)
    assert site == summary
    return site["atyalloc"], site["qtybkord"]


def test_new_customer(gp) -> None:
    row = gp.one("SELECT * FROM two.rm00101 WHERE custnmbr = 'c1'")
    assert (row["custname"], row["stmtname"], row["shrtname"]) == ("Zoé Müller",) * 3
    assert (row["adrscode"], row["prbtadcd"], row["prstadcd"], row["staddrcd"]) == ("PRIMARY",) * 4
    assert (row["pymtrmid"], row["prclevel"], row["chekbkid"]) == ("PREPAID", "WEB", "BANK-EUR")  # from the class
    assert (row["creatddt"], row["city"], row["zip"]) == (datetime(2026, 11, 10), "Paris", "75002")
    address = gp.one("SELECT address1, zip, ccode FROM two.rm00102 WHERE custnmbr = 'C1' AND adrscode = 'PRIMARY'")
    assert list(address.values()) == ["1 rue de la Paix", "75002", "FR"]
    assert gp.one("SELECT custblnc FROM two.rm00103 WHERE custnmbr = 'C1'")["custblnc"] == 0


def test_customer_update_keeps_null_and_blanks_empty(gp) -> None:
    assert (
        gp.customer(CUSTNAME="New Name", ADDRESS1=None, CITY="", COMMENT1="x", UseCustomerClass=0, CUSTCLAS=None) == []
    )
    row = gp.one("SELECT * FROM two.rm00101 WHERE custnmbr = 'C1'")
    assert (row["custname"], row["address1"], row["city"], row["comment1"]) == ("New Name", "1 rue de la Paix", "", "x")
    assert (row["pymtrmid"], row["custclas"]) == ("PREPAID", "WEB")
    assert gp.one("SELECT address1, city FROM two.rm00102") == {"address1": "1 rue de la Paix", "city": ""}


def test_address_update_and_the_main_one_on_the_customer(gp) -> None:
    call = {"CUSTNMBR": "C1", "ADRSCODE": "PRIMARY", "PHNUMBR1": "0102030405", "CITY": "Lyon"}
    assert gp.call("taCreateCustomerAddress", **call) == []
    assert gp.one("SELECT city, phone1, address1 FROM two.rm00101 WHERE custnmbr = 'C1'") == {
        "city": "Lyon", "phone1": "0102030405", "address1": "1 rue de la Paix",
    }  # fmt: skip
    assert gp.call("taCreateCustomerAddress", CUSTNMBR="C1", ADRSCODE="second", CITY="Bruges", SHIPMTHD="BIKE") == []
    assert gp.one("SELECT city FROM two.rm00102 WHERE adrscode = 'SECOND'")["city"] == "Bruges"
    assert gp.one("SELECT city FROM two.rm00101 WHERE custnmbr = 'C1'")["city"] == "Lyon"
    assert gp.one("SELECT shmthdsc FROM two.sy03000 WHERE shipmthd = 'BIKE'")


def test_internet_addresses(gp) -> None:
    call = {"Master_Type": "CUS", "Master_ID": "c1", "ADRSCODE": "PRIMARY"}
    assert gp.call("taCreateInternetAddresses", **call, INET1="a@example.test", EmailToAddress="a@example.test") == []
    assert gp.call("taCreateInternetAddresses", **call, INET1="b@example.test") == []
    row = gp.one("SELECT master_id::text, inet1, emailtoaddress FROM two.sy01200")
    assert list(row.values()) == ["C1", "b@example.test", ""]


def test_notes_and_accounts_of_a_customer(gp) -> None:
    assert gp.customer("C2", NOTETEXT="likes tea", RMARACTNUMST="000-1200-00", CUSTDISC=Decimal("2.5")) == []
    row = gp.one("SELECT noteindx, rmaracc, custdisc FROM two.rm00101 WHERE custnmbr = 'C2'")
    assert row["custdisc"] == 250
    assert gp.one("SELECT actnumst FROM two.gl00105 WHERE actindx = %s", row["rmaracc"])["actnumst"] == "000-1200-00"
    note = "SELECT txtfield FROM two.sy03900 WHERE noteindx = %s"
    assert gp.one(note, row["noteindx"])["txtfield"] == "likes tea"
    assert gp.customer("C2", NOTETEXT="") == []
    assert gp.rows(note, row["noteindx"]) == []


@pytest.mark.parametrize(
    ("option", "total", "allocated", "back_ordered", "cancelled", "extended"),
    [
        (1, 4, 4, 0, 0, "40.00"),  # sell balance
        (2, 6, 6, 0, 0, "60.00"),  # override
        (3, 6, 0, 6, 0, "60.00"),  # back order all
        (4, 6, 4, 2, 0, "60.00"),  # back order balance
        (5, 6, 0, 0, 6, "60.00"),  # cancel all
        (6, 6, 4, 0, 2, "60.00"),  # cancel balance
    ],
)
def test_shortage_options(gp, option, total, allocated, back_ordered, cancelled, extended) -> None:
    gp.run("UPDATE two.iv00102 SET qtyonhnd = 4 WHERE itemnmbr = 'MUG'")
    assert gp.line(QUANTITY=6, XTNDPRCE=Decimal("60.00"), QtyShrtOpt=option) == []
    line = gp.one("SELECT quantity, atyalloc, qtytbaor, qtycance, oxtndprc FROM two.sop10200")
    assert list(line.values()) == [total, allocated, back_ordered, cancelled, Decimal(extended)]
    assert stock(gp, "MUG") == (allocated, back_ordered)


def test_enough_stock_for_an_item_without_back_orders(gp) -> None:
    assert gp.line(ITEMNMBR="LAST", QUANTITY=3, XTNDPRCE=Decimal("30.00"), QtyShrtOpt=4) == []
    assert stock(gp, "LAST") == (3, 0)


def test_no_allocation_when_the_document_id_does_not_allocate_by_line(gp) -> None:
    gp.run("UPDATE two.sop40200 SET allocaby = 2 WHERE docid = 'STDORD'")
    assert gp.line() == []
    assert stock(gp, "MUG") == (0, 0)
    assert gp.line(ALLOCATE=1) == []
    assert stock(gp, "MUG") == (2, 0)
    assert gp.line(DOCID="") == []  # a blank id behaves as allocation by line
    assert stock(gp, "MUG") == (4, 0)


def test_services_never_touch_stock(gp) -> None:
    assert gp.line(ITEMNMBR="SERVICE", QUANTITY=2000, XTNDPRCE=Decimal("20000.00"), QtyShrtOpt=3) == []
    assert stock(gp, "SERVICE") == (0, 0)


def test_units_of_measure_are_converted(gp) -> None:
    assert gp.line(UOFM="dozen") == []
    assert gp.one("SELECT uofm, qtybsuom FROM two.sop10200") == {"uofm": "Dozen", "qtybsuom": 12}
    assert stock(gp, "MUG") == (24, 0)


def test_price_list(gp) -> None:
    assert gp.line(DEFPRICING=1, UNITPRCE=0, XTNDPRCE=0) == []
    gp.run("UPDATE two.iv00101 SET pricmthd = 2 WHERE itemnmbr = 'MUG'")
    gp.run("UPDATE two.iv00108 SET uomprice = 80 WHERE itemnmbr = 'MUG'")
    assert gp.line(DEFPRICING=1) == []  # 80 % of the list price of 10
    gp.run("UPDATE two.iv00101 SET pricmthd = 5 WHERE itemnmbr = 'MUG'")
    assert gp.line(DEFPRICING=1) == []  # a margin of 80 % on a cost of 4
    prices = gp.rows("SELECT unitprce, xtndprce FROM two.sop10200 ORDER BY lnitmseq")
    assert [tuple(row.values()) for row in prices] == [(10, 20), (8, 16), (20, 40)]


def test_markdown(gp) -> None:
    assert gp.line(MRKDNAMT=Decimal("0.50"), XTNDPRCE=Decimal("19.00")) == []
    assert gp.header(SUBTOTAL=Decimal("19.00"), DOCAMNT=Decimal("19.00"), MRKDNAMT=Decimal("1.00")) == []
    assert gp.line(SOPNUMBE="PS2", MRKDNPCT=Decimal(10), XTNDPRCE=Decimal("18.00")) == []
    line = gp.one("SELECT mrkdnamt, mrkdnpct, mrkdntyp FROM two.sop10200 WHERE sopnumbe = 'PS2'")
    assert list(line.values()) == [1, 1000, 0]


def test_currencies_without_decimals(gp) -> None:
    gp.run("UPDATE dynamics.mc40200 SET decplcur = 1 WHERE curncyid = 'CHF'")
    gp.run("INSERT INTO two.iv00105 (itemnmbr, curncyid, decplcur) VALUES ('MUG', 'CHF', 1)")
    gp.run("INSERT INTO two.iv00108 (itemnmbr, curncyid, prclevel, uofm) VALUES ('MUG', 'CHF', 'WEB', 'Each')")
    assert gp.line(CURNCYID="CHF", UNITPRCE=Decimal("10.5"), XTNDPRCE=Decimal(21)) == [4646]
    assert gp.line(CURNCYID="CHF", QUANTITY=Decimal(2), UNITPRCE=Decimal(10), XTNDPRCE=Decimal(20)) == []
    assert gp.header(CURNCYID="CHF", FREIGHT=Decimal("0.5"), DOCAMNT=Decimal("20.5")) == [832]
    assert gp.header(CURNCYID="CHF") == []


def test_customer_item_numbers(gp) -> None:
    gp.run("INSERT INTO two.sop60300 (itemnmbr, custnmbr, custitemnmbr) VALUES ('MUG', 'C1', 'THEIR-MUG')")
    assert gp.line(ITEMNMBR="their-mug") == []
    assert gp.one("SELECT itemnmbr FROM two.sop10200")["itemnmbr"] == "MUG"


def test_line_update_moves_stock_and_totals(gp) -> None:
    assert gp.line() == []
    assert gp.header() == []
    assert gp.line(UpdateIfExists=1, QUANTITY=5, XTNDPRCE=Decimal("50.00")) == []
    assert stock(gp, "MUG") == (5, 0)
    assert gp.one("SELECT count(*) AS n, sum(oxtndprc) AS sum FROM two.sop10200") == {"n": 1, "sum": 50}
    header = gp.one("SELECT subtotal, orsubtot, docamnt, ordocamt FROM two.sop10100")
    assert list(header.values()) == [50, 50, 50, 50]
    assert gp.line(UpdateIfExists=1, ITEMNMBR="SERVICE") == []  # another item: a new line
    assert gp.one("SELECT docamnt FROM two.sop10100")["docamnt"] == 70
    assert gp.line(UpdateIfExists=1, LNITMSEQ=16384, ITEMNMBR="SERVICE") == [1741]


def test_header_update(gp) -> None:
    assert gp.line() == []
    assert gp.header(NOTETEXT="first") == []
    before = gp.one("SELECT noteindx, mstrnumb FROM two.sop10100")
    assert gp.header(UpdateExisting=1, FREIGHT=Decimal("5.00"), DOCAMNT=Decimal("25.00"), BACHNUMB="WEB2") == []
    assert gp.one("SELECT noteindx, mstrnumb FROM two.sop10100") == before
    assert gp.one("SELECT docamnt, bachnumb FROM two.sop10100") == {"docamnt": 25, "bachnumb": "WEB2"}
    batches = gp.rows(
        "SELECT bachnumb, numoftrx, bchtotal FROM two.sy00500 WHERE bchsourc = 'Sales Entry' ORDER BY bachnumb"
    )
    assert [tuple(row.values()) for row in batches] == [("WEB1", 0, 0), ("WEB2", 1, 25)]
    assert gp.one("SELECT sum(debitamt) AS d FROM two.sop10102")["d"] == 25


def test_deposit_on_an_order_that_is_there_already(gp) -> None:
    assert gp.line(CURNCYID="USD") == []
    assert gp.header(CURNCYID="USD") == []
    assert gp.payment(DOCAMNT=Decimal("20.00"), DOCNUMBR="") == []
    header = gp.one("SELECT ordeprvd, deprecvd, oractamt FROM two.sop10100")
    assert list(header.values()) == [Decimal("20.00"), Decimal("18.18"), 0]
    assert gp.one("SELECT docnumbr, curncyid FROM two.sop10103") == {"docnumbr": "PYMNT000000000001", "curncyid": "USD"}
    assert gp.payment(Action=2, DOCAMNT=Decimal("20.00"), DOCNUMBR="PYMNT000000000001", PYMTTYPE=1) == []
    assert gp.rows("SELECT * FROM two.sop10103") == gp.rows("SELECT * FROM two.rm00401") == []
    assert gp.one("SELECT ordeprvd FROM two.sop10100")["ordeprvd"] == 0
    assert gp.one("SELECT deprecv FROM two.rm00103 WHERE custnmbr = 'C1'")["deprecv"] == 0
    assert gp.one("SELECT voided FROM two.cm20300")["voided"] == 1


def test_card_payment_on_an_order(gp) -> None:
    assert gp.payment(PYMTTYPE=6, CARDNAME="Visa", CHEKBKID="", DOCNUMBR="") == []
    assert gp.one("SELECT chekbkid, pymttype FROM two.sop10103") == {"chekbkid": "BANK-EUR", "pymttype": 6}
    assert gp.rows("SELECT * FROM two.rm00401") == []  # becomes a receipt when posted
    assert gp.line() == []
    assert gp.header(PYMTRCVD=Decimal("24.00")) == []
    assert gp.one("SELECT pymtrcvd, deprecvd FROM two.sop10100") == {"pymtrcvd": 24, "deprecvd": 0}


def test_user_fields_keep_what_null_leaves_out(gp) -> None:
    key = {"SOPTYPE": 2, "SOPNUMBE": "PS1"}
    assert gp.call("taSopUserDefined", **key, USERDEF1="a", USERDEF2="b") == []
    assert gp.call("taSopUserDefined", **key, USERDEF2="c", USRDEF05="d") == []
    row = gp.one("SELECT userdef1, userdef2, usrdef05 FROM two.sop10106")
    assert list(row.values()) == ["a", "c", "d"]


def test_void_moves_everything_to_history(gp) -> None:
    assert gp.line() == []
    assert gp.tax(LNITMSEQ=0, STAXAMNT=0, SALESAMT=0) == []
    assert gp.payment(DOCAMNT=Decimal("20.00")) == []
    assert gp.header(PYMTRCVD=Decimal("20.00")) == []
    client.void_document(gp.cursor, "ps1")
    assert gp.rows("SELECT * FROM two.sop10100") == gp.rows("SELECT * FROM two.sop10200") == []
    row = gp.one("SELECT voidstts, bchsourc, cstponbr, ordocamt FROM two.sop30200 WHERE sopnumbe = 'PS1'")
    assert list(row.values()) == [1, "Sales Void", "ABCDEFGHI", 20]
    assert gp.one("SELECT quantity FROM two.sop30300")["quantity"] == 2
    assert stock(gp, "MUG") == (0, 0)
    assert gp.one("SELECT deprecv FROM two.rm00103 WHERE custnmbr = 'C1'")["deprecv"] == 0
    assert gp.one("SELECT numoftrx, bchtotal FROM two.sy00500 WHERE bachnumb = 'WEB1'") == {
        "numoftrx": 0,
        "bchtotal": 0,
    }
    with pytest.raises(LookupError, match="7004 2939"):
        client.void_document(gp.cursor, "PS1")


def test_posting_a_batch(gp) -> None:
    for number in ("PS1", "PS2"):
        assert gp.line(SOPNUMBE=number) == []
        assert gp.header(SOPNUMBE=number) == []
    client.close_batch(gp.cursor, "WEB1")
    assert gp.line(SOPNUMBE="PS3") == []
    assert gp.header(SOPNUMBE="PS3") == [5616]
    client.open_batch(gp.cursor, "WEB1")
    assert client.post_batch(gp.cursor, "WEB1") == ["PS1", "PS2"]
    history = gp.rows("SELECT sopnumbe, pstgstus, voidstts, ordocamt FROM two.sop30200 ORDER BY sopnumbe")
    assert [tuple(row.values()) for row in history] == [("PS1", 2, 0, 20), ("PS2", 2, 0, 20)]
    assert gp.rows("SELECT * FROM two.sop10100") == gp.rows("SELECT * FROM two.sy00500") == []
    with pytest.raises(LookupError):
        client.close_batch(gp.cursor, "WEB1")


def test_client_flags_on_customers(gp) -> None:
    client.deactivate_customer(gp.cursor, "c1")
    client.hold_customer(gp.cursor, "C1")
    assert gp.one("SELECT inactive, hold FROM two.rm00101 WHERE custnmbr = 'C1'") == {"inactive": 1, "hold": 1}
    with pytest.raises(LookupError):
        client.deactivate_customer(gp.cursor, "NOBODY")


def number_of(gp, document_id: str, kind: int = 2) -> dict[str, object]:
    arguments = {"I_tSOPTYPE": kind, "I_cDOCID": document_id, "I_tInc_Dec": 1}
    return gp.host.execute(gp.cursor, "TWO", "taGetSopNumber", arguments).outputs


def test_next_numbers(gp) -> None:
    assert number_of(gp, "STDORD") == {"O_vSopNumber": "STDORD1001", "O_iErrorState": 0}
    gp.run("INSERT INTO two.sop30200 (sopnumbe, soptype) VALUES ('STDORD1002', 2)")
    assert number_of(gp, "stdord")["O_vSopNumber"] == "STDORD1003"
    assert number_of(gp, "")["O_vSopNumber"] == "ORD000001"
    gp.run("UPDATE two.sop40200 SET usnxtinv = 1 WHERE docid = 'STDORD'")
    assert number_of(gp, "STDORD")["O_vSopNumber"] == "STDINV1001"
    assert number_of(gp, "NOSUCH")["O_iErrorState"] == 3388
    assert number_of(gp, None)["O_iErrorState"] == 3394


@pytest.mark.parametrize(("number", "following"), [("A9", "A10"), ("ORD0099/X", "ORD0100/X"), ("7", "8")])
def test_incremented(number: str, following: str) -> None:
    assert incremented(number) == following


def test_signatures_and_names() -> None:
    host = EconnectHost()
    signature = host.signature("TASOPLINEIVCINSERT")
    assert signature is not None
    assert signature.parameters[0].name == "I_vSOPTYPE"
    assert signature.parameters[0].required
    assert [p.name for p in signature.outputs] == ["O_iErrorState", "oErrString"]
    assert host.signature("taNoSuch") is None


def test_arguments_convert_as_t_sql_does(gp) -> None:
    """Texts for numbers and dates, silent cuts at the parameter's length, blanks at the end ignored."""
    name = "X" * 100
    assert gp.customer("C3 ", CUSTNAME=name, HOLD="0", CUSTDISC="1.005") == []
    row = gp.one("SELECT custnmbr, custname, custdisc FROM two.rm00101 WHERE custnmbr = 'C3'")
    assert list(row.values()) == ["C3", "X" * 64, 101]
    assert gp.line(DOCDATE="2026-11-10", SOPTYPE="2", QUANTITY="2") == []
    with pytest.raises(ConversionError):
        gp.line(DOCDATE="no date")
    with pytest.raises(LookupError):
        gp.host.execute(gp.cursor, "OTHER", "taSopUserDefined", {})


def test_nothing_is_committed_by_a_procedure(gp, company_url: str) -> None:
    assert gp.line() == []
    with psycopg.connect(company_url) as other:
        assert other.execute("SELECT count(*) FROM two.sop10200").fetchone() == (0,)
