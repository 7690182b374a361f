"""How good suggestions are against labelled pairs: recall, reciprocal rank, one-to-one F1, calibration, seconds."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gp_prestashop.assist.suggest.knowledge import Knowledge
from gp_prestashop.assist.suggest.matcher import Matcher, Suggestion
from gp_prestashop.assist.suggest.model import Model

if TYPE_CHECKING:
    from gp_prestashop.assist.suggest.training.variants import Labelled

__all__ = ["Figures", "Report", "Tally", "calibration_error", "measure", "tally"]


@dataclass
class Tally:
    """Counts over pairs. A source's target is right when it is any of the labelled ones; neutral pairs count neither way."""

    sources: int = 0
    first: int = 0
    three: int = 0
    reciprocal: float = 0.0
    chosen_right: int = 0
    chosen_wrong: int = 0
    seconds: list[float] = field(default_factory=list)
    judged: list[tuple[float, bool]] = field(default_factory=list)  # confidence of the best target, whether it is right

    def add(self, other: Tally) -> None:
        for name in ("sources", "first", "three", "reciprocal", "chosen_right", "chosen_wrong"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.seconds += other.seconds
        self.judged += other.judged


@dataclass(frozen=True)
class Figures:
    """The published figures of one set of pairs; ``sources`` is how many fields have a place in the target."""

    pairs: int
    sources: int
    recall_at_1: float
    recall_at_3: float
    mrr: float
    precision: float
    f1: float
    calibration_error: float
    seconds: float
    slowest: float

    @classmethod
    def of(cls, tally: Tally) -> Figures:
        right, wrong, missed = tally.chosen_right, tally.chosen_wrong, tally.sources - tally.chosen_right
        some = max(1, tally.sources)
        return cls(
            len(tally.seconds),
            tally.sources,
            round(tally.first / some, 4),
            round(tally.three / some, 4),
            round(tally.reciprocal / some, 4),
            round(right / max(1, right + wrong), 4),
            round(2 * right / max(1, 2 * right + wrong + missed), 4),
            round(calibration_error(tally.judged), 4),
            round(sum(tally.seconds) / max(1, len(tally.seconds)), 3),
            round(max(tally.seconds, default=0.0), 3),
        )


@dataclass(frozen=True)
class Report:
    """Figures of each variant, and of all."""

    variants: Mapping[str, Figures]
    all: Figures

    def as_json(self) -> dict[str, Any]:
        return {name: vars(figures) for name, figures in [*sorted(self.variants.items()), ("all", self.all)]}


def measure(labelled: Iterable[Labelled], model: Model | None = None, knowledge: Knowledge | None = None) -> Report:
    """Run the matcher over labelled pairs."""
    matcher = Matcher(model, knowledge)
    tallies: list[tuple[str, Tally]] = []
    for one in labelled:
        started = time.perf_counter()
        suggestions = matcher.suggest(one.pair)
        tallies.append((one.variant, tally(one, suggestions, time.perf_counter() - started)))
    return report_of(tallies)


def report_of(tallies: Sequence[tuple[str, Tally]]) -> Report:
    """Sum up by variant."""
    total, parts = Tally(), dict[str, Tally]()
    for variant, one in tallies:
        parts.setdefault(variant, Tally()).add(one)
        total.add(one)
    return Report({name: Figures.of(part) for name, part in parts.items()}, Figures.of(total))


def tally(labelled: Labelled, suggestions: Sequence[Suggestion], seconds: float) -> Tally:
    """Counts of one pair."""
    result = Tally(seconds=[seconds])
    by_source: dict[str, list[Suggestion]] = {}
    for suggestion in suggestions:
        by_source.setdefault(suggestion.source, []).append(suggestion)
    for source in labelled.pair.sources:
        ranked = sorted(by_source.get(source.id, []), key=lambda s: s.rank)
        right = labelled.gold.get(source.id, ())
        if right:
            result.sources += 1
            place = next((s.rank for s in ranked if s.target in right), None)
            result.first += place == 1
            result.three += place is not None and place <= 3
            result.reciprocal += 1 / place if place else 0.0
        for suggestion in ranked:
            neutral = (source.id, suggestion.target) in labelled.neutral and suggestion.target not in right
            if suggestion.rank == 1 and not neutral:
                result.judged.append((suggestion.confidence, suggestion.target in right))
            if suggestion.chosen and not neutral:
                result.chosen_right += suggestion.target in right
                result.chosen_wrong += suggestion.target not in right
    return result


def calibration_error(judged: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """Expected calibration error: |mean confidence - part that is right|, over equal bins, weighed by their size."""
    error = 0.0
    for at in range(bins):
        inside = [(c, ok) for c, ok in judged if min(bins - 1, int(c * bins)) == at]
        if inside:
            gap = sum(c for c, _ in inside) / len(inside) - sum(ok for _, ok in inside) / len(inside)
            error += abs(gap) * len(inside) / len(judged)
    return error
