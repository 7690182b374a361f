"""Worlds, and the recorded facts that they are held against."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gp_prestashop.sandbox.world import World, generate

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def recorded() -> Callable[[str], Any]:
    """Facts by file name: recorded field lists and orders, GP's columns."""
    return lambda name: json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def world() -> World:
    return generate()


@pytest.fixture(scope="session")
def calm() -> World:
    """A world in which nothing is wrong with any order."""
    return generate(seed=7, orders=400, troubles=False)
