"""The query string of a list: filters, date rule, sort, limit, with the shop's own errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from gp_prestashop.sandbox.shop.columns import decimal, whole
from gp_prestashop.sandbox.shop.refusal import Fatal, Refusal, did_you_mean
from gp_prestashop.sandbox.shop.shapes import Shape
from gp_prestashop.sandbox.shop.store import Row, ShopStore

__all__ = ["select"]

DATES = ("date_add", "date_upd")
OF_A_SHOP = frozenset({"customers", "orders", "carts"})  # a row of no shop is in no list
Key = tuple[int, object]  # rows compare as MySQL compares their column: numbers or texts


def select(store: ShopStore, shape: Shape, query: Mapping[str, str]) -> list[Row]:
    """The rows that the query names, in its order and limit."""
    dated = query.get("date") not in (None, "", "0")
    plain = [name for name, field in shape.fields.items() if not field.i18n]
    plain += [name for name in DATES if dated and name not in plain]
    filterable = plain if dated else [name for name in plain if name not in DATES]
    narrowed: list[Sequence[int]] = []
    ids: Sequence[int] = store.table(shape.name).ids
    for name, value in query.items():
        match = re.fullmatch(r"filter\[(\w+)\](.*)", name)
        if match is None or match[1] in ("sort", "limit"):
            continue
        found = _filter(store, shape, filterable, match[1], value)
        if found is not None:
            narrowed.append(found)
    if len(narrowed) == 1:
        ids = narrowed[0]
    elif narrowed:
        ids = sorted(set.intersection(*map(set, narrowed)))
    if shape.name in OF_A_SHOP:
        homeless = set(store.table(shape.name).having("id_shop", ["0"]))
        homeless &= set(store.table(shape.name).having("id_shop_group", ["0"]))
        ids = [one for one in ids if one not in homeless] if homeless else ids
    ids = _sorted(store, shape, ids, filterable, query.get("sort"))
    rows = store.table(shape.name).rows
    return [rows[one] for one in _limited(ids, query.get("limit"))]


def _filter(store: ShopStore, shape: Shape, filterable: list[str], name: str, value: str) -> Sequence[int] | None:
    """Ids that pass, ascending, or None for a filter that the shop silently ignores."""
    field = shape.fields.get(name)
    if name not in filterable and not (field and field.i18n and value):
        raise did_you_mean(400, "This filter does not exist", name, filterable, 32)
    if value == "":
        raise Refusal(400, (33, f'The filter "{name}" is malformed.'))
    if field is None:  # a date that the table lacks: the SQL fails, which 1.7 hides
        if store.legacy:
            return []
        raise Fatal
    if field.getter:
        message = f'The field "{name}" is dynamic. It is not possible to filter GET query with this field.'
        raise Refusal(400, (34, message))
    if operated := re.fullmatch(r"([<>!])\[(.*)\]", value):
        return _operated(store, shape, name, operated[1], operated[2])
    if like := re.fullmatch(r"(%?)\[(.*)\](%?)", value):
        if like[1] or like[3]:
            return _like(store, shape, name, bool(like[1]), like[2], bool(like[3]))
        return _listed(store, shape, name, like[2])
    if re.match(r"[<>!%]", value):
        return None  # `>=[10]`: the shop ignores what it does not understand
    return _listed(store, shape, name, value)


def _listed(store: ShopStore, shape: Shape, name: str, text: str) -> Sequence[int]:
    table = store.table(shape.name)
    if text.count(",") == 1 and "|" not in text:
        low, _, high = text.partition(",")
        if name == "id":
            return table.within(whole(low), whole(high))
        if name in DATES:
            return table.between(name, _moment(low), _moment(high), inclusive=True)
        lowest, highest = _key(shape, name, low), _key(shape, name, high)
        return _scan(store, shape, lambda row: lowest <= _key(shape, name, row.get(name)) <= highest)
    values = text.split("|")
    if shape.fields[name].i18n:
        return _scan(store, shape, lambda row: any(one in values for one in _texts(row.get(name))))
    if shape.fields[name].kind == "int":
        values = [str(whole(value)) for value in values]
    elif shape.fields[name].kind == "text":
        lowered = {value.lower() for value in values}
        exact = table.having(name, values)
        return exact or _scan(store, shape, lambda row: str(row.get(name) or "").lower() in lowered)
    elif shape.fields[name].kind.startswith("decimal"):
        wanted = {decimal(value) for value in values}
        return _scan(store, shape, lambda row: decimal(row.get(name)) in wanted)
    return table.having(name, values)


def _operated(store: ShopStore, shape: Shape, name: str, operator: str, text: str) -> Sequence[int]:
    table = store.table(shape.name)
    if operator == "!":
        banned = set(_listed(store, shape, name, text))
        return [one for one in table.ids if one not in banned]
    if name == "id":
        return table.after(whole(text)) if operator == ">" else table.before(whole(text))
    if name in DATES:
        bound = _moment(text)
        low, high = (bound, None) if operator == ">" else (None, bound)
        return table.between(name, low, high, inclusive=False)
    edge = _key(shape, name, text)
    if operator == ">":
        return _scan(store, shape, lambda row: _key(shape, name, row.get(name)) > edge)
    return _scan(store, shape, lambda row: _key(shape, name, row.get(name)) < edge)


def _like(store: ShopStore, shape: Shape, name: str, before: bool, text: str, after: bool) -> Sequence[int]:  # noqa: FBT001
    needle = text.lower()

    def matches(row: Row) -> bool:
        texts = [one.lower() for one in _texts(row.get(name))]
        if before and after:
            return any(needle in one for one in texts)
        return any(one.endswith(needle) if before else one.startswith(needle) for one in texts)

    return _scan(store, shape, matches)


def _texts(value: object) -> list[str]:
    return [str(one) for one in value.values()] if isinstance(value, dict) else ["" if value is None else str(value)]


def _scan(store: ShopStore, shape: Shape, test: Callable[[Row], bool]) -> list[int]:
    table = store.table(shape.name)
    return [one for one in table.ids if test(table.rows[one])]


def _moment(text: str) -> str:
    """A bare date is its midnight."""
    return f"{text} 00:00:00" if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else text


def _key(shape: Shape, name: str, value: object) -> Key:
    kind = shape.fields[name].kind if name in shape.fields else "text"
    if kind == "int":
        return 0, whole(value)
    if kind.startswith("decimal"):
        return 0, decimal(value)
    if isinstance(value, dict):
        value = next(iter(value.values()), "")
    return 1, str("" if value is None else value).lower()


def _sorted(
    store: ShopStore, shape: Shape, ids: Sequence[int], filterable: list[str], text: str | None
) -> Sequence[int]:
    if text is None:
        return ids
    i18n = [name for name, field in shape.fields.items() if field.i18n]
    inner = re.fullmatch(r"\[(.*)\]", text)
    parts = (inner[1] if inner else text).split(",")
    orders = []
    for part in parts:
        name, _, direction = part.rpartition("_")
        if direction.upper() not in ("ASC", "DESC") or not name:
            example = "'[field_1_DESC,field_2_ASC,field_3_ASC,...]' (\"field\" has to be an available field)"
            raise Refusal(400, (37, f'The "sort" value has to be formed as this example: "field_ASC" or {example}'))
        if name not in filterable and name not in i18n:
            raise Refusal(400, (38, _unsortable(filterable, i18n)))
        orders.append((name, direction.upper() == "DESC"))
    rows = store.table(shape.name).rows
    for name, descending in reversed(orders):
        if name == "id":
            ids = sorted(ids, reverse=descending)
        else:
            ids = sorted(ids, key=lambda one, name=name: _key(shape, name, rows[one].get(name)), reverse=descending)  # type: ignore[misc]
    return ids


def _unsortable(filterable: list[str], i18n: list[str]) -> str:
    sentence = "Unable to filter by this field. However, these are available:"
    return f"{sentence} {', '.join(filterable)}, for i18n fields:{', '.join(i18n)}"


def _limited(ids: Sequence[int], text: str | None) -> Sequence[int]:
    if text is None:
        return ids
    parts = text.split(",")
    if len(parts) > 2:
        raise Refusal(400, (39, 'The "limit" value has to be formed as this example: "5,25" or "10"'))
    numbers = [max(whole(part), 0) for part in parts]
    start, count = (0, numbers[0]) if len(numbers) == 1 else (numbers[0], numbers[1])
    return ids[start : start + count]
