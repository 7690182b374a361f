"""The figures count what they say."""

from __future__ import annotations

import pytest

from gp_prestashop.assist.suggest.fields import pair_from
from gp_prestashop.assist.suggest.matcher import Suggestion
from gp_prestashop.assist.suggest.metrics import Figures, calibration_error, tally
from gp_prestashop.assist.suggest.training.variants import Labelled

PAIR = pair_from(
    {
        "id": "p",
        "source_fields": [{"id": "s.a"}, {"id": "s.b"}, {"id": "s.c"}],
        "target_fields": [{"id": "T.X"}, {"id": "T.Y"}],
    }
)
LABELLED = Labelled(PAIR, "b", "plain", {"s.a": ("T.X", "T.Y"), "s.b": ("T.Y",)}, frozenset({("s.c", "T.X")}))


def suggestion(source: str, target: str, rank: int, confidence: float, *, chosen: bool) -> Suggestion:
    return Suggestion("p", source, target, rank, confidence, confidence, chosen, "why")


def test_recall_rank_and_f1_are_counted() -> None:
    found = [
        suggestion("s.a", "T.Y", 1, 0.9, chosen=True),  # an equally right target
        suggestion("s.b", "T.X", 1, 0.5, chosen=True),  # wrong
        suggestion("s.b", "T.Y", 2, 0.4, chosen=False),
        suggestion("s.c", "T.X", 1, 0.8, chosen=True),  # counts neither way
    ]
    figures = Figures.of(tally(LABELLED, found, 0.1))
    assert (figures.sources, figures.recall_at_1, figures.recall_at_3, figures.mrr) == (2, 0.5, 1.0, 0.75)
    assert figures.f1 == 0.5  # one right, one wrong, one missed
    assert figures.precision == 0.5


def test_calibration_error_is_the_gap_between_said_and_seen() -> None:
    assert calibration_error([(0.75, True), (0.75, True), (0.75, True), (0.75, False)]) == pytest.approx(0.0)
    assert calibration_error([(0.95, False), (0.95, False)]) == pytest.approx(0.95)
