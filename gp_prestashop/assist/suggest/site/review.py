"""Which suggestions a person must look at, by the review mode of the site."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from gp_prestashop.assist.suggest.matcher import Suggestion
from gp_prestashop.assist.suggest.site.decisions import Decisions

__all__ = ["Review", "sorted_out"]

Review = Literal["always", "low-confidence", "never"]


def sorted_out(
    suggestions: Sequence[Suggestion], decisions: Decisions, mapped: Sequence[str], mode: Review, sure: float
) -> tuple[list[Suggestion], list[tuple[Suggestion, str]]]:
    """(accepted by the mode, those that wait with the reason). What was decided already is in neither.

    ``mapped``: target columns that the flow maps already. A conflict waits whatever the mode.
    """
    taken: list[Suggestion] = []
    waiting: list[tuple[Suggestion, str]] = []
    for one in suggestions:
        if not one.chosen or decisions.find(one.source, one.target) is not None:
            continue
        column = one.target.partition(".")[2]
        if others := [
            d
            for d in decisions.conflicts(one.source, one.target)
            if d.expression is None or d.expression != one.expression
        ]:
            waiting.append((one, f"conflict: {one.target} is taken from {others[0].source}"))
        elif column in mapped:
            waiting.append((one, f"conflict: the flow maps {column} already"))
        elif mode == "never" or (mode == "low-confidence" and one.confidence >= sure):
            taken.append(one)
        else:
            waiting.append(
                (
                    one,
                    "every suggestion is reviewed"
                    if mode == "always"
                    else f"confidence {one.confidence:.2f} is below {sure:.2f}",
                )
            )
    return taken, waiting
