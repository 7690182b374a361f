"""What is known of every pair of a source and a target, as numbers for the model. nan means "says nothing"."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from gp_prestashop.assist.suggest.fields import Field, Pair
from gp_prestashop.assist.suggest.knowledge import Knowledge
from gp_prestashop.assist.suggest.overlap import Overlap, cosines, overlaps
from gp_prestashop.assist.suggest.profile import CLASSES, Floats, Profile, profile_of, quantiles
from gp_prestashop.assist.suggest.rows import Aligned, align
from gp_prestashop.assist.suggest.words import Words, captions, is_hidden_name, raw_tokens, shared_words

__all__ = ["Described", "describe"]

_SYSTEM = ("DEX_ROW_TS", "DEX_ROW_ID", "NOTEINDX", "INTEGRATIONID", "GPSFOINTEGRATIONID", "INTEGRATIONSOURCE", "Flags")
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


@dataclass(frozen=True)
class Described:
    """All pairs of one question: profiles, and one matrix (sources × targets) for each feature."""

    sources: tuple[Profile, ...]
    targets: tuple[Profile, ...]
    names: tuple[str, ...]
    matrix: Floats  # sources × targets × features
    overlap: Overlap
    aligned: Aligned

    def feature(self, name: str) -> Floats:
        result: Floats = self.matrix[:, :, self.names.index(name)]
        return result


def describe(pair: Pair, words: Words, knowledge: Knowledge) -> Described:
    """All features of all pairs."""
    sources = tuple(profile_of(field) for field in pair.sources)
    targets = tuple(profile_of(field) for field in pair.targets)
    overlap = overlaps([p.keys for p in sources], [p.keys for p in targets])
    aligned = align(sources, targets, overlap)
    columns: dict[str, Floats] = {}
    _names(columns, pair, words, knowledge)
    _types(columns, sources, targets)
    _spread(columns, sources, targets)
    _shapes(columns, sources, targets)
    _values(columns, sources, targets, overlap)
    _rows(columns, aligned)
    _places(columns, sources, targets)
    matrix = np.stack([np.asarray(column, dtype=np.float64) for column in columns.values()], axis=2)
    return Described(sources, targets, tuple(columns), matrix, overlap, aligned)


def _wide(values: Sequence[float] | Floats, targets: int) -> Floats:
    return np.repeat(np.asarray(values, dtype=np.float64)[:, None], targets, axis=1)


def _tall(values: Sequence[float] | Floats, sources: int) -> Floats:
    return np.repeat(np.asarray(values, dtype=np.float64)[None, :], sources, axis=0)


def _names(columns: dict[str, Floats], pair: Pair, words: Words, knowledge: Knowledge) -> None:
    shape = (len(pair.sources), len(pair.targets))
    hidden_s = np.array([is_hidden_name(field.name) for field in pair.sources])
    hidden_t = np.array([is_hidden_name(field.name) for field in pair.targets])
    hidden = hidden_s[:, None] | hidden_t[None, :]
    names_s, names_t = [_plain(f.name) for f in pair.sources], [_plain(f.name) for f in pair.targets]
    texts_t = [captions().get(field.name, "") or field.description or field.name for field in pair.targets]
    bags_s = [words.of(field.name) for field in pair.sources]
    bags_d = [words.of(f"{field.name} {field.description}") for field in pair.sources]
    bags_o = [bag | words.of(field.owner) for bag, field in zip(bags_s, pair.sources, strict=True)]
    bags_t = [
        words.of_column(field.name) if not field.description else words.of(field.description) for field in pair.targets
    ]
    alike = {
        name: np.zeros(shape)
        for name in (
            "word_cosine",
            "source_in_target",
            "target_in_source",
            "word_described",
            "word_owned",
            "core_words",
        )
    }
    plain = {
        "id",
        "amount",
        "date",
        "quantity",
        "name",
        "description",
        "type",
        "total",
        "original",
        "originating",
        "document",
        "primary",
        "1",
    }
    for i, field in enumerate(pair.sources):
        if hidden_s[i]:
            continue
        for j in range(shape[1]):
            cosine, of_s, of_t = shared_words(words, bags_s[i], bags_t[j])
            alike["word_cosine"][i, j], alike["source_in_target"][i, j], alike["target_in_source"][i, j] = (
                cosine,
                of_s,
                of_t,
            )
            alike["word_described"][i, j] = (
                shared_words(words, bags_d[i], bags_t[j])[0] if field.description else cosine
            )
            alike["word_owned"][i, j] = shared_words(words, bags_o[i], bags_t[j])[0]
            alike["core_words"][i, j] = shared_words(words, bags_s[i] - plain, bags_t[j] - plain)[0]
    best = np.maximum(1e-9, alike["word_cosine"].max(axis=1, keepdims=True))
    alike["word_relative"] = alike["word_cosine"] / best
    alike["best_word_of_source"] = _wide(alike["word_cosine"].max(axis=1), shape[1])
    alike["best_word_of_target"] = _tall(alike["word_cosine"].max(axis=0), shape[0])
    for name, scorer, left, right in (
        ("spelling", fuzz.ratio, names_s, names_t),
        (
            "spelling_caption",
            fuzz.token_set_ratio,
            [" ".join(raw_tokens(n)) for n in names_s],
            [" ".join(raw_tokens(t)) for t in texts_t],
        ),
        ("spelling_parts", fuzz.partial_ratio, names_s, [t.lower().replace(" ", "") for t in texts_t]),
    ):
        alike[name] = np.asarray(process.cdist(left, right, scorer=scorer), dtype=np.float64) / 100
    trigrams_s = [_trigrams(n) for n in names_s]
    trigrams_t = [_trigrams(_plain(f.name) + "_" + t.lower()) for f, t in zip(pair.targets, texts_t, strict=True)]
    alike["trigrams"] = cosines(trigrams_s, trigrams_t)
    for name, column in alike.items():
        columns[name] = np.where(hidden, np.nan, column)
    columns["hidden"] = hidden.astype(np.float64)
    _known(columns, pair, knowledge, hidden)
    columns["system"] = np.where(hidden, np.nan, _tall([float(f.name in _SYSTEM) for f in pair.targets], shape[0]))
    columns["originating"] = np.where(hidden, np.nan, _tall([float("originating" in bag) for bag in bags_t], shape[0]))
    columns["index_word"] = np.where(
        hidden, np.nan, _tall([float(f.name.endswith(("IDX", "IX", "INDX"))) for f in pair.targets], shape[0])
    )
    for side, bags in (("s", bags_s), ("t", bags_t)):
        for word in ("id", "amount", "date", "quantity", "price", "tax_incl", "tax_excl", "last", "code_like"):
            wanted = {"code_like": {"id", "status", "type", "class", "method"}}.get(word, {word})
            flags = [float(bool(bag & wanted)) for bag in bags]
            wide = _wide(flags, shape[1]) if side == "s" else _tall(flags, shape[0])
            columns[f"{side}_{word}"] = np.where(hidden, np.nan, wide)


def _known(columns: dict[str, Floats], pair: Pair, knowledge: Knowledge, hidden: np.ndarray) -> None:
    """What the correspondences say: weight, rank among the targets at hand, whether the field is known to have no place."""
    shape = (len(pair.sources), len(pair.targets))
    weight, first = np.zeros(shape), np.zeros(shape)
    state, taken = np.full(len(pair.sources), np.nan), np.zeros(len(pair.targets))
    names = [field.name for field in pair.targets]
    for i, field in enumerate(pair.sources):
        places = knowledge.places(field.owner, field.name)
        if places is None:
            continue
        state[i] = 0.0
        present = sorted(((places[name], -j) for j, name in enumerate(names) if name in places), reverse=True)
        for rank, (value, j) in enumerate(present):
            weight[i, -j] = value
            first[i, -j] = 1.0 / (1 + rank)
            state[i] = 1.0
            taken[-j] = max(taken[-j], value)
    columns["known_weight"] = np.where(hidden, np.nan, np.where(np.isnan(state)[:, None], np.nan, weight))
    columns["known_first"] = np.where(hidden, np.nan, np.where(np.isnan(state)[:, None], np.nan, first))
    columns["known_state"] = np.where(hidden, np.nan, _wide(state, shape[1]))
    columns["known_rival"] = np.where(hidden, np.nan, _tall(taken, shape[0]) - weight)


def _plain(name: str) -> str:
    return name.lower().replace("_", "")


def _trigrams(text: str) -> dict[str, int]:
    padded = f"^{text}$"
    found: dict[str, int] = {}
    for at in range(len(padded) - 2):
        found[padded[at : at + 3]] = found.get(padded[at : at + 3], 0) + 1
    return found


def _types(columns: dict[str, Floats], sources: Sequence[Profile], targets: Sequence[Profile]) -> None:
    shape = (len(sources), len(targets))
    kinds_s, kinds_t = [p.kind for p in sources], [p.kind for p in targets]
    kinds = ("number", "date", "text", "empty")
    columns["kind_s"] = _wide([float(kinds.index(k)) for k in kinds_s], shape[1])
    columns["kind_t"] = _tall([float(kinds.index(k)) for k in kinds_t], shape[0])
    columns["same_kind"] = np.array([[float(a == b) for b in kinds_t] for a in kinds_s])
    declared = [_declared(p.field.type) for p in targets]
    columns["declared_t"] = _tall([float(d) for d in declared], shape[0])
    columns["declared_s"] = _wide([float(_declared(p.field.type)) for p in sources], shape[1])
    sizes_t = np.array([_char_size(p.field) for p in targets])
    columns["size_t"] = _tall(sizes_t, shape[0])
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


def _spread(columns: dict[str, Floats], sources: Sequence[Profile], targets: Sequence[Profile]) -> None:
    shape = (len(sources), len(targets))
    for name, of in _SPREAD.items():
        a, b = np.array([of(p) for p in sources]), np.array([of(p) for p in targets])
        columns[f"{name}_s"], columns[f"{name}_t"] = _wide(a, shape[1]), _tall(b, shape[0])
        columns[f"{name}_gap"] = np.abs(a[:, None] - b[None, :])
    constant_t = np.array([p.raw_distinct <= 1 for p in targets])
    valued_s, valued_t = np.array([p.count > 0 for p in sources]), np.array([p.count > 0 for p in targets])
    columns["values_s"], columns["values_t"] = (
        _wide(valued_s.astype(float), shape[1]),
        _tall(valued_t.astype(float), shape[0]),
    )
    columns["constant_t"] = _tall(np.where(valued_t, constant_t, np.nan), shape[0])
    columns["constant_s"] = _wide(np.where(valued_s, [p.raw_distinct <= 1 for p in sources], np.nan), shape[1])
    frequencies_a, frequencies_b = (
        np.array([p.frequencies for p in sources]),
        np.array([p.frequencies for p in targets]),
    )
    columns["frequency_gap"] = np.abs(frequencies_a[:, None, :] - frequencies_b[None, :, :]).sum(axis=2)
    columns["distinct_ratio"] = _ratio(np.array([p.distinct for p in sources]), np.array([p.distinct for p in targets]))
    twins = [p.twin for p in targets]
    columns["twins_t"] = _tall(
        [
            float(sum(other == twin for other in twins) - 1) if not constant_t[j] else -1.0
            for j, twin in enumerate(twins)
        ],
        shape[0],
    )
    columns["twin_rank_t"] = _tall([float(twins[:j].count(twin)) for j, twin in enumerate(twins)], shape[0])


def _ratio(a: Floats, b: Floats) -> Floats:
    result: Floats = (np.minimum.outer(a, b) + 1) / (np.maximum.outer(a, b) + 1)
    return result


def _shapes(columns: dict[str, Floats], sources: Sequence[Profile], targets: Sequence[Profile]) -> None:
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
        columns[f"{group}_s"] = _wide(classes_a[:, at].max(axis=1), shape[1])
        columns[f"{group}_t"] = _tall(classes_b[:, at].max(axis=1), shape[0])
    columns["country_hint"] = _tall(
        classes_b[:, [CLASSES.index("country"), CLASSES.index("country_code")]].max(axis=1), shape[0]
    )
    columns["currency_hint"] = _tall(classes_b[:, CLASSES.index("currency")], shape[0])


def _values(
    columns: dict[str, Floats], sources: Sequence[Profile], targets: Sequence[Profile], overlap: Overlap
) -> None:
    columns["shared"] = np.log1p(overlap.shared)
    columns["contained"] = overlap.contained
    columns["jaccard"] = overlap.jaccard
    columns["shared_rare"] = overlap.weighted
    columns["shared_relative"] = overlap.weighted / np.maximum(1e-9, overlap.weighted.max(axis=1, keepdims=True))
    columns["shared_relative_t"] = overlap.weighted / np.maximum(1e-9, overlap.weighted.max(axis=0, keepdims=True))
    phones = overlaps([p.phones for p in sources], [p.phones for p in targets])
    columns["phones_both"] = np.minimum.outer(
        np.array([_part(p.phones) for p in sources]), np.array([_part(p.phones) for p in targets])
    )
    columns["phones_shared"] = phones.contained
    columns["prefix_shared"] = overlaps([p.prefixes for p in sources], [p.prefixes for p in targets]).contained
    textual = np.array([p.kind == "text" for p in targets])
    cores = overlaps([p.cores for p in sources], [p.cores for p in targets])
    columns["core_shared"] = np.where(textual[None, :], cores.contained, np.nan)
    columns["core_range"] = np.where(textual[None, :], _core_range(sources, targets), np.nan)
    columns["quantile_gap"] = _quantile_gap(
        [quantiles(_logarithm(p.numbers)) for p in sources], [quantiles(_logarithm(p.numbers)) for p in targets]
    )
    columns["filled_quantile_gap"] = _quantile_gap(
        [quantiles(_logarithm(p.numbers[p.numbers != 0])) for p in sources],
        [quantiles(_logarithm(p.numbers[p.numbers != 0])) for p in targets],
    )
    columns["day_gap"] = _quantile_gap([quantiles(p.days) for p in sources], [quantiles(p.days) for p in targets])
    columns["day_order"] = _signed_gap([quantiles(p.days) for p in sources], [quantiles(p.days) for p in targets])
    columns["integral_gap"] = np.abs(
        np.subtract.outer(np.array([p.integral for p in sources]), np.array([p.integral for p in targets]))
    )
    columns["decimals_gap"] = np.abs(
        np.subtract.outer(np.array([p.decimals for p in sources]), np.array([p.decimals for p in targets]))
    )
    for name in ("quantile_gap", "day_gap"):
        gap = columns[name]
        best = np.nanmin(np.where(np.isnan(gap), np.inf, gap), axis=1, keepdims=True)
        columns[f"{name}_relative"] = gap - best


def _part(values: Sequence[str]) -> float:
    return sum(1 for value in values if value) / max(1, len(values))


def _core_range(sources: Sequence[Profile], targets: Sequence[Profile]) -> Floats:
    """How far the numbers inside the codes of both sides cover the same range (0 apart, 1 the same)."""
    ranges_a, ranges_b = [_range(p) for p in sources], [_range(p) for p in targets]
    result = np.zeros((len(sources), len(targets)))
    for i, (low_a, high_a) in enumerate(ranges_a):
        for j, (low_b, high_b) in enumerate(ranges_b):
            if high_a > 0 and high_b > 0:
                result[i, j] = max(0.0, min(high_a, high_b) - max(low_a, low_b)) / max(
                    1.0, max(high_a, high_b) - min(low_a, low_b)
                )
    return result


def _range(profile: Profile) -> tuple[float, float]:
    numbers = [float(core) for core in profile.cores if core and len(core) < 12]
    if len(numbers) < 0.5 * profile.count or len(set(numbers)) < 3:
        return 0.0, 0.0
    return min(numbers), max(numbers)


def _logarithm(numbers: Floats) -> Floats:
    result: Floats = np.sign(numbers) * np.log10(1 + np.abs(numbers))
    return result


def _quantile_gap(a: Sequence[Floats], b: Sequence[Floats]) -> Floats:
    result: Floats = np.abs(np.array(a)[:, None, :] - np.array(b)[None, :, :]).mean(axis=2)
    return result


def _signed_gap(a: Sequence[Floats], b: Sequence[Floats]) -> Floats:
    result: Floats = (np.array(b)[None, :, :] - np.array(a)[:, None, :]).mean(axis=2)
    return result


def _rows(columns: dict[str, Floats], aligned: Aligned) -> None:
    shape = aligned.agree.shape
    columns["rows"] = np.full(shape, float(aligned.rows))
    for name in ("agree", "agree_unusual", "structure", "order", "core", "prefix", "phone", "inverse"):
        values = getattr(aligned, name)
        columns[f"rows_{name}"] = values
        if name in {"agree", "agree_unusual", "structure", "order"}:
            filled = np.where(np.isnan(values), -1.0, values)
            best = filled.max(axis=1, keepdims=True)
            columns[f"rows_{name}_behind"] = np.where(np.isnan(values), np.nan, best - filled)


def _places(columns: dict[str, Floats], sources: Sequence[Profile], targets: Sequence[Profile]) -> None:
    shape = (len(sources), len(targets))
    at_s, at_t = np.arange(shape[0]) / max(1, shape[0] - 1), np.arange(shape[1]) / max(1, shape[1] - 1)
    columns["place_t"] = _tall(at_t, shape[0])
    columns["place_gap"] = np.abs(at_s[:, None] - at_t[None, :])
    columns["index_t"] = _tall(np.arange(shape[1], dtype=np.float64), shape[0])
    columns["targets"] = np.full(shape, float(shape[1]))
    columns["sources"] = np.full(shape, float(shape[0]))
