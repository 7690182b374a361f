"""How well anomalies are found in seeded, labelled years of our own generator: what ``make assist-score`` publishes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from gp_prestashop.assist.anomalies.books import make_books
from gp_prestashop.assist.anomalies.score import Scored, score_books
from gp_prestashop.assist.anomalies.years import make_year

__all__ = ["SEEDS", "average_precision", "score_anomalies"]

SEEDS = (101, 102, 103, 104, 105)  # not those that the detectors were developed with


def score_anomalies(seeds: Sequence[int] = SEEDS, orders: int = 10_000) -> dict[str, Any]:
    """Figures over these years.

    ``{years: [{seed, orders, bad, recall_at_1_percent, average_precision, seconds}], recall_at_1_percent, average_precision,
    by_kind: {kind: {found, of, recall}}}``; recall counts bad orders among the top 1 % of all.
    """
    years: list[dict[str, Any]] = []
    by_kind: dict[str, dict[str, int]] = {}
    for seed in seeds:
        year = make_year(seed, orders)
        books = make_books(year.frames)
        began = time.perf_counter()
        ranked = sorted(score_books(books), key=lambda row: -row.score)
        seconds = time.perf_counter() - began
        top = {row.order_id for row in ranked[: len(ranked) // 100]}
        found = sum(order in top for order in year.labels)
        for order, kind in year.labels.items():
            tally = by_kind.setdefault(kind, {"found": 0, "of": 0})
            tally["of"] += 1
            tally["found"] += order in top
        years.append({
            "seed": seed, "orders": len(ranked), "bad": len(year.labels), "recall_at_1_percent": found / len(year.labels),
            "average_precision": average_precision(ranked, year.labels), "seconds": round(seconds, 2),
        })  # fmt: skip
    return {
        "years": years,
        "recall_at_1_percent": sum(y["recall_at_1_percent"] for y in years) / len(years),
        "average_precision": sum(y["average_precision"] for y in years) / len(years),
        "by_kind": {kind: {**tally, "recall": tally["found"] / tally["of"]} for kind, tally in sorted(by_kind.items())},
    }


def average_precision(ranked: Sequence[Scored], bad: dict[str, str]) -> float:
    """The mean, over the bad orders, of the precision of the list down to each."""
    hits, total = 0, 0.0
    for place, row in enumerate(ranked, start=1):
        if row.order_id in bad:
            hits += 1
            total += hits / place
    return total / len(bad) if bad else 0.0
