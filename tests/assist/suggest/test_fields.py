"""Files of pairs: read as they are given, refused with a sentence when they are something else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gp_prestashop.assist.suggest.fields import MOST_VALUES, pair_from, read_pairs
from gp_prestashop.errors import ConfigError

PAIR = {
    "id": "p",
    "source_fields": [
        {"id": "orders.id", "entity": "orders", "name": "id", "max_size": "10", "values": [1, None, True]}
    ],
    "target_fields": [{"id": "SOP10100.SOPNUMBE", "table": "SOP10100", "name": "SOPNUMBE", "type": "char(21)"}],
}


def test_values_become_texts_and_what_is_missing_is_blank() -> None:
    pair = pair_from(PAIR)
    assert pair.sources[0].values == ("1", "", "1")
    assert pair.sources[0].size == 10
    assert pair.targets[0].values == ()
    assert pair.targets[0].owner == "SOP10100"


def test_the_owner_is_taken_from_the_id_where_it_is_not_named() -> None:
    pair = pair_from({**PAIR, "source_fields": [{"id": "addresses.city"}]})
    assert (pair.sources[0].owner, pair.sources[0].name) == ("addresses", "city")


def test_long_samples_are_cut() -> None:
    pair = pair_from({**PAIR, "source_fields": [{"id": "a.b", "values": ["x"] * 5000}]})
    assert len(pair.sources[0].values) == MOST_VALUES


@pytest.mark.parametrize("wrap", [lambda p: {"pairs": [p]}, lambda p: [p], lambda p: {"meta": {}, "pairs": [p]}])
def test_a_file_may_be_a_document_or_a_list(tmp_path: Path, wrap: object) -> None:
    path = tmp_path / "pairs.json"
    path.write_text(json.dumps(wrap(PAIR)), "utf-8")  # type: ignore[operator]
    assert [pair.id for pair in read_pairs(path)] == ["p"]


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"pairs": [{"id": "x"}]}', "no json"])
def test_anything_else_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pairs.json"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        read_pairs(path)
    assert caught.value.code == "pairs_unreadable"
