"""What kind of values both sides hold: declared types, spread, shapes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from gp_prestashop.assist.suggest.fields import Field
from gp_prestashop.assist.suggest.matrices import ratio, tall, wide
from gp_prestashop.assist.suggest.overlap import cosines
from gp_prestashop.assist.suggest.profile import CLASSES, Floats, Profile

__all__ = ["shape_features", "spread_features", "type_features"]

_GROUPS = {
    "flag": ("flag",),
    "code": ("small_int", "integer", "id_like", "order_seq"),
    "money": ("money", "percent", "rate"),
    "date": ("date_only", "date_time"),
    "key": ("upper_code", "code_digits", "currency", "country_code", "bin"),
    "prose": ("words", "word", "person", "company", "street", "html", "slug"),
}
_SPECIAL = (
    "email", "url", "ean", "phone", "gp_phone", "postcode", "vat", "country", "country_code", "currency", "unit", "street", "person", "company", "bin", "terms",
)  # fmt: skip
# Declared types of both systems, by what they hold; the first that fits counts.
_DECLARED = (
    ("tinyint", "isbool", "bool"),
    ("smallint",),
    ("isunsignedid", "isnullorunsignedid", "bigint"),
    ("int", "isint", "isunsignedint"),
    ("numeric", "decimal", "isprice", "isfloat", "isnegativeprice"),
    ("datetime", "isdate", "timestamp", "date"),
    ("char", "string", "varchar", "is"),
)


def type_features(columns: dict[str, Floats], sources: Sequence[Profile], targets: Sequence[Profile]) -> None:
    shape = (len(sources), len(targets))
    kinds_s, kinds_t = [p.kind for p in sources], [p.kind for p in targets]
    kinds = ("number", "date", "text", "empty")
    columns["kind_s"] = wide([float(kinds.index(k)) for k in kinds_s], shape[1])
    columns["kind_t"] = tall([float(kinds.index(k)) for k in kinds_t], shape[0])
    columns["same_kind"] = np.array([[float(a == b) for b in kinds_t] for a in kinds_s])
    declared = [_declared(p.field.type) for p in targets]
    columns["declared_t"] = tall([float(d) for d in declared], shape[0])
    columns["declared_s"] = wide([float(_declared(p.field.type)) for p in sources], shape[1])
    sizes_t = np.array([_char_size(p.field) for p in targets])
    columns["size_t"] = tall(sizes_t, shape[0])
    columns["fits"] = np.array([p.lengths[2] for p in sources])[:, None] / sizes_t[None, :]


def _declared(declared: str) -> int:
    text = declared.lower()
    if text.startswith("isinternational"):
        return len(_DECLARED)
    return next((number for number, words in enumerate(_DECLARED) if text.startswith(words)), len(_DECLARED))


def _char_size(field: Field) -> float:
    text = field.type.lower()
    if text.startswith(("char(", "varchar(")):
        return float(text.partition("(")[2].rstrip(")") or "nan")
    return float("nan")


_SPREAD: Mapping[str, Callable[[Profile], float]] = {
    "filled": lambda p: p.filled,
    "unique": lambda p: p.unique,
    "distinct": lambda p: float(np.log1p(p.distinct)),
    "most_common": lambda p: p.most_common,
    "zero": lambda p: p.zero,
    "length": lambda p: float(np.log1p(p.lengths[0])),
    "length_spread": lambda p: float(np.log1p(p.lengths[3])),
}


def spread_features(columns: dict[str, Floats], sources: Sequence[Profile], targets: Sequence[Profile]) -> None:
    shape = (len(sources), len(targets))
    for name, of in _SPREAD.items():
        a, b = np.array([of(p) for p in sources]), np.array([of(p) for p in targets])
        columns[f"{name}_s"], columns[f"{name}_t"] = wide(a, shape[1]), tall(b, shape[0])
        columns[f"{name}_gap"] = np.abs(a[:, None] - b[None, :])
    constant_t = np.array([p.raw_distinct <= 1 for p in targets])
    valued_s, valued_t = np.array([p.count > 0 for p in sources]), np.array([p.count > 0 for p in targets])
    columns["values_s"], columns["values_t"] = (
        wide(valued_s.astype(float), shape[1]),
        tall(valued_t.astype(float), shape[0]),
    )
    columns["constant_t"] = tall(np.where(valued_t, constant_t, np.nan), shape[0])
    columns["constant_s"] = wide(np.where(valued_s, [p.raw_distinct <= 1 for p in sources], np.nan), shape[1])
    frequencies_a, frequencies_b = (
        np.array([p.frequencies for p in sources]),
        np.array([p.frequencies for p in targets]),
    )
    columns["frequency_gap"] = np.abs(frequencies_a[:, None, :] - frequencies_b[None, :, :]).sum(axis=2)
    columns["distinct_ratio"] = ratio(np.array([p.distinct for p in sources]), np.array([p.distinct for p in targets]))
    twins = [p.twin for p in targets]
    columns["twins_t"] = tall(
        [
            float(sum(other == twin for other in twins) - 1) if not constant_t[j] else -1.0
            for j, twin in enumerate(twins)
        ],
        shape[0],
    )
    columns["twin_rank_t"] = tall([float(twins[:j].count(twin)) for j, twin in enumerate(twins)], shape[0])


def shape_features(columns: dict[str, Floats], sources: Sequence[Profile], targets: Sequence[Profile]) -> None:
    shape = (len(sources), len(targets))
    columns["patterns"] = cosines([p.patterns for p in sources], [p.patterns for p in targets])
    columns["bigrams"] = cosines([p.bigrams for p in sources], [p.bigrams for p in targets])
    columns["value_words"] = cosines([p.words for p in sources], [p.words for p in targets])
    classes_a, classes_b = np.array([p.classes for p in sources]), np.array([p.classes for p in targets])
    norm = np.sqrt(np.outer((classes_a**2).sum(axis=1), (classes_b**2).sum(axis=1)))
    columns["classes"] = (classes_a @ classes_b.T) / np.maximum(1e-9, norm)
    special = [CLASSES.index(name) for name in _SPECIAL]
    columns["special"] = (classes_a[:, special] @ classes_b[:, special].T).clip(0, 4)
    for group, members in _GROUPS.items():
        at = [CLASSES.index(name) for name in members]
        columns[f"{group}_s"] = wide(classes_a[:, at].max(axis=1), shape[1])
        columns[f"{group}_t"] = tall(classes_b[:, at].max(axis=1), shape[0])
    columns["country_hint"] = tall(
        classes_b[:, [CLASSES.index("country"), CLASSES.index("country_code")]].max(axis=1), shape[0]
    )
    columns["currency_hint"] = tall(classes_b[:, CLASSES.index("currency")], shape[0])
