"""Customer numbers, by id or by name: no two shoppers get one, and none is longer than GP's fifteen characters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gp_prestashop.engine.contracts import check_documents
from gp_prestashop.mapping.compiler import CompiledFlow, compile_flow
from gp_prestashop.mapping.loader import load_flow
from gp_prestashop.mapping.shapes import SourceRecord
from gp_prestashop.settings import Settings
from gp_prestashop.wiring import SHIPPED_FLOWS, connect


class NobodyKnown:
    """Answers no look-up: every shopper is new to GP."""

    def resolve(
        self, kind: str, name: str, keys: Sequence[tuple[str, ...]], columns: Sequence[str]
    ) -> Mapping[tuple[str, ...], Mapping[str, Any]]:
        del kind, name, keys, columns
        return {}


@pytest.fixture(scope="module", params=[("id", "PS"), ("name", "PS"), ("name", "WEBXX"), ("id", "")])
def flow(request: pytest.FixtureRequest) -> CompiledFlow:
    rule, prefix = request.param
    wired = connect(Settings())
    values = {f"customer.{name}": str(value) for name, value in Settings().customer.model_dump().items()}
    values |= {"customer.number": rule, "customer.prefix": prefix}
    lists = {**wired.source.lookup_lists(), **wired.target.lookup_lists()}
    loaded = load_flow(SHIPPED_FLOWS / "customers" / "defs.yaml")
    compiled, errors = compile_flow(
        loaded, wired.source.resources(), wired.target.documents(), lists, values, code_page="cp1252"
    )
    assert compiled is not None, errors
    return compiled


def shopper(number: int, lastname: str) -> dict[str, Any]:
    return {
        "id": str(number), "firstname": "A", "lastname": lastname, "company": "", "email": f"a{number}@example.com",
        "is_guest": "0", "id_default_group": "3", "date_add": "2026-03-02 10:00:00", "addresses": [],
    }  # fmt: skip


NAMES = st.sampled_from(["Smith", "Smythe", "Šmíd", "Ng", "Ó", "李", "000001", "O'Neil 12", "Müller", "de la Cruz"])


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(people=st.dictionaries(st.integers(1, 999_999), NAMES | st.text(min_size=1, max_size=12), min_size=30))
def test_no_two_shoppers_get_one_number(flow: CompiledFlow, people: dict[int, str]) -> None:
    records = [SourceRecord(str(number), shopper(number, name)) for number, name in people.items()]
    mapped = flow.map(flow.decide(records, NobodyKnown()).accepted, NobodyKnown())
    problems = [*mapped.problems, *check_documents(flow.document, mapped.documents)]
    held = {problem.source_key for problem in problems if problem.severity == "hold"}
    numbers = [document.header["CUSTNMBR"] for document in mapped.documents if document.source_key not in held]
    assert len(numbers) >= len(people) // 2
    assert len({number.upper() for number in numbers}) == len(numbers)
    assert all(1 <= len(number) <= 15 for number in numbers)


def test_an_id_that_does_not_fit_is_held_and_not_cut(flow: CompiledFlow) -> None:
    records = [SourceRecord("123456789", shopper(123_456_789, "Smith"))]
    decisions = flow.decide(records, NobodyKnown())
    mapped = flow.map(decisions.accepted, NobodyKnown())
    assert mapped.documents == []
    assert {problem.severity for problem in [*decisions.held, *mapped.problems]} == {"hold"}
