"""T-SQL literals of eConnect parameters, checked so that the server neither cuts nor changes a value silently.

T-SQL cuts text that is longer than a char(n) parameter without a word, rounds decimals to the parameter's scale and
turns characters outside the company's code page into question marks. All three are errors here.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from gp_prestashop.errors import DataError
from gp_prestashop.gp.reference import Parameter

__all__ = ["date_literal", "identifier", "literal", "text_literal"]

INTEGER_RANGES = {
    "tinyint": (0, 255),
    "smallint": (-(2**15), 2**15 - 1),
    "int": (-(2**31), 2**31 - 1),
    "bigint": (-(2**63), 2**63 - 1),
}


def literal(parameter: Parameter, value: Any, code_page: str) -> str:
    """``value`` as T-SQL text for this parameter. None is NULL. Raises DataError naming the field."""
    if value is None:
        return "NULL"
    kind = parameter.type
    if kind.is_text and isinstance(value, str):
        return text_literal(_checked_text(parameter, value, code_page))
    if kind.is_integer and isinstance(value, int | Decimal) and value == int(value):
        return _integer(parameter, int(value))
    if kind.name == "numeric" and isinstance(value, int | Decimal):
        return _numeric(parameter, Decimal(value))
    if kind.name == "datetime" and isinstance(value, date):
        return date_literal(value)
    raise DataError("wrong_type", f"{parameter.name} cannot be {value!r}: GP wants {kind.name}.")


def text_literal(text: str) -> str:
    """A quoted string. A backslash before a line end would join the lines in T-SQL, so a blank comes between."""
    return "'" + re.sub(r"\\(?=\r?\n)", r"\\ ", text).replace("'", "''") + "'"


def date_literal(value: date) -> str:
    """Safe under any DATEFORMAT and language: ``'20261121'`` or ``'2026-11-21T10:15:30.123'``."""
    if isinstance(value, datetime):
        return f"'{value.strftime('%Y-%m-%dT%H:%M:%S')}.{value.microsecond // 1000:03d}'"
    return f"'{value:%Y%m%d}'"


def identifier(name: str) -> str:
    """A bracketed name."""
    return "[" + name.replace("]", "]]") + "]"


def _checked_text(parameter: Parameter, text: str, code_page: str) -> str:
    name, size = parameter.name, parameter.type.size
    if size is not None and len(text) > size:
        raise DataError("too_long", f"{name} has {len(text)} characters, and GP keeps {size}: {text!r}.")
    if "\x00" in text:
        raise DataError("code_page", f"{name} holds a NUL character, which GP cannot keep.")
    try:
        text.encode(code_page)
    except UnicodeEncodeError as error:
        bad = text[error.start]
        raise DataError("code_page", f"{name} holds {bad!r}, which GP's code page ({code_page}) lacks.") from None
    return text


def _integer(parameter: Parameter, value: int) -> str:
    low, high = INTEGER_RANGES[parameter.type.name]
    if not low <= value <= high:
        raise DataError("out_of_range", f"{parameter.name} = {value} does not fit GP's {parameter.type.name}.")
    return str(value)


def _numeric(parameter: Parameter, value: Decimal) -> str:
    size, scale = parameter.type.size or 19, parameter.type.scale or 0
    if not value.is_finite():
        raise DataError("out_of_range", f"{parameter.name} = {value} is no amount.")
    exact = value.normalize()
    exponent = exact.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > scale:
        raise DataError("too_many_decimals", f"{parameter.name} = {value:f} has more than GP's {scale} decimals.")
    if abs(exact) >= Decimal(10) ** (size - scale):
        raise DataError("out_of_range", f"{parameter.name} = {value:f} is too large for GP.")
    return f"{exact:f}"
