"""Child frames: parts, filters, ancestors, mapped rows, lineage."""

from __future__ import annotations

from decimal import Decimal

BODY = """
let: {number: "setting('sop.prefix') || pad(id, 8)", shipping: "total_tax"}
lines:
  from: order_details
  let: {net: "round(total_price, 2)"}
  when: "product_quantity > 0"
  LNITMSEQ: "line_number() * 16384"
  XTNDPRCE: "net"
taxes:
  - from: order_details.taxes
    when: "lines.XTNDPRCE > 0"
    LNITMSEQ: "lines.LNITMSEQ"
    TAXDTLID: "product_reference || '-' || order_details.taxes.id"
    STAXAMNT: "div(lines.XTNDPRCE * rate, 100, 2)"
  - from: record
    when: "shipping <> 0"
    LNITMSEQ: "0"
    TAXDTLID: "number"
    FRTTXAMT: "shipping"
header:
  SOPNUMBE: "number"
  SUBTOTAL: "total('lines.XTNDPRCE')"
  TAXAMNT: "total('taxes.STAXAMNT') + total('taxes.FRTTXAMT')"
  COUNT: "count('taxes')"
  CUSTNAME: "address_delivery.firstname"
"""


def test_parts_filters_and_rows_of_mapped_ancestors(kit):
    details = [kit.detail(1, product_quantity="0", total_price="5"), kit.detail(2, total_price="14.37")]
    document = kit.one(BODY, kit.record(order_details=details))
    assert document.frames["lines"] == [{"LNITMSEQ": 16384, "XTNDPRCE": Decimal("14.37")}]
    assert document.frames["taxes"] == [
        {"LNITMSEQ": 16384, "TAXDTLID": "ITEM2-1", "STAXAMNT": Decimal("2.87")},
        {"LNITMSEQ": 0, "TAXDTLID": "PS00000001", "FRTTXAMT": Decimal("6.10")},
    ]
    assert document.header["SUBTOTAL"] == Decimal("14.37")
    assert (document.header["TAXAMNT"], document.header["COUNT"]) == (Decimal("8.97"), 2)


def test_records_do_not_mix(kit):
    records = [kit.record(n, order_details=[kit.detail(n, total_price=str(n))] * n) for n in range(1, 6)]
    result = kit.map(BODY, *records)
    assert [document.header["SUBTOTAL"] for document in result.documents] == [n * n for n in range(1, 6)]
    assert [[line["LNITMSEQ"] for line in d.frames["lines"]] for d in result.documents] == [
        [16384 * place for place in range(1, n + 1)] for n in range(1, 6)
    ]


def test_lineage_goes_through_lets_totals_and_macros(kit):
    lineage = kit.compile(BODY).lineage()
    assert lineage["header.SOPNUMBE"] == ("orders.id",)
    assert lineage["header.SUBTOTAL"] == ("order_details.total_price",)
    assert lineage["header.TAXAMNT"] == ("order_details.taxes.rate", "order_details.total_price", "orders.total_tax")
    assert lineage["header.CUSTNAME"] == ("address_delivery.firstname",)
    assert lineage["taxes.TAXDTLID"] == ("order_details.product_reference", "order_details.taxes.id", "orders.id")
    macro = kit.compile(kit.header({"CUSTNMBR": "xref('customers', id_customer)"})).lineage()
    assert macro["header.CUSTNMBR"] == ("orders.id_customer",)


def test_the_same_records_give_the_same_documents(kit):
    compiled = kit.compile(BODY)
    records = [kit.record(n) for n in range(1, 200)]
    assert compiled.map(records, kit.answers()) == compiled.map(records, kit.answers())


def test_raw_values_of_json(kit):
    record = kit.record(1, id=1, gift=True, total_tax=0, order_details={"product_quantity": 1, "total_price": "3"})
    document = kit.one(BODY.replace('"address_delivery.firstname"', "\"if(gift, 'a gift', '')\""), record)
    assert (document.header["CUSTNAME"], document.header["SUBTOTAL"]) == ("a gift", 3)


REPEATED = """
lines:
  - from: order_details
    LNITMSEQ: "line_number()"
    XTNDPRCE: "total_price"
taxes:
  - from: record
    repeat: 3
    let: {double: "repetition * 2"}
    when: "repetition <> 2 and repetition <= id"
    LNITMSEQ: "line_number() * 10 + double"
    TAXDTLID: "try_lookup('gp.items', 'ITEM' || repetition, 'ITEMNMBR')"
    STAXAMNT: "round(total_tax * repetition, 2)"
header:
  SOPNUMBE: "id"
  COUNT: "count('taxes')"
  TAXAMNT: "total('taxes.STAXAMNT')"
"""


def test_a_record_makes_several_rows_numbered_by_repetition(kit):
    answers = kit.answers({("lookup", "gp.items"): {(f"ITEM{n}",): {"ITEMNMBR": f"Thing {n}"} for n in (1, 2, 3)}})
    records = [kit.record(n, order_details=[kit.detail(1)] * 2) for n in (3, 1)]
    three, one = kit.map(REPEATED, *records, answers=answers).documents
    assert three.frames["taxes"] == [
        {"LNITMSEQ": 12, "TAXDTLID": "Thing 1", "STAXAMNT": Decimal("6.10")},
        {"LNITMSEQ": 26, "TAXDTLID": "Thing 3", "STAXAMNT": Decimal("18.30")},
    ]
    assert (three.header["COUNT"], three.header["TAXAMNT"]) == (2, Decimal("24.40"))
    assert [row["LNITMSEQ"] for row in one.frames["taxes"]] == [12]
    assert "taxes.LNITMSEQ" in kit.compile(REPEATED).lineage()


def test_only_rows_of_the_record_are_repeated_and_repetition_is_nothing_elsewhere(kit):
    from_details = REPEATED.replace("from: record", "from: order_details")
    assert any("repeat is for rows from: record" in error.message for error in kit.errors(from_details))
    assert any("There is no repetition here" in e.message for e in kit.errors(REPEATED.replace("repeat: 3\n", "\n")))
    assert kit.errors(REPEATED.replace("repeat: 3", "repeat: 101"))
