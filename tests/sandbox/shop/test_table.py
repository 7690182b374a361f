"""The table's indexes say what a scan would say, after any changes, and spare the scan."""

from __future__ import annotations

from random import Random
from typing import Any

from gp_prestashop.sandbox.shop.query import select
from gp_prestashop.sandbox.shop.store import ShopStore
from gp_prestashop.sandbox.shop.table import Row, Table

STAMPS = [f"2026-11-{day:02d} 10:00:00" for day in range(1, 29)]


def test_indexes_follow_every_change() -> None:
    rng, table, rows = Random(7), Table(), {}
    for step in range(3000):
        identifier = rng.randrange(1, 200)
        if identifier in rows and rng.random() < 0.3:
            table.remove(identifier)
            del rows[identifier]
        else:
            kinds = [{"id": str(n)} for n in rng.sample(range(4), 2)]
            row: Row = {
                "id": str(identifier),
                "associations": {"kinds": kinds},
                "state": str(rng.randrange(5)),
                "date_upd": rng.choice(STAMPS),
            }
            table.put(row)
            rows[identifier] = row
        if step % 50 == 0:
            check(table, rows, rng)


def check(table: Table, rows: dict[int, Row], rng: Random) -> None:
    assert table.ids == sorted(rows)
    states = [str(rng.randrange(6)), str(rng.randrange(6))]
    assert table.having("state", states) == sorted(i for i, row in rows.items() if row["state"] in states)
    kinds = sorted(i for i, row in rows.items() if {"id": "2"} in row["associations"]["kinds"])
    assert table.having("@kinds", ["2"]) == kinds
    low, high = sorted((rng.choice(STAMPS), rng.choice(STAMPS)))
    inside = sorted(i for i, row in rows.items() if low <= row["date_upd"] <= high)
    assert table.between("date_upd", low, high, inclusive=True) == inside
    above = sorted(i for i, row in rows.items() if row["date_upd"] > low)
    assert table.between("date_upd", low, None, inclusive=False) == above
    below = sorted(i for i, row in rows.items() if row["date_upd"] < high)
    assert table.between("date_upd", None, high, inclusive=False) == below


def test_an_id_is_used_once() -> None:
    table = Table()
    first = table.next_id()
    table.put({"id": str(first)})
    table.remove(first)
    assert table.next_id() == first + 1


class Counting(dict[int, Row]):
    """Counts how many rows are looked at."""

    looked = 0

    def __getitem__(self, key: int) -> Row:
        self.looked += 1
        return super().__getitem__(key)

    def __iter__(self) -> Any:
        raise AssertionError("the whole table was read")

    values = items = __iter__  # type: ignore[assignment]


def test_pages_and_keys_of_a_hundred_thousand_rows_look_at_no_others() -> None:
    store = ShopStore()
    template = {name: field.null for name, field in store.shapes["stock_availables"].fields.items()}
    rows = [template | {"id": str(n), "id_product": str(n // 4), "quantity": "5"} for n in range(1, 100_001)]
    store.load({"stock_availables": rows})
    table, shape = store.table("stock_availables"), store.shapes["stock_availables"]
    table.having("id_product", ["1"])  # the index is made by the first who asks
    table.rows = Counting(table.rows)
    page = select(store, shape, {"filter[id]": ">[50000]", "sort": "[id_ASC]", "limit": "100"})
    assert [row["id"] for row in page] == [str(n) for n in range(50_001, 50_101)]
    keyed = select(store, shape, {"filter[id_product]": "[7|9|70000]"})
    assert [row["id"] for row in keyed] == ["28", "29", "30", "31", "36", "37", "38", "39"]
    listed = select(store, shape, {"filter[id]": "[5|99999|100001]"})
    assert [row["id"] for row in listed] == ["5", "99999"]
    assert table.rows.looked == 100 + 8 + 2
