"""Training: made-up pairs are the same for the same seed, labels point to what was made, and a small model learns from them."""

from __future__ import annotations

import pytest

from gp_prestashop.assist.suggest.knowledge import Knowledge, shipped_knowledge
from gp_prestashop.assist.suggest.metrics import measure
from gp_prestashop.assist.suggest.model import Model
from gp_prestashop.assist.suggest.training.base import gp_columns
from gp_prestashop.assist.suggest.training.customs import CUSTOM_NAMES
from gp_prestashop.assist.suggest.training.train import example, fit
from gp_prestashop.assist.suggest.training.variants import MAKERS, VARIANTS, make
from gp_prestashop.assist.suggest.words import Words


@pytest.mark.parametrize("name", MAKERS)
def test_made_up_pairs_are_reproducible_and_labelled(name: str) -> None:
    for variant in VARIANTS:
        one, again = make(name, variant, 5), make(name, variant, 5)
        assert one == again
        sources, targets = {f.id for f in one.pair.sources}, {f.id for f in one.pair.targets}
        assert one.gold
        assert set(one.gold) <= sources
        assert {t for ts in one.gold.values() for t in ts} <= targets


def test_variants_hide_and_share_what_they_say() -> None:
    hidden = make("customers", "value_only", 3)
    assert {f.name[:3] for f in hidden.pair.sources} == {"col"}
    apart, together = make("orders", "no_overlap", 3), make("orders", "plain", 3)
    for one, shared in ((apart, False), (together, True)):
        references = next(f for f in one.pair.sources if f.name == "reference").values
        theirs = {v for f in one.pair.targets if f.name in {"CSTPONBR", "SOPNUMBE"} for v in f.values}
        assert bool(set(references) & theirs) is shared


def test_every_name_of_the_tables_is_a_real_column() -> None:
    known = {column for columns in gp_columns().values() for column, _ in columns}
    assert set(CUSTOM_NAMES) <= known


def test_correspondences_can_be_hidden() -> None:
    known = shipped_knowledge()
    assert known.places("orders", "reference")
    assert known.places("orders", "secure_key") == {}
    assert known.places("orders", "my_own_field") is None
    assert Knowledge({}).places("orders", "reference") is None
    assert known.without_resource("addresses").places("addresses", "city") is None


@pytest.mark.slow
def test_a_small_model_learns_to_map_an_entity_that_it_never_saw() -> None:
    words = Words()
    seen = [
        make(name, variant, 40 + at)
        for at, name in enumerate(["customers", "orders", "suppliers", "stores", "refunds"])
        for variant in ("plain", "no_overlap")
    ]
    fitted = fit([example(one, words, shipped_knowledge()) for one in seen], trees=25)
    unseen = [make("addresses", "plain", 90), make("payments", "plain", 91)]
    figures = measure(unseen, Model(fitted.document), Knowledge({})).all
    assert figures.recall_at_1 >= 0.6
    assert len(fitted.held_out) == len(seen)
