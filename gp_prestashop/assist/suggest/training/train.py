"""Train the matcher: made-up pairs, and the labelled development pairs where they are given. The same input gives the same model."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.isotonic import IsotonicRegression

from gp_prestashop.assist.suggest.features import Described, describe
from gp_prestashop.assist.suggest.knowledge import Knowledge, shipped_knowledge
from gp_prestashop.assist.suggest.model import CONTEXT, context, pick
from gp_prestashop.assist.suggest.profile import Floats
from gp_prestashop.assist.suggest.training.variants import MAKERS, VARIANTS, Labelled, make
from gp_prestashop.assist.suggest.words import Words, lexicon

__all__ = ["Example", "Fitted", "example", "fit", "made_up"]

_KEEP_NEGATIVE = 0.25
_FOLDS = 5
# Entities that are the same on both sides of a split, under another name.
SAME_ENTITY = {"vendor_addresses": "supplier_addresses", "prices": "specific_prices"}


@dataclass(frozen=True)
class Example:
    """A labelled pair with its features."""

    labelled: Labelled
    described: Described
    labels: Floats  # sources × targets: 1 right, 0 wrong, nan counts neither way
    weights: Floats

    @property
    def group(self) -> str:
        return SAME_ENTITY.get(self.labelled.base, self.labelled.base)


@dataclass(frozen=True)
class Fitted:
    """The model as it is written, and what it gave each example while that example's entity was held out."""

    document: dict[str, Any]
    examples: tuple[Example, ...]
    held_out: tuple[Floats, ...]  # calibrated confidences, sources × targets


def example(labelled: Labelled, words: Words, knowledge: Knowledge, weight: float = 1.0) -> Example:
    """Features and labels of one labelled pair."""
    described = describe(labelled.pair, words, knowledge)
    s_at = {field.id: i for i, field in enumerate(labelled.pair.sources)}
    t_at = {field.id: j for j, field in enumerate(labelled.pair.targets)}
    labels = np.zeros((len(s_at), len(t_at)))
    weights = np.full(labels.shape, weight)
    for source, target in labelled.neutral:
        labels[s_at[source], t_at[target]] = np.nan
    for source, targets in labelled.gold.items():
        for rank, target in enumerate(targets):
            labels[s_at[source], t_at[target]] = 1.0
            weights[s_at[source], t_at[target]] = weight * (1.5 if rank == 0 else 0.6)
    return Example(labelled, described, labels, weights)


def made_up(seeds: Sequence[int]) -> list[Example]:
    """Made-up pairs of every entity and variant, with some words and some correspondences unknown, as for a new shop."""
    synonyms = sorted({synonym for family in lexicon().values() for synonym in family})
    full = Words()
    examples = []
    for seed in seeds:
        for at, name in enumerate(MAKERS):
            for number, variant in enumerate(VARIANTS):
                rng = random.Random(seed * 10_007 + at * 101 + number)
                words = Words(rng.sample(synonyms, k=len(synonyms) // 7)) if rng.random() < 0.6 else full
                examples.append(example(make(name, variant, seed * 1000 + at * 10 + number), words, _knowledge(rng)))
    return examples


def _knowledge(rng: random.Random) -> Knowledge:
    known = shipped_knowledge()
    draw = rng.random()
    if draw < 0.3:
        return known
    if draw < 0.55:
        return Knowledge({})
    return known.without(0.55, {line: rng.random() for line in sorted(known.lines)})


def fit(examples: Sequence[Example], *, trees: int = 220) -> Fitted:
    """Both looks and the calibration. The second look and the calibration only see scores of entities held out of the first."""
    features = examples[0].described.names
    groups = sorted({e.group for e in examples})
    folds = {group: at % _FOLDS for at, group in enumerate(groups)}
    firsts: dict[int, Floats] = {}
    for fold in range(_FOLDS):
        inside = [e for e in examples if folds[e.group] != fold]
        model = _boost(*_stack(inside, features), trees=trees, seed=fold)
        for at, e in enumerate(examples):
            if folds[e.group] == fold:
                firsts[at] = model.predict_proba(pick(e.described, features))[:, 1].reshape(e.labels.shape)
    first = _boost(*_stack(examples, features), trees=trees, seed=99)
    contexts = [context(e.described, firsts[at]) for at, e in enumerate(examples)]
    seconds: dict[int, Floats] = {}
    for fold in range(_FOLDS):
        inside_at = [at for at, e in enumerate(examples) if folds[e.group] != fold]
        model = _boost(
            *_stack_context([examples[at] for at in inside_at], [contexts[at] for at in inside_at]),
            trees=110,
            seed=fold,
            leaves=15,
        )
        for at, e in enumerate(examples):
            if folds[e.group] == fold:
                seconds[at] = model.predict_proba(contexts[at])[:, 1].reshape(e.labels.shape)
    second = _boost(*_stack_context(examples, contexts), trees=110, seed=99, leaves=15)
    calibration = _calibrate(examples, seconds)
    document = {
        "first": _export(first, features),
        "second": _export(second, CONTEXT),
        "calibration": calibration,
        "threshold": 0.4,
    }
    held_out = tuple(np.interp(seconds[at], calibration["raw"], calibration["true"]) for at in range(len(examples)))
    return Fitted(document, tuple(examples), held_out)


def _stack(examples: Sequence[Example], features: Sequence[str]) -> tuple[Floats, Floats, Floats]:
    return _stacked(examples, [pick(e.described, features) for e in examples])


def _stack_context(examples: Sequence[Example], contexts: Sequence[Floats]) -> tuple[Floats, Floats, Floats]:
    return _stacked(examples, contexts)


def _stacked(examples: Sequence[Example], matrices: Sequence[Floats]) -> tuple[Floats, Floats, Floats]:
    """Rows of all examples: right pairs, those that look alike, and a part of the others that stands for all."""
    xs, ys, ws = [], [], []
    for at, (e, matrix) in enumerate(zip(examples, matrices, strict=True)):
        rng = np.random.default_rng(at)
        labels, weights = e.labels.ravel(), e.weights.ravel().copy()
        alike = np.zeros(labels.shape, dtype=bool)
        for name in ("known_weight", "word_cosine", "rows_structure", "rows_agree", "shared_rare", "rows_order"):
            values = np.nan_to_num(e.described.feature(name)).ravel()
            alike |= values > (0.5 if name != "shared_rare" else 0.2)
        chosen = (labels == 1) | alike | (rng.random(labels.shape) < _KEEP_NEGATIVE)
        chosen &= ~np.isnan(labels)
        weights[(labels == 0) & ~alike] /= _KEEP_NEGATIVE
        xs.append(matrix[chosen].astype(np.float32))
        ys.append(labels[chosen])
        ws.append(weights[chosen])
    return np.concatenate(xs), np.concatenate(ys), np.concatenate(ws)


def _boost(x: Floats, y: Floats, w: Floats, *, trees: int, seed: int, leaves: int = 31) -> Any:
    model = HistGradientBoostingClassifier(
        max_iter=trees,
        learning_rate=0.07,
        max_leaf_nodes=leaves,
        min_samples_leaf=25,
        l2_regularization=5.0,
        max_features=0.35,
        random_state=seed,
        early_stopping=False,
    )
    return model.fit(x, y, sample_weight=w)


def _calibrate(examples: Sequence[Example], seconds: Mapping[int, Floats]) -> dict[str, list[float]]:
    """Isotonic regression on the best target of every source of held-out entities (and on what ranks second)."""
    raw: list[float] = []
    true: list[float] = []
    for at, e in enumerate(examples):
        scores = seconds[at]
        for i in range(scores.shape[0]):
            for j in np.argsort(-scores[i])[:2]:
                if not np.isnan(e.labels[i, j]):
                    raw.append(float(scores[i, j]))
                    true.append(float(e.labels[i, j]))
    fitted = IsotonicRegression(out_of_bounds="clip", y_min=0.002, y_max=0.995).fit(raw, true)
    grid = np.unique(np.concatenate([np.linspace(0, 1, 41), [0.005, 0.01, 0.985, 0.99, 0.995]]))
    smooth = np.convolve(np.pad(fitted.predict(grid), 1, mode="edge"), [0.25, 0.5, 0.25], mode="valid")
    return {
        "raw": [round(float(v), 5) for v in grid],
        "true": [round(float(v), 5) for v in np.maximum.accumulate(smooth)],
    }


def _export(model: Any, features: Sequence[str]) -> dict[str, Any]:
    trees = []
    for (predictor,) in model._predictors:  # noqa: SLF001  scikit-learn has no public way to read its trees
        nodes = predictor.nodes
        leaf = nodes["is_leaf"].astype(bool)
        trees.append(
            {
                "feature": [
                    int(f) if not is_leaf else -1 for f, is_leaf in zip(nodes["feature_idx"], leaf, strict=True)
                ],
                "threshold": [
                    0.0 if is_leaf else float(t) for t, is_leaf in zip(nodes["num_threshold"], leaf, strict=True)
                ],
                "missing_left": [int(m) for m in nodes["missing_go_to_left"]],
                "left": [int(v) for v in nodes["left"]],
                "right": [int(v) for v in nodes["right"]],
                "value": [
                    round(float(v), 6) if is_leaf else 0 for v, is_leaf in zip(nodes["value"], leaf, strict=True)
                ],
            }
        )
    return {"features": list(features), "baseline": float(np.ravel(model._baseline_prediction)[0]), "trees": trees}  # noqa: SLF001
