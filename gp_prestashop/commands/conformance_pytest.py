"""The conformance kit as a pytest plugin, against the systems that the settings name.

    pytest -p gp_prestashop.commands.conformance_pytest --conformance prestashop --conformance gp [--conformance-write]

Each check is a test. They build on each other, so they run in order while they are collected, and are all that runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from gp_prestashop.gp.conformance import CheckResult as GpResult
from gp_prestashop.gp.conformance import run_conformance as check_gp
from gp_prestashop.prestashop.conformance import CheckResult as ShopResult
from gp_prestashop.prestashop.conformance import run_conformance as check_prestashop
from gp_prestashop.settings import load_settings


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("conformance")
    group.addoption(
        "--conformance", choices=["prestashop", "gp"], action="append", default=[], help="which side to check"
    )
    group.addoption("--conformance-write", action="store_true", help="also write marked records: on a test system only")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    systems = config.getoption("--conformance")
    if systems:
        items[:] = [
            Conformance.from_parent(session, name=f"{system}: {result.name}", result=result)
            for system in systems
            for result in _results(system, write=config.getoption("--conformance-write"))
        ]


def _results(system: str, *, write: bool) -> Iterator[ShopResult | GpResult]:
    settings = load_settings()
    if system == "gp":
        yield from check_gp(settings.gp, write=write)
    else:
        yield from check_prestashop(settings.shop, write=write)


class Conformance(pytest.Item):
    """One check and how it went."""

    def __init__(self, *, result: ShopResult | GpResult, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.result = result

    def runtest(self) -> None:
        if not self.result.ok:
            pytest.fail(self.result.sentence, pytrace=False)

    def reportinfo(self) -> tuple[Any, int | None, str]:
        return self.path, None, self.name
