"""``bench orders``: orders with their customers and addresses from the shop into GP, from end to end.

The baseline is what a plain integration does: one GET for each order and for each record that it names, and one call
for each document. Its mapping costs nothing (it sends the documents that ours has made), and it keeps no ledger.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import requests
from sqlalchemy import select

from benchmarks.figure import Figure, figure
from benchmarks.house import House, open_house
from gp_prestashop.engine.fingerprint import from_json
from gp_prestashop.ledger.tables import intent
from gp_prestashop.mapping.shapes import Document

__all__ = ["figures"]

BASELINE = "one GET per record, one call per document"
ORDERS = 300


def figures(say: Callable[[str], None], orders: int = ORDERS) -> list[Figure]:
    """Orders a second, and shop requests for each order, over ``orders`` orders of the stand-in shop."""
    world = {"orders": orders, "troubles": False}
    with open_house(cost=True, **world) as house:
        say(f"ours: {orders} orders")
        house.sandbox.shop.requests.clear()
        started = time.monotonic()
        report = house.engine.run("sales_orders", house.all_days)
        ours_seconds, ours_requests = time.monotonic() - started, house.sandbox.shop.requests.total()
        delivered = report.written
        ids = [str(row["id"]) for row in house.world.shop["orders"]]
        documents = _documents(house)
    with open_house(cost=True, **world) as house:
        say(f"baseline: {orders} orders")
        house.sandbox.shop.requests.clear()
        started = time.monotonic()
        with requests.Session() as session:
            _read_plainly(house, session, ids)
        for document in documents:
            house.wired.target.write(document, "create")
        plain_seconds, plain_requests = time.monotonic() - started, house.sandbox.shop.requests.total()
        plain_delivered = sum(document.type == "sales_order" for document in documents)
    if plain_delivered != delivered:
        raise RuntimeError(f"Ours delivered {delivered} orders, the baseline {plain_delivered}: nothing to compare.")
    return [
        figure(
            "orders", "orders_per_second", delivered / ours_seconds, delivered / plain_seconds, BASELINE, "orders/s"
        ),
        figure(
            "orders",
            "requests_per_order",
            ours_requests / orders,
            plain_requests / orders,
            BASELINE,
            "requests/order",
            less_is_better=True,
        ),
    ]


def _documents(house: House) -> list[Document]:
    """What ours has written, in that order: customers, addresses, orders."""
    written = select(intent.c.document).where(intent.c.action == "create").order_by(intent.c.id)
    with house.engine.parts.ledger.engine.connect() as connection:
        return [from_json(document) for document in connection.execute(written).scalars()]


def _read_plainly(house: House, session: requests.Session, ids: list[str]) -> None:
    """One GET for the list, one for each order, and one for each record that the order names."""
    session.auth = (house.settings.shop.secret_key, "")

    def get(resource: str, identifier: Any = "") -> dict[str, Any]:
        if identifier in (None, "0", 0):
            return {}
        answer = session.get(
            f"{house.sandbox.shop.url}/api/{resource}/{identifier}".rstrip("/"),
            params={"output_format": "JSON"},
            timeout=60,
        )
        answer.raise_for_status()
        return dict(next(iter(answer.json().values()))) if identifier else answer.json()

    get("orders")
    for order_id in ids:
        order = get("orders", order_id)
        for row in order["associations"]["order_rows"]:
            get("order_details", row["id"])
        get("customers", order["id_customer"])
        delivery = get("addresses", order["id_address_delivery"])
        if order["id_address_invoice"] != order["id_address_delivery"]:
            get("addresses", order["id_address_invoice"])
        get("countries", delivery["id_country"])
        get("states", delivery.get("id_state"))
        get("currencies", order["id_currency"])
        get("carriers", order.get("id_carrier"))
