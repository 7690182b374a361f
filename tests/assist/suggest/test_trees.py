"""Trees read from JSON answer as the model that they came from, missing values included."""

from __future__ import annotations

import json

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from gp_prestashop.assist.suggest.training.train import _export
from gp_prestashop.assist.suggest.trees import Trees


def test_exported_trees_answer_as_the_model_does() -> None:
    rng = np.random.default_rng(7)
    x = rng.normal(size=(600, 4))
    x[rng.random(x.shape) < 0.2] = np.nan
    y = (np.nan_to_num(x[:, 0]) + np.where(np.isnan(x[:, 1]), 1.0, x[:, 1]) > 0.4).astype(float)
    model = HistGradientBoostingClassifier(max_iter=20, random_state=1).fit(x, y)
    trees = Trees(json.loads(json.dumps(_export(model, ["a", "b", "c", "d"]))))
    assert np.allclose(trees.probabilities(x), model.predict_proba(x)[:, 1], atol=1e-4)
