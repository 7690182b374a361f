"""Abandoned carts: with goods, without an order, left alone for two hours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg
import pandas as pd

from gp_prestashop.components.abandoned_carts import abandoned
from gp_prestashop.components.build import build_definitions
from gp_prestashop.mapping.shapes import SourceRecord

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=ZoneInfo("Europe/Paris"))


def cart(number: int, changed: str = "2026-03-02 08:00:00", **changes: Any) -> SourceRecord:
    raw = {
        "id": str(number), "id_customer": "7", "id_currency": "1", "date_add": changed, "date_upd": changed,
        "cart_rows": [{"id_product": "1", "quantity": "2"}], "orders": [],
    }  # fmt: skip
    return SourceRecord(str(number), {**raw, **changes})


def test_only_carts_that_were_left_count() -> None:
    carts = [
        cart(1),
        cart(2, orders=[{"id": "5"}]),
        cart(3, cart_rows=[]),
        cart(4, changed="2026-03-02 11:00:00"),
        cart(5, id_customer="0"),
        cart(6, date_upd=None),  # 0000-00-00, as modules write it
    ]
    frame = abandoned(carts, NOW)
    assert list(frame["id_cart"]) == [1, 5, 6]
    assert list(frame["pieces"]) == [2, 2, 2]


def test_a_day_becomes_a_file(make_house: Callable[..., Any], tmp_path: Path) -> None:
    house = make_house(orders=12, troubles=False)
    order = house.world.shop["orders"][0]
    like = next(row for row in house.world.shop["carts"] if str(row["id"]) == str(order["id_cart"]))
    house.sandbox.shop.store.load({"carts": [{**like, "id": "900001"}]})
    definitions = build_definitions(house.engine.parts.flows, [], house.settings, lambda: house.engine)
    day = like["date_add"][:10]
    with dg.DagsterInstance.ephemeral() as instance:
        job = definitions.get_implicit_global_asset_job_def()
        result = job.execute_in_process(
            instance=instance, partition_key=day, asset_selection=[dg.AssetKey(["analysis", "abandoned_carts"])]
        )
    assert result.success
    frame = pd.read_parquet(tmp_path / "exports" / "abandoned_carts" / f"{day}.parquet")
    assert list(frame["id_cart"]) == [900001]
