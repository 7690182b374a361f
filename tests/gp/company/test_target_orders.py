"""Sales orders through the real wire: pymssql to a TDS server, eConnect procedures, GP's tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gp_prestashop.errors import DataError, Refused
from gp_prestashop.gp.target import GpTarget
from gp_prestashop.mapping.shapes import Document
from gp_prestashop.sandbox.gp import client

Make = Callable[..., Document]
TABLES = ("sop10100", "sop10200", "sop10105", "sop10106")


def with_line(document: Document, **change: Any) -> Document:
    lines = [document.frames["lines"][0] | change, *document.frames["lines"][1:]]
    return replace(document, frames={**document.frames, "lines": lines})


def nothing_left(server: Any, number: str) -> bool:
    return all(not server.sql(f"SELECT 1 FROM two.{table} WHERE sopnumbe = %s", number) for table in TABLES)


def test_an_order_arrives_whole(target: GpTarget, ready: Make, server: Any) -> None:
    document = ready(CMMTTEXT="Merci, l'équipe", CNTCPRSN="Zoé d'Aubigné")
    outcome = target.write(document, "create")
    assert outcome.action == "created"
    (header,) = server.sql("SELECT * FROM two.sop10100 WHERE sopnumbe = %s", document.key)
    assert header["bachnumb"] == outcome.detail["BACHNUMB"]
    assert (header["soptype"], header["cstponbr"], header["custnmbr"]) == (2, "XKBKNABJK", "PS00000007")
    assert header["cntcprsn"] == "Zoé d'Aubigné"
    amounts = {name: header[name] for name in ("ordocamt", "orsubtot", "orfrtamt", "ortaxamt", "orfrttax", "ortdisam")}
    assert amounts == {
        "ordocamt": Decimal("34.92"), "orsubtot": Decimal("25.10"), "orfrtamt": Decimal("4.00"),
        "ortaxamt": Decimal("5.02"), "orfrttax": Decimal("0.80"), "ortdisam": Decimal(0),
    }  # fmt: skip
    lines = server.sql(
        "SELECT itemnmbr, quantity, oxtndprc FROM two.sop10200 WHERE sopnumbe = %s ORDER BY lnitmseq", document.key
    )
    assert [(line["itemnmbr"], line["quantity"], line["oxtndprc"]) for line in lines] == [
        ("ITEM-A", Decimal(2), Decimal("20.10")),
        ("ITEM-B", Decimal(1), Decimal("5.00")),
    ]
    taxes = server.sql("SELECT lnitmseq FROM two.sop10105 WHERE sopnumbe = %s ORDER BY lnitmseq", document.key)
    assert [tax["lnitmseq"] for tax in taxes] == [0, 16384, 32768, 2147483646]
    (user,) = server.sql("SELECT userdef1, cmmttext FROM two.sop10106 WHERE sopnumbe = %s", document.key)
    assert user["userdef1"] == "12"
    assert "l'équipe" in user["cmmttext"]


def test_the_guard(target: GpTarget, ready: Make) -> None:
    document = ready()
    assert target.existing([document]) == {}
    target.write(document, "create")
    same = target.existing([document])[document.key]
    assert (same.ours, same.same, same.status) == (True, True, "work")

    lower = replace(document, frames={**document.frames, "header": [document.header | {"CUSTNMBR": "ps00000007 "}]})
    assert target.existing([lower])[document.key].ours

    foreign = replace(document, frames={**document.frames, "header": [document.header | {"CSTPONBR": "OTHER"}]})
    taken = target.existing([foreign])[document.key]
    assert not taken.ours
    assert "CSTPONBR 'XKBKNABJK' instead of 'OTHER'" in taken.sentence

    dollars = replace(document, frames={**document.frames, "header": [document.header | {"CURNCYID": "USD"}]})
    assert not target.existing([dollars])[document.key].ours

    more = with_line(document, QUANTITY=Decimal(3), XTNDPRCE=Decimal("30.15"))
    more = replace(more, frames={**more.frames, "header": [more.header | {"DOCAMNT": Decimal("44.97")}]})
    difference = target.existing([more])[document.key].difference
    assert difference["DOCAMNT"] == (Decimal("34.92"), Decimal("44.97"))
    assert difference["lines"] == ("ITEM-A × 2 = 20.10", "ITEM-A × 3 = 30.15")


def test_history_and_voided(target: GpTarget, ready: Make, server: Any) -> None:
    posted, voided = ready(), ready()
    batch = target.write(posted, "create").detail["BACHNUMB"]
    server.do(client.post_batch, batch)
    target.write(voided, "create")
    server.do(client.void_document, voided.key)
    found = target.existing([posted, voided])
    assert (found[posted.key].status, found[posted.key].same) == ("history", True)
    assert (found[voided.key].status, found[voided.key].ours) == ("voided", True)
    rows = {row.key: row for row in target.money("sales_order", [posted.key, voided.key, "NONE"])}
    assert {key: row.status for key, row in rows.items()} == {posted.key: "history", voided.key: "voided"}
    again = target.write(posted, "create")
    assert again.action == "unchanged"
    assert again.detail["found"] == "history"


def test_a_second_try_changes_nothing(target: GpTarget, ready: Make, server: Any) -> None:
    document = ready()
    target.write(document, "create")
    before = server.sql("SELECT * FROM two.sop10200 WHERE sopnumbe = %s ORDER BY lnitmseq", document.key)
    assert target.write(document, "create").action == "unchanged"
    assert server.sql("SELECT * FROM two.sop10200 WHERE sopnumbe = %s ORDER BY lnitmseq", document.key) == before
    other = replace(document, frames={**document.frames, "header": [document.header | {"CSTPONBR": "OTHER"}]})
    with pytest.raises(DataError, match="CSTPONBR") as caught:
        target.write(other, "create")
    assert caught.value.code == "number_taken"


def test_an_edited_order_is_held_where_the_settings_say_so(
    make_target: Callable[..., GpTarget], ready: Make, server: Any
) -> None:
    target = make_target(amend="hold")
    document = ready()
    target.write(document, "create")
    with pytest.raises(DataError) as caught:
        target.write(
            replace(document, frames={**document.frames, "header": [document.header | {"CITY": "Lyon"}]}), "change"
        )
    assert caught.value.code == "amendment"
    (row,) = server.sql("SELECT city FROM two.sop10100 WHERE sopnumbe = %s", document.key)
    assert row["city"] == "Paris"


@pytest.mark.parametrize(
    ("column", "kind", "number"),
    [("DOCAMNT", Refused, 235), ("SUBTOTAL", Refused, 67), ("TAXAMNT", Refused, 868), ("FRTTXAMT", Refused, 85)],
)
def test_one_cent_off_is_refused_and_nothing_stays(
    column: str, kind: type[Exception], number: int, target: GpTarget, ready: Make, server: Any
) -> None:
    document = ready()
    document.header[column] += Decimal("0.01")
    with pytest.raises(kind) as caught:
        target.write(document, "create")
    assert number in caught.value.details["numbers"]
    assert nothing_left(server, document.key)


def test_what_a_person_can_mend_is_held_with_a_sentence(target: GpTarget, ready: Make, server: Any) -> None:
    document = with_line(ready(), ITEMNMBR="NOWHERE")
    with pytest.raises(DataError, match="NOWHERE") as caught:
        target.write(document, "create")
    assert caught.value.code == "gp_108"
    assert "item not in IV00101" in caught.value.sentence
    assert caught.value.remedy
    assert nothing_left(server, document.key)
    with pytest.raises(DataError) as caught:
        target.write(with_line(document, ITEMNMBR="OLD"), "create")
    assert caught.value.code == "gp_11755"
    last = [*document.frames["lines"][:1], document.frames["lines"][1] | {"ITEMNMBR": "NOWHERE"}]
    with pytest.raises(DataError):
        target.write(
            with_line(replace(document, frames={**document.frames, "lines": last}), ITEMNMBR="ITEM-A"), "create"
        )
    assert nothing_left(server, document.key)


def test_text_that_gp_cannot_hold_never_leaves(target: GpTarget, ready: Make, server: Any) -> None:
    document = ready(CITY="Łódź")
    with pytest.raises(DataError, match="CITY") as caught:
        target.write(document, "create")
    assert caught.value.code == "code_page"
    assert nothing_left(server, document.key)


def test_foreign_currency(target: GpTarget, ready: Make) -> None:
    document = ready(CURNCYID="USD")
    document = replace(
        document,
        frames={**document.frames, "lines": [line | {"CURNCYID": "USD"} for line in document.frames["lines"]]},
    )
    target.write(document, "create")
    (row,) = target.money("sales_order", [document.key])
    assert (row.currency, row.amount) == ("USD", Decimal("34.92"))
    assert row.functional_amount == Decimal("31.75")  # 34.92 × 0.9090909
    assert target.existing([document])[document.key].same


def test_batches_are_bounded_and_roll(make_target: Callable[..., GpTarget], ready: Make, server: Any) -> None:
    target = make_target(batch={"size": 2})
    names = [target.write(ready(), "create").detail["BACHNUMB"] for _ in range(3)]
    prefix = target.settings.batch.prefix
    assert names == [f"{prefix}261121-1", f"{prefix}261121-1", f"{prefix}261121-2"]
    server.do(client.close_batch, names[2])
    assert target.write(ready(), "create").detail["BACHNUMB"] == f"{prefix}261121-3"
    server.sql("UPDATE two.sy00500 SET bchsttus = 1 WHERE bachnumb = %s", f"{prefix}261121-3")
    assert target.write(ready(), "create").detail["BACHNUMB"] == f"{prefix}261121-4"
    company = target.database.company.name
    server.sql(
        "INSERT INTO dynamics.sy00800 (userid, cmpnynam, bachnumb, bchsourc) VALUES ('jo', %s, %s, 'Sales Entry')",
        company,
        f"{prefix}261121-4",
    )
    assert target.write(ready(), "create").detail["BACHNUMB"] == f"{prefix}261121-5"


def test_a_batch_that_closes_under_our_hands(
    target: GpTarget, ready: Make, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = target.write(ready(), "create").detail["BACHNUMB"]
    server.do(client.close_batch, first)
    allocate = target._batches.allocate
    answers = [first]
    monkeypatch.setattr(target._batches, "allocate", lambda refused: answers.pop() if answers else allocate(refused))
    document = ready()
    outcome = target.write(document, "create")
    assert outcome.detail["BACHNUMB"] == first.replace("-1", "-2")
    (header,) = server.sql("SELECT bachnumb FROM two.sop10100 WHERE sopnumbe = %s", document.key)
    assert header["bachnumb"] == outcome.detail["BACHNUMB"]


def test_closed_periods(make_target: Callable[..., GpTarget], ready: Make, server: Any) -> None:
    document = ready(DOCDATE=date(2024, 1, 15))
    for line in document.frames["lines"]:
        line["DOCDATE"] = date(2024, 1, 15)
    (held,) = make_target().preflight([document])
    assert (held.code, held.severity) == ("closed_period", "hold")
    mover = make_target(closed_period="move")
    (warned,) = mover.preflight([document])
    assert (warned.code, warned.severity) == ("moved_date", "warn")
    mover.write(document, "create")
    (header,) = server.sql("SELECT docdate, ordrdate FROM two.sop10100 WHERE sopnumbe = %s", document.key)
    assert (header["docdate"].date(), header["ordrdate"].date()) == (date(2024, 2, 1), date(2024, 1, 15))
    assert mover.existing([document])[document.key].same
    (none,) = make_target(closed_period="move").preflight([ready(DOCDATE=date(1999, 1, 1))])
    assert (none.code, none.severity) == ("no_period", "hold")


def test_hundreds_of_keys_are_asked_at_once(target: GpTarget, ready: Make) -> None:
    document = ready()
    target.write(document, "create")
    asked = [replace(document, key=f"N{n}", frames={**document.frames, "header": [document.header | {"SOPNUMBE": f"N{n}"}]})
             for n in range(1200)]  # fmt: skip
    assert set(target.existing([*asked, document])) == {document.key}
    assert [row.key for row in target.money("sales_order", [*(d.key for d in asked), document.key])] == [document.key]


def test_taxes_that_gp_calculates(target: GpTarget, ready: Make, server: Any) -> None:
    """The map names the shop's taxes all the same: they are not sent, and the total must come out as the customer paid it."""
    document = ready(CREATETAXES=1, FREIGTBLE=1, FRTSCHID="ITEM-STD")
    target.write(document, "create")
    (row,) = server.sql("SELECT ortaxamt, orfrttax, ordocamt FROM two.sop10100 WHERE sopnumbe = %s", document.key)
    assert list(row.values()) == [Decimal("5.02"), Decimal("0.80"), Decimal("34.92")]
    assert target.existing([document])[document.key].same
    other = ready(CREATETAXES=1, FREIGTBLE=2)
    with pytest.raises(DataError) as caught:
        target.write(other, "create")
    assert caught.value.code == "taxes_differ"
    assert "235" in caught.value.sentence
    assert nothing_left(server, other.key)


def test_taxes_of_the_header_only(target: GpTarget, ready: Make, server: Any) -> None:
    document = ready(USINGHEADERLEVELTAXES=1, FRTTXAMT=Decimal(0), TAXAMNT=Decimal("5.82"))
    common = {name: document.header[name] for name in ("SOPTYPE", "SOPNUMBE", "CUSTNMBR")}
    total = {**common, "TAXTYPE": 0, "LNITMSEQ": 0, "TAXDTLID": "FRVAT20", "STAXAMNT": Decimal("5.82")}
    lines = [{**line, "TAXAMNT": Decimal(0)} for line in document.frames["lines"]]
    document = replace(document, frames={**document.frames, "lines": lines, "taxes": [total]})
    target.write(document, "create")
    rows = server.sql("SELECT lnitmseq, orslstax FROM two.sop10105 WHERE sopnumbe = %s", document.key)
    assert rows == [{"lnitmseq": 0, "orslstax": Decimal("5.82")}]


def test_kits_and_lines_without_an_item_record(target: GpTarget, ready: Make, server: Any) -> None:
    document = ready()
    first, second = document.frames["lines"]
    kit = {**first, "ITEMNMBR": "BOX"}
    engraving = {**second, "ITEMNMBR": "ENGRAVING", "NONINVEN": 1, "ITEMDESC": "With love"}
    document = replace(document, frames={**document.frames, "lines": [kit, engraving]})
    target.write(document, "create")
    rows = server.sql(
        "SELECT itemnmbr, cmpntseq, quantity, noninven FROM two.sop10200 WHERE sopnumbe = %s ORDER BY lnitmseq, cmpntseq",
        document.key,
    )
    assert [tuple(row.values()) for row in rows] == [
        ("BOX", 0, 2, 0), ("ITEM-A", 16384, 4, 0), ("ITEM-B", 32768, 4, 0), ("ENGRAVING", 0, 1, 1),
    ]  # fmt: skip
    assert target.existing([document])[document.key].same


def test_components_that_the_map_names(target: GpTarget, ready: Make, server: Any) -> None:
    document = ready()
    first, second = document.frames["lines"]
    kit = {**first, "ITEMNMBR": "BOX", "KitCompMan": 1}
    common = {name: document.header[name] for name in ("SOPTYPE", "SOPNUMBE", "CUSTNMBR")}
    own = {**common, "LNITMSEQ": 16384, "ITEMNMBR": "ITEM-B", "QUANTITY": Decimal(6)}
    document = replace(document, frames={**document.frames, "lines": [kit, second], "components": [own]})
    target.write(document, "create")
    rows = server.sql("SELECT itemnmbr, quantity FROM two.sop10200 WHERE sopnumbe = %s AND cmpntseq > 0", document.key)
    assert rows == [{"itemnmbr": "ITEM-B", "quantity": Decimal(6)}]


@pytest.mark.parametrize(
    ("change", "kind", "number"),
    [
        ({"QUANTITY": Decimal("1.5"), "XTNDPRCE": Decimal("15.08")}, Refused, 11454),
        ({"UOFM": "Crate"}, DataError, 5313),
        ({"DROPSHIP": 1, "QtyShrtOpt": 4}, Refused, 8500),
        ({"ITEMNMBR": "BOX", "QtyShrtOpt": 4}, Refused, 592),
        ({"NONINVEN": 1}, Refused, 3771),
    ],
)
def test_lines_refused(
    change: dict[str, Any], kind: type[Exception], number: int, target: GpTarget, ready: Make, server: Any
) -> None:
    document = with_line(ready(), **change)
    with pytest.raises(kind) as caught:
        target.write(document, "create")
    assert number in caught.value.details["numbers"]
    assert nothing_left(server, document.key)
