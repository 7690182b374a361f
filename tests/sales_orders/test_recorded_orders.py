"""The orders that real shops of both releases have answered: each becomes a document of GP's that adds up to what was paid."""

from __future__ import annotations

import json
import lzma
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gp_prestashop.prestashop.codec import decode_list
from gp_prestashop.prestashop.xml_codec import decode_xml
from tests.sales_orders.conftest import CURRENCIES, SmallWorld
from tests.sales_orders.orders import Bought, Order, raw_order
from tests.sales_orders.test_money import check_gps_rules

PACKS = Path(__file__).parents[1] / "recordings" / "prestashop"
ONE_OF_OURS = raw_order(Order([Bought("pen", 1, Decimal(1))]))


def recorded_orders(version: str) -> list[dict[str, Any]]:
    """Orders with their details and vouchers as recorded, after go-live; addresses and customer are ours."""
    with lzma.open(PACKS / f"{version}.jsonl.xz", "rt", encoding="utf-8") as file:
        bodies = {one["name"]: one["response"]["body"].encode() for one in map(json.loads, file)}
    orders = []
    for name, body in bodies.items():
        if not (name.startswith("order/") and name.endswith("_order_xml")):
            continue
        (order,) = decode_xml(body, listed=False)
        stem = name.removesuffix("_order_xml")
        for companion in ("order_details", "order_cart_rules", "order_carriers"):
            order[companion] = decode_list(bodies[f"{stem}_{companion}_xml"])
        for companion in ("address_delivery", "address_invoice", "customer"):
            order[companion] = ONE_OF_OURS[companion]
        orders.append(order | {"date_add": "2026-03-02 10:00:00"})
    return orders


@pytest.mark.parametrize("version", ["1.7.8.11", "8.2.1"])
def test_every_recorded_order_is_what_the_customer_paid(
    send: Callable[..., Any], world: SmallWorld, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CURRENCIES, "2", ("USD", 2))
    world.values["shipping_tax_details", "FR"] = "SHIPPING"  # 20 and 19 % are of two countries; ours is one
    orders = {order["id"]: order for order in recorded_orders(version)}
    documents, problems = send(list(orders.values()))
    assert [problem.sentence for problem in problems if problem.severity == "hold"] == []
    assert {document.source_key for document in documents} == orders.keys()
    assert len(orders) == 15
    for document in documents:
        check_gps_rules(document, orders[document.source_key], 2)
