"""Small lists of the shop, read whole once and kept: currencies, countries, carriers, taxes and their like.

A list is read again when it is older than a few minutes, or when a key is asked that it lacks (a carrier gets a new id
each time it is edited); a key that was still not there is not asked for again until the list is old.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from gp_prestashop.clock import Clock
from gp_prestashop.errors import ConfigError, DataError
from gp_prestashop.mapping.shapes import Column, LookupList
from gp_prestashop.prestashop.client import PrestaShopClient, Row
from gp_prestashop.prestashop.configuration import default_language
from gp_prestashop.prestashop.paging import pages
from gp_prestashop.prestashop.resources import facts

__all__ = ["Lookups", "resource_of"]

Key = tuple[str, ...]
FRESH = 300.0  # seconds
SWEEP = 1000

# list → its resource's name, key fields, other fields
LISTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "currencies": (("id",), ("iso_code", "conversion_rate", "precision", "name")),
    "currencies_by_rate": (("conversion_rate",), ("iso_code", "name")),  # the default currency's rate is 1.000000
    "countries": (("id",), ("iso_code", "name", "id_zone")),
    "states": (("id",), ("iso_code", "name")),
    "carriers": (("id",), ("id_reference", "name", "id_tax_rules_group")),
    "order_states": (("id",), ("name", "paid", "shipped", "invoice", "delivery", "logable", "deleted")),
    "taxes": (("id",), ("rate", "name")),
    "groups": (("id",), ("name",)),
    "languages": (("id",), ("iso_code",)),
    "tax_rules": (("id_tax_rules_group", "id_country"), ("id_tax",)),
    "state_tax_rules": (("id_tax_rules_group", "id_country", "id_state"), ("id_tax",)),
}

# Where the list's name is not its resource's.
RESOURCES = {"currencies_by_rate": "currencies", "state_tax_rules": "tax_rules"}
# Rules of a whole country, and a state's, which go before them. Those of a range of post codes are exceptions to both.
OF_STATES = {"tax_rules": "[0]", "state_tax_rules": ">[0]"}


def resource_of(list_name: str) -> str:
    """The resource that a list (``prestashop.carriers``) is read from."""
    name = list_name.partition(".")[2]
    return RESOURCES.get(name, name)


@dataclass(slots=True)
class _Cached:
    read_at: float
    rows: dict[Key, dict[str, Any]]
    absent: set[Key] = field(default_factory=set)


class Lookups:
    """The lists ``prestashop.<resource>``."""

    def __init__(self, client: Callable[[], PrestaShopClient], clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._lock = threading.Lock()
        self._cache: dict[str, _Cached] = {}

    def lists(self) -> dict[str, LookupList]:
        return {f"prestashop.{name}": _list(name) for name in LISTS}

    def lookup(self, name: str, keys: Sequence[Key], columns: Sequence[str]) -> dict[Key, dict[str, Any]]:
        known = self.lists().get(name)
        if known is None:
            raise ConfigError("lookup_unknown", f"There is no list {name!r}.", remedy=f"Use {', '.join(self.lists())}.")
        have = {column.name for column in known.columns}
        if wrong := sorted(set(columns) - have):
            raise ConfigError("lookup_unknown", f"{name} has no column {wrong[0]!r}.", remedy=f"Use {sorted(have)}.")
        rows = self._rows(name.partition(".")[2], set(keys))
        return {key: {column: rows[key][column] for column in columns} for key in keys if key in rows}

    def _rows(self, name: str, keys: set[Key]) -> dict[Key, dict[str, Any]]:
        with self._lock:
            now = self._clock.monotonic()
            cached = self._cache.get(name)
            lacking = keys - cached.rows.keys() - cached.absent if cached else keys
            if cached is None or now - cached.read_at > FRESH or lacking:
                still_absent = set() if cached is None or now - cached.read_at > FRESH else cached.absent
                cached = _Cached(now, self._read(name), still_absent)
                cached.absent = (cached.absent | keys) - cached.rows.keys()
                self._cache[name] = cached
            return cached.rows

    def _read(self, name: str) -> dict[Key, dict[str, Any]]:
        key_fields, other_fields = LISTS[name]
        client, resource = self._client(), RESOURCES.get(name, name)
        filters, display = {}, dict.fromkeys(("id", *key_fields, *other_fields))
        if name in OF_STATES:
            filters = {"filter[id_state]": OF_STATES[name]}
            display |= dict.fromkeys(("id_state", "zipcode_from"))
        if name == "currencies_by_rate":
            filters = {"filter[deleted]": "[0]"}  # a default currency of before keeps its rate of 1
        language = default_language(client) if facts(resource).i18n & set(display) else ""
        rows: dict[Key, dict[str, Any]] = {}
        for page in pages(client, resource, filters, SWEEP, display=tuple(display)):
            for row in page:
                if row.get("zipcode_from") not in (None, "", "0"):
                    continue
                key = tuple(str(row.get(f, "")) for f in key_fields)
                rows.setdefault(key, {column.name: _typed(name, row, column, language) for column in _columns(name)})
        return rows


def _list(name: str) -> LookupList:
    return LookupList(f"prestashop.{name}", LISTS[name][0], _columns(name))


def _columns(name: str) -> tuple[Column, ...]:
    fields = facts(RESOURCES.get(name, name)).fields
    return tuple(
        Column(f, fields[f]["type"], max_length=fields[f].get("max_length"))
        for f in (*LISTS[name][0], *LISTS[name][1])
        if f != "id"
    ) + ((Column("id", "BIGINT"),) if "id" in LISTS[name][0] else ())


def _typed(name: str, row: Row, column: Column, language: str) -> Any:
    value = row.get(column.name)
    if isinstance(value, Mapping):
        value = value.get(language) or next(iter(value.values()), "")
    if column.type == "VARCHAR":
        return value or ""
    if not value:
        return None
    try:
        if column.type == "BOOLEAN":
            return bool(int(value))
        return int(value) if column.type == "BIGINT" else Decimal(value)
    except (ValueError, InvalidOperation):
        raise DataError(
            "value_unreadable", f"The shop's {name} {row.get('id')} has {column.name} = {value!r}, which is no number."
        ) from None
