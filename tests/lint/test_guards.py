"""The list of guards cannot rot: every test of a pain is named by one, and every guard stands in the product as it says."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.pains.guard import ROOT, Guard
from tests.pains.guards import GUARDS


def _named() -> Iterator[str]:
    """As the guards name them."""
    for path in sorted((ROOT / "tests/pains").glob("test_*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield f"pains/{path.name}::{node.name}"


def test_every_test_of_a_pain_is_named_by_a_guard_and_every_name_is_a_test() -> None:
    there = set(_named())
    named = {guard.test.partition("[")[0] for guard in GUARDS}
    assert there - named == set()
    assert {name for name in named - there if "::" in name or not (ROOT / "tests" / name).exists()} == set()


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_a_guard_stands_in_its_file_once(guard: Guard) -> None:
    for file, text, without in guard.edits:
        assert (ROOT / file).read_text("utf-8").count(text) == 1
        assert text != without


def test_no_two_guards_have_one_name() -> None:
    names = [guard.name for guard in GUARDS]
    assert sorted(set(names)) == sorted(names)
