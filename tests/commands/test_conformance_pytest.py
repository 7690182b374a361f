"""The conformance kit as tests of somebody else's pytest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytest_plugins = ["pytester"]
PLUGIN = "gp_prestashop.commands.conformance_pytest"


def test_each_check_is_a_test(make_house: Callable[..., Any], pytester: pytest.Pytester) -> None:
    house = make_house(orders=5, troubles=False)
    pytester.makepyfile("def test_of_theirs(): raise AssertionError")
    good = pytester.inline_run("-p", PLUGIN, "--conformance", "prestashop", "--conformance", "gp", "-p", "no:xdist")
    passed, skipped, failed = good.listoutcomes()
    names = {report.nodeid for report in passed}
    assert (skipped, failed) == ([], [])
    assert {"prestashop: probe: shop and key", "gp: probe: GP server"} <= {
        name.partition("::")[2] or name for name in names
    }
    house.sandbox.shop.stop()
    down = pytester.inline_run("-p", PLUGIN, "--conformance", "prestashop", "-p", "no:xdist")
    _, _, failed = down.listoutcomes()
    assert "cannot be reached" in str(failed[0].longrepr)
