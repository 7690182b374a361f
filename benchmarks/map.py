"""``bench map``: a compiled map against the same map written by hand in DuckDB SQL, over a million source rows.

Both get the same pages of records and must make the same documents, value for value. The hand-written one does no more
than that: it casts and trusts, so a bad record fails the whole page. Ours checks each value, holds bad records one by
one, and computes under a lock and a watchdog. ``sql_rows_per_second`` leaves out what Python does on either side: both
begin with Arrow tables of text and end with Arrow tables.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from benchmarks.figure import Figure, figure
from gp_prestashop.mapping.arrow_rows import ordered
from gp_prestashop.mapping.compiler import CompiledFlow, compile_flow
from gp_prestashop.mapping.loader import load_flow
from gp_prestashop.mapping.program import Emit
from gp_prestashop.mapping.runner import Batch, Runner
from gp_prestashop.mapping.session import Session
from gp_prestashop.mapping.shapes import Column, DocumentShape, Frame, ResourceShape, SourceRecord

__all__ = ["figures"]

BASELINE = "the same map in hand-written DuckDB SQL"
ROWS = 1_000_000
LINES = 3  # of each order; with the order itself four rows
PAGE = 10_000

MONEY, GP_MONEY = "DECIMAL(20,6)", "DECIMAL(19,5)"
ORDERS = ResourceShape(
    "prestashop", "orders", "id",
    (
        Frame("orders", (
            Column("id", "BIGINT"), Column("reference"), Column("id_customer", "BIGINT"), Column("id_carrier", "BIGINT"),
            Column("date_add", "TIMESTAMP"), Column("total_tax", MONEY), Column("total_discounts", MONEY),
            Column("firstname"), Column("lastname"),
        )),
        Frame("order_details", (
            Column("id", "BIGINT"), Column("product_reference"), Column("product_name"),
            Column("product_quantity", "BIGINT"), Column("unit_price", MONEY),
        ), ("order_details",)),
    ),
)  # fmt: skip
SALES_ORDER = DocumentShape(
    "gp", "sales_order", ("SOPNUMBE",),
    (
        Frame("header", (
            Column("SOPNUMBE", max_length=21, required=True), Column("SOPTYPE", "INTEGER"), Column("CUSTNMBR", max_length=15),
            Column("CUSTNAME", max_length=65), Column("CSTPONBR", max_length=21), Column("DOCDATE", "DATE"),
            Column("SHIPMTHD", max_length=15), Column("SUBTOTAL", GP_MONEY), Column("TRDISAMT", GP_MONEY),
            Column("DOCAMNT", GP_MONEY),
        )),
        Frame("lines", (
            Column("LNITMSEQ", "INTEGER", required=True), Column("ITEMNMBR", max_length=31), Column("ITEMDESC", max_length=101),
            Column("QUANTITY", GP_MONEY), Column("UNITPRCE", GP_MONEY), Column("XTNDPRCE", GP_MONEY),
        ), ("lines",)),
    ),
)  # fmt: skip
FLOW = """\
type: gp_prestashop.Flow
attributes:
  name: sales_orders
  source: {system: prestashop, resource: orders}
  target: {system: gp, document: sales_order, key: SOPNUMBE}
  map:
    lines:
      from: order_details
      LNITMSEQ: "line_number() * 16384"
      ITEMNMBR: "upper(trim(product_reference))"
      ITEMDESC: "left(product_name, 100)"
      QUANTITY: "product_quantity"
      UNITPRCE: "round(unit_price, 2)"
      XTNDPRCE: "round(UNITPRCE * QUANTITY, 2)"
    header:
      SOPNUMBE: "'PS' || pad(id, 8)"
      SOPTYPE: 2
      CUSTNMBR: "'C' || pad(id_customer, 8)"
      CUSTNAME: "left(trim(firstname || ' ' || lastname), 65)"
      CSTPONBR: "reference"
      DOCDATE: "cast(date_add as date)"
      SHIPMTHD: "value('carriers', id_carrier)"
      SUBTOTAL: "total('lines.XTNDPRCE')"
      TRDISAMT: "round(total_discounts, 2)"
      DOCAMNT: "SUBTOTAL + round(total_tax, 2) - TRDISAMT"
"""
BY_HAND = {
    "lines": """
        SELECT r, CAST(row_number() OVER (PARTITION BY r ORDER BY i) * 16384 AS INTEGER) AS LNITMSEQ,
            upper(trim(product_reference)) AS ITEMNMBR, left(product_name, 100) AS ITEMDESC,
            CAST(CAST(product_quantity AS BIGINT) AS DECIMAL(19,5)) AS QUANTITY,
            CAST(round(CAST(unit_price AS DECIMAL(20,6)), 2) AS DECIMAL(19,5)) AS UNITPRCE,
            CAST(round(round(CAST(unit_price AS DECIMAL(20,6)), 2) * CAST(product_quantity AS BIGINT), 2) AS DECIMAL(19,5)) AS XTNDPRCE
        FROM raw_lines ORDER BY r, i""",
    "header": """
        SELECT h.r AS r, 'PS' || lpad(id, 8, '0') AS SOPNUMBE, 2 AS SOPTYPE, 'C' || lpad(id_customer, 8, '0') AS CUSTNMBR,
            left(trim(firstname || ' ' || lastname), 65) AS CUSTNAME, reference AS CSTPONBR,
            CAST(CAST(date_add AS TIMESTAMP) AS DATE) AS DOCDATE, c.value AS SHIPMTHD,
            CAST(s.total AS DECIMAL(19,5)) AS SUBTOTAL,
            CAST(round(CAST(total_discounts AS DECIMAL(20,6)), 2) AS DECIMAL(19,5)) AS TRDISAMT,
            CAST(s.total + round(CAST(total_tax AS DECIMAL(20,6)), 2) - round(CAST(total_discounts AS DECIMAL(20,6)), 2)
                AS DECIMAL(19,5)) AS DOCAMNT
        FROM raw_header h JOIN (SELECT r, sum(XTNDPRCE) AS total FROM lines GROUP BY r) s ON s.r = h.r
        JOIN carriers c ON c.code = h.id_carrier ORDER BY h.r""",
}
CARRIERS = {"1": "GROUND", "2": "AIR", "3": "SEA"}


def figures(say: Callable[[str], None] = lambda _: None, rows: int = ROWS) -> list[Figure]:
    """Source rows a second, over ``rows`` rows. Raises RuntimeError when the two make different documents."""
    compiled = _compiled()
    orders = rows // (LINES + 1)
    pages = [range(start, min(start + PAGE, orders + 1)) for start in range(1, orders + 1, PAGE)]
    connection = _plain_database()
    _same(compiled, connection, _page(pages[0]))
    seconds = {"ours": 0.0, "plain": 0.0, "ours_sql": 0.0, "plain_sql": 0.0}
    say(f"{rows:,} rows in pages of {PAGE:,} orders, both in turns")
    for number, keys in enumerate(pages):
        records = _page(keys)
        ways: list[tuple[str, Callable[[], object]]] = [
            ("ours", lambda: compiled.map(records, _Carriers())),  # noqa: B023  called at once
            ("plain", lambda: _by_hand(connection, records)),  # noqa: B023
        ]
        runner = _ArrowRunner(compiled, records)
        tables = _tables(records)
        ways += [
            ("ours_sql", lambda: runner.run([], _Carriers())),  # noqa: B023
            ("plain_sql", lambda: _plain_sql(connection, tables)),  # noqa: B023
        ]
        for name, way in ways if number % 2 else reversed(ways):
            with _timed(seconds, name):
                way()
    connection.close()
    count = orders * (LINES + 1)
    return [
        figure("map", "rows_per_second", count / seconds["ours"], count / seconds["plain"], BASELINE, "rows/s"),
        figure(
            "map", "sql_rows_per_second", count / seconds["ours_sql"], count / seconds["plain_sql"], BASELINE, "rows/s"
        ),
    ]


def _compiled() -> CompiledFlow:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "defs.yaml"
        path.write_text(FLOW, encoding="utf-8")
        compiled, errors = compile_flow(load_flow(path), {"orders": ORDERS}, {"sales_order": SALES_ORDER}, {}, {})
    if compiled is None:
        raise RuntimeError("\n".join(map(str, errors)))
    return compiled


def _page(keys: Sequence[int]) -> list[SourceRecord]:
    return [SourceRecord(str(key), _order(key)) for key in keys]


def _order(key: int) -> dict[str, Any]:
    details = [
        {
            "id": str(LINES * key + n),
            "product_reference": f" item-{(key + n) % 500} ",
            "product_name": f"Tasse n° {(key + n) % 500}",
            "product_quantity": str(n + 1),
            "unit_price": f"{8 + key % 7}.{(key * 7 + n) % 1000:03d}000",
        }
        for n in range(LINES)
    ]
    return {
        "id": str(key),
        "reference": f"REF{key % 99999:05d}",
        "id_customer": str(key % 50_000),
        "id_carrier": str(key % 3 + 1),
        "date_add": f"2026-11-{key % 28 + 1:02d} 10:00:00",
        "total_tax": "6.100000",
        "total_discounts": f"{key % 3}.500000",
        "firstname": "Zoë",
        "lastname": f"Müller {key % 1000}",
        "order_details": details,
    }


class _Carriers:
    """The one value map of the flow."""

    def resolve(
        self, kind: str, name: str, keys: Sequence[tuple[str, ...]], columns: Sequence[str]
    ) -> Mapping[tuple[str, ...], Mapping[str, Any]]:
        assert (kind, name) == ("value", "carriers")
        return {key: dict.fromkeys(columns, CARRIERS[key[0]]) for key in keys}


class _ArrowRunner(Runner):
    """The program alone: from tables made before, to tables."""

    def __init__(self, compiled: CompiledFlow, records: Sequence[SourceRecord]) -> None:
        super().__init__(compiled.mapping, compiled.settings, compiled.code_page, compiled.limits)
        self._made = super().tables(records)

    def tables(self, records: Sequence[SourceRecord]) -> dict[str, pa.Table]:  # noqa: ARG002
        return self._made

    def _emit(self, session: Session, op: Emit, batch: Batch) -> None:  # noqa: ARG002
        ordered(session.table(op.table).select(["r", "i", *dict(op.columns)]))


def _tables(records: Sequence[SourceRecord]) -> dict[str, pa.Table]:
    """What somebody would write who knows these two frames."""
    main, child = ([column.name for column in frame.columns] for frame in ORDERS.frames)
    lines = [(r, i, row) for r, one in enumerate(records) for i, row in enumerate(one.raw["order_details"])]
    header = {name: pa.array([one.raw[name] for one in records], pa.string()) for name in main}
    detail = {name: pa.array([row[name] for _, _, row in lines], pa.string()) for name in child}
    return {
        "raw_header": pa.table({"r": pa.array(range(len(records)), pa.int64()), **header}),
        "raw_lines": pa.table(
            {"r": pa.array([r for r, _, _ in lines]), "i": pa.array([i for _, i, _ in lines]), **detail}
        ),
        "carriers": pa.table({"code": list(CARRIERS), "value": list(CARRIERS.values())}),
    }


def _plain_database() -> Any:
    """One for all pages, as anybody would."""
    return duckdb.connect(":memory:", config={"threads": "2"})


def _plain_lines(connection: Any, tables: Mapping[str, pa.Table]) -> None:
    for name, table in tables.items():
        connection.register(name, table)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE lines AS {BY_HAND['lines']}")


def _plain_sql(connection: Any, tables: Mapping[str, pa.Table]) -> None:
    _plain_lines(connection, tables)
    connection.sql("SELECT * FROM lines").to_arrow_table()
    connection.sql(BY_HAND["header"]).to_arrow_table()


def _by_hand(connection: Any, records: Sequence[SourceRecord]) -> list[dict[str, list[dict[str, Any]]]]:
    _plain_lines(connection, _tables(records))
    documents: list[dict[str, list[dict[str, Any]]]] = [{"lines": [], "header": []} for _ in records]
    for frame, sql in (("lines", "SELECT * FROM lines"), ("header", BY_HAND["header"])):
        answer = connection.execute(sql)
        names = [column[0] for column in answer.description][1:]
        for place, *row in answer.fetchall():
            documents[place][frame].append(dict(zip(names, row, strict=True)))
    return documents


def _same(compiled: CompiledFlow, connection: Any, records: Sequence[SourceRecord]) -> None:
    ours = compiled.map(records, _Carriers())
    plain = _by_hand(connection, records)
    if ours.problems or [dict(one.frames) for one in ours.documents] != plain:
        raise RuntimeError("The compiled map and the one written by hand make different documents.")


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    seconds[name] += time.perf_counter() - started
