"""What a field's sample values look like: kind, shape, spread, and the keys under which they may meet another field's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from anyascii import anyascii

from gp_prestashop.assist.suggest.fields import Field
from gp_prestashop.assist.suggest.value_classes import CLASSES, DATE, Floats, classes_of

__all__ = ["CLASSES", "Floats", "Profile", "blank", "profile_of", "quantiles"]

_NUMBER = re.compile(r"[-+]?\d{1,15}(\.\d+)?")
_EMPTY = {"", "null", "none", "0000-00-00", "0000-00-00 00:00:00", "1900-01-01", "1900-01-01 00:00:00", "0x00000000"}
_QUANTILES = (5, 25, 50, 75, 95)


@dataclass(frozen=True)
class Profile:
    """One field's values, digested. Fractions are of the filled values unless said otherwise."""

    field: Field
    count: int
    filled: float  # part of the values that is not blank
    distinct: int  # different filled values
    raw_distinct: int  # different values, blanks and zeros counted
    most_common: float  # part of all values that the most frequent one takes
    kind: str  # number, date, text or empty
    numbers: Floats  # filled values as numbers; empty unless kind is number
    days: Floats  # filled values as days; empty unless kind is date
    classes: Floats  # for each of CLASSES, the part of values that is of it
    patterns: Counter[str]
    bigrams: Counter[str]
    words: Counter[str]
    frequencies: Floats  # the eight greatest relative frequencies
    lengths: Floats  # mean, minimum, maximum, standard deviation
    zero: float  # part of all values that is 0
    integral: float  # part of the numbers without a fraction
    decimals: float  # mean number of decimals that matter
    unique: float  # distinct / filled
    keys: tuple[str, ...]  # for each row, the value as compared across systems
    cores: tuple[str, ...]  # for each row, the last number inside a code, without zeros in front
    prefixes: tuple[str, ...]  # for each row, the first ten characters of longer text
    phones: tuple[str, ...]  # for each row, the last nine digits of what looks like a phone number
    row_numbers: Floats  # for each row, a number that orders it (nan for blank)
    twin: str  # the same for fields with exactly the same values


def blank(value: str) -> bool:
    """Whether a value says nothing: empty, GP's blank date, MySQL's zero date."""
    return value.strip().lower() in _EMPTY


def profile_of(field: Field) -> Profile:
    """The profile of one field."""
    values = [value.strip() for value in field.values]
    filled = [value for value in values if not blank(value)]
    kind = _kind(field.type, filled, any_value=bool(values))
    row_numbers = np.array([_as_number(value, kind) for value in values], dtype=np.float64)
    valid = row_numbers[~np.isnan(row_numbers)]
    numbers = valid if kind == "number" else np.empty(0)
    counts = Counter(filled)
    sorted_counts = sorted(counts.values(), reverse=True)[:8]
    frequencies = np.zeros(8)
    frequencies[: len(sorted_counts)] = np.array(sorted_counts) / max(1, len(filled))
    lengths = np.array([len(v) for v in filled] or [0], dtype=np.float64)
    keys = tuple(_key(value, kind) for value in values)
    total = max(1, len(values))
    raw = Counter(values)
    return Profile(
        field=field,
        count=len(values),
        filled=len(filled) / total,
        distinct=len({key for key in keys if key}),
        raw_distinct=len(raw),
        most_common=max(raw.values(), default=0) / total,
        kind=kind,
        numbers=numbers,
        days=valid if kind == "date" else np.empty(0),
        classes=classes_of(filled, kind, numbers, len(values)),
        patterns=Counter(shape for value in filled for shape in _shapes(value)) if kind == "text" else Counter(),
        bigrams=_bigrams(filled) if kind == "text" else Counter(),
        words=Counter(word for value in filled for word in re.findall(r"[a-z]{2,}", anyascii(value).lower()))
        if kind == "text"
        else Counter(),
        frequencies=frequencies,
        lengths=np.array([lengths.mean(), lengths.min(), lengths.max(), lengths.std()]),
        zero=float(np.sum(numbers == 0)) / total,
        integral=float(np.mean(numbers == np.round(numbers))) if numbers.size else 0.0,
        decimals=_decimals(numbers),
        unique=len(counts) / max(1, len(filled)),
        keys=keys,
        cores=tuple(_core(value, kind) for value in values),
        prefixes=tuple(key[2:12] if key.startswith("t:") and len(key) >= 12 else "" for key in keys),
        phones=tuple(_phone(value) for value in values),
        row_numbers=row_numbers,
        twin="\x1f".join(keys),
    )


def _kind(declared: str, filled: Sequence[str], *, any_value: bool) -> str:
    declared = declared.lower()
    if not filled:
        if any_value and ("date" in declared):
            return "date"
        return "empty"
    dates = sum(1 for value in filled if DATE.fullmatch(value)) / len(filled)
    if dates > 0.8:
        return "date"
    numbers = sum(1 for value in filled if _NUMBER.fullmatch(value)) / len(filled)
    as_text = declared.startswith(("char", "varchar", "text", "binary"))
    if numbers == 1 and not as_text:
        return "number"
    if (
        numbers == 1
        and as_text
        and all(len(value) < 4 for value in filled)
        and not any(value[0] == "0" and len(value) > 1 for value in filled)
    ):
        return "number"
    return "text"


def _as_number(value: str, kind: str) -> float:
    if kind == "date":
        found = DATE.fullmatch(value)
        if found is None or blank(value):
            return float("nan")
        try:
            moment = datetime(*(int(part or 0) for part in found.groups()))  # type: ignore[arg-type]  # noqa: DTZ001  compared, never stored
        except ValueError:
            return float("nan")
        return moment.toordinal() + (moment.hour * 60 + moment.minute) / 1440
    if kind == "number" and _NUMBER.fullmatch(value):
        return float(value)
    if kind == "text" and (core := _core(value, kind)):
        return float(core[:15])
    return float("nan")


def _key(value: str, kind: str) -> str:
    """The value as it is compared: numbers by amount, dates by day, text by its letters and digits."""
    if blank(value):
        return ""
    if kind == "date":
        return "d:" + value[:10]
    if kind == "number":
        return f"n:{float(value):.3f}"
    folded = re.sub(r"[^a-z0-9]+", "", anyascii(value).lower())
    if folded.isdecimal() and len(folded) < 16 and re.fullmatch(r"[\d\s]+", value):
        return f"n:{float(folded):.3f}"
    return "t:" + folded if folded else ""


def _core(value: str, kind: str) -> str:
    if kind == "date" or blank(value):
        return ""
    if kind == "number":
        return value.split(".", maxsplit=1)[0].lstrip("+-0") if float(value) == int(float(value)) else ""
    digits = re.findall(r"\d+", value)
    return digits[-1].lstrip("0") if digits and len(digits) <= 2 else ""


def _phone(value: str) -> str:
    digits = re.sub(r"x.*|\D", "", value)
    if (
        len(digits) < 9
        or re.search(r"[A-Za-wyz]", value)
        or DATE.fullmatch(value)
        or (_NUMBER.fullmatch(value) and "." in value)
    ):
        return ""
    if len(digits) == 14 and digits.endswith("0000"):
        digits = digits[:10]
    return digits[-9:]


def _shapes(value: str) -> tuple[str, str]:
    """Two shapes of a value: character by character (short values), and with runs collapsed."""
    folded = anyascii(value)[:40]
    each = re.sub(r"[A-Z]", "A", folded)
    each = re.sub(r"[a-z]", "a", each)
    each = re.sub(r"\d", "9", each)
    return (each if len(each) <= 14 else "long"), re.sub(r"(.)\1+", r"\1", each)[:12]


def _bigrams(values: Sequence[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for value in values:
        text = re.sub(r"\d", "9", "^" + anyascii(value)[:24] + "$")
        counts.update(text[i : i + 2] for i in range(len(text) - 1))
    return counts


def _decimals(numbers: Floats) -> float:
    if not numbers.size:
        return 0.0
    return float(np.mean([len(f"{number:.6f}".rstrip("0").partition(".")[2]) for number in numbers]))


def quantiles(values: Floats) -> Floats:
    """Five quantiles, or nan where there is nothing."""
    return np.percentile(values, _QUANTILES) if values.size else np.full(len(_QUANTILES), np.nan)
