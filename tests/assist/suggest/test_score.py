"""The published page says what was measured, and what entities held out of training scored."""

from __future__ import annotations

import json
from importlib.resources import files

from gp_prestashop.assist.score import anomalies_markdown
from gp_prestashop.assist.score_suggest import suggestions_markdown
from gp_prestashop.assist.suggest.metrics import measure
from gp_prestashop.assist.suggest.training.variants import make


def held_out() -> dict[str, dict[str, dict[str, dict[str, float]]]]:
    text = (files("gp_prestashop.assist.suggest") / "data" / "held_out.json").read_text("utf-8")
    return json.loads(text)  # type: ignore[no-any-return]


def test_entities_that_were_held_out_of_training_are_mapped_well_enough() -> None:
    unseen = held_out()["held_out_entities"]["development, without correspondences"]
    assert unseen["plain"]["recall_at_1"] >= 0.85
    assert unseen["no_overlap"]["recall_at_1"] >= 0.80
    assert unseen["custom"]["recall_at_1"] >= 0.85
    assert unseen["value_only"]["recall_at_1"] >= 0.65
    assert unseen["all"]["f1"] >= 0.80
    assert unseen["all"]["calibration_error"] <= 0.1


def test_the_page_has_the_figures() -> None:
    measured = measure([make("tracking", "plain", 900), make("tracking", "value_only", 900)])
    page = suggestions_markdown(
        {"held_out": held_out(), "made_up_new_seeds": measured.as_json(), "development_seen": measured.as_json()}
    )
    assert f"| value only | 1 | 2 | {measured.variants['value_only'].recall_at_1:.3f} |" in page
    assert "held out" in page
    assert page.count("| variant |") == 8


def test_the_page_of_anomalies_has_a_row_for_each_kind() -> None:
    year = {"seed": 1, "orders": 100, "bad": 4, "recall_at_1_percent": 0.75, "average_precision": 0.8, "seconds": 1.0}
    kinds = {"duplicate": {"found": 3, "of": 4, "recall": 0.75}}
    page = anomalies_markdown(
        {"years": [year], "recall_at_1_percent": 0.75, "average_precision": 0.8, "by_kind": kinds}
    )
    assert "| duplicate | 3 | 4 | 0.750 |" in page
