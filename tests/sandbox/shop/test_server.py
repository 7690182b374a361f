"""The stand-in shop answers as real shops were measured to (the facts are those of recorded 8.2.1 and 1.7.8.11 exchanges)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import requests

from gp_prestashop.sandbox.shop.server import ShopServer
from gp_prestashop.sandbox.shop.store import ShopStore
from gp_prestashop.sandbox.world import generate

KEY = "K" * 32


@pytest.fixture(scope="module", params=["8.2.1", "1.7.8.11"])
def shop(request: pytest.FixtureRequest) -> Iterator[ShopServer]:
    world = generate(1, orders=40, first_day=date(2026, 10, 1), troubles=False, version=request.param)
    store = ShopStore(world.version)
    store.load(world.shop)
    store.add_key(KEY)
    store.add_key("R" * 32, ["orders"])
    with ShopServer(store) as server:
        yield server


def get(shop: ShopServer, query: str, key: str = KEY) -> requests.Response:
    return requests.get(f"{shop.url}/api/{query}", auth=(key, ""), timeout=10, allow_redirects=False)


def ids(shop: ShopServer, query: str) -> list[int]:
    answer = get(shop, f"orders?{query}&output_format=JSON").json()
    return [row["id"] for row in answer["orders"]] if answer else []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("filter[id]=[1|5|9]", [1, 5, 9]),
        ("filter[id]=[1|99999]", [1]),
        ("filter[id]=[2,4]", [2, 3, 4]),
        ("filter[id]=>[37]&sort=[id_ASC]", [38, 39, 40]),
        ("filter[id]=![1|2|3]&limit=2", [4, 5]),
        ("filter[id]=>=[10]", list(range(1, 41))),  # silently ignored
        ("sort=[id_DESC]&limit=2", [40, 39]),
        ("limit=5,3&sort=[id_ASC]", [6, 7, 8]),
        ("limit=abc", []),
        ("foo=bar&limit=1", [1]),
    ],
)
def test_filters(shop: ShopServer, query: str, expected: list[int]) -> None:
    assert ids(shop, query) == expected


def test_a_bare_upper_date_is_midnight(shop: ShopServer) -> None:
    rows = get(shop, "orders?display=[id,date_add]&output_format=JSON").json()["orders"]
    day = rows[-1]["date_add"][:10]
    whole = ids(shop, f"filter[date_add]=[{day},{day} 23:59:59]&date=1")
    assert whole == [row["id"] for row in rows if row["date_add"].startswith(day)]
    assert ids(shop, f"filter[date_add]=[2020-01-01,{day}]&date=1") == [
        row["id"] for row in rows if row["date_add"] < day
    ]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("ordres", 400, 27),
        ("orders?filter[nope]=1", 400, 32),
        ("orders?filter[date_upd]=[2024-01-01,2024-12-31]", 400, 32),
        ("orders?filter[id]=", 400, 33),
        ("orders?filter[shipping_number]=x", 400, 34),
        ("orders?display=[id,nope]", 400, 35),
        ("orders?display=everything", 400, 36),
        ("orders?sort=[id_UP]", 400, 37),
        ("orders?sort=[nope_ASC]", 400, 38),
        ("orders?limit=1,2,3", 400, 39),
    ],
)
def test_errors(shop: ShopServer, query: str, status: int, code: int) -> None:
    answer = get(shop, query)
    assert answer.status_code == status
    assert f"<code><![CDATA[{code}]]></code>" in answer.text
    joined = "&" if "?" in query else "?"
    assert get(shop, f"{query}{joined}output_format=JSON").json()["errors"][0]["code"] == code


def test_keys(shop: ShopServer) -> None:
    assert requests.get(f"{shop.url}/api/orders", timeout=10).text == "401 Unauthorized"
    assert "[20]" in get(shop, "orders", "X" * 32).text
    assert "[18]" in get(shop, "orders", "short").text
    assert "[17]" in get(shop, "orders", "").text
    assert "[26]" in get(shop, "addresses", "R" * 32).text


def test_an_unknown_id_is_an_empty_404_and_an_empty_list_an_empty_array(shop: ShopServer) -> None:
    answer = get(shop, "orders/99999")
    assert (answer.status_code, answer.text) == (404, "")
    assert get(shop, "orders?filter[id]=99999&output_format=JSON").text == "[]"


def test_what_1_7_8_does_otherwise(shop: ShopServer) -> None:
    old = shop.store.version.startswith("1.7")
    dated = get(shop, "stock_availables?filter[date_upd]=>[2020-01-01]&date=1&display=full")
    assert (dated.status_code, bool(dated.text)) == ((200, True) if old else (500, False))
    one = get(shop, "orders/1?output_format=JSON").json()["order"]
    assert ("gift" in one) is old  # 8.x drops what is blank or 0 from single answers
    patched = requests.patch(f"{shop.url}/api/orders/1", auth=(KEY, ""), data="<x/>", timeout=10)
    assert patched.status_code == (405 if old else 200)
    assert ("[23]" in patched.text) is old


def test_xml_and_json_say_the_same(shop: ShopServer) -> None:
    xml = get(shop, "order_details?display=full&limit=1").text
    row = get(shop, "order_details?display=full&limit=1&output_format=JSON").json()["order_details"][0]
    for field, value in row.items():
        if isinstance(value, str):
            assert f"<![CDATA[{value}]]></{field}>" in xml
