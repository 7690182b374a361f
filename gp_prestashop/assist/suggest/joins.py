"""Several sources that make one target: first and last name, two address lines, product and combination."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gp_prestashop.assist.suggest.features import Described
from gp_prestashop.assist.suggest.fields import Pair
from gp_prestashop.assist.suggest.profile import Floats, Profile
from gp_prestashop.assist.suggest.words import is_hidden_name

__all__ = ["Join", "find_joins"]

# (part of a name, part of a name, expression, whether the second is proposed even when the model does not see it)
_KNOWN = (
    ("firstname", "lastname", "trim({0} || ' ' || {1})", False),
    ("prenom", "nom", "trim({0} || ' ' || {1})", False),
    ("nombre", "apellidos", "trim({0} || ' ' || {1})", False),
    ("vorname", "nachname", "trim({0} || ' ' || {1})", False),
    ("address1", "address2", "trim({0} || ' ' || coalesce({1}, ''))", False),
    ("id_product", "id_product_attribute", "lookup('items', {0}, {1})", True),
    ("product_id", "product_attribute_id", "lookup('items', {0}, {1})", True),
    ("phone_prefix", "phone", "{0} || {1}", False),
)  # fmt: skip
_LEAST = 0.25  # confidence of the second part
_PART_OF = 0.6  # rows on which the target contains the source


@dataclass(frozen=True)
class Join:
    """Sources (in the order of the expression) that together make one target."""

    sources: tuple[int, ...]
    target: int
    expression: str


def find_joins(pair: Pair, described: Described, confidence: Floats, chosen: dict[int, int]) -> list[Join]:
    """Joins around what was chosen one to one: a second source that wants the same target and is part of the same text."""
    joins: list[Join] = []
    taken: set[int] = set()
    for first, target in sorted(chosen.items()):
        for second in range(len(pair.sources)):
            if second == first or second in taken or first in taken:
                continue
            found = _known(pair, described, first, second, target, confidence, chosen) or _seen(
                pair, described, first, second, target, confidence, chosen
            )
            if found is not None:
                joins.append(found)
                taken |= {first, second}
    return joins


def _known(
    pair: Pair, described: Described, first: int, second: int, target: int, confidence: Floats, chosen: dict[int, int]
) -> Join | None:
    names = [pair.sources[at].name.lower() for at in (first, second)]
    for left, right, expression, always in _KNOWN:
        for order in ((0, 1), (1, 0)):
            if (names[order[0]], names[order[1]]) != (left, right):
                continue
            varies = described.sources[second].raw_distinct > 1
            if always and order == (0, 1) and varies and second not in chosen and not _own_code(pair, target):
                return Join((first, second), target, expression.format(left, right))
            if not always and confidence[second, target] >= _LEAST and _better_here(confidence, second, target, chosen):
                sources = (first, second) if order == (0, 1) else (second, first)
                return Join(sources, target, expression.format(*(pair.sources[at].name for at in sources)))
    return None


def _own_code(pair: Pair, target: int) -> bool:
    """Whether another source already carries the target's own code, so that no look-up of ids is needed."""
    return pair.targets[target].name == "ITEMNMBR" and any(
        "reference" in field.name and "supplier" not in field.name for field in pair.sources
    )


def _seen(
    pair: Pair, described: Described, first: int, second: int, target: int, confidence: Floats, chosen: dict[int, int]
) -> Join | None:
    """By the values: the target's text contains both sources' words."""
    if confidence[second, target] < _LEAST or not _better_here(confidence, second, target, chosen):
        return None
    parts, whole = [described.sources[at] for at in (first, second)], described.targets[target]
    if any(p.kind != "text" for p in (*parts, whole)) or parts[0].twin == parts[1].twin:
        return None
    if whole.lengths[0] <= max(p.lengths[0] for p in parts) * 1.2:
        return None
    if not all(_within(p, whole) for p in parts):
        return None
    names = [pair.sources[at].name for at in (first, second)]
    order = (first, second)
    if not is_hidden_name(names[0]) and "last" in names[0].lower():
        order = (second, first)
    return Join(order, target, " || ' ' || ".join(f"trim({pair.sources[at].name})" for at in order))


def _better_here(confidence: Floats, source: int, target: int, chosen: dict[int, int]) -> bool:
    """The source wants this target most, or is not chosen for a better one."""
    elsewhere = chosen.get(source)
    if elsewhere is not None and confidence[source, elsewhere] >= confidence[source, target]:
        return False
    return bool(confidence[source, target] >= 0.6 * np.max(confidence[source]))


def _within(part: Profile, whole: Profile) -> bool:
    words = set(part.words)
    if not words:
        return False
    return len(words & set(whole.words)) / len(words) >= _PART_OF / 2
