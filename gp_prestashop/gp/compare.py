"""Comparing what a document wants with what GP holds, the way GP sees values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from gp_prestashop.keys import key_text

__all__ = ["amount", "differences", "plain"]

Differences = dict[str, tuple[Any, Any]]


def plain(value: Any) -> Any:
    """A value as a person writes it: text without trailing blanks, amounts without idle zeros, dates without time."""
    if isinstance(value, str):
        return value.rstrip()
    if isinstance(value, Decimal):
        return value if value == value.to_integral() and value.as_tuple().exponent == 0 else _short(value)
    if isinstance(value, datetime):
        return value.date()
    return value


def amount(value: Any) -> Decimal:
    """An amount as a person writes it, a whole one with two decimals as well; nothing is 0.00."""
    return _short(Decimal(value or 0))


def _short(value: Decimal) -> Decimal:
    """At least two decimals, no more than there are."""
    short = value.normalize()
    exponent = short.as_tuple().exponent
    return short if isinstance(exponent, int) and exponent < -2 else value.quantize(Decimal("0.01"))


def differences(
    wanted: Mapping[str, Any],
    there: Mapping[str, Any],
    columns: Mapping[str, str],
    *,
    keys: frozenset[str],
    prefix: str = "",
) -> Differences:
    """``columns``: document column → GP column. Only what the document names is compared; ``keys`` ignore case."""
    found: Differences = {}
    for name, column in columns.items():
        if wanted.get(name) is None or column not in there:
            continue
        mine, theirs = plain(wanted[name]), plain(there[column])
        if _comparable(mine, name in keys) != _comparable(theirs, name in keys):
            found[prefix + name] = (theirs, mine)
    return found


def _comparable(value: Any, is_key: bool) -> Any:  # noqa: FBT001
    if value is None or value == "":
        return None
    if is_key:
        return key_text(value) or None
    if isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, date):
        return value
    return value
