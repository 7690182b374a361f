"""PrestaShop's ObjectModel::validateFields: the first field that is wrong, in its words."""

from __future__ import annotations

import re

from gp_prestashop.sandbox.shop.behaviour import Draft
from gp_prestashop.sandbox.shop.refusal import Refusal
from gp_prestashop.sandbox.shop.shapes import Field
from gp_prestashop.sandbox.shop.validators import is_valid

__all__ = ["check"]

_RANGES = {("stock_availables", "quantity"): (-(1 << 31), (1 << 31) - 1)}  # schemas do not show these


def check(draft: Draft, touched: frozenset[str] | None) -> None:
    """Raises Refusal 400/84 for a text of a language, 400/85 for any other field.

    ``touched``: the fields that a PATCH named, None where all count.
    """
    for field in draft.shape.fields.values():
        if field.i18n and (touched is None or field.name in touched):
            _check_texts(draft, field)
    for field in draft.shape.fields.values():
        if field.name != "id" and not field.i18n and not field.getter:
            problem = _problem(draft, field, draft.row.get(field.name), required=field.required)
            if problem:
                raise _refusal(draft, 85, problem)


def _check_texts(draft: Draft, field: Field) -> None:
    value = draft.row.get(field.name)
    default = draft.store.default_language
    texts = dict(value) if isinstance(value, dict) else {default: value or ""}
    texts.setdefault(default, "")
    for language, text in texts.items():
        problem = _problem(draft, field, text, required=field.required and language == default)
        if problem:
            raise _refusal(draft, 84, problem)


def _problem(draft: Draft, field: Field, value: object, *, required: bool) -> str | None:
    name = f"{draft.shape.cls}->{field.name}"
    text = "" if value is None else str(value)
    if required and text == "":
        return f"Property {name} is empty."
    limits = _RANGES.get((draft.shape.name, field.name))
    if limits and not draft.store.legacy and not _in_range(text, *limits):
        found = int(text) if re.fullmatch(r"\s*[+-]?\d+\s*", text) else 0
        return f"The range of property {name} is currently {found}. It must be between {limits[0]} and {limits[1]}."
    if field.size and len(text) > field.size:
        return f"The length of property {name} is currently {len(text)} chars. It must be between 0 and {field.size} chars."
    if text not in ("", "0") and field.format and not is_valid(field.format, text):
        return f"Property {name} is not valid"
    return None


def _in_range(text: str, low: int, high: int) -> bool:
    """PHP 8 compares a text that is no number with a number as texts."""
    if re.fullmatch(r"\s*[+-]?(\d+\.?\d*|\.\d+)\s*", text):
        return low <= float(text) <= high
    return str(low) <= text <= str(high)


def _refusal(draft: Draft, code: int, problem: str) -> Refusal:
    """From 8.0 on the translator escapes the arrow."""
    shown = problem if draft.store.legacy else problem.replace("->", "-&gt;")
    return Refusal(400, (code, f'Validation error: "{shown}"'))
