r"""PrestaShop's Validate class, as far as fields of the webservice name it.

Each takes a text that is not empty in PHP's sense and says whether it is valid. Formats without a rule here accept
anything, as do those whose rule every text meets (isString, isAnything).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

__all__ = ["is_valid"]

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?: \d{2}:\d{2}:\d{2})?")
_TAGS = re.compile(r"<\s*script|javascript:|on(?:mouse|key|click|load|error|focus|blur|submit|change)\w*\s*=|<\s*(?:i?frame|object|embed|form|input)", re.IGNORECASE)  # fmt: skip


def is_valid(name: str, text: str) -> bool:
    """Whether ``text`` passes the validator of this name (``isEmail``)."""
    rule = _RULES.get(name.lower())
    return rule is None or rule(text)


def _matches(pattern: str, flags: int = 0) -> Callable[[str], bool]:
    compiled = re.compile(pattern, flags)
    return lambda text: compiled.fullmatch(text) is not None


def _without(characters: str) -> Callable[[str], bool]:
    banned = frozenset(characters)
    return lambda text: not banned & set(text)


def _is_int(text: str) -> bool:
    return re.fullmatch(r"-?(0|[1-9]\d*)", text) is not None


def _is_unsigned(text: str) -> bool:
    return _is_int(text) and 0 <= int(text) < 1 << 32


def _is_date(text: str) -> bool:
    found = _DATE.fullmatch(text)
    if not found:
        return False
    year, month, day = (int(part) for part in found.groups())
    if (year, month, day) == (0, 0, 0):
        return True
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _is_email(text: str) -> bool:
    return len(text) <= 255 and re.fullmatch(r"[^\s@,;<>\"()]+@[^\s@,;<>\"()]+\.[^\s@.,;<>\"()]+", text) is not None


_NAME = _without('0123456789!<>,;?=+()@#"°{}_$%:¤|')

_RULES: dict[str, Callable[[str], bool]] = {
    "isint": _is_int,
    "isunsignedint": _is_unsigned,
    "isunsignedid": _is_unsigned,
    "isnullorunsignedid": _is_unsigned,
    "ispositiveint": _is_unsigned,
    "isbool": _matches(r"[01]"),
    "isprice": _matches(r"\d{1,10}(\.\d{1,9})?"),
    "isnegativeprice": _matches(r"-?\d{1,10}(\.\d{1,9})?"),
    "isfloat": _matches(r"-?(\d+\.?\d*|\.\d+)(E[+-]?\d+)?", re.IGNORECASE),
    "isunsignedfloat": _matches(r"(\d+\.?\d*|\.\d+)(E[+-]?\d+)?", re.IGNORECASE),
    "ispercentage": lambda text: re.fullmatch(r"\d+(\.\d+)?", text) is not None and len(text.partition(".")[0]) <= 3,
    "isemail": _is_email,
    "isname": _NAME,
    "iscustomername": lambda text: not re.search(r"[0-9!<>,;?=+()/\\@#\"°*`{}_^$%:¤\[\]|]|[.。](?!\s|$)", text),
    "iscarriername": _without("<>;=#{}"),
    "isgenericname": _without("<>={}"),
    "iscatalogname": _without("<>;=#{}"),
    "ismessage": _without("<>{}"),
    "isaddress": _without("!<>?=+@{}_$%"),
    "iscityname": _without('!<>;?=+@#"°{}_$%'),
    "isreference": _without("<>;={}"),
    "isphonenumber": _matches(r"[+0-9. ()/-]*"),
    "ispostcode": _matches(r"[a-zA-Z 0-9-]+"),
    "isdate": _is_date,
    "isdateformat": _is_date,
    "isdateornull": _is_date,
    "isbirthdate": _is_date,
    "ismd5": _matches(r"[a-f0-9A-F]{32}"),
    "issha1": _matches(r"[a-fA-F0-9]{40}"),
    "isean13": _matches(r"\d{0,13}"),
    "isupc": _matches(r"\d{0,12}"),
    "isisbn": _matches(r"[0-9A-Z-]{0,32}", re.IGNORECASE),
    "ismpn": lambda text: len(text) <= 40,
    "islinkrewrite": _matches(r"[_a-zA-Z0-9-]+"),
    "iscolor": _matches(r"#[0-9a-fA-F]{6}|[a-zA-Z0-9-]*"),
    "iscleanhtml": lambda text: not _TAGS.search(text),
    "islanguageisocode": _matches(r"[a-zA-Z]{2,3}"),
    "isnumericisocode": _matches(r"\d{3}"),
    "ismodulename": _matches(r"[a-zA-Z0-9_-]+"),
    "ishashedpassword": lambda text: 5 <= len(text) <= 255,
    "ispasswd": lambda text: 5 <= len(text) <= 255,
    "isplaintextpassword": lambda text: 5 <= len(text) <= 72,
    "isreductiontype": lambda text: text in ("amount", "percentage"),
    "isproductvisibility": _matches(r"both|catalog|search|none", re.IGNORECASE),
    "isdniliate": _matches(r"[0-9A-Za-z-.]{1,16}"),
    "istablename": _matches(r"[a-zA-Z0-9_-]+"),
    "isurl": _matches(r"[~:#,$%&_=()\[\].? +@/a-zA-Z0-9À-ÿ-]+"),
    "istrackingnumber": _matches(r"[~:#,%&_=()\[\].? +@/a-zA-Z0-9-]+"),
    "isip2long": _matches(r"-?\d+"),
}
