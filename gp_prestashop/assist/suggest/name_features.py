"""What the names say of every pair: shared words, spelling, what is known beforehand."""

from __future__ import annotations

import numpy as np
from rapidfuzz import fuzz, process

from gp_prestashop.assist.suggest.fields import Pair
from gp_prestashop.assist.suggest.knowledge import Knowledge
from gp_prestashop.assist.suggest.matrices import tall, wide
from gp_prestashop.assist.suggest.overlap import cosines
from gp_prestashop.assist.suggest.profile import Floats
from gp_prestashop.assist.suggest.words import Words, captions, is_hidden_name, raw_tokens, shared_words

__all__ = ["name_features"]

_SYSTEM = ("DEX_ROW_TS", "DEX_ROW_ID", "NOTEINDX", "INTEGRATIONID", "GPSFOINTEGRATIONID", "INTEGRATIONSOURCE", "Flags")


def name_features(columns: dict[str, Floats], pair: Pair, words: Words, knowledge: Knowledge) -> None:
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
    alike["best_word_of_source"] = wide(alike["word_cosine"].max(axis=1), shape[1])
    alike["best_word_of_target"] = tall(alike["word_cosine"].max(axis=0), shape[0])
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
    columns["system"] = np.where(hidden, np.nan, tall([float(f.name in _SYSTEM) for f in pair.targets], shape[0]))
    columns["originating"] = np.where(hidden, np.nan, tall([float("originating" in bag) for bag in bags_t], shape[0]))
    columns["index_word"] = np.where(
        hidden, np.nan, tall([float(f.name.endswith(("IDX", "IX", "INDX"))) for f in pair.targets], shape[0])
    )
    for side, bags in (("s", bags_s), ("t", bags_t)):
        for word in ("id", "amount", "date", "quantity", "price", "tax_incl", "tax_excl", "last", "code_like"):
            wanted = {"code_like": {"id", "status", "type", "class", "method"}}.get(word, {word})
            flags = [float(bool(bag & wanted)) for bag in bags]
            spread = wide(flags, shape[1]) if side == "s" else tall(flags, shape[0])
            columns[f"{side}_{word}"] = np.where(hidden, np.nan, spread)


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
    columns["known_state"] = np.where(hidden, np.nan, wide(state, shape[1]))
    columns["known_rival"] = np.where(hidden, np.nan, tall(taken, shape[0]) - weight)


def _plain(name: str) -> str:
    return name.lower().replace("_", "")


def _trigrams(text: str) -> dict[str, int]:
    padded = f"^{text}$"
    found: dict[str, int] = {}
    for at in range(len(padded) - 2):
        found[padded[at : at + 3]] = found.get(padded[at : at + 3], 0) + 1
    return found
