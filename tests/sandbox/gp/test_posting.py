"""Orders to invoices and into receivables: transfers in part and whole, posting, stock."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gp_prestashop.sandbox.gp import client


def taxed_order(gp) -> None:
    """Three mugs at 10.00 and freight of 5.00, with 20 % tax: 42.00."""
    assert gp.line(QUANTITY=3, XTNDPRCE=Decimal("30.00"), TAXAMNT=Decimal("6.00"), LNITMSEQ=16384) == []
    assert gp.tax(SALESAMT=Decimal("30.00"), STAXAMNT=Decimal("6.00")) == []
    assert gp.tax(TAXTYPE=1, LNITMSEQ=0, SALESAMT=0, STAXAMNT=0, FREIGHT=5, FRTTXAMT=1) == []
    assert gp.tax(LNITMSEQ=0, SALESAMT=30, STAXAMNT=6, FREIGHT=5, FRTTXAMT=1) == []
    amounts = {"SUBTOTAL": 30, "FREIGHT": 5, "TAXAMNT": 6, "FRTTXAMT": 1, "DOCAMNT": 42, "TAXSCHID": "SHOP-FR"}
    assert gp.header(**amounts) == []


def test_a_whole_transfer_moves_the_order_to_history_and_its_deposit_to_the_invoice(gp) -> None:
    taxed_order(gp)
    assert gp.payment(DOCAMNT=Decimal("42.00")) == []
    number = client.transfer_to_invoice(gp.cursor, "PS1")
    assert number == "STDINV1001"
    invoice = gp.one("SELECT * FROM two.sop10100")
    assert (invoice["soptype"], invoice["sopnumbe"]) == (3, number)
    assert (invoice["origtype"], invoice["orignumb"], invoice["cstponbr"]) == (2, "PS1", "ABCDEFGHI")
    assert (invoice["docamnt"], invoice["ordocamt"], invoice["deprecvd"]) == (42, 42, 42)
    order = gp.one("SELECT soptype, pstgstus, mstrnumb FROM two.sop30200 WHERE sopnumbe = 'PS1'")
    assert list(order.values()) == [2, 2, invoice["mstrnumb"]]
    assert gp.one("SELECT soptype, sopnumbe FROM two.sop10103") == {"soptype": 3, "sopnumbe": number}
    taxes = gp.rows("SELECT lnitmseq, staxamnt, frttxamt FROM two.sop10105 WHERE soptype = 3 ORDER BY lnitmseq")
    assert [tuple(tax.values()) for tax in taxes] == [(0, 6, 1), (16384, 6, 0), (2147483646, 0, 1)]
    assert client.post_batch(gp.cursor, "INVOICES") == [number]
    found = gp.rows("SELECT rmdtypal, docnumbr, ortrxamt, curtrxam FROM two.rm20101 ORDER BY rmdtypal")
    assert [tuple(row.values()) for row in found] == [(1, number, 42, 0), (9, "PAY1", 42, 0)]
    stock = gp.rows("SELECT qtyonhnd, atyalloc FROM two.iv00102 WHERE itemnmbr = 'MUG'")
    assert stock == [{"qtyonhnd": 997, "atyalloc": 0}] * 2


def test_transfers_in_part_add_up(gp) -> None:
    taxed_order(gp)
    first = client.transfer_to_invoice(gp.cursor, "PS1", {16384: Decimal(2)})
    left = gp.one("SELECT qtyprinv, qtyremai, atyalloc FROM two.sop10200 WHERE soptype = 2")
    assert list(left.values()) == [2, 1, 1]
    assert gp.one("SELECT docamnt FROM two.sop10100 WHERE sopnumbe = %s", first)["docamnt"] == 30  # 20 + 5 + 4 + 1
    with pytest.raises(LookupError, match="has 1"):
        client.transfer_to_invoice(gp.cursor, "PS1", {16384: Decimal(2)})
    second = client.transfer_to_invoice(gp.cursor, "PS1")
    assert gp.one("SELECT docamnt FROM two.sop10100 WHERE sopnumbe = %s", second)["docamnt"] == 12
    assert gp.rows("SELECT 1 FROM two.sop10100 WHERE soptype = 2") == []
    assert gp.one("SELECT ordocamt FROM two.sop30200 WHERE soptype = 2")["ordocamt"] == 42


@pytest.mark.parametrize(("bucket", "on_hand", "returned"), [("QTYONHND", 1002, 0), ("QTYRTRND", 1000, 2)])
def test_a_return_brings_stock_back_where_its_quantity_type_says(gp, bucket, on_hand, returned) -> None:
    kind = {"SOPTYPE": 4, "SOPNUMBE": "RTN1", "DOCID": "STDRTN"}
    assert gp.line(**kind, **{bucket: 2}) == []
    assert gp.header(**kind, BACHNUMB="RETURNS") == []
    before = gp.rows("SELECT qtyonhnd, qtyrtrnd FROM two.iv00102 WHERE itemnmbr = 'MUG'")
    assert before == [{"qtyonhnd": 1000, "qtyrtrnd": 0}] * 2
    assert client.post_batch(gp.cursor, "RETURNS") == ["RTN1"]
    after = gp.rows("SELECT qtyonhnd, qtyrtrnd FROM two.iv00102 WHERE itemnmbr = 'MUG'")
    assert after == [{"qtyonhnd": on_hand, "qtyrtrnd": returned}] * 2
    row = gp.one("SELECT rmdtypal, docnumbr, curtrxam FROM two.rm20101")
    assert list(row.values()) == [8, "RTN1", 20]


def test_documents_in_a_window(gp) -> None:
    assert gp.line() == []
    assert gp.header() == []
    client.lock_document(gp.cursor, "PS1")
    assert gp.line(UpdateIfExists=1) == [2079]
    client.unlock_documents(gp.cursor)
    assert gp.line(UpdateIfExists=1) == []
    with pytest.raises(LookupError):
        client.lock_document(gp.cursor, "NOSUCH")


def test_fulfilling_and_voiding(gp) -> None:
    assert gp.line() == []
    assert gp.header() == []
    client.fulfil_order(gp.cursor, "PS1")
    assert gp.one("SELECT qtyfulfi FROM two.sop10200")["qtyfulfi"] == 2
    number = client.transfer_to_invoice(gp.cursor, "PS1")
    client.post_batch(gp.cursor, "INVOICES")
    assert gp.one("SELECT posteddt = glpostdt AS same FROM two.sop30200 WHERE soptype = 3")["same"]
    client.void_receivable(gp.cursor, number, 1)
    assert gp.one("SELECT voidstts, curtrxam FROM two.rm20101") == {"voidstts": 1, "curtrxam": 0}
    for action in (lambda: client.void_receivable(gp.cursor, number, 1), lambda: client.fulfil_order(gp.cursor, "PS1")):
        with pytest.raises(LookupError):
            action()
