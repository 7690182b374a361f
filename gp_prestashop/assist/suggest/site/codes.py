"""The codes of both sides, read live, for suggested value maps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from gp_prestashop.assist.suggest.site.live import text_of
from gp_prestashop.assist.suggest.site.values import Code, ValueSuggestion, match_codes, match_states
from gp_prestashop.engine.protocols import Selection, Source
from gp_prestashop.errors import ConfigError
from gp_prestashop.gp.database import GpDatabase

__all__ = ["MAPS", "suggest_values"]

_ORDERS = 500  # recent orders that show which codes are in use
_DAYS = 60


@dataclass(frozen=True)
class _Kind:
    """Where a map's codes are: ``shop`` (resource, code, name, rate), ``order`` the orders' field, ``gp`` (table, code, name, rate, extra)."""

    shop: tuple[str, str, str, str]
    order: str
    gp: tuple[str, str, str, str]
    used: str = ""  # SOP10100's column of the code
    one_each: bool = False


MAPS: Mapping[str, _Kind] = {
    "carriers": _Kind(("carriers", "id", "name", ""), "id_carrier", ("SY03000", "SHIPMTHD", "SHMTHDSC", ""), "SHIPMTHD"),
    "tax_details": _Kind(("taxes", "id", "name", "rate"), "", ("TX00201", "TAXDTLID", "TXDTLDSC", "TXDTLPCT"), ""),
    "currencies": _Kind(("currencies", "id", "iso_code", ""), "id_currency", ("MC40200", "CURNCYID", "ISOCURRC", ""), "CURNCYID", one_each=True),
    "payment_modules": _Kind(("", "", "", ""), "module", ("CM00100", "CHEKBKID", "DSCRIPTN", ""), ""),
    "countries": _Kind(("countries", "id", "name", ""), "", ("RM00102", "COUNTRY", "CCode", ""), "", one_each=True),
    "units": _Kind(("", "", "", ""), "", ("IV40202", "UOFM", "UOFM", ""), ""),
}  # fmt: skip


def suggest_values(kind: str, source: Source, database: GpDatabase, now: datetime) -> list[ValueSuggestion]:
    """Suggestions for one map. Raises ConfigError for a map that is not known, Transient when a side is away."""
    orders = (
        _recent_orders(source, now) if kind in {"order_states", "carriers", "currencies", "payment_modules"} else []
    )
    if kind == "order_states":
        uses = Counter(str(order.get("current_state")) for order in orders)
        return match_states(
            Code(code, name, uses[code]) for code, name, _ in _shop(source, "order_states", "id", "name", "")
        )
    if kind not in MAPS:
        raise ConfigError(
            "unknown_map",
            f"No map named {kind} can be suggested.",
            remedy=f"One of: {', '.join(['order_states', *MAPS])}.",
        )
    about = MAPS[kind]
    uses = Counter(str(order.get(about.order)) for order in orders)
    return match_codes(
        kind, _shop_codes(kind, source, about, uses, orders), _gp_codes(database, about), one_each=about.one_each
    )


def _shop_codes(
    kind: str, source: Source, about: _Kind, uses: Mapping[str, int], orders: list[Mapping[str, Any]]
) -> list[Code]:
    if kind == "payment_modules":
        named = {str(order.get("module")): str(order.get("payment") or "") for order in orders}
        return [
            Code(module, name, uses.get(module, 0), hints=(module,)) for module, name in sorted(named.items()) if module
        ]
    if kind == "units":
        units = Counter(
            text_of(record.get("unity"))
            for page in source.read("products", Selection(), page_size=200)
            for record in (r.raw for r in page)
        )
        return [Code(unit, unit, count) for unit, count in sorted(units.items()) if unit]
    resource, code, name, rate = about.shop
    return [Code(c, n, uses.get(c, 0), r) for c, n, r in _shop(source, resource, code, name, rate)]


def _shop(source: Source, resource: str, code: str, name: str, rate: str) -> list[tuple[str, str, float | None]]:
    rows = []
    for page in source.read(resource, Selection(), page_size=200):
        for record in page:
            if str(record.raw.get("deleted") or "0") in {"0", "False"}:
                number = record.raw.get(rate) if rate else None
                rows.append(
                    (str(record.raw.get(code)), text_of(record.raw.get(name)), float(number) if number else None)
                )  # lint: not money
    return rows


def _gp_codes(database: GpDatabase, about: _Kind) -> list[Code]:
    table, code, name, rate = about.gp
    columns = [column for column in dict.fromkeys([code, name, rate]) if column]
    selectable = database.tables[table]
    rows = database.read(sa.select(*(selectable.c[column] for column in columns)).limit(500))
    used: Counter[str] = Counter()
    if about.used:
        orders = database.tables["SOP10100"]
        used.update(str(row[about.used]) for row in database.read(sa.select(orders.c[about.used]).limit(_ORDERS)))
    seen: dict[str, Code] = {}
    for row in rows:
        if row[code]:
            percent = float(row[rate]) if rate and row[rate] is not None else None
            seen.setdefault(str(row[code]), Code(str(row[code]), str(row[name] or ""), used[str(row[code])], percent))
    return list(seen.values())


def _recent_orders(source: Source, now: datetime) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    first = (now - timedelta(days=_DAYS)).date()
    for page in source.read("orders", Selection(created=(first, now.date())), page_size=100):
        found += [record.raw for record in page]
        if len(found) >= _ORDERS:
            break
    return found
