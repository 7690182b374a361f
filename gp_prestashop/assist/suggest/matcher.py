"""The matcher: a pair of field lists in, ranked suggestions out. Imports nothing of the engine, the ledger or the connectors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from gp_prestashop.assist.suggest.assign import one_to_one
from gp_prestashop.assist.suggest.evidence import evidence_of
from gp_prestashop.assist.suggest.features import Described, describe
from gp_prestashop.assist.suggest.fields import Pair, telling
from gp_prestashop.assist.suggest.history import History, apply_history
from gp_prestashop.assist.suggest.joins import find_joins
from gp_prestashop.assist.suggest.knowledge import Knowledge, shipped_knowledge
from gp_prestashop.assist.suggest.model import Model, shipped_model
from gp_prestashop.assist.suggest.profile import Floats
from gp_prestashop.assist.suggest.words import Words

__all__ = ["Matcher", "Suggestion"]

RANKS = 5  # targets shown for a source
_JOINED = 0.55  # least confidence of a part of a join that the model alone did not see


@dataclass(frozen=True)
class Suggestion:
    """One ranked target of one source. ``confidence`` is the calibrated chance that it is right; ``score`` orders."""

    pair: str
    source: str
    target: str
    rank: int
    score: float
    confidence: float
    chosen: bool
    evidence: str
    expression: str | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Matcher:
    """Suggests targets. ``model`` and ``knowledge`` default to what comes with the package."""

    def __init__(
        self,
        model: Model | None = None,
        knowledge: Knowledge | None = None,
        history: History | None = None,
        rerank: Callable[[Pair, Floats], Floats] | None = None,
    ) -> None:
        self._model = model or shipped_model()
        self._knowledge = knowledge if knowledge is not None else shipped_knowledge()
        self._history = history or History()
        self._words = Words()
        self._rerank = rerank

    def suggest_all(self, pairs: Iterable[Pair]) -> Iterator[Suggestion]:
        for pair in pairs:
            yield from self.suggest(pair)

    def suggest(self, pair: Pair) -> list[Suggestion]:
        """Suggestions for one pair, in the order of its sources, best target first."""
        if not pair.sources or not pair.targets:
            return []
        pair = telling(pair)
        described = describe(pair, self._words, self._knowledge)
        _, confidence = self._model.scores(described)
        return self.decide(pair, described, confidence)

    def decide(self, pair: Pair, described: Described, confidence: Floats) -> list[Suggestion]:
        """Suggestions from confidences that are known already (sources × targets)."""
        if self._rerank is not None:
            confidence = self._rerank(pair, confidence)
        confidence = apply_history(confidence, pair, self._history)
        chosen, expressions = self._choose(pair, described, confidence)
        found: list[Suggestion] = []
        for i, source in enumerate(pair.sources):
            for rank, j in enumerate(_ranked(confidence[i], chosen.get(i)), start=1):
                is_chosen = chosen.get(i) == j
                found.append(
                    Suggestion(
                        pair.id, source.id, pair.targets[j].id, rank, round(float(confidence[i, j]), 4), round(float(confidence[i, j]), 4), is_chosen,
                        evidence_of(pair, described, self._words, self._knowledge, i, j), expressions.get(i) if is_chosen else None,
                    )
                )  # fmt: skip
        return found

    def _choose(self, pair: Pair, described: Described, confidence: Floats) -> tuple[dict[int, int], dict[int, str]]:
        chosen = one_to_one(confidence, self._model.threshold)
        expressions: dict[int, str] = {}
        for join in find_joins(pair, described, confidence, chosen):
            for source in join.sources:
                chosen[source] = join.target
                expressions[source] = join.expression
                confidence[source, join.target] = max(confidence[source, join.target], _JOINED)
        return chosen, expressions


def _ranked(row: Floats, chosen: int | None) -> list[int]:
    """The best few; what was chosen leads where it is about as good as the best."""
    order = [int(j) for j in np.argsort(-row, kind="stable")[:RANKS]]
    if chosen is not None and chosen in order and row[chosen] >= row[order[0]]:
        order.remove(chosen)
        order.insert(0, chosen)
    return order
