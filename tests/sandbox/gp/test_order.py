"""A whole sales document, row by row and to the cent."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

TODAY = datetime(2026, 11, 10)


def place_taxed_order(gp) -> None:
    assert gp.line(TAXAMNT=Decimal("4.00"), SHIPMTHD="EXPRESS", COMMENT_1="Engrave: Zoé") == []
    assert (
        gp.line(
            ITEMNMBR="CLOTH",
            QUANTITY=Decimal("1.5"),
            UNITPRCE=Decimal("8.00"),
            XTNDPRCE=Decimal("12.00"),
            TAXAMNT=Decimal("1.20"),
        )
        == []
    )
    assert gp.tax() == []
    assert gp.tax(LNITMSEQ=32768, TAXDTLID="FRVAT10", SALESAMT=Decimal("12.00"), STAXAMNT=Decimal("1.20")) == []
    freight = {"SALESAMT": 0, "STAXAMNT": 0, "FREIGHT": Decimal("5.00"), "FRTTXAMT": Decimal("1.00")}
    assert gp.tax(LNITMSEQ=0, TAXTYPE=1, **freight) == []
    assert gp.tax(LNITMSEQ=0, SALESAMT=Decimal("25.00"), STAXAMNT=Decimal("4.00"), FRTTXAMT=Decimal("1.00")) == []
    assert gp.tax(LNITMSEQ=0, TAXDTLID="FRVAT10", SALESAMT=Decimal("12.00"), STAXAMNT=Decimal("1.20")) == []
    assert gp.call("taSopUserDefined", SOPTYPE=2, SOPNUMBE="PS1", USERDEF1="cart 12", USRDAT01=TODAY) == []
    assert gp.payment(DOCAMNT=Decimal("40.20")) == []
    assert (
        gp.header(
            SUBTOTAL=Decimal("32.00"), FREIGHT=Decimal("5.00"), MISCAMNT=0, TAXAMNT=Decimal("5.20"), FRTTXAMT=Decimal("1.00"),
            TRDISAMT=Decimal("3.00"), DOCAMNT=Decimal("40.20"), PYMTRCVD=Decimal("40.20"),
            TAXSCHID="SHOP-FR", SHIPMTHD="SEED PARCEL",
            CMMTTEXT="Please ring twice", NOTETEXT="from the shop",
        )
        == []
    )  # fmt: skip


def test_header(gp) -> None:
    place_taxed_order(gp)
    header = gp.one("SELECT * FROM two.sop10100 WHERE sopnumbe = 'ps1'")
    expected = {
        "subtotal": "32.00", "orsubtot": "32.00", "frtamnt": "5.00", "taxamnt": "5.20", "frttxamt": "1.00",
        "trdisamt": "3.00", "docamnt": "40.20", "ordocamt": "40.20", "deprecvd": "40.20", "ordeprvd": "40.20",
        "pymtrcvd": "0", "acctamnt": "0", "extdcost": "14.00",
    }  # fmt: skip
    assert {name: header[name] for name in expected} == {name: Decimal(value) for name, value in expected.items()}
    assert header["custname"] == "Zoé Müller"
    assert header["address1"] == "1 rue de la Paix"
    assert (header["prstadcd"], header["prbtadcd"]) == ("PRIMARY", "PRIMARY")
    assert header["bchsourc"] == "Sales Entry"
    assert (header["sopstatus"], header["allocaby"], header["voidstts"], header["pstgstus"]) == (1, 1, 0, 0)
    assert header["reqshipdate"] == header["ordrdate"] == header["docdate"] == TODAY
    assert header["curncyid"] == "EUR"
    assert header["xchgrate"] == 0
    batch = gp.one("SELECT * FROM two.sy00500 WHERE bachnumb = 'WEB1'")
    assert (batch["numoftrx"], batch["bchtotal"], batch["series"], batch["bchsttus"]) == (1, Decimal("40.20"), 3, 0)
    note = gp.one("SELECT txtfield FROM two.sy03900 WHERE noteindx = %s", header["noteindx"])
    assert note["txtfield"] == "from the shop"
    fields = gp.one("SELECT * FROM two.sop10106 WHERE sopnumbe = 'PS1'")
    assert (fields["userdef1"], fields["comment_1"], fields["cmmttext"]) == ("cart 12",) + ("Please ring twice",) * 2


def test_lines_and_stock(gp) -> None:
    place_taxed_order(gp)
    first, second = gp.rows("SELECT * FROM two.sop10200 WHERE sopnumbe = 'PS1' ORDER BY lnitmseq")
    assert (first["lnitmseq"], second["lnitmseq"]) == (16384, 32768)
    assert (first["quantity"], first["atyalloc"], first["qtyremai"], first["qtytoinv"]) == (2, 2, 2, 2)
    assert (first["oxtndprc"], first["ortaxamt"], first["uofm"], first["itemdesc"]) == (20, 4, "Each", "Mug")
    assert (first["shipmthd"], second["shipmthd"]) == ("EXPRESS", "SEED PARCEL")  # the second by the customer's class
    assert gp.one("SELECT comment_1 FROM two.sop10202 WHERE lnitmseq = 16384")["comment_1"] == "Engrave: Zoé"
    stock = gp.rows("SELECT rcrdtype, atyalloc FROM two.iv00102 WHERE itemnmbr = 'CLOTH' ORDER BY rcrdtype")
    assert [(row["rcrdtype"], row["atyalloc"]) for row in stock] == [(1, Decimal("1.5")), (2, Decimal("1.5"))]


def test_tax_rows(gp) -> None:
    place_taxed_order(gp)
    rows = gp.rows("SELECT lnitmseq, taxdtlid, staxamnt, frttxamt FROM two.sop10105 ORDER BY lnitmseq, taxdtlid")
    assert [tuple(row.values()) for row in rows] == [
        (0, "FRVAT10", Decimal("1.20"), 0),
        (0, "FRVAT20", 4, 1),
        (16384, "FRVAT20", 4, 0),
        (32768, "FRVAT10", Decimal("1.20"), 0),
        (2147483646, "FRVAT20", 0, 1),
    ]


def test_distributions_balance(gp) -> None:
    place_taxed_order(gp)
    rows = gp.rows("SELECT disttype, debitamt, crdtamnt FROM two.sop10102 ORDER BY seqnumbr")
    assert sum(row["debitamt"] for row in rows) == sum(row["crdtamnt"] for row in rows) == Decimal("43.20")
    assert {(row["disttype"], row["debitamt"] - row["crdtamnt"]) for row in rows} == {
        (2, Decimal("40.20")), (6, Decimal("3.00")), (1, Decimal("-32.00")), (7, Decimal("-5.00")), (9, Decimal("-6.20")),
    }  # fmt: skip


def test_deposit_takes_effect_at_once(gp) -> None:
    place_taxed_order(gp)
    payment = gp.one("SELECT * FROM two.sop10103 WHERE sopnumbe = 'PS1'")
    assert (payment["docnumbr"], payment["rmdtypal"], payment["seqnumbr"], payment["amntpaid"]) == (
        "PAY1",
        9,
        16384,
        Decimal("40.20"),
    )
    key = gp.one("SELECT * FROM two.rm00401 WHERE rmdtypal = 9 AND docnumbr = 'PAY1'")
    assert key["custnmbr"] == "C1"
    assert gp.one("SELECT deprecv FROM two.rm00103 WHERE custnmbr = 'C1'")["deprecv"] == Decimal("40.20")
    receipt = gp.one("SELECT * FROM two.cm20300")
    assert (receipt["chekbkid"], receipt["rcptamt"], receipt["rcptype"]) == ("BANK-EUR", Decimal("40.20"), 2)
    assert gp.one("SELECT cmtrxnum FROM two.cm20100")["cmtrxnum"] == "PAY1"
    journal = gp.rows("SELECT debitamt, crdtamnt, actindx FROM two.gl10001 ORDER BY sqncline")
    assert [(row["debitamt"], row["crdtamnt"]) for row in journal] == [(Decimal("40.20"), 0), (0, Decimal("40.20"))]
    assert all(row["actindx"] for row in journal)


def test_foreign_document_has_twin_amounts(gp) -> None:
    usd = {"CURNCYID": "USD"}
    assert gp.line(UNITPRCE=Decimal("9.99"), QUANTITY=3, XTNDPRCE=Decimal("29.97"), **usd) == []
    assert gp.payment(DOCAMNT=Decimal("34.97")) == []
    amounts = {
        "SUBTOTAL": Decimal("29.97"),
        "FREIGHT": Decimal("5.00"),
        "DOCAMNT": Decimal("34.97"),
        "PYMTRCVD": Decimal("34.97"),
    }
    assert gp.header(**amounts, **usd) == []
    header = gp.one("SELECT * FROM two.sop10100")
    assert (header["xchgrate"], header["rtclcmtd"], header["ratetpid"]) == (Decimal("0.9090909"), 0, "SELL")
    assert (header["orsubtot"], header["orfrtamt"], header["ordocamt"]) == (Decimal("29.97"), 5, Decimal("34.97"))
    # 29.97 and 5.00 times 0.9090909
    assert (header["subtotal"], header["frtamnt"], header["docamnt"]) == (
        Decimal("27.25"),
        Decimal("4.55"),
        Decimal("31.80"),
    )
    assert (header["ordeprvd"], header["deprecvd"]) == (Decimal("34.97"), Decimal("31.79"))
    line = gp.one("SELECT * FROM two.sop10200")
    assert (line["oxtndprc"], line["xtndprce"], line["oruntprc"], line["unitprce"]) == (
        Decimal("29.97"),
        Decimal("27.25"),
        Decimal("9.99"),
        Decimal("9.08"),
    )
    assert line["currnidx"] == header["currnidx"] == 1002
    payment = gp.one("SELECT * FROM two.sop10103")
    assert (payment["oamtpaid"], payment["amntpaid"], payment["curncyid"]) == (
        Decimal("34.97"),
        Decimal("31.79"),
        "USD",
    )
    assert gp.one("SELECT deprecv FROM two.rm00103 WHERE custnmbr = 'C1'")["deprecv"] == Decimal("31.79")


def test_rate_given_divides(gp) -> None:
    assert gp.line(CURNCYID="USD") == []
    assert gp.header(CURNCYID="USD", XCHGRATE=Decimal("1.25"), RTCLCMTD=1) == []
    assert gp.one("SELECT docamnt FROM two.sop10100")["docamnt"] == Decimal("16.00")


def test_blank_currency_is_the_functional_one(gp) -> None:
    assert gp.line(CURNCYID="") == []
    assert gp.header(CURNCYID="") == []
    assert gp.one("SELECT curncyid FROM two.sop10100")["curncyid"] == "EUR"


def test_keys_are_upper_cased(gp) -> None:
    assert gp.line(SOPNUMBE="ps9", CUSTNMBR="c1", ITEMNMBR="mug", LOCNCODE="main") == []
    assert gp.header(SOPNUMBE="ps9", CUSTNMBR="c1", BACHNUMB="web9", CSTPONBR="abc", LOCNCODE="main") == []
    header = gp.one(
        "SELECT sopnumbe::text, custnmbr::text, bachnumb::text, cstponbr::text, locncode::text FROM two.sop10100"
    )
    assert list(header.values()) == ["PS9", "C1", "WEB9", "ABC", "MAIN"]


def test_customer_discount_by_default(gp) -> None:
    """TRDISAMT and TRADEPCT both NULL: the customer's discount applies and the totals are computed."""
    assert gp.customer(CUSTDISC=Decimal(10)) == []
    assert gp.line() == []
    assert gp.header(TRDISAMT=None, SUBTOTAL=0, DOCAMNT=0) == []
    header = gp.one("SELECT trdisamt, docamnt, trdispct FROM two.sop10100")
    assert list(header.values()) == [Decimal("2.00"), Decimal("18.00"), 1000]


def test_calculated_taxes(gp) -> None:
    assert gp.line(ITMTSHID="SHOP-DE") == []
    amounts = {"TAXSCHID": "SHOP-DE", "CREATETAXES": 1, "DEFPRICING": 1, "FREIGHT": Decimal("10.00"), "FREIGTBLE": 1}
    assert gp.header(**amounts) == []
    header = gp.one("SELECT taxamnt, frttxamt, docamnt FROM two.sop10100")
    assert list(header.values()) == [Decimal("5.20"), Decimal("2.60"), Decimal("37.80")]  # 19 % and 7 % of each
    assert gp.one("SELECT taxamnt FROM two.sop10200")["taxamnt"] == Decimal("5.20")


def test_shipping_method_is_created_by_the_header(gp) -> None:
    assert gp.line() == []
    assert gp.header(SHIPMTHD="DRONE") == []
    assert gp.one("SELECT shipmthd FROM two.sy03000 WHERE shipmthd = 'DRONE'")


def test_taxable_as_the_setup_or_the_customer_says(gp) -> None:
    gp.run("UPDATE two.sop40100 SET frgttxbl = 1, misctxbl = 3")
    assert gp.line(ITMTSHID="ITEM-STD", IVITMTXB=3) == []
    amounts = {"TAXSCHID": "SHOP-FR", "FRTSCHID": "ITEM-STD", "MSCSCHID": "ITEM-RED", "CREATETAXES": 1, "DEFPRICING": 1}
    assert gp.header(**amounts, FREIGHT=Decimal(10), MISCAMNT=Decimal(5)) == []
    header = gp.one("SELECT taxamnt, frttxamt, msctxamt FROM two.sop10100")
    assert list(header.values()) == [
        0,
        2,
        0,
    ]  # the customer has no schedule, so what is based on customers is not taxed
    assert gp.customer(TAXSCHID="SHOP-FR") == []
    assert gp.header(**amounts, FREIGHT=Decimal(10), MISCAMNT=Decimal(5), UpdateExisting=1) == []
    header = gp.one("SELECT taxamnt, frttxamt, msctxamt FROM two.sop10100")
    assert list(header.values()) == [4, 2, Decimal("0.50")]
    assert gp.header(**amounts, FREIGHT=Decimal(10), FREIGTBLE=2, UpdateExisting=1) == []
    assert gp.one("SELECT frttxamt FROM two.sop10100")["frttxamt"] == 0
