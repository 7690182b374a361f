"""``python -m gp_prestashop.assist.suggest.training.main``: train, write the model, and what held-out entities scored.

Takes about half an hour on two cores. The same version of the libraries gives the same model.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from gp_prestashop.assist.suggest.knowledge import Knowledge, shipped_knowledge
from gp_prestashop.assist.suggest.metrics import Report, measure
from gp_prestashop.assist.suggest.model import Model
from gp_prestashop.assist.suggest.training.held_out import held_out_figures
from gp_prestashop.assist.suggest.training.labelled_files import development_pairs
from gp_prestashop.assist.suggest.training.train import Example, example, fit, made_up
from gp_prestashop.assist.suggest.words import Words

__all__ = ["train"]

SEEDS = (1, 2, 3, 4)
DATA = Path(__file__).parent.parent / "data"


def train(seeds: tuple[int, ...] = SEEDS, folder: Path = DATA) -> None:
    """Train on made-up and development pairs; write ``model.json.gz`` and ``held_out.json``."""
    made, known = made_up(seeds), _development(2.0)
    fitted = fit([*made, *known])
    packed = gzip.compress(json.dumps(fitted.document, separators=(",", ":")).encode(), 9, mtime=0)
    (folder / "model.json.gz").write_bytes(packed)
    figures: dict[str, Any] = {"held_out_entities": held_out_figures(fitted)}
    _write(folder, figures)
    strangers = Model(fit(made).document)  # has seen no development pair at all
    figures["made_up_only"] = {
        "with_correspondences": _untimed(measure(development_pairs(), strangers, shipped_knowledge())),
        "without_correspondences": _untimed(measure(development_pairs(), strangers, Knowledge({}))),
    }
    _write(folder, figures)


def _write(folder: Path, figures: dict[str, Any]) -> None:
    (folder / "held_out.json").write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", "utf-8")


def _untimed(report: Report) -> dict[str, Any]:
    """Figures without what depends on the machine."""
    return {name: {**figures, "seconds": 0.0, "slowest": 0.0} for name, figures in report.as_json().items()}


def _development(weight: float) -> list[Example]:
    """Development pairs twice: with what is known beforehand, and without."""
    words = Words()
    return [
        example(one, words, known, weight)
        for known in (shipped_knowledge(), Knowledge({}))
        for one in development_pairs()
    ]


if __name__ == "__main__":
    train()
