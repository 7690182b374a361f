"""``make assist-score``: runs the labelled sets of the repository and writes ``docs/assist-score.md``. Trains nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gp_prestashop.assist.score_anomalies import score_anomalies
from gp_prestashop.assist.score_suggest import score_suggestions, suggestions_markdown

__all__ = ["write_score"]

DOCUMENT = Path(__file__).parents[2] / "docs" / "assist-score.md"


def write_score(path: Path = DOCUMENT) -> Path:
    """Measure everything and write the page. Returns where it is."""
    sections = [suggestions_markdown(score_suggestions()), anomalies_markdown(score_anomalies())]
    head = "# How good the assistance is\n\nWritten by `make assist-score`; do not edit. Times are of the machine that ran it.\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([head, *sections]).rstrip() + "\n", "utf-8")
    return path


def anomalies_markdown(figures: Mapping[str, Any]) -> str:
    """The section on anomalies, from what ``score_anomalies`` returns."""
    lines = [
        "## Anomalies",
        "",
        "Seeded, labelled years of our own generator, with seeds that the detectors were not developed with. Recall is of bad orders among the top 1 % of all orders.",
        "",
        "| seed | orders | bad | recall in the top 1 % | average precision | s |",
        "|---|---:|---:|---:|---:|---:|",
        *(
            f"| {y['seed']} | {y['orders']} | {y['bad']} | {y['recall_at_1_percent']:.3f} | {y['average_precision']:.3f} | {y['seconds']:.1f} |"
            for y in figures["years"]
        ),
        f"| mean | | | {figures['recall_at_1_percent']:.3f} | {figures['average_precision']:.3f} | |",
        "",
        "| kind | found | of | recall |",
        "|---|---:|---:|---:|",
        *(
            f"| {kind} | {row['found']} | {row['of']} | {row['recall']:.3f} |"
            for kind, row in figures["by_kind"].items()
        ),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(write_score())  # noqa: T201  a program of its own
