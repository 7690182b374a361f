"""One round of suggestions at a site: read, suggest, review, accept, write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

from gp_prestashop.assist.language_model import LanguageModel, draft_expression, explain, language_model, reranker
from gp_prestashop.assist.suggest.matcher import Matcher, Suggestion
from gp_prestashop.assist.suggest.site.audit import record
from gp_prestashop.assist.suggest.site.decisions import AUTOMATIC, Decisions, decision
from gp_prestashop.assist.suggest.site.live import live_pair
from gp_prestashop.assist.suggest.site.overlay import Place, Written, place_of, write_overlay
from gp_prestashop.assist.suggest.site.review import Review, sorted_out
from gp_prestashop.assist.suggest.site.trial import Draft, Trial
from gp_prestashop.clock import Clock, SystemClock
from gp_prestashop.engine.parts import EngineFlow, Parts
from gp_prestashop.errors import ConfigError
from gp_prestashop.gp.database import GpDatabase
from gp_prestashop.ledger.ledger import Ledger
from gp_prestashop.settings import Settings
from gp_prestashop.wiring import Wired

__all__ = ["SAMPLE", "Session"]

SAMPLE = 10  # records that an expression is tried on


class Session:
    """Suggestions of one site. ``clock`` is for tests."""

    def __init__(self, settings: Settings, wired: Wired, database: GpDatabase, clock: Clock | None = None) -> None:
        self._settings = settings
        self._wired = wired
        self._database = database
        self._clock = clock or SystemClock()
        self.decisions = Decisions(settings.home)

    def suggestions(self, source: str, target: str) -> list[Suggestion]:
        """Read both sides and suggest, with what was decided before in mind."""
        model = language_model(self._settings.assist.language_model)
        matcher = Matcher(history=self.decisions.history(), rerank=reranker(model) if model is not None else None)
        return matcher.suggest(live_pair(self._wired.source, source, self._database, target))

    def review(
        self, suggestions: Sequence[Suggestion], mode: str | None = None
    ) -> tuple[list[Suggestion], list[tuple[Suggestion, str]]]:
        """(accepted by the review mode, those that wait for a person and why)."""
        if mode is not None and mode not in get_args(Review):
            raise ConfigError(
                "review_mode", f"{mode} is no review mode.", remedy=f"One of: {', '.join(get_args(Review))}."
            )
        chosen: Review = mode or self._settings.assist.review  # type: ignore[assignment]
        return sorted_out(suggestions, self.decisions, self._mapped(suggestions), chosen, self._settings.assist.sure)

    def take(self, suggestions: Sequence[Suggestion], ledger: Ledger) -> None:
        """Accept by the review mode: kept as automatic, each with an audit entry."""
        for one in suggestions:
            made = decision(
                "accepted", one.source, one.target, by=AUTOMATIC, at=self._clock.now(), expression=one.expression, confidence=one.confidence
            )  # fmt: skip
            before = self.decisions.record(made)
            record(
                ledger, self._clock, actor=AUTOMATIC, action="suggestion_accepted", flow="", key=f"{one.source} → {one.target}",
                before=vars(before) if before else None, after={**vars(made), "evidence": one.evidence},
            )  # fmt: skip

    def draft(self, source: str, target: str, request: str, parts: Parts, sample: int) -> Draft:
        """An expression that the language model drafts, for a person to look at; nothing is kept.

        It compiles in its flow, and a dry run over ``sample`` records takes it. Raises ConfigError when no model is switched on
        or no flow writes there, DataError when nothing of that kind was drafted.
        """
        model = self.model()
        place = place_of(self._wired, source, target)
        columns = [column.name for column in place.flow.resource.main.columns]
        trial = Trial(self._wired, parts, place, sample)
        return Draft(draft_expression(model, request, columns, trial.wrong), trial.examples)

    def explained(self, suggestions: Sequence[Suggestion]) -> list[Suggestion]:
        """The chosen ones with their evidence phrased by the language model. What it is sent holds no values."""
        model = self.model()
        return [replace(one, evidence=explain(model, one.evidence)) if one.chosen else one for one in suggestions]

    def model(self) -> LanguageModel:
        """The language model. Raises ConfigError when none is switched on."""
        model = language_model(self._settings.assist.language_model)
        if model is None:
            raise ConfigError(
                "language_model_off",
                "No language model is switched on.",
                remedy="Set GPPS_ASSIST__LANGUAGE_MODEL__PROVIDER.",
            )
        return model

    def write(self, parts: Parts, sample: int = SAMPLE) -> list[Written]:
        """Everything accepted, as overlays; each expression written has an audit entry.

        What no person has looked at is tried on ``sample`` records first, and left out when one of them would be held for it.
        """

        def judge(place: Place, tried: EngineFlow) -> str:
            return Trial(self._wired, parts, place, sample).against(tried)

        ledger = parts.ledger
        results = write_overlay(self._wired, self._settings.home, self.decisions.accepted(), judge)
        for one in results:
            if not one.why_not and one.new:
                record(
                    ledger, self._clock, actor=one.decision.by, action="suggestion_written", flow=one.flow, key=f"{one.frame}.{one.column}",
                    after={"expression": one.expression, "source": one.decision.source},
                )  # fmt: skip
        return results

    def _mapped(self, suggestions: Sequence[Suggestion]) -> list[str]:
        """Target columns that a flow maps already."""
        found = []
        for one in suggestions:
            if not one.chosen:
                continue
            try:
                place = place_of(self._wired, one.source, one.target)
            except ConfigError:
                continue  # no flow writes there, so nothing is mapped
            if place.mapped:
                found.append(one.target.partition(".")[2])
        return found
