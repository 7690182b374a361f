"""Records that both samples share are found by what identifies them, in any order; then all other fields are compared."""

from __future__ import annotations

import numpy as np

from gp_prestashop.assist.suggest.fields import Field
from gp_prestashop.assist.suggest.overlap import overlaps
from gp_prestashop.assist.suggest.profile import Profile, profile_of
from gp_prestashop.assist.suggest.rows import Aligned, align


def profiles(owner: str, columns: dict[str, list[str]], kind: str = "string") -> list[Profile]:
    return [
        profile_of(Field(f"{owner}.{name}", owner, name, kind, None, "", tuple(values)))
        for name, values in columns.items()
    ]


def aligned(sources: list[Profile], targets: list[Profile]) -> Aligned:
    return align(sources, targets, overlaps([p.keys for p in sources], [p.keys for p in targets]))


NAMES = ["oak", "fir", "elm", "ash", "yew", "box", "bay", "fig"]


def test_shared_records_are_found_in_another_order_and_codes_recognised() -> None:
    country = ["8", "6", "8", "1", "8", "6", "1", "8"]
    text = {"8": "FRANCE", "6": "SPAIN", "1": "GERMANY"}
    sources = profiles("s", {"name": NAMES, "country": country, "noise": ["8", "8", "6", "6", "1", "1", "8", "6"]})
    order = [5, 2, 7, 0, 4, 1, 3, 6]
    targets = profiles(
        "t", {"NAME": [NAMES[i].upper() for i in order], "COUNTRY": [text[country[i]] for i in order]}, "char(31)"
    )
    result = aligned(sources, targets)
    assert result.rows == 8
    assert result.agree[0, 0] == 1.0
    assert result.structure[1, 1] == 1.0
    assert result.structure[2, 1] < 0.5


def test_amounts_rise_and_fall_together_across_currencies() -> None:
    sources = profiles("s", {"name": NAMES, "total": [str(n) for n in (9, 4, 7, 1, 8, 2, 6, 3)]})
    targets = profiles(
        "t", {"NAME": NAMES, "AMOUNT": [f"{n * 0.92:.5f}" for n in (9, 4, 7, 1, 8, 2, 6, 3)]}, "numeric(19,5)"
    )
    result = aligned(sources, targets)
    assert result.order[1, 1] == 1.0


def test_opposite_flags_are_seen() -> None:
    flags = ["1", "0", "1", "1", "0", "1", "0", "1"]
    sources = profiles("s", {"name": NAMES, "active": flags})
    targets = profiles("t", {"NAME": NAMES, "INACTIVE": [str(1 - int(f)) for f in flags]}, "tinyint")
    assert aligned(sources, targets).inverse[1, 1] == 1.0


def test_nothing_is_concluded_without_shared_records() -> None:
    sources = profiles("s", {"name": NAMES})
    targets = profiles("t", {"NAME": ["one", "two", "three", "four"]})
    result = aligned(sources, targets)
    assert result.rows == 0
    assert np.isnan(result.agree).all()


def test_entities_of_different_lengths_are_aligned_each_by_itself() -> None:
    sources = [*profiles("s", {"name": NAMES}), *profiles("other", {"word": ["a", "b", "c"]})]
    targets = profiles("t", {"NAME": NAMES[::-1]})
    result = aligned(sources, targets)
    assert result.agree[0, 0] == 1.0
    assert np.isnan(result.agree[1, 0])
