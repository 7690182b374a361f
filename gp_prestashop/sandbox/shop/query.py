"""The query string: filters, date rule, sort, limit, display, with the shop's own errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from gp_prestashop.sandbox.shop.answers import Display, Refusal
from gp_prestashop.sandbox.shop.store import Row, ShopStore
from gp_prestashop.sandbox.shop.vocabulary import ASSOCIATIONS, GETTERS

__all__ = ["Fatal", "display_of", "select"]

DATES = ("date_add", "date_upd")
MAX_SHOWN = 10**9


class Fatal(Exception):
    """PHP stopped: 500, an empty body."""


def select(store: ShopStore, resource: str, query: Mapping[str, str]) -> list[Row]:
    """The rows that the query names, in its order and limit."""
    fields = [f for f in store.resources[resource] if f != "associations"]
    ids = store.ids(resource)
    for name, value in query.items():
        match = re.fullmatch(r"filter\[(\w+)\]", name)
        if match is None:
            continue
        narrowed = _filter(store, resource, fields, match[1], value, dated=query.get("date") in ("1", "true"))
        if narrowed is not None:
            keep = set(narrowed)
            ids = [identifier for identifier in ids if identifier in keep]
    rows = [row for identifier in ids if (row := store.get(resource, identifier))]
    rows = _sorted(rows, fields, query.get("sort", ""))
    return _limited(rows, query.get("limit", ""))


def display_of(store: ShopStore, resource: str, text: str) -> Display:
    """The ``display`` parameter."""
    fields = [f for f in store.resources[resource] if f != "associations"]
    if text in ("", "minimum"):
        return Display(None)
    if text == "full":
        return Display(None, full=True)
    if not (text.startswith("[") and text.endswith("]")):
        available = ", ".join(fields)
        raise Refusal(
            400, (36, f"The 'display' syntax is wrong. You can set 'full' or '[field_1,field_2,field_3,...]'. These are available: {available}")
        )  # fmt: skip
    wanted: set[str] = set()
    associations: dict[str, frozenset[str]] = {}
    for name, inner in re.findall(r"(\w+)(?:\[([\w,]*)\])?", text[1:-1]):
        if name in fields:
            wanted.add(name)
        elif name in ASSOCIATIONS:
            associations[name] = frozenset(filter(None, inner.split(",")))
        else:
            message = f'Unable to display this field "{name}". However, these are available: {", ".join(fields)}'
            raise Refusal(400, (35, message))
    return Display(frozenset(wanted), associations)


def _filter(
    store: ShopStore, resource: str, fields: list[str], field: str, value: str, *, dated: bool
) -> list[int] | None:
    """Ids that pass, or None for a filter that the shop silently ignores."""
    if field in GETTERS:
        message = f'The field "{field}" is dynamic. It is not possible to filter GET query with this field.'
        raise Refusal(400, (34, message))
    if field in DATES and field not in fields and dated:
        if store.version.startswith("1.7"):
            return []
        raise Fatal
    if field not in fields or (field in DATES and not dated):
        known = '", "'.join(fields)
        raise Refusal(
            400, (32, f'This filter does not exist. Did you mean: "{fields[0]}"? The full list is: "{known}"')
        )
    if value == "":
        raise Refusal(400, (33, f'The filter "{field}" is malformed.'))
    listed = re.fullmatch(r"\[([^\[\]]*)\]", value)
    if listed and "," in listed[1]:
        low, _, high = listed[1].partition(",")
        return _scan(
            store, resource, lambda row: _number_or_text(low) <= _value(row, field, low) <= _number_or_text(high)
        )
    if listed:
        return store.matching(resource, field, listed[1].split("|"))
    if operated := re.fullmatch(r"([<>!])\[([^\[\]]*)\]", value):
        return _operated(store, resource, field, operated[1], operated[2])
    if like := re.fullmatch(r"(%?)\[([^\[\]]*)\](%?)", value):
        return _like(store, resource, field, like[1], like[2], like[3])
    if re.match(r"[<>!%]", value):
        return None  # `>=[10]`: the shop ignores what it does not understand
    return store.matching(resource, field, [value])


def _operated(store: ShopStore, resource: str, field: str, operator: str, text: str) -> list[int]:
    if operator == "!":
        values = set(text.split("|"))
        return _scan(store, resource, lambda row: str(row.get(field, "")) not in values)
    bound = _number_or_text(text)
    if operator == ">":
        return _scan(store, resource, lambda row: _value(row, field, text) > bound)
    return _scan(store, resource, lambda row: _value(row, field, text) < bound)


def _like(store: ShopStore, resource: str, field: str, before: str, text: str, after: str) -> list[int]:
    needle = text.lower()

    def matches(row: Row) -> bool:
        value = row.get(field, "")
        texts = [t.lower() for t in (value.values() if isinstance(value, dict) else [str(value)])]
        if before and after:
            return any(needle in t for t in texts)
        return any(t.endswith(needle) if before else t.startswith(needle) for t in texts)

    return _scan(store, resource, matches)


def _scan(store: ShopStore, resource: str, test: Callable[[Row], bool]) -> list[int]:
    return [i for i in store.ids(resource) if (row := store.get(resource, i)) and test(row)]


def _value(row: Row, field: str, like: str) -> tuple[int, float, str]:
    value = str(row.get(field, ""))
    if field in DATES and re.fullmatch(r"\d{4}-\d\d-\d\d", like):
        return (1, 0.0, value)  # a bare date is compared as midnight
    return _number_or_text(value)


def _number_or_text(text: str) -> tuple[int, float, str]:
    """Numbers before texts, as MySQL would compare a numeric column."""
    try:
        return (0, float(text), "")
    except ValueError:
        return (1, 0.0, f"{text} 00:00:00" if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else text)


def _sorted(rows: list[Row], fields: list[str], text: str) -> list[Row]:
    for part in reversed([p for p in text.strip("[]").split(",") if p]):
        match = re.fullmatch(r"(\w+)_(ASC|DESC)", part)
        if match is None:
            message = 'The "sort" value has to be formed as this example: "field_ASC" or \'[field_1_DESC,field_2_ASC,field_3_ASC,...]\' ("field" has to be an available field)'
            raise Refusal(400, (37, message))
        field = match[1]
        if field not in fields:
            raise Refusal(
                400, (38, f"Unable to filter by this field. However, these are available: {', '.join(fields)}")
            )
        rows = sorted(rows, key=lambda row: _number_or_text(str(row.get(field, ""))), reverse=match[2] == "DESC")
    return rows


def _limited(rows: list[Row], text: str) -> list[Row]:
    if not text:
        return rows
    parts = text.split(",")
    if len(parts) > 2:
        raise Refusal(400, (39, 'The "limit" value has to be formed as this example: "5,25" or "10"'))
    numbers = [int(part) if part.isdigit() else 0 for part in parts]
    start, count = (0, numbers[0]) if len(numbers) == 1 else (numbers[0], numbers[1])
    return rows[start : start + count]
