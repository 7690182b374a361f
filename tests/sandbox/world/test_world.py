"""The generated rows: same seed same bytes, sums, references, fields, variety, troubles."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from gp_prestashop.sandbox.world import World, agreed, generate, value_maps
from gp_prestashop.sandbox.world.agreed import CLOSED_MONTH, customer_number, document_number
from gp_prestashop.sandbox.world.troubles import EXPECTED, KINDS

D = Decimal
NO_DATE = "0000-00-00 00:00:00"


def by_id(world: World, resource: str) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in world.shop[resource]}


def grouped(world: World, resource: str, field: str) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in world.shop[resource]:
        groups[row[field]].append(row)
    return groups


def test_same_seed_same_bytes() -> None:
    one, two, other = generate(seed=3), generate(seed=3), generate(seed=4)
    assert repr(one) == repr(two)
    assert repr(one.shop) != repr(other.shop)


@pytest.mark.parametrize("version", ["8.2.1", "1.7.8.11"])
def test_fields_are_those_of_the_release_in_its_order(version: str, recorded: Callable[[str], Any]) -> None:
    world = generate(seed=2, orders=60, version=version)
    fields = recorded("recorded_fields")[version]
    assert set(world.shop) == set(fields)
    for resource, rows in world.shop.items():
        assert rows or resource == "order_slip", resource
        for row in rows:
            assert [name for name in row if name != "associations"] == fields[resource], resource
            for name, value in row.items():
                if name != "associations":
                    assert isinstance(value, str) or (set(value) == {"1", "2"}), (resource, name, value)


def test_other_releases_are_refused() -> None:
    with pytest.raises(ValueError, match=r"1\.6"):
        generate(version="1.6.1.24")


@pytest.mark.parametrize("which", ["world", "calm"])
def test_every_order_adds_up(which: str, request: pytest.FixtureRequest) -> None:
    world: World = request.getfixturevalue(which)
    details = grouped(world, "order_details", "id_order")
    wrong, cents = set(), 0
    for order in world.shop["orders"]:
        lines = details[order["id"]]
        total = {name: D(value) for name, value in order.items() if name.startswith("total_")}
        for suffix, products in (("tax_excl", "total_products"), ("tax_incl", "total_products_wt")):
            by_line, exact = [], D(0)
            for line in lines:
                unit, quantity = D(line[f"unit_price_{suffix}"]), int(line["product_quantity"])
                due = {
                    "1": unit.quantize(D("0.01"), "ROUND_HALF_UP") * quantity,
                    "2": (unit * quantity).quantize(D("0.01"), "ROUND_HALF_UP"),
                    "3": unit * quantity,
                }[order["round_type"]]
                assert D(line[f"total_price_{suffix}"]) == due
                by_line.append(due)
                exact += due if order["round_type"] == "1" else unit * quantity
            assert sum(by_line, D(0)).quantize(D("0.01"), "ROUND_HALF_UP") == total[products]
            # The grand total is made of the unrounded lines, so it may miss the sum of the printed totals by cents.
            goods = exact.quantize(D("0.01"), "ROUND_HALF_UP")
            cents += goods != total[products]
            composed = (
                goods
                + total[f"total_shipping_{suffix}"]
                + total[f"total_wrapping_{suffix}"]
                - total[f"total_discounts_{suffix}"]
            )
            if composed != total[f"total_paid_{suffix}"]:
                wrong.add(int(order["id"]))
        assert total["total_paid"] == total["total_paid_tax_incl"]
        assert total["total_discounts"] == total["total_discounts_tax_incl"]
        assert total["total_paid"] > 0
    assert wrong == {key for key, kind in world.troubles.items() if kind == "totals_off"}
    assert cents > 5


def test_line_taxes_follow_the_tax_rules(world: World) -> None:
    rates = {row["id"]: D(row["rate"]) for row in world.shop["taxes"]}
    rules = {(row["id_tax_rules_group"], row["id_country"]): row["id_tax"] for row in world.shop["tax_rules"]}
    addresses, orders = by_id(world, "addresses"), by_id(world, "orders")
    for line in world.shop["order_details"]:
        country = addresses[orders[line["id_order"]]["id_address_delivery"]]["id_country"]
        tax = rules.get((line["id_tax_rules_group"], country))
        assert line["associations"]["taxes"] == ([{"id": tax}] if tax else [])
        rate = rates[tax] if tax else D(0)
        exact = D(line["unit_price_tax_excl"]) * (1 + rate / 100)
        assert abs(D(line["unit_price_tax_incl"]) - exact) < D("0.000002")


def test_references_between_rows_hold(world: World) -> None:
    keys = {resource: set(by_id(world, resource)) for resource in world.shop}
    for resource, rows in world.shop.items():
        assert len(keys[resource]) == len(rows), f"{resource} repeats an id"
    targets = {
        "id_customer": "customers",
        "id_country": "countries",
        "id_state": "states",
        "id_currency": "currencies",
        "id_lang": "languages",
        "id_carrier": "carriers",
        "id_cart": "carts",
        "id_order": "orders",
        "id_order_state": "order_states",
        "current_state": "order_states",
        "id_address_delivery": "addresses",
        "id_address_invoice": "addresses",
        "id_order_invoice": "order_invoices",
        "id_product": "products",
        "product_id": "products",
        "id_product_attribute": "combinations",
        "product_attribute_id": "combinations",
        "id_tax_rules_group": "tax_rule_groups",
        "id_tax": "taxes",
        "id_default_group": "groups",
        "id_manufacturer": "manufacturers",
    }
    for resource, rows in world.shop.items():
        for row in rows:
            for field, target in targets.items():
                if row.get(field, "0") != "0":
                    assert row[field] in keys[target], (resource, row["id"], field, row[field])
    references = {row["reference"] for row in world.shop["orders"]}
    assert {row["order_reference"] for row in world.shop["order_payments"]} <= references
    addresses = by_id(world, "addresses")
    for order in world.shop["orders"]:
        assert addresses[order["id_address_delivery"]]["id_customer"] == order["id_customer"]
        customer = by_id(world, "customers")[order["id_customer"]]
        assert customer["date_add"] <= order["date_add"] <= order["date_upd"]
        assert customer["secure_key"] == order["secure_key"]


def test_stock_of_combinations_sums_up(world: World) -> None:
    for rows in grouped(world, "stock_availables", "id_product").values():
        whole = [row for row in rows if row["id_product_attribute"] == "0"]
        parts = [row for row in rows if row["id_product_attribute"] != "0"]
        assert len(whole) == 1
        if parts:
            assert int(whole[0]["quantity"]) == sum(int(row["quantity"]) for row in parts)


@pytest.mark.parametrize("which", ["world", "calm"])
def test_payments_are_what_the_orders_say(which: str, request: pytest.FixtureRequest) -> None:
    world: World = request.getfixturevalue(which)
    paid: dict[str, Decimal] = defaultdict(D)
    for row in world.shop["order_payments"]:
        paid[row["order_reference"]] += D(row["amount"])
    real: dict[str, Decimal] = defaultdict(D)
    states = {row["id"]: row for row in world.shop["order_states"]}
    for order in world.shop["orders"]:
        real[order["reference"]] += D(order["total_paid_real"])
        if states[order["current_state"]]["paid"] == "1":
            assert order["total_paid_real"] == order["total_paid"]
        assert order["valid"] == states[order["current_state"]]["logable"]
        assert (order["invoice_number"] == "0") == (order["invoice_date"] == NO_DATE)
        assert (order["delivery_number"] == "0") == (order["delivery_date"] == NO_DATE)
    assert {reference: amount for reference, amount in real.items() if amount} == dict(paid)


def test_histories_end_in_the_current_state(world: World) -> None:
    histories = grouped(world, "order_histories", "id_order")
    last = datetime.combine(date(2026, 10, 31), datetime.min.time()).strftime("%Y-%m-%d %H:%M:%S")
    for order in world.shop["orders"]:
        steps = sorted(histories[order["id"]], key=lambda row: int(row["id"]))
        assert steps[-1]["id_order_state"] == order["current_state"]
        assert [row["date_add"] for row in steps] == sorted(row["date_add"] for row in steps)
        assert steps[0]["date_add"] == order["date_add"]
        assert steps[-1]["date_add"] == order["date_upd"] < last


def test_each_kind_of_trade_occurs(calm: World) -> None:
    orders, seen = calm.shop["orders"], Counter[str]()
    details, addresses = grouped(calm, "order_details", "id_order"), by_id(calm, "addresses")
    rules, payments = grouped(calm, "order_cart_rules", "id_order"), grouped(calm, "order_payments", "order_reference")
    products, customers = by_id(calm, "products"), by_id(calm, "customers")
    for order in orders:
        lines = details[order["id"]]
        seen["several lines"] += len(lines) > 1
        seen["combination"] += any(line["product_attribute_id"] != "0" for line in lines)
        seen["hundred pieces"] += any(line["product_quantity"] == "100" for line in lines)
        seen["virtual only"] += order["id_carrier"] == "0"
        seen["some virtual"] += any(products[line["product_id"]]["is_virtual"] == "1" for line in lines)
        seen["two rates"] += len({t["id"] for line in lines for t in line["associations"]["taxes"]}) > 1
        seen["untaxed product"] += any(line["id_tax_rules_group"] == "0" for line in lines)
        seen["percentage rule"] += any("%" in rule["name"] for rule in rules[order["id"]])
        seen["amount rule"] += any(rule["name"].startswith("Five") for rule in rules[order["id"]])
        seen["free shipping"] += any(rule["free_shipping"] == "1" for rule in rules[order["id"]])
        seen["wrapped"] += order["gift"] == "1" and order["total_wrapping"] != "0.000000"
        seen["two payments"] += len(payments[order["reference"]]) == 2
        seen[f"round type {order['round_type']}"] += 1
        seen[f"currency {order['id_currency']}"] += 1
        seen[f"country {addresses[order['id_address_delivery']]['id_country']}"] += 1
        seen[f"state {order['current_state']}"] += 1
        seen[order["module"]] += 1
        seen["guest"] += customers[order["id_customer"]]["is_guest"] == "1"
        seen["other invoice address"] += order["id_address_delivery"] != order["id_address_invoice"]
    wanted = {
        *("several lines", "combination", "hundred pieces", "virtual only", "some virtual", "two rates"),
        *("untaxed product", "percentage rule", "amount rule", "free shipping", "wrapped", "two payments"),
        *("guest", "other invoice address", "ps_cashondelivery", "paypal", "ps_wirepayment", "ps_checkpayment"),
        *(f"round type {n}" for n in (1, 2, 3)),
        *(f"currency {n}" for n in (1, 2)),
        *(f"country {n}" for n in (1, 3, 6, 8, 10, 17, 19, 21)),
        *(f"state {n}" for n in (1, 2, 3, 4, 5, 6, 10, 11, 13)),
    }
    assert not {kind for kind in wanted if not seen[kind]}
    assert seen["round type 2"] > 0.75 * len(orders)


def test_text_is_as_varied_as_real_text(calm: World) -> None:
    rows = calm.shop["customers"] + calm.shop["addresses"]
    text = "".join(value for row in rows for value in row.values() if isinstance(value, str))
    for kind, sample in {"French": "è", "German": "ü", "Polish": "Ł", "Greek": "Ελ", "Chinese": "王"}.items():
        assert sample in text, kind
    assert "\N{CHEESE WEDGE}" in text
    assert any(len(row["address1"]) > 90 for row in calm.shop["addresses"])
    assert all(len(row["address1"]) <= 128 for row in calm.shop["addresses"])
    assert any(row["vat_number"] for row in calm.shop["addresses"])
    assert max(Counter(row["id_customer"] for row in calm.shop["addresses"]).values()) == 3
    registered = [row["email"] for row in calm.shop["customers"] if row["is_guest"] == "0"]
    assert len(set(registered)) == len(registered)


def test_troubles_are_listed_and_each_occurs(world: World) -> None:
    assert set(world.troubles.values()) == set(KINDS)
    assert set(world.expected) == {int(row["id"]) for row in world.shop["orders"]}
    for key, kind in world.troubles.items():
        assert world.expected[key] == EXPECTED[kind]
    for key in set(world.expected) - set(world.troubles):
        assert world.expected[key] in ("delivered", "ignored", "held")


def test_troubles_are_what_they_say(world: World) -> None:
    orders, details = by_id(world, "orders"), grouped(world, "order_details", "id_order")
    maps, carriers = value_maps(world), by_id(world, "carriers")
    known = {row["ITEMNMBR"] for row in world.gp["IV00101"]}
    in_dollars = {row["ITEMNMBR"] for row in world.gp["IV00108"] if row["CURNCYID"] == "USD"}
    inactive = {row["CUSTNMBR"] for row in world.gp["RM00101"] if row.get("INACTIVE")}
    taken = {row["SOPNUMBE"] for row in world.gp["SOP10100"]}
    customers = by_id(world, "customers")
    references = Counter(row["reference"] for row in world.shop["orders"])
    carts = Counter(row["id_cart"] for row in world.shop["orders"])
    for order in orders.values():
        key = int(order["id"])
        lines = details[order["id"]]
        customer = customers[order["id_customer"]]
        carrier = carriers.get(order["id_carrier"])
        wrong = {
            "before_go_live": order["date_add"][:10] < world.go_live.isoformat(),
            "closed_period": order["date_add"].startswith(CLOSED_MONTH.strftime("%Y-%m-")),
            "unknown_item": any(line["product_reference"] not in known for line in lines),
            "no_price_list": order["id_currency"] == "2"
            and any(line["product_reference"] in known - in_dollars for line in lines),
            "inactive_customer": customer_number(int(order["id_customer"])) in inactive,
            "unmapped_carrier": carrier is not None and carrier["id_reference"] not in maps["carriers"],
            "unmapped_payment": order["module"] not in maps["payment_modules"],
            "unmapped_tax": any(
                tax["id"] not in maps["tax_details"] for line in lines for tax in line["associations"]["taxes"]
            ),
            "totals_off": False,  # see the sums
            "unfit_text": all("\ue000" <= char <= "\uf8ff" for char in customer["lastname"]),
            "number_taken": document_number(key) in taken,
            "split_reference": references[order["reference"]] > 1,
            "same_cart": carts[order["id_cart"]] > 1 and references[order["reference"]] == 1,
        }
        found = {kind for kind, is_so in wrong.items() if is_so}
        assert found == {world.troubles[key]} - {"totals_off"} if key in world.troubles else not found, key
    payments = by_id(world, "order_payments")
    unmapped = {orders[str(key)]["reference"] for key, kind in world.troubles.items() if kind == "unmapped_payment"}
    assert {payments[str(key)]["order_reference"] for key in world.expected_payments} == unmapped


def test_calm_world_has_no_troubles(calm: World) -> None:
    assert not calm.troubles
    assert not calm.gp["SOP10100"]
    assert not calm.gp["RM00101"]
    first, last = calm.first_day.isoformat(), "2026-10-31"
    assert all(first <= row["date_add"] < last for row in calm.shop["orders"])
    assert len({row["date_add"][:10] for row in calm.shop["orders"]}) == 30


def test_counts_and_size(world: World) -> None:
    assert len(world.shop["orders"]) == 300
    assert len(world.shop["customers"]) == 80
    assert generate(orders=2000).expected.keys() == set(range(1, 2001))
    with pytest.raises(ValueError, match="Troubles need"):
        generate(orders=10)
    with pytest.raises(ValueError, match="closed month"):
        generate(first_day=date(2023, 5, 1))


def test_every_mapped_code_leads_somewhere(world: World) -> None:
    maps = value_maps(world)
    assert all(row["value"] in agreed.TAX_DETAILS for row in maps["tax_details"].values())
    assert all(row["value"] in agreed.TAX_SCHEDULES for row in maps["tax_schedules"].values())
    assert all(row["CHEKBKID"] in agreed.CHECKBOOKS for row in maps["payment_modules"].values())
    assert all(row["value"] in agreed.SHIPPING_METHODS for row in maps["carriers"].values())
    assert set(maps["order_states"]) == {row["id"] for row in world.shop["order_states"]}
    rates = {row["id"]: D(row["rate"]) for row in world.shop["taxes"]}
    for tax, row in maps["tax_details"].items():
        assert agreed.TAX_DETAILS[row["value"]].percent == rates[tax]
    for country, row in maps["shipping_tax_details"].items():
        detail = agreed.TAX_DETAILS[row["value"]]
        assert detail.country == country
        assert detail.percent == max(d.percent for d in agreed.TAX_DETAILS.values() if d.country == country)


def test_gp_rows_use_real_columns_and_fit_them(world: World, recorded: Callable[[str], Any]) -> None:
    columns = recorded("gp_columns")
    for table, rows in world.gp.items():
        assert rows, table
        for row in rows:
            for name, value in row.items():
                kind = columns[table][name]
                if kind.startswith("char"):
                    assert len(value) <= int(kind[5:-1]), (table, name, value)
                    value.encode("cp1252")
                elif kind == "datetime":
                    assert value == datetime.combine(value.date(), datetime.min.time())
                else:
                    assert isinstance(value, Decimal if kind.startswith("numeric") else int), (table, name)


def test_gp_knows_all_that_is_sold_but_one(world: World) -> None:
    sold = {line["product_reference"] for line in world.shop["order_details"]}
    known = {row["ITEMNMBR"] for row in world.gp["IV00101"]}
    assert len(sold - known) == 1
    site = {row["ITEMNMBR"]: row for row in world.gp["IV00102"] if row["LOCNCODE"]}
    every = {row["ITEMNMBR"]: row for row in world.gp["IV00102"] if not row["LOCNCODE"]}
    assert site.keys() == every.keys() == known
    assert all(site[number]["QTYONHND"] == every[number]["QTYONHND"] for number in known)
    for table, lacking in (("IV00105", 1), ("IV00108", 1), ("IV00107", 1)):
        assert len(world.gp[table]) == 2 * len(known) - lacking
