"""The shipped sales_orders flow, compiled, over look-ups that answer what a small shop and company would."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from gp_prestashop.engine.contracts import check_documents
from gp_prestashop.mapping.compiler import CompiledFlow, compile_flow
from gp_prestashop.mapping.loader import load_flow
from gp_prestashop.mapping.shapes import Document, Problem, SourceRecord
from gp_prestashop.settings import Settings
from gp_prestashop.wiring import SHIPPED_FLOWS, connect

CURRENCIES = {"1": ("EUR", 2), "2": ("JPY", 0), "3": ("KWD", 3)}
RATES = {"1": "20.000", "2": "5.500", "3": "10.000"}


class SmallWorld:
    """Answers look-ups; ``missing`` items are not in GP."""

    def __init__(self) -> None:
        self.missing: set[str] = set()
        self.values: dict[tuple[str, str], str] = {}

    def resolve(
        self, kind: str, name: str, keys: Sequence[tuple[str, ...]], columns: Sequence[str]
    ) -> Mapping[tuple[str, ...], Mapping[str, Any]]:
        found = {key: self._one(kind, name, key, columns) for key in keys}
        return {key: row for key, row in found.items() if row is not None}

    def _one(self, kind: str, name: str, key: tuple[str, ...], columns: Sequence[str]) -> Mapping[str, Any] | None:
        first = key[0]
        if kind == "xref":
            return None if name == "sales_orders" else dict.fromkeys(columns or ("value",), f"{name[0].upper()}{first}")
        if kind == "value":
            shipped = {
                "order_states": "order",
                "carriers": "POST",
                "tax_details": f"TAX{first}",
                "tax_schedules": "WEB",
            }
            by_state = name == "tax_schedules" and "-" in first
            text = self.values.get((name, first)) or (None if by_state else shipped.get(name))
            return {"value": text} if text else None
        rows: dict[str, Mapping[str, Any] | None] = {
            "prestashop.currencies": {"iso_code": CURRENCIES.get(first, ("EUR", 2))[0], "conversion_rate": "1.000000"},
            "gp.currencies": {
                "CURNCYID": f"Z-{first}",
                "decimals": dict(CURRENCIES.values()).get(first, 2),
                "functional": first == "EUR",
            },
            "prestashop.currencies_by_rate": {"iso_code": "EUR"},
            "gp.items": None if first in self.missing else self._item(first),
            "gp.units": {"QTYBSUOM": "1"},
            "prestashop.countries": {"iso_code": "FR", "name": "France"},
            "prestashop.states": {"iso_code": "X"},
            "prestashop.carriers": {"id_reference": "1", "id_tax_rules_group": "1"},
            "prestashop.tax_rules": {"id_tax": "1"},
            "prestashop.state_tax_rules": {"id_tax": "3"} if key[-1] == "9" else None,
            "prestashop.taxes": {"rate": RATES.get(first, "0.000")},
        }
        row = rows.get(name)
        return None if row is None else {column: row.get(column, "") for column in columns}

    def _item(self, number: str) -> Mapping[str, Any]:
        """Sold by the piece, whole ones only."""
        return {"ITEMNMBR": number.upper(), "ITEMTYPE": 1, "UOMSCHDL": "EACH", "BASEUOFM": "Each", "decimals": 0}


@pytest.fixture(scope="session")
def compile_orders() -> Callable[..., CompiledFlow]:
    wired = connect(Settings())

    def make(**settings: str) -> CompiledFlow:
        values = {
            "go_live": "2026-01-01", "sop.prefix": "PS", "sop.docid": "STDORD", "sop.invoice_docid": "STDINV", "sop.site": "MAIN", "sop.tax_schedule": "",
            "sop.missing_item": "", "sop.missing": "hold", "sop.sites": "", "sop.shortage": "override",
            "sop.allocate": "document_id", "sop.rate": "shop", "sop.tolerance": "0.05",
            "sop.taxes": "shop", "customer.on_hold": "hold",
        } | settings  # fmt: skip
        loaded = load_flow(SHIPPED_FLOWS / "sales_orders" / "defs.yaml")
        lists = {**wired.source.lookup_lists(), **wired.target.lookup_lists()}
        compiled, errors = compile_flow(
            loaded, wired.source.resources(), wired.target.documents(), lists, values, code_page="cp1252"
        )
        assert compiled is not None, errors
        return compiled

    return make


@pytest.fixture(scope="session")
def orders_flow(compile_orders: Callable[..., CompiledFlow]) -> CompiledFlow:
    return compile_orders()


@pytest.fixture
def world() -> SmallWorld:
    return SmallWorld()


@pytest.fixture
def send(orders_flow: CompiledFlow, world: SmallWorld) -> Callable[..., tuple[list[Document], list[Problem]]]:
    """Decide, map and check these raw orders: the documents, and what holds the others."""

    def run(raws: Sequence[dict[str, Any]], flow: CompiledFlow = orders_flow) -> tuple[list[Document], list[Problem]]:
        decisions = flow.decide([SourceRecord(raw["id"], raw) for raw in raws], world)
        mapped = flow.map(decisions.accepted, world)
        problems = [*decisions.held, *mapped.problems, *check_documents(flow.document, mapped.documents)]
        stopped = {problem.source_key for problem in problems if problem.severity == "hold"}
        return [document for document in mapped.documents if document.source_key not in stopped], problems

    return run
