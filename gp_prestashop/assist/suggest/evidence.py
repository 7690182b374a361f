"""Why a pair is suggested, in words that a person can check."""

from __future__ import annotations

import numpy as np

from gp_prestashop.assist.suggest.features import Described
from gp_prestashop.assist.suggest.fields import Pair
from gp_prestashop.assist.suggest.knowledge import Knowledge
from gp_prestashop.assist.suggest.profile import CLASSES, Profile
from gp_prestashop.assist.suggest.words import Words, captions, is_hidden_name

__all__ = ["evidence_of"]

_SHAPES = {
    "email": "e-mail addresses", "url": "web addresses", "ean": "EAN numbers",
    "phone": "phone numbers", "gp_phone": "phone numbers", "postcode": "postcodes", "vat": "VAT numbers",
    "country": "countries", "country_code": "country codes", "currency": "currencies",
    "unit": "units of measure", "street": "streets", "person": "people's names", "company": "companies",
    "bin": "bins", "terms": "payment terms", "money": "amounts", "flag": "yes/no flags",
    "date_only": "days", "date_time": "moments", "small_int": "small code numbers", "id_like": "ids",
    "order_seq": "GP line sequences", "code_digits": "codes with a number", "upper_code": "codes in capitals",
    "slug": "link names", "integer": "whole numbers", "percent": "percentages",
}  # fmt: skip


def evidence_of(pair: Pair, described: Described, words: Words, knowledge: Knowledge, source: int, target: int) -> str:
    """A few short clauses, the strongest first."""
    said = [
        *_names(pair, described, words, knowledge, source, target),
        *_rows(described, source, target),
        *_values(described, source, target),
        *_shape(described.sources[source], described.targets[target]),
        *_limits(described, source, target),
    ]
    return "; ".join(said) if said else "only the kind of value is compatible"


def _names(pair: Pair, described: Described, words: Words, knowledge: Knowledge, source: int, target: int) -> list[str]:
    a, b = pair.sources[source], pair.targets[target]
    if is_hidden_name(a.name) or is_hidden_name(b.name):
        return []
    said = []
    places = knowledge.places(a.owner, a.name) or {}
    if b.name in places:
        said.append(f"PrestaShop's {a.owner}.{a.name} usually goes to {b.name}")
    caption = captions().get(b.name) or b.description
    common = sorted(words.of(a.name) & words.of_column(b.name), key=words.weight, reverse=True)
    if common:
        said.append(
            f"both names speak of {', '.join(word.replace('_', ' ') for word in common)}"
            + (f" ({b.name} is “{caption}”)" if caption else "")
        )
    elif described.feature("spelling")[source, target] > 0.75:
        said.append("the names are spelt alike")
    elif caption and not said:
        said.append(f"{b.name} is “{caption}”")
    return said


def _rows(described: Described, source: int, target: int) -> list[str]:
    rows = described.aligned
    if not rows.rows:
        return []
    said = []
    agree, structure, order = rows.agree[source, target], rows.structure[source, target], rows.order[source, target]
    if agree > 0.5:
        said.append(f"the same value on {round(100 * agree)} % of {rows.rows} shared records")
    elif rows.phone[source, target] > 0.5 or rows.prefix[source, target] > 0.5:
        said.append("the same beginning or the same digits on the shared records")
    elif rows.core[source, target] > 0.8:
        said.append(f"the same number inside the code on {rows.rows} shared records")
    elif not np.isnan(structure) and structure > 0.8:
        said.append(f"one value stands for one code on {rows.rows} shared records")
    elif order > 0.85:
        said.append("both rise and fall together on the shared records")
    return said


def _values(described: Described, source: int, target: int) -> list[str]:
    shared = int(described.overlap.shared[source, target])
    a = described.sources[source]
    if shared >= 2 and a.distinct > 2:
        return [f"{shared} of {a.distinct} different values occur on both sides"]
    if described.feature("core_range")[source, target] > 0.6 and described.targets[target].kind == "text":
        return ["the numbers inside the codes cover the same range as the ids"]
    return []


def _shape(a: Profile, b: Profile) -> list[str]:
    both = [(min(x, y), name) for name, x, y in zip(CLASSES, a.classes, b.classes, strict=True) if name in _SHAPES]
    strength, name = max(both)
    if strength > 0.5:
        return [f"both hold {_SHAPES[name]}"]
    if {a.kind, b.kind} == {"number"} and a.numbers.size and b.numbers.size:
        spread = abs(np.log10(1 + abs(np.median(a.numbers))) - np.log10(1 + abs(np.median(b.numbers))))
        return ["amounts of the same size"] if spread < 0.2 and np.median(a.numbers) else []
    if a.kind == b.kind == "date":
        return ["both hold dates"]
    return []


def _limits(described: Described, source: int, target: int) -> list[str]:
    fits = described.feature("fits")[source, target]
    said = []
    if fits > 1 and described.sources[source].kind == "text":
        said.append(
            f"longest text {int(described.sources[source].lengths[2])} is cut by {described.targets[target].field.type}"
        )
    if described.aligned.inverse[source, target] > 0.9:
        said.append("the flag means the opposite: use 1 - value")
    return said
