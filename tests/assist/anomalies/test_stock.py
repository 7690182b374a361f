"""Stock that looks wrong, from readings over time; big regular movements pass."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from gp_prestashop.assist.anomalies.stock import Reading, score_stock

START = datetime(2026, 10, 1, tzinfo=UTC)


def levels(item: str, *on_hand: float, allocated: float = 0.0) -> list[Reading]:
    return [Reading(item, START + timedelta(days=at), value, allocated) for at, value in enumerate(on_hand)]


@pytest.fixture(scope="module")
def usual() -> list[Reading]:
    """A hundred items that sell and are restocked, some by the thousand."""
    random, readings = Random(3), []
    for number in range(100):
        most = random.choice([10, 40, 200, 3000])
        level, path = most, []
        for _ in range(20):
            level -= random.randint(0, max(1, most // 8))
            level = level + most if level < most // 5 else level
            path.append(float(max(level, 0)))
        readings += levels(f"ITEM-{number:03d}", *path)
    return readings


def test_what_items_usually_do_is_no_anomaly(usual: list[Reading]) -> None:
    assert [row.reason for row in score_stock(usual) if row.score >= 0.5] == []
    assert score_stock([]) == []


@pytest.mark.parametrize(
    ("readings", "kind", "sentence"),
    [
        (levels("X", 40, 35, 30, 28, 2800), "stock_rise", "X has 2800 on hand, and never had more than 40: 70 times as much."),
        (levels("X", 900, 895, 890, 885, 9), "stock_fall", "X fell from 885 to 9; at most 5 went at a time before: 175 times as much."),
        (levels("X", 3, -4), "stock", "X has -4 pieces on hand: less than nothing."),
        (levels("X", 3, 2, allocated=9), "stock", "Of X 9 pieces are allocated, but 2 are on hand."),
        (levels("X", 3, 2.5), "stock", "X has 2.5 on hand: a part of a piece."),
    ],
)  # fmt: skip
def test_counts_that_cannot_be_are_found(
    usual: list[Reading], readings: list[Reading], kind: str, sentence: str
) -> None:
    scored = score_stock([*usual, *readings])
    worst = max(scored, key=lambda row: row.score)
    assert (worst.order_id, worst.kind, worst.reason) == ("X", kind, sentence)
    assert worst.score >= 0.8
    assert sum(row.score >= 0.5 for row in scored) == 1


def test_negative_stock_is_a_custom_where_many_items_have_it(usual: list[Reading]) -> None:
    many = [reading for number in range(60) for reading in levels(f"NEG-{number}", 1, -1)]
    assert all(row.score < 0.5 for row in score_stock([*usual, *many]))
