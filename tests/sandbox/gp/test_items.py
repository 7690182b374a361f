"""What a line's item may be: kits, drop-shipped, not inventoried, with decimals, in other units."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gp_prestashop.sandbox.gp import client


@pytest.fixture
def kit(gp):
    """BOX: two mugs and one of the last pieces; 3 of the latter are in stock."""
    item = {"itemnmbr": "BOX", "itemdesc": "Gift box", "itemtype": 3}
    gp.run(
        "INSERT INTO two.iv00101 (itemnmbr, itemdesc, itemtype, decplqty, decplcur, uomschdl, selnguom, alwbkord, pricmthd,"
        " taxoptns, prclevel) VALUES (%s, %s, %s, 1, 3, 'EACH', 'Each', 1, 1, 1, 'WEB')",
        *item.values(),
    )
    gp.run("INSERT INTO two.iv00102 (itemnmbr, rcrdtype, locncode) VALUES ('BOX', 1, ''), ('BOX', 2, 'MAIN')")
    gp.run("INSERT INTO two.iv00105 (itemnmbr, curncyid, currnidx, decplcur) VALUES ('BOX', 'EUR', 1001, 3)")
    gp.run(
        "INSERT INTO two.iv00108 (itemnmbr, curncyid, prclevel, uofm, toqty) VALUES ('BOX', 'EUR', 'WEB', 'Each', 9999)"
    )
    gp.run(
        "INSERT INTO two.iv00104 (itemnmbr, seqnumbr, cmptitnm, cmpituom, cmpitqty)"
        " VALUES ('BOX', 1, 'MUG', 'Each', 2), ('BOX', 2, 'LAST', 'Each', 1)"
    )
    return gp


def stock(gp, item: str) -> tuple[Decimal, Decimal, Decimal]:
    row = gp.one("SELECT qtyonhnd, atyalloc, qtybkord FROM two.iv00102 WHERE itemnmbr = %s AND rcrdtype = 2", item)
    return tuple(row.values())


def components(gp) -> list[tuple[object, ...]]:
    rows = gp.rows(
        "SELECT itemnmbr, cmpntseq, quantity, atyalloc FROM two.sop10200 WHERE cmpntseq > 0 ORDER BY cmpntseq"
    )
    return [tuple(row.values()) for row in rows]


def test_a_kit_brings_its_components(kit) -> None:
    assert kit.line(ITEMNMBR="BOX") == []
    assert components(kit) == [("MUG", 16384, 4, 4), ("LAST", 32768, 2, 2)]
    assert kit.header() == []
    assert kit.one("SELECT subtotal FROM two.sop10100")["subtotal"] == 20
    assert kit.line(ITEMNMBR="BOX", UpdateIfExists=1, LNITMSEQ=16384, QUANTITY=1, XTNDPRCE=Decimal("10.00")) == []
    assert components(kit) == [("MUG", 16384, 2, 2), ("LAST", 32768, 1, 1)]
    assert (stock(kit, "MUG"), stock(kit, "LAST")) == ((1000, 2, 0), (3, 1, 0))
    delete = {"SOPTYPE": 2, "SOPNUMBE": "PS1", "ITEMNMBR": "BOX", "DeleteType": 1}
    assert kit.call("taSopLineDelete", **delete) == []
    assert components(kit) == []
    assert stock(kit, "MUG") == (1000, 0, 0)


@pytest.mark.parametrize(
    ("option", "ordered", "back_ordered", "cancelled"), [(1, 3, 0, 0), (2, 5, 0, 0), (3, 0, 5, 0), (5, 0, 0, 5)]
)
def test_a_kit_is_as_scarce_as_its_scarcest_component(kit, option, ordered, back_ordered, cancelled) -> None:
    assert kit.line(ITEMNMBR="BOX", QUANTITY=5, XTNDPRCE=Decimal("50.00"), QtyShrtOpt=option) == []
    line = kit.one("SELECT quantity, qtytbaor, qtycance FROM two.sop10200 WHERE cmpntseq = 0")
    assert list(line.values()) == [ordered + back_ordered + cancelled, back_ordered, cancelled]
    assert stock(kit, "LAST") == (3, ordered, back_ordered)


def test_kits_refuse_some_options(kit) -> None:
    assert kit.line(ITEMNMBR="BOX", QtyShrtOpt=4) == [592]
    assert kit.line(ITEMNMBR="BOX", DROPSHIP=1) == [303]
    assert kit.line(ITEMNMBR="BOX", KitCompMan=1) == [3425]


def test_components_sent_by_hand(kit) -> None:
    assert kit.line(ITEMNMBR="BOX", KitCompMan=1, LNITMSEQ=16384) == []
    assert components(kit) == []
    call = {"SOPTYPE": 2, "SOPNUMBE": "PS1", "LNITMSEQ": 16384, "CUSTNMBR": "C1", "ITEMNMBR": "MUG", "QUANTITY": 6}
    assert kit.call("taSopLineIvcInsertComponent", **call) == []
    assert kit.call("taSopLineIvcInsertComponent", **call, CMPNTSEQ=16384) == [3910]
    assert kit.call("taSopLineIvcInsertComponent", **{**call, "QUANTITY": 8}, CMPNTSEQ=16384, UpdateIfExists=1) == []
    assert [row[2] for row in components(kit)] == [8]


@pytest.mark.parametrize(
    ("change", "numbers"),
    [
        ({"LNITMSEQ": 32768}, [193]),
        ({"ITEMNMBR": "NOSUCH"}, [198]),
        ({"LOCNCODE": "NOSUCH"}, [196]),
        ({"LOCNCODE": "WAREHOUSE"}, [197]),
        ({"CMPITUOM": "Crate"}, [3915]),
        ({"DOCID": "NOSUCH"}, [3467]),
        ({"QUANTITY": -1}, [7469]),
        ({"QTYCANCE": -1}, [452]),
        ({"QTYONHND": 1}, [8502]),
        ({"QtyShrtOpt": 7}, [6259]),
        ({"CMPNTSEQ": 99, "UpdateIfExists": 1}, [4065]),
        ({"QUANTITY": None}, [191]),
    ],
)
def test_components_refused(kit, change, numbers) -> None:
    assert kit.line(ITEMNMBR="BOX", KitCompMan=1, LNITMSEQ=16384) == []
    call = {"SOPTYPE": 2, "SOPNUMBE": "PS1", "LNITMSEQ": 16384, "CUSTNMBR": "C1", "ITEMNMBR": "MUG", "QUANTITY": 6}
    assert kit.call("taSopLineIvcInsertComponent", **{**call, **change}) == numbers


def test_a_component_that_fails_fails_the_kit(kit) -> None:
    kit.run("UPDATE two.iv00104 SET cmptitnm = 'ELSEWHERE' WHERE cmptitnm = 'MUG'")
    assert kit.line(ITEMNMBR="BOX") == [197, 115]


def test_an_invoiced_kit_takes_its_components_stock(kit) -> None:
    assert kit.line(ITEMNMBR="BOX") == []
    assert kit.header() == []
    client.transfer_to_invoice(kit.cursor, "PS1", {16384: Decimal(1)})
    client.transfer_to_invoice(kit.cursor, "PS1")
    client.post_batch(kit.cursor, "INVOICES")
    assert (stock(kit, "MUG"), stock(kit, "LAST")) == ((996, 0, 0), (1, 0, 0))
    assert kit.rows("SELECT 1 FROM two.sop10200") == []


def test_drop_shipped_lines_take_no_stock(gp) -> None:
    assert gp.line(DROPSHIP=1, QtyShrtOpt=1) == [8500]
    assert gp.line(DROPSHIP=1) == []
    assert stock(gp, "MUG") == (1000, 0, 0)


def test_lines_without_an_item_record(gp) -> None:
    assert gp.line(ITEMNMBR="MISC", NONINVEN=1, ITEMDESC="Custom engraving", UOFM="") == []
    row = gp.one("SELECT itemdesc, noninven, uofm, atyalloc FROM two.sop10200")
    assert list(row.values()) == ["Custom engraving", 1, "Each", 0]
    assert gp.line(ITEMNMBR="MUG", NONINVEN=1) == [3771]
    assert gp.line(ITEMNMBR="MISC") == [108]
    assert gp.line(ITEMNMBR="MISC", NONINVEN=1, QUANTITY=Decimal("0.5"), XTNDPRCE=5) == [8503]


def test_decimals_of_quantities_and_units(gp) -> None:
    assert gp.line(ITEMNMBR="CLOTH", QUANTITY=Decimal("1.25"), XTNDPRCE=Decimal("12.50")) == []
    assert gp.line(ITEMNMBR="CLOTH", QUANTITY=Decimal("1.255"), XTNDPRCE=Decimal("12.55")) == [11454]
    assert gp.line(QUANTITY=Decimal("1.5"), XTNDPRCE=Decimal("15.00")) == [11454]
    assert gp.line(UOFM="Crate") == [5313]
