"""Likely mistakes are found in a map, by its names and by what it makes of samples."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gp_prestashop.assist.suggest.site.check import Finding, check_flow
from gp_prestashop.engine.parts import EngineFlow
from gp_prestashop.flow_settings import FlowSettings
from gp_prestashop.mapping.compiler import compile_flow
from gp_prestashop.mapping.loader import load_flow
from gp_prestashop.mapping.shapes import Document, Problem, SourceRecord
from gp_prestashop.settings import Settings
from gp_prestashop.wiring import connect

HEAD = """
type: gp_prestashop.Flow
attributes:
  name: trial
  source: {{system: prestashop, resource: orders}}
  target: {{system: gp, document: sales_order, key: SOPNUMBE}}
  map:
    header:
      SOPNUMBE: "pad(id, 8)"
      SOPTYPE: "2"
      DOCID: "'STDORD'"
      DOCDATE: "cast(date_add as date)"
      CUSTNMBR: "'C' || id_customer"
{lines}
"""


@pytest.fixture
def flow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("GPPS_HOME", str(tmp_path))
    wired = connect(Settings())

    def make(**columns: str) -> EngineFlow:
        path = tmp_path / "trial" / "defs.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            HEAD.format(lines="\n".join(f'      {name}: "{text}"' for name, text in columns.items())), "utf-8"
        )
        loaded = load_flow(path)
        lists = {**wired.source.lookup_lists(), **wired.target.lookup_lists()}
        resource, document = wired.source.resources()["orders"], wired.target.documents()["sales_order"]
        compiled, errors = compile_flow(
            loaded,
            wired.source.resources(),
            wired.target.documents(),
            lists,
            FlowSettings(wired.settings, wired.target),
        )
        assert compiled is not None, errors
        assert loaded.flow is not None
        return EngineFlow(loaded.flow, compiled, resource, document)

    return make


def codes(findings: list[Finding]) -> set[tuple[str, str]]:
    return {(one.column.partition(".")[2], one.code) for one in findings}


def test_amounts_with_and_without_tax_are_seen_in_the_map_alone(flow: Any) -> None:
    found = check_flow(
        flow(SUBTOTAL="total_products_wt", FREIGHT="total_shipping_tax_excl", DOCAMNT="total_paid_tax_excl"), [], []
    )
    assert ("SUBTOTAL", "tax_included") in codes(found)
    assert ("DOCAMNT", "tax_left_out") in codes(found)
    assert ("FREIGHT", "tax_included") not in codes(found)
    assert found[0].severity == "error"


def test_a_gross_amount_less_its_tax_is_no_mistake(flow: Any) -> None:
    found = check_flow(flow(SUBTOTAL="total_products_wt - (total_products_wt - total_products)"), [], [])
    assert ("SUBTOTAL", "tax_included") not in codes(found)


def documents(rows: list[dict[str, Any]]) -> list[Document]:
    return [
        Document(str(n), "sales_order", str(n), {"header": [{"SOPNUMBE": str(n), **row}]}) for n, row in enumerate(rows)
    ]


def records(rows: list[dict[str, Any]]) -> list[SourceRecord]:
    return [SourceRecord(str(n), row) for n, row in enumerate(rows)]


def test_samples_show_constant_blank_cut_and_rounded_columns(flow: Any) -> None:
    trial = flow(
        CSTPONBR="left(reference, 20)",
        COMMENT_1="note",
        REFRENCE="payment",
        MISCAMNT="cast(cast(total_wrapping_tax_excl as integer) as decimal(19,5))",
    )
    raw = [
        {
            "reference": f"A-VERY-LONG-REFERENCE-{n}",
            "note": "",
            "payment": "Card",
            "total_wrapping_tax_excl": f"{n}.600000",
        }
        for n in range(1, 8)
    ]
    made = [
        {"CSTPONBR": "A-VERY-LONG-REFERENC", "COMMENT_1": None, "REFRENCE": "Card", "MISCAMNT": str(n + 1)}
        for n in range(1, 8)
    ]
    found = codes(check_flow(trial, records(raw), documents(made)))
    assert {
        ("CSTPONBR", "truncated"),
        ("COMMENT_1", "never_filled"),
        ("REFRENCE", "constant"),
        ("MISCAMNT", "lossy"),
    } <= found


def test_units_that_differ_by_a_hundred_are_asked_about(flow: Any) -> None:
    trial = flow(FREIGHT="total_shipping_tax_excl * 100")
    raw = [{"total_shipping_tax_excl": f"{n}.500000"} for n in range(1, 8)]
    made = [{"FREIGHT": f"{n * 100 + 50}"} for n in range(1, 8)]
    assert ("FREIGHT", "unit") in codes(check_flow(trial, records(raw), documents(made)))


def test_records_that_would_be_held_are_counted(flow: Any) -> None:
    raw = records([{"reference": "A"}] * 4)
    problems = [Problem(str(n), "required_blank", "CUSTNMBR is required.", column="header.CUSTNMBR") for n in range(3)]
    found = check_flow(flow(), raw, [], problems)
    assert [(one.column, one.code, one.severity) for one in found] == [("header.CUSTNMBR", "required_blank", "error")]
    assert found[0].sentence.startswith("3 of 4")
