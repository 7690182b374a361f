"""What a field's sample values look like: kind, shape, spread, and the keys under which they may meet another field's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
from anyascii import anyascii

from gp_prestashop.assist.suggest.fields import Field

__all__ = ["CLASSES", "Floats", "Profile", "blank", "profile_of"]

Floats = npt.NDArray[np.float64]

_NUMBER = re.compile(r"[-+]?\d{1,15}(\.\d+)?")
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d))?)?.*")
_EMPTY = {"", "null", "none", "0000-00-00", "0000-00-00 00:00:00", "1900-01-01", "1900-01-01 00:00:00", "0x00000000"}
_QUANTILES = (5, 25, 50, 75, 95)
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
    if len(value) != 13 or not value.isdigit():
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
    "phone": lambda v: 9 <= sum(c.isdigit() for c in v) <= 16 and re.fullmatch(r"[+\d][\d\s().x/\-]{7,24}", v) is not None and v[-5:-3] != "-0" and not _DATE.fullmatch(v),
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
    "order_seq": lambda v: v.isdigit() and int(v) > 0 and int(v) % 16384 == 0,
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
        classes=_classes(filled, kind, numbers, len(values)),
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
    dates = sum(1 for value in filled if _DATE.fullmatch(value)) / len(filled)
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
        found = _DATE.fullmatch(value)
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
    if folded.isdigit() and len(folded) < 16 and re.fullmatch(r"[\d\s]+", value):
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
        or _DATE.fullmatch(value)
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


def _classes(filled: Sequence[str], kind: str, numbers: Floats, count: int) -> Floats:
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


def _decimals(numbers: Floats) -> float:
    if not numbers.size:
        return 0.0
    return float(np.mean([len(f"{number:.6f}".rstrip("0").partition(".")[2]) for number in numbers]))


def quantiles(values: Floats) -> Floats:
    """Five quantiles, or nan where there is nothing."""
    return np.percentile(values, _QUANTILES) if values.size else np.full(len(_QUANTILES), np.nan)
