"""Value maps: the shop's codes (order states, carriers, payment modules …) to GP's, from names, rates and how often they are used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from anyascii import anyascii
from rapidfuzz import fuzz

from gp_prestashop.assist.suggest.assign import one_to_one
from gp_prestashop.assist.suggest.words import Words

__all__ = ["Code", "ValueSuggestion", "match_codes", "match_states"]

_LEAST = 0.55
_ISO = frozenset(
    "AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IT LT LU LV MT NL NO PL PT RO SE SI SK US CA MX".split()  # noqa: SIM905
)
_NOISE = frozenset(
    "tva vat iva mwst ust steuer tax rate taux sales de fr es it be us the standard service livraison delivery shipping express par by with".split()  # noqa: SIM905
)
# What a shop's order state means for an order in GP, by words of its name (English, French, Spanish, German).
_STATES: Sequence[tuple[str, str]] = (
    ("ignore", r"error|erreur|fehler|failed|echec"),
    ("keep", r"refund|rembours|reembols|erstatt|rueckzahl"),
    ("cancel", r"cancel|annul|storn|anulad"),
    ("wait", r"await|attente|espera|wart|pending|not paid|non paye|no pagado|unbezahlt|on hold"),
    ("order", r"accept|paid|paye|pagad|bezahlt|process|prepar|bearbeit|ship|expedi|enviad|versand|versend|deliver|livr|entreg|geliefert|zugestellt|payment|remote"),
)  # fmt: skip


@dataclass(frozen=True)
class Code:
    """One code of one side: ``uses`` is how many records carry it, ``rate`` a percentage where it has one."""

    code: str
    name: str = ""
    uses: int = 0
    rate: float | None = None
    hints: tuple[str, ...] = ()  # other names, ISO codes


@dataclass(frozen=True)
class ValueSuggestion:
    """One ranked GP code for one code of the shop."""

    map: str
    code: str
    name: str
    value: str
    rank: int
    confidence: float
    chosen: bool
    evidence: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def match_states(states: Iterable[Code]) -> list[ValueSuggestion]:
    """What each order state should do with its order; those that no word tells of wait for a person (not chosen)."""
    found = []
    for state in states:
        name = anyascii(state.name).lower()
        meant = next(((action, re.search(words, name)) for action, words in _STATES if re.search(words, name)), None)
        action, hit = meant if meant is not None else ("wait", None)
        why = f"its name says “{hit[0]}”" if hit else "its name tells nothing"
        used = f"; {state.uses} orders are in it" if state.uses else ""
        found.append(
            ValueSuggestion(
                "order_states", state.code, state.name, action, 1, 0.9 if hit else 0.3, hit is not None, why + used
            )
        )
    return found


def match_codes(
    kind: str, shop: Sequence[Code], gp: Sequence[Code], *, one_each: bool = False, ranks: int = 3
) -> list[ValueSuggestion]:
    """GP codes for the shop's, best first. ``one_each``: a GP code is given to one shop code only (currencies, countries)."""
    if not shop or not gp:
        return []
    words = Words()
    score = np.array([[_alike(words, a, b) for b in gp] for a in shop])
    share_a, share_b = _shares(shop), _shares(gp)
    if share_a is not None and share_b is not None:
        score = np.clip(score + 0.08 * (1 - 4 * np.abs(share_a[:, None] - share_b[None, :])), 0, 1)
    score = np.where(score >= score.max(axis=1, keepdims=True) - 1e-9, score, score * 0.97)
    chosen = (
        one_to_one(np.clip(score, 0.001, 0.999), _LEAST)
        if one_each
        else {i: int(np.argmax(row)) for i, row in enumerate(score) if row.max() >= _LEAST}
    )
    found = []
    for i, code in enumerate(shop):
        for rank, j in enumerate(np.argsort(-score[i], kind="stable")[:ranks], start=1):
            value = round(float(min(0.99, score[i, j])), 3)
            found.append(
                ValueSuggestion(
                    kind, code.code, code.name, gp[j].code, rank, value, chosen.get(i) == int(j), _why(code, gp[int(j)])
                )
            )
    return found


def _alike(words: Words, a: Code, b: Code) -> float:
    if a.rate is not None and b.rate is not None and abs(a.rate - b.rate) > 0.005:
        return 0.02
    texts_a, texts_b = [t for t in (a.name, *a.hints) if t], [t for t in (b.name, b.code, *b.hints) if t]
    best = max((_text(words, x, y) for x in texts_a for y in texts_b), default=0.0)
    if a.rate is not None and b.rate is not None:
        return _COUNTRY[_same_country(a, b)] + 0.1 * best
    return best


# How likely two taxes of one rate are the same, by whether their countries are: known the same, not known, known to differ.
_COUNTRY = {True: 0.85, None: 0.5, False: 0.1}


def _same_country(a: Code, b: Code) -> bool | None:
    """By the country letters in the names (“TVA FR 20%”, FRVAT20)."""
    there = {code for code in re.findall(r"\b[A-Z]{2}\b", a.name) if code in _ISO}
    here = {code for text in (b.code, b.name) for code in re.findall(r"\b[A-Z]{2}\b", text) if code in _ISO}
    here |= {b.code[:2], b.code[-2:]} & _ISO
    if not there or not here:
        return None
    return bool(there & here)


def _text(words: Words, a: str, b: str) -> float:
    x, y = _plain(a), _plain(b)
    if not x or not y:
        return 0.0
    if x == y:
        return 0.97
    left, right = set(x.split()) - _NOISE, set(y.split()) - _NOISE
    named = len(left & right) / min(len(left), len(right)) if left and right else 0.0
    meant_a, meant_b = words.of(a) - {"id", "method"}, words.of(b) - {"id", "method"}
    meant = len(meant_a & meant_b) / len(meant_a | meant_b) if meant_a and meant_b else 0.0
    spelt = fuzz.token_set_ratio(x, y) / 100
    shorter, longer = sorted((x.replace(" ", ""), y.replace(" ", "")), key=len)
    starts = 0.75 if len(shorter) >= 3 and longer.startswith(shorter) else 0.0
    return float(min(0.95, max(0.9 * named, 0.8 * meant, 0.85 * spelt if spelt > 0.75 else 0.5 * spelt, starts)))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z]+|\d+", anyascii(text).lower()))


def _shares(codes: Sequence[Code]) -> np.ndarray | None:
    total = sum(code.uses for code in codes)
    return np.array([code.uses / total for code in codes]) if total else None


def _why(a: Code, b: Code) -> str:
    said = []
    if a.rate is not None and a.rate == b.rate:
        said.append(f"both are {a.rate:g} %")
    said.append(f"“{a.name}” and “{b.name or b.code}”")
    if a.uses and b.uses:
        said.append(f"used {a.uses} and {b.uses} times")
    return "; ".join(said)
