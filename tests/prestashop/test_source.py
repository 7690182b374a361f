"""The source: selections, companions, changes, census."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from gp_prestashop.engine.protocols import Selection
from gp_prestashop.errors import ConfigError, Transient
from gp_prestashop.mapping.shapes import SourceRecord
from gp_prestashop.prestashop.source import PrestaShopSource
from gp_prestashop.settings import ShopSettings


def read(source, resource, selection=None, **more):
    return [record for page in source.read(resource, selection or Selection(), **more) for record in page]


def test_an_order_comes_with_all_that_belongs_to_it(source, shop):
    orders = {record.key: record.raw for record in read(source, "orders")}
    assert len(orders) == len(shop.tables["orders"])
    for order in orders.values():
        assert {d["id_order"] for d in order["order_details"]} <= {order["id"]}
        assert [d["id"] for d in order["order_details"]] == [r["id"] for r in order["order_rows"]]
        assert all(isinstance(d["taxes"], list) for d in order["order_details"])
        assert order["address_delivery"]["id"] == order["id_address_delivery"]
        assert order["address_invoice"]["id"] == order["id_address_invoice"]
        if order["id"] == "5":  # the recorded shop deleted this customer
            assert order["customer"] is None
            continue
        assert order["customer"]["id"] == order["id_customer"]
        assert isinstance(order["customer"]["groups"], list)
        assert isinstance(order["order_cart_rules"], list)
    assert any(order["order_cart_rules"] for order in orders.values())
    assert any(d["taxes"] for order in orders.values() for d in order["order_details"])
    assert any(not d["taxes"] for order in orders.values() for d in order["order_details"])


def test_requests_do_not_grow_with_the_orders(source, shop):
    count = len(read(source, "orders", page_size=100))
    assert count >= 15
    # orders, details, carriers, cart rules, addresses of both kinds, customers
    assert len(shop.log) == 6


def test_companions_are_copies(source):
    by_customer = {}
    for record in read(source, "orders"):
        by_customer.setdefault(record.raw["id_customer"], []).append(record.raw["customer"])
    several = [customers for customers in by_customer.values() if len(customers) > 1]
    assert several
    assert several[0][0] == several[0][1]
    assert several[0][0] is not several[0][1]


def test_what_is_not_there_is_none(source, shop):
    order = shop.tables["orders"][0]
    order["id_address_delivery"] = "0"
    gone = str(order["id_customer"])
    shop.tables["customers"] = [c for c in shop.tables["customers"] if str(c["id"]) != gone]
    raw = read(source, "orders", Selection(keys=(str(order["id"]),)))[0].raw
    assert raw["address_delivery"] is None
    assert raw["customer"] is None


def test_zero_dates_are_none_and_all_else_is_as_received(source, shop):
    raw = read(source, "orders", Selection(keys=("1",)))[0].raw
    sent = next(row for row in shop.tables["orders"] if row["id"] == 1)
    assert {k: v for k, v in raw.items() if k in sent and k != "id"} == {
        k: "" if v is None else v for k, v in sent.items() if k not in {"id", "associations", "secure_key"}
    }
    shop.tables["orders"][0]["delivery_date"] = "0000-00-00 00:00:00"
    raw = read(source, "orders", Selection(keys=("1",)))[0].raw
    assert raw["delivery_date"] is None
    assert raw["order_details"][0]["download_deadline"] is None
    assert "secure_key" not in raw
    assert "passwd" not in raw["customer"]


def test_an_order_that_changes_while_it_is_read_is_read_again(source, shop):
    """The line's quantity changes after the order was answered and before its details are."""
    line = next(d for d in shop.tables["order_details"] if d["id_order"] == "1")
    done = []

    def change(method, path, params):
        if path == "order_details" and not done:
            done.append(True)
            line["product_quantity"] = "7"
            order = next(o for o in shop.tables["orders"] if o["id"] == 1)
            order["total_paid"] = "99.000000"
            order["associations"]["order_rows"][0]["product_quantity"] = "7"

    shop.before = change
    raw = read(source, "orders", Selection(keys=("1",)))[0].raw
    assert raw["total_paid"] == "99.000000"
    assert raw["order_rows"][0]["product_quantity"] == raw["order_details"][0]["product_quantity"] == "7"


def test_customers_addresses_and_payments_have_theirs(source, shop):
    customers = {r.key: r.raw for r in read(source, "customers")}
    assert any(len(c["addresses"]) > 1 for c in customers.values())
    assert all(a["id_customer"] == key for key, c in customers.items() for a in c["addresses"])
    for record in read(source, "addresses"):
        known = {str(c["id"]) for c in shop.tables["customers"]}
        customer = record.raw["customer"]
        assert (customer["id"] if customer else None) == (
            record.raw["id_customer"] if record.raw["id_customer"] in known else None
        )
    payments = read(source, "order_payments")
    assert payments
    assert {p.key for p in payments if not p.raw["orders"]} == {p.key for p in payments if p.raw["id_order"] is None}
    for payment in (p for p in payments if p.raw["orders"]):
        assert [o["reference"] for o in payment.raw["orders"]] == [payment.raw["order_reference"]]
        assert set(payment.raw["orders"][0]) == {
            *("id", "reference", "id_customer", "id_currency", "module", "current_state", "total_paid", "valid"),
            *("date_add", "id_shop", "conversion_rate"),
        }
        assert not {"card_number", "card_holder"} & set(payment.raw)


def test_a_payment_of_a_shared_reference_is_a_record_for_each_order(source, shop):
    first, second = shop.tables["orders"][0], shop.tables["orders"][1]
    second["reference"] = first["reference"]
    payment = next(row for row in shop.tables["order_payments"] if row["order_reference"] == first["reference"])
    payment["amount"] = f"{Decimal(first['total_paid']) + 1:f}"
    found = {r.key: r.raw for r in read(source, "order_payments") if r.raw["id"] == str(payment["id"])}
    key = str(payment["id"])
    assert {key: raw["id_order"] for key, raw in found.items()} == {key: "1", f"{key}-1": "1", f"{key}-2": "2"}
    assert Decimal(found[f"{key}-2"]["share"]) == 1
    assert Decimal(found[f"{key}-1"]["share"]) == 0  # it has its share under the payment's own key


def test_days_hold_exactly_their_orders(source, shop):
    stamps = ["2024-06-30 23:59:59", "2024-07-01 00:00:00", "2024-07-01 23:59:59", "2024-07-02 00:00:00"]
    for row, stamp in zip(shop.tables["orders"], stamps, strict=False):
        row["date_add"] = stamp
    day = date(2024, 7, 1)
    records = read(source, "orders", Selection(created=(day, day)))
    assert [r.key for r in records] == ["2", "3"]
    assert {source.local_day(r, "orders") for r in records} == {day}
    counted = list(source.census("orders", day, day))
    assert [(c.key, c.day, c.amount) for c in counted] == [(r.key, day, Decimal(r.raw["total_paid"])) for r in records]
    assert {c.currency for c in counted} == {"EUR"}
    both = read(source, "orders", Selection(created=(date(2024, 6, 30), date(2024, 7, 2))))
    assert [r.key for r in both] == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("zone", "since", "stored", "seen"),
    [
        # Paris: 02:50 comes twice on 2026-10-25. A change at 02:10 after the clocks went back is later than
        # an instant at 02:50 before that.
        ("Europe/Paris", datetime(2026, 10, 25, 0, 50, tzinfo=UTC), "2026-10-25 02:10:00", True),
        ("Europe/Paris", datetime(2026, 10, 25, 0, 50, tzinfo=UTC), "2026-10-25 01:49:59", False),
        ("Europe/Paris", datetime(2026, 10, 25, 1, 50, tzinfo=UTC), "2026-10-25 02:10:00", False),
        ("Europe/Paris", datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "2026-03-29 03:00:00", True),
        ("America/New_York", datetime(2026, 11, 1, 5, 59, tzinfo=UTC), "2026-11-01 01:00:00", True),
        ("America/New_York", datetime(2026, 3, 8, 7, 0, tzinfo=UTC), "2026-03-08 03:00:00", True),
        ("America/New_York", datetime(2026, 3, 8, 7, 0, tzinfo=UTC), "2026-03-08 01:59:59", False),
    ],
)
def test_changes_around_the_clock_change(shop, clock, session_for, zone, since, stored, seen):
    settings = ShopSettings(url="http://shop.test", key="K", timezone=zone)
    source = PrestaShopSource(settings, clock, session_for(shop.handle))
    for row in shop.tables["orders"]:
        row["date_upd"] = "2020-01-01 00:00:00"
    shop.tables["orders"][0]["date_upd"] = stored
    keys = [r.key for r in read(source, "orders", Selection(changed_since=since))]
    assert keys == (["1"] if seen else [])
    changed = list(source.changed("orders", since))
    assert [c.key for c in changed] == keys
    assert all(c.version.startswith(stored) and c.day == date.fromisoformat(changed_day(shop)) for c in changed)


def changed_day(shop):
    return shop.tables["orders"][0]["date_add"][:10]


def test_a_second_change_within_a_second_is_another_version(source, shop):
    since = datetime(2020, 1, 1, tzinfo=UTC)
    before = next(source.changed("orders", since)).version
    shop.tables["orders"][0]["current_state"] = "6"
    assert next(source.changed("orders", since)).version != before


def test_payments_change_by_their_only_date(source, shop):
    for row in shop.tables["order_payments"]:
        row["date_add"] = f"2026-07-01 10:00:{row['id']:02d}"
    newest = max(row["date_add"] for row in shop.tables["order_payments"])
    since = datetime.fromisoformat(newest).replace(tzinfo=UTC)
    keys = list(dict.fromkeys(r.raw["id"] for r in read(source, "order_payments", Selection(changed_since=since))))
    (new,) = (row for row in shop.tables["order_payments"] if row["date_add"] == newest)
    of_it = sorted(r["id"] for r in shop.tables["order_payments"] if r["order_reference"] == new["order_reference"])
    assert keys == [str(number) for number in of_it]


def test_a_payment_that_was_dated_back_is_seen(source, shop):
    """In the back office people enter the day on which the money came."""
    payments = shop.tables["order_payments"]
    for row in payments:
        row["date_add"] = f"2026-07-01 10:00:{row['id']:02d}"
    since = datetime(2026, 7, 2, tzinfo=UTC)
    assert list(source.changed("order_payments", since)) == []
    late = max(row["id"] for row in payments) + 1
    payments.append({**payments[0], "id": late, "date_add": "2026-06-20 00:00:00", "order_reference": "ALONE"})
    assert [c.key for c in source.changed("order_payments", since)] == [str(late)]
    assert [r.key for r in read(source, "order_payments", Selection(changed_since=since))] == [str(late)]


def test_the_rest_of_a_payment_brings_back_what_waited_for_it(source, shop):
    payments = shop.tables["order_payments"]
    for row in payments:
        row["date_add"] = "2026-07-01 10:00:00"
    first = payments[0]
    first["amount"] = "1.000000"
    early, late = datetime(2026, 6, 30, tzinfo=UTC), datetime(2026, 7, 10, tzinfo=UTC)
    before = {c.key: c.version for c in source.changed("order_payments", early)}
    rest = {**first, "id": max(row["id"] for row in payments) + 1, "date_add": "2026-07-20 09:00:00"}
    payments.append(rest)
    after = {c.key: c.version for c in source.changed("order_payments", late)}
    assert list(after) == [str(first["id"]), str(rest["id"])]
    assert after[str(first["id"])] != before[str(first["id"])]


def test_stock_is_never_asked_for_by_date(source, shop):
    since = datetime(2026, 1, 1, tzinfo=UTC)
    everything = [str(i) for i in sorted(row["id"] for row in shop.tables["stock_availables"])]
    assert [r.key for r in read(source, "stock_availables", Selection(changed_since=since))] == everything
    before = {c.key: c.version for c in source.changed("stock_availables", since)}
    assert list(before) == everything
    changed = next(row for row in shop.tables["stock_availables"] if row["id"] == 3)
    changed["quantity"] = "12345"  # no date tells
    after = {c.key: c.version for c in source.changed("stock_availables", since)}
    assert [key for key in after if after[key] != before[key]] == ["3"]
    assert not any("date" in params for _, _, params in shop.log)
    with pytest.raises(ConfigError):
        read(source, "stock_availables", Selection(created=(date(2026, 1, 1), date(2026, 1, 2))))


def test_keys(source, shop):
    keys = ("3", "1", "99999", "abc", "3")
    assert [r.key for r in read(source, "orders", Selection(keys=keys))] == ["1", "3"]
    assert read(source, "orders", Selection(keys=())) == []
    pages = list(source.read("orders", Selection(keys=tuple(map(str, range(1, 16)))), page_size=4))
    assert [len(page) for page in pages] == [4, 4, 4, 3]


def test_a_shop_that_ignores_date_filters_is_found_out(source, shop):
    shop.ignores_dates = True
    with pytest.raises(ConfigError) as caught:
        read(source, "orders", Selection(created=(date(2024, 1, 1), date(2024, 1, 2))))
    assert caught.value.code == "date_filter_ignored"
    with pytest.raises(ConfigError):
        list(source.census("orders", date(2024, 1, 1), date(2024, 1, 2)))


def test_a_shop_that_answers_date_filters_with_nothing_is_found_out(source, shop):
    def nothing(method, path, params):
        return (200, shop.headers("application/json"), b"[]") if "date" in params else None

    shop.before = nothing
    with pytest.raises(ConfigError) as caught:
        read(source, "orders", Selection(changed_since=datetime(2020, 1, 1, tzinfo=UTC)))
    assert caught.value.code == "date_filter_ignored"


def test_rows_outside_the_window_are_never_accepted(source, shop):
    day = date.fromisoformat(shop.tables["orders"][-1]["date_add"][:10])
    list(source.census("orders", day, day))  # the filter has been tried and works
    shop.ignores_dates = True
    with pytest.raises(ConfigError):
        read(source, "orders", Selection(created=(day, day)))


def test_nothing_of_a_page_is_given_unless_all_of_it_was_read(source, shop):
    def fail(method, path, params):
        return (200, shop.headers("text/html"), b"<br />Warning: x") if path == "order_carriers" else None

    shop.before = fail
    reader = source.read("orders", Selection())
    with pytest.raises(Transient) as caught:
        next(reader)
    assert caught.value.details["first_bytes"].startswith("<br />")


def test_two_ways_to_select_are_refused(source):
    with pytest.raises(ConfigError):
        read(source, "orders", Selection(keys=("1",), created=(date(2024, 1, 1), date(2024, 1, 1))))


def test_a_source_without_a_shop_still_tells_its_resources(clock):
    source = PrestaShopSource(ShopSettings(), clock)
    assert "orders" in source.resources()
    assert "prestashop.currencies" in source.lookup_lists()
    with pytest.raises(ConfigError) as caught:
        read(source, "orders")
    assert caught.value.code == "shop_url"


def test_records_are_plain_data(source):
    for record in read(source, "orders"):
        assert isinstance(record, SourceRecord)
        assert json.loads(json.dumps(record.raw)) == record.raw
