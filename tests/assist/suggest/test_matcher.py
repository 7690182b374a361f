"""The matcher on labelled pairs: good enough, fast enough, one target for a source, nothing where nothing fits."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace

import pytest

from gp_prestashop.assist.suggest.fields import Pair, pair_from
from gp_prestashop.assist.suggest.history import History
from gp_prestashop.assist.suggest.knowledge import Knowledge
from gp_prestashop.assist.suggest.matcher import RANKS, Matcher, Suggestion
from gp_prestashop.assist.suggest.metrics import measure
from gp_prestashop.assist.suggest.training.labelled_files import development_pairs
from gp_prestashop.assist.suggest.training.variants import Labelled, make

UNSEEN = 777  # no training used this seed


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher()


def labelled(base: str, variant: str) -> Labelled:
    return next(one for one in development_pairs() if (one.base, one.variant) == (base, variant))


@pytest.mark.parametrize(
    ("variant", "recall", "f1"),
    [("plain", 0.95, 0.85), ("custom", 0.95, 0.85), ("no_overlap", 0.9, 0.8), ("value_only", 0.85, 0.75)],
)
def test_made_up_pairs_of_a_new_seed_are_mapped_well(variant: str, recall: float, f1: float) -> None:
    names = ("customers", "addresses", "orders", "lines", "payments", "suppliers", "ledger")
    figures = measure(make(name, variant, UNSEEN + at) for at, name in enumerate(names)).all
    assert figures.recall_at_1 >= recall
    assert figures.f1 >= f1
    assert figures.calibration_error <= 0.1
    assert figures.seconds <= 2.0


def test_fields_that_nothing_describes_are_still_mapped() -> None:
    figures = measure(development_pairs(), knowledge=Knowledge({})).all
    assert figures.recall_at_1 >= 0.85


def test_every_source_has_ranked_targets_and_at_most_one_chosen(matcher: Matcher) -> None:
    pair = labelled("supply_orders", "custom").pair
    found = matcher.suggest(pair)
    by_source: dict[str, list[Suggestion]] = {}
    for one in found:
        by_source.setdefault(one.source, []).append(one)
    assert set(by_source) == {field.id for field in pair.sources}
    for ranked in by_source.values():
        assert [one.rank for one in ranked] == list(range(1, len(ranked) + 1))
        assert len(ranked) <= RANKS
        assert [one.confidence for one in ranked] == sorted((one.confidence for one in ranked), reverse=True)
        assert sum(one.chosen for one in ranked) <= 1
        assert all(one.evidence for one in ranked)


def test_a_target_has_two_sources_only_in_a_join(matcher: Matcher) -> None:
    found = [one for one in matcher.suggest(labelled("supplier_addresses", "plain").pair) if one.chosen]
    doubled = {target for target, times in Counter(one.target for one in found).items() if times > 1}
    assert doubled == {"PM00300.VNDCNTCT"}
    parts = [one for one in found if one.target in doubled]
    assert {one.source for one in parts} == {"addresses.firstname", "addresses.lastname"}
    assert {one.expression for one in parts} == {"trim(firstname || ' ' || lastname)"}


def test_joins_are_seen_by_values_where_names_are_hidden(matcher: Matcher) -> None:
    one = labelled("supplier_addresses", "value_only")
    joined = {s.source for s in matcher.suggest(one.pair) if s.chosen and s.expression}
    assert joined == set(one.many)


def test_fields_without_a_place_are_left_alone(matcher: Matcher) -> None:
    one = labelled("carriers", "plain")
    chosen = {s.source for s in matcher.suggest(one.pair) if s.chosen}
    assert not chosen & {
        "carriers.url",
        "carriers.is_free",
        "carriers.max_weight",
        "carriers.position",
        "carriers.deleted",
    }


def test_the_same_question_has_the_same_answer(matcher: Matcher) -> None:
    pair = labelled("product_suppliers", "plain").pair
    assert matcher.suggest(pair) == Matcher().suggest(pair)


def test_the_widest_pair_takes_less_than_two_seconds(matcher: Matcher) -> None:
    pair = make("orders", "custom", UNSEEN).pair
    started = time.process_time()
    matcher.suggest(pair)
    assert time.process_time() - started < 2.0


def test_names_alone_are_enough_where_the_company_has_no_records_yet(matcher: Matcher) -> None:
    figures = measure(make(name, "no_values", UNSEEN) for name in ("customers", "addresses", "suppliers")).all
    assert figures.recall_at_1 >= 0.7


@pytest.mark.parametrize("values", [[], ["", ""], ["x"], ["²", "inf", "1_000"]])
def test_odd_input_is_answered(matcher: Matcher, values: list[str]) -> None:
    pair = pair_from(
        {"id": "odd", "source_fields": [{"id": "a.b", "values": values}], "target_fields": [{"id": "T.C"}]}
    )
    assert [one.chosen for one in matcher.suggest(pair)] == [False]
    assert matcher.suggest(Pair("none", (), pair.targets)) == []


@pytest.mark.parametrize("rows", [0, 1])
def test_a_sample_that_says_nothing_leaves_the_names(matcher: Matcher, rows: int) -> None:
    one = labelled("supply_orders", "plain")
    few = replace(one.pair, sources=tuple(replace(f, values=f.values[:rows]) for f in one.pair.sources))
    blank = replace(few, targets=tuple(replace(f, values=("",) * 40) for f in one.pair.targets))
    chosen = [s for s in matcher.suggest(blank) if s.chosen]
    assert len(chosen) >= 8
    assert sum(s.target in one.gold.get(s.source, ()) for s in chosen) >= 0.8 * len(chosen)


def test_pages_of_text_are_no_slower(matcher: Matcher) -> None:
    fields = [{"id": f"products.f{at}", "values": ["<p>lorem ipsum</p> " * 20_000] * 3} for at in range(6)]
    targets = [{"id": f"IV00101.T{at}", "values": ["x"] * 3} for at in range(6)]
    began = time.process_time()
    matcher.suggest(pair_from({"id": "p", "source_fields": fields, "target_fields": targets}))
    assert time.process_time() - began <= 2.0


def test_what_was_rejected_is_not_chosen_again_and_what_was_accepted_is() -> None:
    pair = labelled("product_suppliers", "plain").pair
    first = {s.source: s.target for s in Matcher().suggest(pair) if s.chosen}
    source, target = (
        "product_suppliers.product_supplier_reference",
        first["product_suppliers.product_supplier_reference"],
    )
    table, _, column = target.partition(".")
    field = ("product_suppliers", source.partition(".")[2])
    after = Matcher(history=History(rejected=frozenset({(*field, table, column)}))).suggest(pair)
    assert not any(s.chosen and (s.source, s.target) == (source, target) for s in after)
    wanted = frozenset({(*field, table, "MNFCTRITMNMBR")})
    after = Matcher(history=History(accepted=wanted)).suggest(pair)
    assert any(s.chosen and (s.source, s.target) == (source, "IV00103.MNFCTRITMNMBR") for s in after)


def test_a_decision_on_the_same_names_elsewhere_moves_the_confidence() -> None:
    pair = labelled("product_suppliers", "no_overlap").pair
    source, target = "product_suppliers.product_supplier_price_te", "IV00103.Last_Originating_Cost"

    def confidence(history: History) -> float:
        return next(
            s.confidence for s in Matcher(history=history).suggest(pair) if (s.source, s.target) == (source, target)
        )

    elsewhere = ("other", "product_supplier_price_te", "IV99999", "Last_Originating_Cost")
    assert confidence(History(accepted=frozenset({elsewhere}))) > confidence(History())
