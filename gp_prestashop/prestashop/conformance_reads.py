"""Reading checks: what the connector relies on, tried on whatever data the shop has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from gp_prestashop.engine.protocols import Selection
from gp_prestashop.errors import ConfigError, GpPrestashopError
from gp_prestashop.prestashop.lookups import resource_of
from gp_prestashop.prestashop.paging import pages
from gp_prestashop.prestashop.resources import resource_shapes
from gp_prestashop.prestashop.secret_fields import SECRET_FIELDS
from gp_prestashop.prestashop.source import PrestaShopSource
from gp_prestashop.prestashop.times import day_of

__all__ = ["Check", "UnmetError", "expect", "read_checks"]

Check = Callable[[PrestaShopSource], str]
ABSENT = "2147483646"  # no shop has come that far


class UnmetError(Exception):
    """A check did not find what must be."""


def expect(met: object, sentence: str) -> None:
    if not met:
        raise UnmetError(sentence)


def read_checks() -> dict[str, Check]:
    readable = {f"read: {name}": _reads(name) for name in sorted(resource_shapes())}
    return {
        **readable,
        "paging: the same orders whatever the page's size": _paging,
        "keys: known ones are found, unknown ones are not": _keys,
        "days: a day holds exactly its own orders": _days,
        "changes: the newest change is found": _changes,
        "companions: an order comes with its lines, addresses and customer": _companions,
        "census: counts what reading finds": _census,
        "formats: XML and JSON say the same": _formats,
        "secrets: none leave the connector": _secrets,
        "errors: an unknown filter is refused": _unknown_filter,
        "look-ups: every list can be read": _lookups,
    }


def _reads(resource: str) -> Check:
    def check(source: PrestaShopSource) -> str:
        if "GET" not in source.client.capabilities.permissions.get(resource, frozenset()):
            return "The key may not read it: not tried."
        rows = source.client.rows(resource, {"limit": "3", "sort": "[id_ASC]"})
        columns = {column.name for column in resource_shapes()[resource].main.columns}
        expect(all(row.get("id", "").isdigit() for row in rows), "A row has no id.")
        extra = sorted({name for row in rows for name, value in row.items() if not isinstance(value, list)} - columns)
        return f"{len(rows)} rows" + (f"; fields beyond the known ones: {', '.join(extra)}." if extra else ".")

    return check


def _newest(source: PrestaShopSource, count: int = 5) -> list[dict[str, Any]]:
    rows = source.client.rows(
        "orders", {"limit": str(count), "sort": "[id_DESC]"}, display=["id", "date_add", "date_upd"]
    )
    return [row for row in rows if day_of(row, "date_add")]


def _paging(source: PrestaShopSource) -> str:
    newest = _newest(source, 7)
    if not newest:
        return "The shop has no orders: not tried."
    first = min(int(row["id"]) for row in newest) - 1
    by_two = [r["id"] for page in pages(source.client, "orders", {}, 2, display=["id"], after=first) for r in page]
    at_once = [r["id"] for page in pages(source.client, "orders", {}, 500, display=["id"], after=first) for r in page]
    expect(by_two == at_once, f"Pages of 2 gave {by_two}, one page gave {at_once}.")
    return f"{len(at_once)} orders either way."


def _keys(source: PrestaShopSource) -> str:
    wanted = {row["id"] for row in _newest(source)}
    found = {r.key for page in source.read("orders", Selection(keys=(*wanted, ABSENT))) for r in page}
    expect(found == wanted, f"Asked for {sorted(wanted)} and an unknown one, got {sorted(found)}.")
    expect(source.client.one("orders", ABSENT) is None, "An order that cannot be is there.")
    return f"{len(found)} found."


def _days(source: PrestaShopSource) -> str:
    newest = _newest(source, 1)
    day = day_of(newest[0], "date_add") if newest else None
    if day is None:
        return "The shop has no orders: not tried."
    found = {row.key for row in source.census("orders", day, day)}
    expect(newest[0]["id"] in found, f"The newest order is not among those of {day}.")
    before = {row.key for row in source.census("orders", day - timedelta(days=1), day - timedelta(days=1))}
    both = {row.key for row in source.census("orders", day - timedelta(days=1), day)}
    expect(not found & before, "An order is in two days.")
    expect(both == found | before, "Two days together are not the two days.")
    return f"{len(found)} on {day}, {len(before)} the day before."


def _changes(source: PrestaShopSource) -> str:
    newest = max(_newest(source, 50), key=lambda row: str(row["date_upd"]), default=None)
    day = day_of(newest, "date_upd") if newest else None
    if newest is None or day is None:
        return "The shop has no orders: not tried."
    since = datetime.combine(day, time(), source.settings.zone).astimezone(UTC)
    changed = {key.key for key in source.changed("orders", since)}
    expect(
        newest["id"] in changed, f"Order {newest['id']} of {newest['date_upd']} is not among the changes since {since}."
    )
    return f"{len(changed)} orders changed since {day}."


def _companions(source: PrestaShopSource) -> str:
    keys = tuple(row["id"] for row in _newest(source))
    orders = [record.raw for page in source.read("orders", Selection(keys=keys)) for record in page]
    for order in orders:
        rows, details = order["order_rows"], order["order_details"]
        expect(len(rows) == len(details), f"Order {order['id']} has {len(rows)} rows but {len(details)} details.")
        expect(
            order["customer"] or order["id_customer"] in {"", "0"}, f"Order {order['id']} came without its customer."
        )
    lines = sum(len(order["order_details"]) for order in orders)
    return f"{len(orders)} orders with {lines} lines."


def _census(source: PrestaShopSource) -> str:
    newest = _newest(source, 1)
    day = day_of(newest[0], "date_add") if newest else None
    if day is None:
        return "The shop has no orders: not tried."
    counted = {row.key: (row.currency, row.amount) for row in source.census("orders", day, day)}
    read = {
        record.key: Decimal(record.raw["total_paid"])
        for page in source.read("orders", Selection(created=(day, day)))
        for record in page
    }
    expect({key: amount for key, (_, amount) in counted.items()} == read, "Census and reading differ.")
    expect(all(currency for currency, _ in counted.values()), "An order has a currency that the shop does not list.")
    return f"{len(read)} orders, {sum(read.values(), Decimal(0))} in all currencies."


def _formats(source: PrestaShopSource) -> str:
    for resource in ("orders", "order_details", "customers", "addresses"):
        in_xml, in_json = source.client.in_both_formats(resource, {"limit": "5", "sort": "[id_DESC]"})
        expect(in_xml == in_json, f"XML and JSON of {resource} differ.")
    return "Orders, details, customers and addresses."


def _secrets(source: PrestaShopSource) -> str:
    orders = source.read("orders", Selection(keys=tuple(row["id"] for row in _newest(source))))
    payments = source.client.rows("order_payments", {"limit": "5", "sort": "[id_DESC]"})
    names = _names([[record.raw for page in orders for record in page], payments])
    expect(not names & SECRET_FIELDS, f"{sorted(names & SECRET_FIELDS)} came through.")
    return f"{len(names)} field names looked at."


def _names(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | _names(list(value.values()))
    return {name for item in value for name in _names(item)} if isinstance(value, list) else set()


def _unknown_filter(source: PrestaShopSource) -> str:
    try:
        source.client.rows("orders", {"filter[no_such_field]": "[1]", "limit": "1"}, display=["id"])
    except ConfigError as error:
        expect(error.code == "query_refused", f"It was refused as {error.code}.")
        return error.sentence
    except GpPrestashopError as error:
        raise UnmetError(f"It was answered with {error.code}.") from error
    raise UnmetError("It was ignored.")


def _lookups(source: PrestaShopSource) -> str:
    sizes = []
    for name, known in source.lookup_lists().items():
        resource = resource_of(name)
        keys = list(known.keys)
        rows = source.client.rows(
            resource, {"limit": "1", "sort": "[id_ASC]"}, display=list(dict.fromkeys(["id", *keys]))
        )
        asked = [tuple(row[key] for key in keys) for row in rows]
        found = source.lookup(name, asked, [column.name for column in known.columns])
        if resource != "tax_rules":  # the first rule may be one of a state
            expect(set(found) == set(asked), f"{name} lacks its first row.")
        sizes.append(resource)
    return f"{', '.join(sizes)}."
