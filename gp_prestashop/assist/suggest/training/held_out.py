"""Figures of entities that the model had not seen: each example was scored by a model trained without its entity."""

from __future__ import annotations

from typing import Any

from gp_prestashop.assist.suggest.knowledge import Knowledge
from gp_prestashop.assist.suggest.matcher import Matcher
from gp_prestashop.assist.suggest.metrics import Tally, report_of, tally
from gp_prestashop.assist.suggest.model import Model
from gp_prestashop.assist.suggest.training.train import Example, Fitted

__all__ = ["held_out_figures"]


def held_out_figures(fitted: Fitted) -> dict[str, Any]:
    """For development and made-up pairs, with and without what is known beforehand, by variant."""
    matcher = Matcher(Model(fitted.document), Knowledge({}))
    groups: dict[str, list[tuple[str, Tally]]] = {}
    for one, confidence in zip(fitted.examples, fitted.held_out, strict=True):
        suggestions = matcher.decide(one.labelled.pair, one.described, confidence.copy())
        counted = tally(one.labelled, suggestions, 0.0)
        groups.setdefault(_group(one), []).append((one.labelled.variant, counted))
    return {name: report_of(tallies).as_json() for name, tallies in sorted(groups.items())}


def _group(one: Example) -> str:
    origin = "made_up" if one.labelled.pair.id.count("#") == 2 else "development"
    known = one.described.feature("known_weight")
    return f"{origin}, {'with' if (known > 0).any() else 'without'} correspondences"
