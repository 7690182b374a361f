"""How good the mapping suggestions are: what ``make assist-score`` publishes. Trains nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from gp_prestashop.assist.suggest.metrics import measure
from gp_prestashop.assist.suggest.training.labelled_files import development_pairs
from gp_prestashop.assist.suggest.training.variants import MAKERS, VARIANTS, make

__all__ = ["SEEDS", "score_suggestions", "suggestions_markdown"]

SEEDS = (901, 902)  # made-up shops and companies that no training saw
_COLUMNS = (
    "pairs",
    "sources",
    "recall_at_1",
    "recall_at_3",
    "mrr",
    "precision",
    "f1",
    "calibration_error",
    "seconds",
    "slowest",
)
_TITLES = ("variant", "pairs", "fields with a place", "recall@1", "recall@3", "MRR", "precision", "F1", "ECE", "s a pair", "slowest")  # fmt: skip
_EXPLAINED = (
    "A field has a place when the labels name a target for it; most fields have none, and a suggestion for those counts against precision and F1. "
    "ECE is over the best target of every field, those without a place included. “Correspondences” is the shipped list of where PrestaShop's own "
    "fields usually go (`data/correspondences.txt`); without it the matcher stands as it would before fields that nobody has described."
)
_HELD_OUT_EXPLAINED = (
    "Each pair was scored by a model (both looks) that was trained without its entity, in five folds of whole entities; "
    "recorded when the shipped model was trained (`make assist-train` gives it again, byte for byte)."
)
_HELD_OUT = (
    ("held_out_entities", "development, with correspondences"),
    ("held_out_entities", "development, without correspondences"),
    ("held_out_entities", "made_up, with correspondences"),
    ("held_out_entities", "made_up, without correspondences"),
    ("made_up_only", "with_correspondences"),
    ("made_up_only", "without_correspondences"),
)


def score_suggestions(seeds: Sequence[int] = SEEDS) -> dict[str, Any]:
    """Figures by variant: ``held_out`` as the training wrote them, ``made_up_new_seeds`` and ``development_seen`` measured now."""
    held_out = json.loads((files("gp_prestashop.assist.suggest") / "data" / "held_out.json").read_text("utf-8"))
    fresh = [
        make(name, variant, seed * 1000 + at)
        for seed in seeds
        for at, name in enumerate(MAKERS)
        for variant in VARIANTS
    ]
    return {
        "held_out": held_out,
        "made_up_new_seeds": measure(fresh).as_json(),
        "development_seen": measure(development_pairs()).as_json(),
    }


def suggestions_markdown(figures: Mapping[str, Any]) -> str:
    """The section of ``docs/assist-score.md``."""
    held = figures["held_out"]
    parts = [
        "## Mapping suggestions",
        "",
        _EXPLAINED,
        "",
        "### Entities held out",
        "",
        _HELD_OUT_EXPLAINED,
        "",
    ]
    titles = {
        "development, with correspondences": "Development pairs, entity held out of the model (its correspondences known)",
        "development, without correspondences": "Development pairs, entity held out, no correspondences",
        "made_up, with correspondences": "Made-up pairs, entity held out of the model, some or all correspondences known",
        "made_up, without correspondences": "Made-up pairs, entity held out, no correspondences",
        "with_correspondences": "Development pairs, model trained on made-up pairs only",
        "without_correspondences": "Development pairs, model trained on made-up pairs only, no correspondences",
    }
    for group, name in _HELD_OUT:
        parts += [f"**{titles[name]}**", "", *_table(held[group][name]), ""]
    parts += [
        "### Made-up pairs of new seeds",
        "",
        "Shops and companies that training did not see, of entities that it did.",
        "",
        *_table(figures["made_up_new_seeds"]),
        "",
    ]
    parts += [
        "### Development pairs, seen in training",
        "",
        "For comparison only: the shipped model was trained on these.",
        "",
        *_table(figures["development_seen"]),
        "",
    ]
    return "\n".join(parts)


def _table(rows: Mapping[str, Mapping[str, float]]) -> list[str]:
    timed = any(row["seconds"] for row in rows.values())
    shown = len(_COLUMNS) if timed else len(_COLUMNS) - 2
    lines = ["| " + " | ".join(_TITLES[: shown + 1]) + " |", "|---|" + "---:|" * shown]
    for variant, row in rows.items():
        cells = [_cell(column, row[column]) for column in _COLUMNS[:shown]]
        lines.append(f"| {variant.replace('_', ' ')} | " + " | ".join(cells) + " |")
    return lines


def _cell(column: str, value: float) -> str:
    if column in {"pairs", "sources"}:
        return str(int(value))
    return f"{value:.2f}" if column in {"seconds", "slowest"} else f"{value:.3f}"
