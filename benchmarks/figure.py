"""One published figure."""

from __future__ import annotations

from typing import TypedDict

__all__ = ["Figure", "figure"]


class Figure(TypedDict):
    """``ratio`` is above 1 where ours is better, whichever way the metric points."""

    bench: str
    metric: str
    ours: float
    baseline: float
    baseline_name: str
    ratio: float
    unit: str


def figure(
    bench: str,
    metric: str,
    ours: float,
    baseline: float,
    baseline_name: str,
    unit: str,
    *,
    less_is_better: bool = False,
) -> Figure:
    better, worse = (baseline, ours) if less_is_better else (ours, baseline)
    return Figure(
        bench=bench,
        metric=metric,
        ours=round(ours, 3),
        baseline=round(baseline, 3),
        baseline_name=baseline_name,
        ratio=round(better / worse, 2) if worse else 0.0,
        unit=unit,
    )
