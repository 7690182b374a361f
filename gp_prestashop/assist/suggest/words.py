"""Names as words: ``fournisseur_principal``, ``PRIMVNDR`` and "Primary Vendor ID" all become {primary, vendor, id}."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from importlib.resources import files

from anyascii import anyascii
from rapidfuzz import fuzz, process

__all__ = ["Words", "captions", "is_hidden_name", "raw_tokens", "shared_words"]

_DATA = files("gp_prestashop.assist.suggest") / "data"
_HIDDEN = re.compile(r"(col|column|field|f|c|var|attr)_?\d+", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PIECES = re.compile(r"[a-z]+|\d+")
_LONGEST_PHRASE = 4
_NOISE = frozenset({"de", "du", "des", "la", "le", "les", "l", "d", "el", "los", "las", "del", "der", "die", "das", "den", "of", "the", "a", "an", "s",
                    "for", "in", "is", "with", "und", "et", "y", "pour", "par", "por", "para", "au", "aux", "al", "en", "x", "ps", "gp", "custom", "extra", "erp"})  # fmt: skip


def is_hidden_name(name: str) -> bool:
    """Whether a name says nothing (``col17``)."""
    return _HIDDEN.fullmatch(name) is not None


def raw_tokens(text: str) -> list[str]:
    """Lower-case words and numbers of a name or a caption, without accents."""
    return _PIECES.findall(_CAMEL.sub(" ", anyascii(text)).lower())


@lru_cache(maxsize=1)
def captions() -> Mapping[str, str]:
    """GP column name → screen caption, from GP's own SmartList views."""
    return json.loads((_DATA / "gp_captions.json").read_text("utf-8"))  # type: ignore[no-any-return]


class Words:
    """Turns names into sets of canonical words. ``forgotten`` synonyms are not known (training hides some)."""

    def __init__(self, forgotten: Iterable[str] = ()) -> None:
        gone = set(forgotten)
        self._phrases: dict[tuple[str, ...], str] = {}
        for canonical, synonyms in lexicon().items():
            for synonym in synonyms:
                if synonym not in gone:
                    self._phrases.setdefault(tuple(raw_tokens(synonym)), canonical)
        self._single = {phrase[0]: word for phrase, word in self._phrases.items() if len(phrase) == 1}
        self._long = sorted(word for word in self._single if len(word) >= 5)
        self._cache: dict[str, frozenset[str]] = {}
        self._unknown: dict[str, tuple[str, ...]] = {}

    def of(self, text: str) -> frozenset[str]:
        """The canonical words of a name or caption."""
        if text not in self._cache:
            self._cache[text] = frozenset(self._read(raw_tokens(text)))
        return self._cache[text]

    def of_column(self, name: str) -> frozenset[str]:
        """The canonical words of a GP column, by its caption, else by GP's abbreviations."""
        caption = captions().get(name)
        return self.of(caption) if caption else self.of(expanded(name))

    @cached_property
    def weights(self) -> Mapping[str, float]:
        """How much each canonical word tells (rare in GP's captions tells more)."""
        counts: dict[str, int] = {}
        for caption in captions().values():
            for word in self.of(caption):
                counts[word] = counts.get(word, 0) + 1
        total = len(captions())
        return {word: math.log((total + 1) / (count + 1)) for word, count in counts.items()}

    def weight(self, word: str) -> float:
        return self.weights.get(word, 5.0)

    def _read(self, tokens: list[str]) -> list[str]:
        words: list[str] = []
        at = 0
        while at < len(tokens):
            for length in range(min(_LONGEST_PHRASE, len(tokens) - at), 0, -1):
                found = self._phrases.get(tuple(tokens[at : at + length]))
                if found is not None and (length > 1 or tokens[at] not in _NOISE):
                    words.append(found)
                    at += length
                    break
            else:
                if tokens[at] not in _NOISE:
                    words.extend(self._guess(tokens[at]))
                at += 1
        return words

    def _guess(self, token: str) -> tuple[str, ...]:
        """A word that is not in the lexicon: a compound of known ones, a misspelling, or itself."""
        if token not in self._unknown:
            self._unknown[token] = self._guessed(token)
        return self._unknown[token]

    def _guessed(self, token: str) -> tuple[str, ...]:
        if token.isdigit() or len(token) < 5:
            return (token,)
        if len(token) >= 7 and (parts := self._compound(token)):
            return parts
        close = process.extractOne(token, self._long, scorer=fuzz.ratio, score_cutoff=86)
        if close is not None:
            return (self._single[close[0]],)
        return (token,)

    def _compound(self, token: str) -> tuple[str, ...]:
        """German compounds and run-together names: all of the token in known words of three letters or more."""
        best: list[tuple[str, ...] | None] = [()] + [None] * len(token)
        for end in range(1, len(token) + 1):
            for start in range(max(0, end - 20), end - 2):
                before = best[start]
                if before is None:
                    continue
                piece = token[start:end]
                word = self._single.get(piece) or (
                    self._single.get(piece[:-1]) if piece.endswith("s") and start + 4 < end else None
                )
                if word is None:
                    continue
                candidate = (*before, word)
                current = best[end]
                if current is None or len(candidate) < len(current):
                    best[end] = candidate
        return best[-1] or ()


def shared_words(words: Words, a: frozenset[str], b: frozenset[str]) -> tuple[float, float, float]:
    """(cosine, part of a that b has, part of b that a has), each word weighed by how much it tells."""
    if not a or not b:
        return 0.0, 0.0, 0.0
    common = sum(words.weight(word) for word in a & b)
    of_a, of_b = sum(words.weight(word) for word in a), sum(words.weight(word) for word in b)
    if not of_a or not of_b:
        return 0.0, 0.0, 0.0
    return common / math.sqrt(of_a * of_b), common / of_a, common / of_b


@lru_cache(maxsize=1)
def lexicon() -> Mapping[str, tuple[str, ...]]:
    """Canonical word → synonyms."""
    families: dict[str, tuple[str, ...]] = {}
    for line in (_DATA / "lexicon.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            canonical, _, synonyms = line.partition(":")
            families[canonical] = tuple(
                dict.fromkeys(synonym.strip() for synonym in synonyms.split(",") if synonym.strip())
            )
    return families


@lru_cache(maxsize=1)
def _abbreviations() -> Mapping[str, str]:
    lines = (_DATA / "abbreviations.txt").read_text("utf-8").splitlines()
    pairs = (line.split(" ", 1) for line in lines if line and not line.startswith("#"))
    return {short.lower(): long for short, long in pairs}


@lru_cache(maxsize=4096)
def expanded(name: str) -> str:
    """A cryptic column name in words, where its abbreviations cover most of it: ``LSRCPTDT`` → "last receipt date"."""
    return " ".join(_split(token) for token in raw_tokens(name))


def _split(token: str) -> str:
    known = _abbreviations()
    cost: list[tuple[int, tuple[str, ...]]] = [(0, ())]
    for end in range(1, len(token) + 1):
        skipped, parts = cost[end - 1]
        best = (skipped + 3, parts)
        for start in range(max(0, end - 10), end - 1):
            long = known.get(token[start:end])
            if long is not None and cost[start][0] + 1 < best[0]:
                best = (cost[start][0] + 1, (*cost[start][1], long))
        cost.append(best)
    worst, parts = cost[-1]
    return " ".join(parts) if parts and worst <= len(token) else token
