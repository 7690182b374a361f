"""Shapes that values are recognised by: e-mail, postcode, code, amount …"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from anyascii import anyascii

__all__ = ["CLASSES", "DATE", "Floats", "classes_of"]

Floats = npt.NDArray[np.float64]

DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d))?)?.*")
_UNITS = frozenset("each ea pack pcs pc unit kg g l m meter metre box case pair piece cm liter stk".split())  # noqa: SIM905
_COUNTRIES = frozenset(
    [
        "france",
        "germany",
        "spain",
        "italy",
        "belgium",
        "portugal",
        "austria",
        "switzerland",
        "luxembourg",
        "netherlands",
        "ireland",
        "poland",
        "sweden",
        "denmark",
        "finland",
        "norway",
        "canada",
        "mexico",
        "australia",
        "japan",
        "china",
        "brazil",
        "unitedkingdom",
        "unitedstates",
        "unitedstatesofamerica",
        "usa",
        "uk",
        "espagne",
        "allemagne",
        "italie",
        "belgique",
        "suisse",
        "paysbas",
        "espana",
        "alemania",
        "deutschland",
        "osterreich",
        "schweiz",
    ]
)


def _pattern(text: str) -> Callable[[str], bool]:
    compiled = re.compile(text)
    return lambda value: compiled.fullmatch(value) is not None


def _ean(value: str) -> bool:
    if len(value) != 13 or not value.isdecimal():
        return False
    return sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(value)) % 10 == 0


# Shapes that people would name, each with a test of one value.
_TESTS: dict[str, Callable[[str], bool]] = {
    "email": _pattern(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}"),
    "url": _pattern(r"(https?://|www\.).+"),
    "ip": _pattern(r"\d{1,3}(\.\d{1,3}){3}"),
    "hash": _pattern(r"[0-9a-f]{32,64}|\$2y\$.+"),
    "slug": _pattern(r"[a-z0-9]+(-[a-z0-9]+)+"),
    "html": _pattern(r"\s*<\w+.*"),
    "ean": _ean,
    "phone": lambda v: 9 <= sum(c.isdecimal() for c in v) <= 16 and re.fullmatch(r"[+\d][\d\s().x/\-]{7,24}", v) is not None and v[-5:-3] != "-0" and not DATE.fullmatch(v),
    "gp_phone": _pattern(r"\d{10}0{4}|\d{10}\d{4}"),
    "postcode": _pattern(r"\d{4,5}(-\d{3,4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4} ?[A-Z]{2}"),
    "country_code": _pattern(r"[A-Z]{2}"),
    "currency": _pattern(r"[A-Z]{3}|Z-[A-Z$]{2,4}"),
    "country": lambda v: re.sub(r"[^a-z]", "", anyascii(v).lower()) in _COUNTRIES,
    "vat": _pattern(r"(FR|DE|ES|IT|BE|NL|PT|AT|LU|IE|GB|PL|CH|DK|SE|FI)[A-Z]?[0-9A-Z]{7,12}"),
    "unit": lambda v: v.lower() in _UNITS,
    "street": lambda v: bool(re.search(r"\d", v)) and bool(re.search(r"[A-Za-z]{3,}", v)) and len(v.split()) >= 3,
    "words": lambda v: bool(re.fullmatch(r"[^\W\d_][^\d_@<>]*", v)) and " " in v.strip(),
    "word": _pattern(r"[^\W\d_][^\W\d_'\-]*"),
    "upper_code": lambda v: bool(re.fullmatch(r"[A-Z0-9][A-Z0-9_\-./ ]*", v)) and any(c.isalpha() for c in v),
    "code_digits": _pattern(r"[A-Za-z]+[-_/]?\d{2,}"),
    "bin": _pattern(r"[A-Z]\d{1,2}-\d{2}"),
    "order_seq": lambda v: v.isdecimal() and int(v) > 0 and int(v) % 16384 == 0,
    "terms": _pattern(r"(?i)(net|due|cod|\d+/\d+)\b.*|\d+ ?(days|jours|dias|tage).*"),
    "account": _pattern(r"\d{3,4}-\d{3,4}(-\d{2,4})*"),
    "person": _pattern(r"[A-ZÀ-Þ][\w'’.\-]+ [A-ZÀ-Þ][\w'’.\-]+( [A-ZÀ-Þ][\w'’.\-]+)?"),
    "company": _pattern(r".*\b(SA|SAS|SARL|S\.A\.R\.L\.|S\.A\.S?\.?|GmbH|AG|KG|Ltd|LLC|PLC|Inc|Group|SL|S\.L\.|et Fils|and Sons|S\.Coop\.|BV|e\.V\.)\.?.*"),
    "masked_card": _pattern(r".*[xX*]{4,}.*\d{2,4}|\d{4}"),
}  # fmt: skip
_NUMERIC_CLASSES = (
    "flag",
    "small_int",
    "id_like",
    "integer",
    "money",
    "percent",
    "rate",
    "date_only",
    "date_time",
    "empty",
)
CLASSES = (*_TESTS, *_NUMERIC_CLASSES)
_AT = {name: i for i, name in enumerate(CLASSES)}


def classes_of(filled: Sequence[str], kind: str, numbers: Floats, count: int) -> Floats:
    """For each of CLASSES, the part of the filled values that is of it."""
    result = np.zeros(len(CLASSES))
    if not filled:
        result[_AT["empty"]] = 1.0
        return result
    if kind == "date":
        timed = sum(1 for value in filled if len(value) > 10 and not value.endswith("00:00:00")) / len(filled)
        result[_AT["date_time"]], result[_AT["date_only"]] = timed, 1 - timed
        return result
    if kind == "number":
        whole = bool(np.all(numbers == np.round(numbers)))
        top = float(numbers.max())
        if set(np.unique(numbers)) <= {0.0, 1.0}:
            result[_AT["flag"]] = 1.0
        elif whole and top < 12:
            result[_AT["small_int"]] = 1.0
        elif whole and len(np.unique(numbers)) > 0.6 * count and float(numbers.min()) > 0:
            result[_AT["id_like"]] = 1.0
            result[_AT["integer"]] = 0.5
        elif whole:
            result[_AT["integer"]] = 1.0
        else:
            result[_AT["money"]] = 1.0
        if float(numbers.min()) >= 0 and top <= 100 and len(np.unique(numbers)) <= 16:
            result[_AT["percent"]] = 0.7
        if float(numbers.min()) > 0.3 and top < 3 and len(np.unique(numbers)) <= 6 and not whole:
            result[_AT["rate"]] = 1.0
        for name in ("ean", "order_seq"):
            result[_AT[name]] = sum(1 for value in filled if _TESTS[name](value.split(".")[0])) / len(filled)
        return result
    seen = Counter(filled)
    for name, test in _TESTS.items():
        result[_AT[name]] = sum(times for value, times in seen.items() if test(value)) / len(filled)
    return result
