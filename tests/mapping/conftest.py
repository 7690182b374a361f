"""A small shop and a small target: orders with details and their taxes, to sales orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from gp_prestashop.mapping.compiler import CompiledFlow, MapResult, compile_flow
from gp_prestashop.mapping.database import Limits
from gp_prestashop.mapping.flow_errors import FlowError
from gp_prestashop.mapping.loader import LoadedFlow, load_flow
from gp_prestashop.mapping.shapes import Column, Document, DocumentShape, Frame, LookupList, ResourceShape, SourceRecord

MONEY = "DECIMAL(20,6)"

ORDERS = ResourceShape(
    system="prestashop",
    name="orders",
    key="id",
    created="date_add",
    changed="date_upd",
    amount="total_paid",
    currency_id="id_currency",
    frames=(
        Frame(
            "orders",
            (
                Column("id", "BIGINT"),
                Column("reference"),
                Column("id_customer", "BIGINT"),
                Column("id_currency", "BIGINT"),
                Column("id_carrier", "BIGINT"),
                Column("current_state", "BIGINT"),
                Column("module"),
                Column("date_add", "TIMESTAMP"),
                Column("date_upd", "TIMESTAMP", volatile=True),
                Column("birthday", "DATE"),
                Column("total_paid", MONEY),
                Column("total_tax", MONEY),
                Column("total_discounts", MONEY),
                Column("round_mode", "INTEGER"),
                Column("gift", "BOOLEAN"),
                Column("gift_message"),
            ),
        ),
        Frame(
            "order_details",
            (
                Column("id", "BIGINT"),
                Column("product_id", "BIGINT"),
                Column("product_attribute_id", "BIGINT"),
                Column("product_reference"),
                Column("product_name"),
                Column("product_quantity", "BIGINT"),
                Column("unit_price", MONEY),
                Column("total_price", MONEY),
            ),
            path=("order_details",),
        ),
        Frame(
            "order_details.taxes",
            (Column("id", "BIGINT"), Column("rate", MONEY)),
            path=("order_details", "taxes"),
        ),
        Frame(
            "address_delivery",
            (
                Column("id", "BIGINT"),
                Column("firstname"),
                Column("lastname"),
                Column("company"),
                Column("address1"),
                Column("address2"),
                Column("city"),
                Column("phone"),
                Column("country_iso"),
            ),
            path=("address_delivery",),
            many=False,
        ),
    ),
)

GP_MONEY = "DECIMAL(19,5)"

SALES_ORDER = DocumentShape(
    system="gp",
    name="sales_order",
    key=("SOPNUMBE",),
    frames=(
        Frame(
            "header",
            (
                Column("SOPNUMBE", "VARCHAR", max_length=21, required=True),
                Column("SOPTYPE", "INTEGER"),
                Column("CUSTNMBR", "VARCHAR", max_length=15),
                Column("CUSTNAME", "VARCHAR", max_length=30),
                Column("CSTPONBR", "VARCHAR", max_length=20),
                Column("DOCDATE", "DATE"),
                Column("CREATED", "TIMESTAMP"),
                Column("CURNCYID", "VARCHAR", max_length=15),
                Column("SHIPMTHD", "VARCHAR", max_length=15),
                Column("TAXSCHID", "VARCHAR", max_length=15),
                Column("SUBTOTAL", GP_MONEY),
                Column("DOCAMNT", GP_MONEY),
                Column("TAXAMNT", GP_MONEY),
                Column("TRDISAMT", GP_MONEY),
                Column("COUNT", "INTEGER"),
                Column("ADDRESS1", "VARCHAR", max_length=60),
                Column("ADDRESS2", "VARCHAR", max_length=60),
                Column("PHONE1", "VARCHAR", max_length=21),
                Column("COMMENT", "VARCHAR"),
            ),
        ),
        Frame(
            "lines",
            (
                Column("LNITMSEQ", "INTEGER", required=True),
                Column("ITEMNMBR", "VARCHAR", max_length=30),
                Column("ITEMDESC", "VARCHAR", max_length=100),
                Column("QUANTITY", GP_MONEY),
                Column("UNITPRCE", GP_MONEY),
                Column("XTNDPRCE", GP_MONEY),
                Column("TAXAMNT", GP_MONEY),
            ),
        ),
        Frame(
            "taxes",
            (
                Column("LNITMSEQ", "INTEGER"),
                Column("TAXDTLID", "VARCHAR", max_length=15),
                Column("STAXAMNT", GP_MONEY),
                Column("FRTTXAMT", GP_MONEY),
            ),
        ),
    ),
)

LISTS = {
    one.name: one
    for one in (
        LookupList(
            "gp.items", ("ITEMNMBR",), (Column("ITEMNMBR"), Column("DECIMALS", "INTEGER"), Column("PRICE", GP_MONEY))
        ),
        LookupList("gp.currencies", ("iso",), (Column("CURNCYID"), Column("decimals", "INTEGER"))),
        LookupList("prestashop.currencies", ("id",), (Column("iso_code"),)),
        LookupList(
            "prestashop.tax_rules", ("id_group", "id_country"), (Column("id_tax", "BIGINT"), Column("since", "DATE"))
        ),
    )
}

SETTINGS = {"sop.prefix": "PS", "go_live": "2026-01-01", "tolerance": "0.05", "blank": ""}


class Answers:
    """References from a dict: (kind, name) → key → row. Keeps what it was asked."""

    def __init__(
        self, known: Mapping[tuple[str, str], Mapping[tuple[str, ...], Mapping[str, Any]]] | None = None
    ) -> None:
        self.known = known or {}
        self.asked: list[tuple[str, str, tuple[tuple[str, ...], ...], tuple[str, ...]]] = []

    def resolve(
        self, kind: str, name: str, keys: Sequence[tuple[str, ...]], columns: Sequence[str]
    ) -> Mapping[tuple[str, ...], Mapping[str, Any]]:
        self.asked.append((kind, name, tuple(keys), tuple(columns)))
        rows = self.known.get((kind, name), {})
        return {key: rows[key] for key in keys if key in rows}


class Kit:
    """Write a flow, compile it, run it over records."""

    answers = Answers
    resource = ORDERS
    document = SALES_ORDER
    surroundings = ({"orders": ORDERS}, {"sales_order": SALES_ORDER}, LISTS, SETTINGS)

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    def load(self, text: str) -> LoadedFlow:
        self.count += 1
        path = self.folder / f"flow{self.count}" / "defs.yaml"
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
        return load_flow(path)

    def text(self, body: str, head: str = "") -> str:
        """A flow with this map, indented as it stands under ``map:``."""
        lines = "\n".join(f"    {line}" for line in body.strip("\n").splitlines())
        heads = "".join(f"  {line}\n" for line in head.strip("\n").splitlines())
        return (
            "type: gp_prestashop.Flow\nattributes:\n  name: sales_orders\n"
            "  source: {system: prestashop, resource: orders, changed_by: date_upd}\n"
            f"{heads}  target: {{system: gp, document: sales_order, key: SOPNUMBE}}\n  map:\n{lines}\n"
        )

    def compile_text(
        self, text: str, limits: Limits | None = None, code_page: str = "cp1252"
    ) -> tuple[CompiledFlow | None, tuple[FlowError, ...]]:
        return compile_flow(self.load(text), *self.surroundings, limits=limits, code_page=code_page)

    def compile(self, body: str, head: str = "", limits: Limits | None = None) -> CompiledFlow:
        compiled, errors = self.compile_text(self.text(body, head), limits)
        assert compiled is not None, "\n".join(map(str, errors))
        return compiled

    def errors(self, body: str, head: str = "") -> list[FlowError]:
        compiled, errors = self.compile_text(self.text(body, head))
        assert compiled is None
        return list(errors)

    def header(self, expressions: Mapping[str, str], lets: Mapping[str, str] | None = None) -> str:
        """A map with these header columns, SOPNUMBE given when it is not among them."""
        columns = {"SOPNUMBE": "'PS' || id", **expressions}
        let = "".join(f"    {name}: {quoted(text)}\n" for name, text in (lets or {}).items())
        head = f"  let:\n{let}" if let else ""
        return "header:\n" + head + "".join(f"  {name}: {quoted(text)}\n" for name, text in columns.items())

    def record(self, key: int = 1, /, **raw: Any) -> SourceRecord:
        base: dict[str, Any] = {
            "id": str(key),
            "reference": "ABCDEF",
            "id_customer": "7",
            "id_currency": "1",
            "id_carrier": "3",
            "current_state": "2",
            "module": "ps_wirepayment",
            "date_add": "2026-11-21 10:00:00",
            "total_paid": "36.600000",
            "total_tax": "6.100000",
            "total_discounts": "0.000000",
            "round_mode": "2",
            "gift": "0",
            "gift_message": "",
            "order_details": [
                self.detail(1, product_quantity="2", unit_price="8.063000", total_price="16.126000"),
                self.detail(2, product_quantity="1", unit_price="14.370000", total_price="14.370000"),
            ],
            "address_delivery": {
                "id": "9",
                "firstname": "Zoë",
                "lastname": "Łódzka",
                "company": "",
                "address1": "12 rue de la Paix",
                "address2": "",
                "city": "Paris",
                "phone": "(555) 123-4567",
                "country_iso": "FR",
            },
        }
        return SourceRecord(str(key), {**base, **raw})

    def detail(self, key: int, **raw: Any) -> dict[str, Any]:
        base = {
            "id": str(key),
            "product_id": str(100 + key),
            "product_attribute_id": "0",
            "product_reference": f"ITEM{key}",
        }
        taxes = [{"id": "1", "rate": "20.000000"}]
        return {**base, "product_name": f"Item {key}", "product_quantity": "1", "taxes": taxes, **raw}

    def map(self, body: str, *records: SourceRecord, answers: Answers | None = None, head: str = "") -> MapResult:
        return self.compile(body, head).map(list(records or (self.record(),)), answers or Answers())

    def one(self, body: str, record: SourceRecord | None = None, answers: Answers | None = None) -> Document:
        """The one document, which must be without problems, but for transliterations."""
        result = self.map(body, record or self.record(), answers=answers)
        assert [problem for problem in result.problems if problem.code != "transliterated"] == []
        return result.documents[0]

    def value(self, expression: str, column: str = "COMMENT", record: SourceRecord | None = None) -> Any:
        """What a header column gets from one expression."""
        return self.one(self.header({column: expression}), record).header[column]


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    return Kit(tmp_path)


@pytest.fixture(scope="module")
def shared_kit(tmp_path_factory: pytest.TempPathFactory) -> Kit:
    """For properties, which compile once and map often."""
    return Kit(tmp_path_factory.mktemp("kit"))
