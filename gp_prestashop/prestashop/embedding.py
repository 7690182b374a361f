"""Embeds companions into a page of records: one keyed look-up for each companion, not one for each record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from gp_prestashop.prestashop.client import PrestaShopClient, Row
from gp_prestashop.prestashop.companions import COMPANIONS, Companion
from gp_prestashop.prestashop.resources import facts

__all__ = ["embed"]

ZERO_DATE = "0000-00-00"


def embed(client: PrestaShopClient, resource: str, rows: Sequence[Row]) -> None:
    """Adds companions to the rows, in place, empty lists where there are none; zero dates become None."""
    _add(client, COMPANIONS.get(resource, ()), rows)
    if resource == "orders" and (torn := [row for row in rows if _torn(row)]):
        # Changed between the requests: order_rows came with the order, order_details after it. Both are read again.
        fresh = {row["id"]: row for page in client.keyed("orders", "id", [r["id"] for r in torn]) for row in page}
        _add(client, COMPANIONS["orders"], list(fresh.values()))
        for row in torn:
            row.update(fresh.get(row["id"], {}))
    for row in rows:
        _complete(resource, row)


def _add(client: PrestaShopClient, companions: Sequence[Companion], rows: Sequence[Row]) -> None:
    fetched: dict[tuple[str, str], dict[str, list[Row]]] = {}
    for companion in companions:
        kind = companion.resource, companion.foreign
        if kind not in fetched:
            alike = [c for c in companions if (c.resource, c.foreign) == kind]
            fetched[kind] = _fetch(client, companion, _keys(rows, alike))
        for row in rows:
            found = [dict(other) for other in fetched[kind].get(_local(row, companion), ())]
            row[companion.name] = found if companion.many else (found[0] if found else None)


def _fetch(client: PrestaShopClient, companion: Companion, keys: Sequence[str]) -> dict[str, list[Row]]:
    display = ("id", *companion.fields) if companion.fields else ()
    found: dict[str, list[Row]] = {}
    for page in client.keyed(companion.resource, companion.foreign, keys, display=display):
        for row in page:
            found.setdefault(str(row.get(companion.foreign)), []).append(row)
    return found


def _keys(rows: Sequence[Row], companions: Sequence[Companion]) -> list[str]:
    """What to look up; blanks and 0 name nothing."""
    values = (_local(row, companion) for companion in companions for row in rows)
    return list(dict.fromkeys(value for value in values if value not in {"", "0"}))


def _local(row: Row, companion: Companion) -> str:
    """The value of the local field, which may be one of a companion that stands before it (``order.id_address_delivery``)."""
    value: Any = row
    for name in companion.local.split("."):
        value = (value or {}).get(name)
    return str(value or "")


def _torn(order: Mapping[str, Any]) -> bool:
    """Whether the order's own rows are not its details (order_rows are made of order_details, same ids)."""
    own = {(str(r.get("id")), str(r.get("product_quantity"))) for r in order.get("order_rows", ())}
    return own != {(str(d.get("id")), str(d.get("product_quantity"))) for d in order.get("order_details", ())}


def _complete(resource: str, row: Row) -> None:
    """Associations that are not there become empty lists, dates of zeros None, here and in companions."""
    _complete_own(resource, row)
    for companion in COMPANIONS.get(resource, ()):
        value = row[companion.name]
        for other in value if isinstance(value, list) else [value]:
            if other is not None:
                _complete_own(companion.resource, other, only=companion.fields)


def _complete_own(resource: str, row: Row, *, only: Sequence[str] = ()) -> None:
    if not only:
        for name in facts(resource).associations:
            row.setdefault(name, [])
    for name in _dates(resource):
        if str(row.get(name) or "").startswith(ZERO_DATE):
            row[name] = None


@cache
def _dates(resource: str) -> tuple[str, ...]:
    return tuple(name for name, field in facts(resource).fields.items() if field["type"] in {"DATE", "TIMESTAMP"})
