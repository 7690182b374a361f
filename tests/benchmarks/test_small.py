"""Benchmarks run, on next to nothing: what they measure is for a quiet machine and for ``make bench``.

That of stock, which starts processes, is run by ``tests/gp_to_shop/test_scale.py``.
"""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks import map as mapping
from benchmarks import orders


@pytest.mark.parametrize(("bench", "size"), [(orders, 14), (mapping, 2000)], ids=["orders", "map"])
def test_a_benchmark_says_its_figures(bench: Any, size: int) -> None:
    said: list[str] = []
    figures = bench.figures(said.append, size)
    assert said
    assert figures
    for one in figures:
        assert one["ours"] > 0
        assert one["baseline"] > 0
        assert one["ratio"] > 0
