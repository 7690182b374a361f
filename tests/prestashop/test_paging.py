"""Pages by id are complete, in order, and end, whatever the shop does."""

from __future__ import annotations

import json

import pytest

from gp_prestashop.errors import ConfigError
from gp_prestashop.prestashop.paging import pages

JSON = {"Content-Type": "application/json", "PSWS-Version": "8.2.1"}


@pytest.mark.parametrize("size", [1, 2, 7, 15, 16, 1000])
def test_all_rows_once_in_order(client, shop, size):
    ids = [row["id"] for page in pages(client, "orders", {}, size) for row in page]
    assert ids == sorted((str(row["id"]) for row in shop.tables["orders"]), key=int)
    asked = [params for _, path, params in shop.log if path == "orders"]
    assert all(p["sort"] == "[id_ASC]" and p["limit"] == str(size) and p["filter[id]"].startswith(">[") for p in asked)


def test_rows_that_go_between_pages_push_no_other_row_out(client, shop):
    whole = [str(row["id"]) for row in shop.tables["orders"]]
    reader = pages(client, "orders", {}, 5)
    first = [row["id"] for row in next(reader)]
    shop.tables["orders"] = [row for row in shop.tables["orders"] if str(row["id"]) not in first[:2]]
    rest = [row["id"] for page in reader for row in page]
    assert first + rest == whole


def test_a_shop_that_answers_every_page_alike_ends_the_read(client, shop):
    shop.ignores_ids = True
    reader = pages(client, "orders", {}, 5)
    next(reader)
    with pytest.raises(ConfigError) as caught:
        next(reader)
    assert caught.value.code == "paging_ignored"


@pytest.mark.parametrize("ids", [[2, 1], [1, 3, 2], [0], ["x"], [None]])
def test_rows_out_of_order_are_refused(client_for, ids):
    client = client_for(lambda request: (200, JSON, json.dumps({"orders": [{"id": i} for i in ids]}).encode()))
    with pytest.raises(ConfigError) as caught:
        list(pages(client, "orders", {}, 50))
    assert caught.value.code == "paging_ignored"


def test_a_row_that_a_multi_shop_gives_twice_is_one_row(client_for):
    client = client_for(lambda request: (200, JSON, b'{"orders":[{"id":1},{"id":1},{"id":2}]}'))
    assert [row["id"] for page in pages(client, "orders", {}, 50) for row in page] == ["1", "2"]
