"""Changes of a sales document in work: its header worked out anew, lines deleted, process holds."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gp_prestashop.sandbox.gp import client


@pytest.fixture
def order(gp):
    """Two mugs of 20.00 with 4.00 tax, and a service of 10.00 with none: 34.00."""
    assert gp.line(LNITMSEQ=16384, TAXAMNT=Decimal("4.00")) == []
    assert gp.line(LNITMSEQ=32768, ITEMNMBR="SERVICE", QUANTITY=1, XTNDPRCE=Decimal("10.00")) == []
    assert gp.tax() == []
    assert gp.tax(LNITMSEQ=0) == []
    amounts = {"SUBTOTAL": 30, "TAXAMNT": 4, "DOCAMNT": 34, "TAXSCHID": "SHOP-FR"}
    assert gp.header(**amounts) == []
    return gp


def amounts(gp) -> tuple[object, ...]:
    return tuple(gp.one("SELECT orsubtot, ortaxamt, ordocamt FROM two.sop10100").values())


def test_an_updated_header_works_its_sums_out_by_itself(order) -> None:
    assert order.header(UpdateExisting=1, SUBTOTAL=1, DOCAMNT=1, FREIGHT=5, TAXSCHID="SHOP-FR") == []
    assert amounts(order) == (30, 4, 39)
    assert order.one("SELECT sum(debitamt) AS d FROM two.sop10102")["d"] == 39


def test_an_updated_line_loses_its_tax_rows_until_taxes_are_calculated(order) -> None:
    assert order.line(UpdateIfExists=1, LNITMSEQ=16384, QUANTITY=3, XTNDPRCE=Decimal("30.00")) == []
    rows = order.rows("SELECT lnitmseq FROM two.sop10105 ORDER BY lnitmseq")
    assert [row["lnitmseq"] for row in rows] == [0]
    assert order.tax(LNITMSEQ=0) == [795]  # the total's row is there still: supplied taxes cannot replace it
    order.run("UPDATE two.sop10200 SET itmtshid = 'SHOP-FR', ivitmtxb = 1")
    order.run("DELETE FROM two.tx00102 WHERE taxdtlid = 'FRVAT10'")
    assert order.header(UpdateExisting=1, CREATETAXES=1, TAXSCHID="SHOP-FR") == []
    assert amounts(order) == (40, 8, 48)
    rows = order.rows("SELECT lnitmseq, orslstax FROM two.sop10105 ORDER BY lnitmseq")
    assert [tuple(row.values()) for row in rows] == [(0, 8), (16384, 6), (32768, 2)]


@pytest.mark.parametrize(
    ("change", "numbers"),
    [
        ({"PRSTADCD": "NOSUCH"}, [1749, 2218]),
        ({"PRBTADCD": "NOSUCH"}, [1748, 2218]),
        ({"LOCNCODE": "NOSUCH"}, [1745, 2218]),
        ({"SLPRSNID": "NOSUCH"}, [1742, 2218]),
        ({"SALSTERR": "NOSUCH"}, [1743, 2218]),
        ({"PYMTRMID": "NOSUCH"}, [7030, 2218]),
        ({"RATETPID": "NOSUCH"}, [1736, 2218]),
        ({"PYMTRCVD": 5}, [1189, 2218]),
        ({"FREIGHT": -1}, [5633, 2218]),
    ],
)
def test_updates_refused_with_the_numbers_of_the_recalculation(order, change, numbers) -> None:
    assert sorted(order.header(UpdateExisting=1, **change)) == sorted(numbers)
    assert amounts(order) == (30, 4, 34)


def test_locked_and_pending_documents(order) -> None:
    client.lock_document(order.cursor, "PS1")
    assert order.header(UpdateExisting=1) == [1754, 2218]
    assert order.line(UpdateIfExists=1, LNITMSEQ=16384) == [2079]
    delete = {"SOPTYPE": 2, "SOPNUMBE": "PS1", "ITEMNMBR": "MUG", "DeleteType": 1}
    assert order.call("taSopLineDelete", **delete) == [7017]
    client.unlock_documents(order.cursor)
    order.run("UPDATE two.sop10100 SET workflowapprstatcreditlm = 4")
    assert order.header(UpdateExisting=1) == [9005, 2218]


def test_a_line_is_deleted_with_all_that_belongs_to_it(order) -> None:
    before = order.one("SELECT atyalloc FROM two.iv00102 WHERE itemnmbr = 'MUG' AND rcrdtype = 2")["atyalloc"]
    assert before == 2
    delete = {"SOPTYPE": 2, "SOPNUMBE": "PS1", "ITEMNMBR": "MUG", "LNITMSEQ": 16384, "DeleteType": 1}
    assert order.call("taSopLineDelete", **delete) == []
    assert [row["itemnmbr"] for row in order.rows("SELECT itemnmbr FROM two.sop10200")] == ["SERVICE"]
    assert [row["lnitmseq"] for row in order.rows("SELECT lnitmseq FROM two.sop10105")] == [0]
    assert order.one("SELECT atyalloc FROM two.iv00102 WHERE itemnmbr = 'MUG' AND rcrdtype = 2")["atyalloc"] == 0
    assert order.one("SELECT orsubtot FROM two.sop10100")["orsubtot"] == 10
    assert order.call("taSopLineDelete", **delete) == [999]


@pytest.mark.parametrize(
    ("change", "numbers"),
    [
        ({"SOPTYPE": 7}, [411]),
        ({"SOPNUMBE": ""}, [408]),
        ({"DeleteType": 3}, [3566]),
        ({"RequesterTrx": 2}, [2220]),
        ({"RecreateDist": 2}, [752]),
        ({"ITEMNMBR": "LAST"}, [999]),
        ({"DeleteType": 2}, [3449]),
        ({"DeleteType": None}, [407]),
    ],
)
def test_deletions_refused(order, change, numbers) -> None:
    delete = {"SOPTYPE": 2, "SOPNUMBE": "PS1", "ITEMNMBR": "MUG", "DeleteType": 1, **change}
    assert order.call("taSopLineDelete", **delete) == numbers


def test_a_deletion_that_is_ambiguous_or_linked(order) -> None:
    assert order.line(UpdateIfExists=1, LNITMSEQ=49152) == []
    delete = {"SOPTYPE": 2, "SOPNUMBE": "PS1", "ITEMNMBR": "MUG", "DeleteType": 1}
    assert order.call("taSopLineDelete", **delete) == [409]
    order.run("INSERT INTO two.sop60100 (sopnumbe, soptype, lnitmseq) VALUES ('PS1', 2, 49152)")
    assert order.call("taSopLineDelete", **delete, LNITMSEQ=49152) == [2091]


def test_process_holds(order) -> None:
    hold = {"SOPTYPE": 2, "SOPNUMBE": "PS1", "PRCHLDID": "shop", "XFERPHOL": 1}
    assert order.call("taSopUpdateCreateProcessHold", **hold) == []
    assert order.one("SELECT prchldid, delete1 FROM two.sop10104") == {"prchldid": "SHOP", "delete1": 0}
    assert order.one("SELECT xferphol FROM two.sop00100")["xferphol"] == 1
    assert order.call("taSopUpdateCreateProcessHold", **hold) == [6003]
    with pytest.raises(LookupError, match="on hold"):
        client.transfer_to_invoice(order.cursor, "PS1")
    assert order.call("taSopUpdateCreateProcessHold", **hold, DELETE1=1, UpdateSopIfExists=1) == []
    assert client.transfer_to_invoice(order.cursor, "PS1")


@pytest.mark.parametrize(
    ("change", "numbers"),
    [
        ({"PRCHLDID": ""}, [6001, 88]),
        ({"SOPNUMBE": "NOSUCH"}, [87]),
        ({"POSTPHOL": 2}, [717]),
        ({"SOPNUMBE": None}, [6000]),
    ],
)
def test_holds_refused(order, change, numbers) -> None:
    hold = {"SOPTYPE": 2, "SOPNUMBE": "PS1", "PRCHLDID": "SHOP", **change}
    assert order.call("taSopUpdateCreateProcessHold", **hold) == numbers
