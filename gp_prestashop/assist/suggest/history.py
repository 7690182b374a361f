"""What people at this site said of earlier suggestions; it changes later ones."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from gp_prestashop.assist.suggest.fields import Pair
from gp_prestashop.assist.suggest.profile import Floats

__all__ = ["History", "apply_history"]

_SAID_YES, _LIKE_YES, _SAID_NO, _LIKE_NO = 0.99, 0.5, 0.001, 0.5


@dataclass(frozen=True)
class History:
    """Accepted and rejected maps, each as (resource, field, table, column)."""

    accepted: frozenset[tuple[str, str, str, str]] = frozenset()
    rejected: frozenset[tuple[str, str, str, str]] = frozenset()


def apply_history(confidence: Floats, pair: Pair, history: History) -> Floats:
    """Confidences after what was said: of the very pair, it decides; of the same two names elsewhere, it moves the odds."""
    if not history.accepted and not history.rejected:
        return confidence
    result = confidence.copy()
    yes = {(field, column) for _, field, _, column in history.accepted}
    no = {(field, column) for _, field, _, column in history.rejected}
    for i, source in enumerate(pair.sources):
        for j, target in enumerate(pair.targets):
            said = (source.owner, source.name, target.owner, target.name)
            result[i, j] = _said(confidence[i, j], said, history, (source.name, target.name), yes, no)
    return np.clip(result, 0.001, 0.995)


def _said(
    value: float,
    said: tuple[str, str, str, str],
    history: History,
    names: tuple[str, str],
    yes: Collection[tuple[str, str]],
    no: Collection[tuple[str, str]],
) -> float:
    if said in history.accepted:
        return _SAID_YES
    if said in history.rejected:
        return _SAID_NO
    if names in yes:
        return value + (1 - value) * _LIKE_YES
    return value * _LIKE_NO if names in no else value
