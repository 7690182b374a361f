"""Customers: duplicates, guests, addresses that change (pains 2 and 25)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from gp_prestashop.engine.protocols import Selection
from tests.house import House
from tests.shop import Shop

EMAIL = "one.person@example.com"


def guests(shop: Shop, number: int, **changes: Any) -> tuple[list[str], list[str]]:
    """So many guests with one e-mail address, an order each: keys of the customers and of the orders."""
    order = shop.delivered()[0]
    customer = shop.rows("customers", id=order["id_customer"])[0]
    customers, orders = [], []
    for _ in range(number):
        guest, address = shop.copy_customer(customer, email=EMAIL, is_guest="1", **changes)
        made = shop.copy_order(
            order, id_customer=guest["id"], id_address_delivery=address["id"], id_address_invoice=address["id"]
        )
        customers.append(str(guest["id"]))
        orders.append(str(made["id"]))
    return customers, orders


def gp_customers(house: House) -> set[str]:
    rows = house.gp(f"select distinct trim(master_id::text) from two.sy01200 where trim(inet1::text) = '{EMAIL}'")
    return {str(row[0]) for row in rows}


def test_guests_with_one_email_are_one_customer_in_gp(house: House, shop: Shop) -> None:
    customers, orders = guests(shop, 4)
    house.engine.run("sales_orders", Selection(keys=tuple(orders)))
    states = house.engine.parts.ledger.states_of("sales_orders", orders)
    assert {state.state for state in states.values()} == {"delivered"}, states
    numbers = set(house.engine.parts.ledger.xrefs("customers", customers).values())
    assert len(numbers) == 1
    assert gp_customers(house) == numbers
    rows = house.gp(f"select count(*) from two.sop10100 where trim(custnmbr::text) = '{numbers.copy().pop()}'")
    assert rows[0][0] == 4


def test_guests_that_arrive_at_once_in_two_runs_are_one_customer(house: House, shop: Shop) -> None:
    _, orders = guests(shop, 6)

    def run(keys: list[str]) -> None:
        house.engine.run("sales_orders", Selection(keys=tuple(keys)))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, [orders[::2], orders[1::2]]))
    house.engine.run("sales_orders", Selection(keys=tuple(orders)))  # who waited for the other run
    states = house.engine.parts.ledger.states_of("sales_orders", orders)
    assert {state.state for state in states.values()} == {"delivered"}, states
    assert len(gp_customers(house)) == 1


def test_a_guest_that_registers_later_stays_the_same_customer(house: House, shop: Shop) -> None:
    customers, orders = guests(shop, 1)
    house.engine.run("sales_orders", Selection(keys=tuple(orders)))
    registered, _ = guests(shop, 1)
    shop.put("customers", {**shop.rows("customers", id=registered[0])[0], "is_guest": "0"})
    house.engine.run("customers", Selection(keys=tuple(registered)))
    found = house.engine.parts.ledger.xrefs("customers", [*customers, *registered])
    assert len(set(found.values())) == 1


def test_gps_own_customer_is_recognised_by_email(house: House, shop: Shop) -> None:
    house.gp(
        "update two.sy01200 set inet1 = 'Own.Customer@Example.com' where master_id = (select min(master_id) from two.sy01200 where trim(master_type::text) = 'CUS') returning 1"
    )
    theirs = house.gp(
        "select trim(min(master_id)::text) from two.sy01200 where trim(inet1::text) = 'Own.Customer@Example.com'"
    )[0][0]
    customer = shop.rows("customers")[0]
    made, _ = shop.copy_customer(customer, email="own.customer@example.com", is_guest="0")
    report = house.engine.run("customers", Selection(keys=(made["id"],)))
    assert report.states["delivered"] == 1
    assert report.written == 0
    assert house.engine.parts.ledger.xrefs("customers", [made["id"]]) == {made["id"]: theirs}


def test_an_email_of_several_gp_customers_waits_for_a_person(house: House, shop: Shop) -> None:
    house.gp(
        "update two.sy01200 set inet1 = 'shared@example.com' where trim(master_type::text) = 'CUS' "
        "and master_id in (select distinct master_id from two.sy01200 order by 1 limit 2) returning 1"
    )
    made, _ = shop.copy_customer(shop.rows("customers")[0], email="shared@example.com", is_guest="0")
    house.engine.run("customers", Selection(keys=(made["id"],)))
    state = house.engine.parts.ledger.states_of("customers", [made["id"]])[made["id"]]
    assert (state.state, state.code) == ("held", "ambiguous_match")


def test_two_people_with_one_name_are_two_customers(house: House, shop: Shop) -> None:
    customer = shop.rows("customers")[0]
    first, _ = shop.copy_customer(customer, email="first@example.com", is_guest="0")
    second, _ = shop.copy_customer(customer, email="second@example.com", is_guest="0")
    house.engine.run("customers", Selection(keys=(first["id"], second["id"])))
    found = house.engine.parts.ledger.xrefs("customers", [first["id"], second["id"]])
    assert len(set(found.values())) == 2


def test_an_address_that_is_edited_leaves_the_orders_snapshot_alone(house: House, shop: Shop) -> None:
    order = shop.delivered()[0]
    number = house.engine.parts.ledger.xrefs("sales_orders", [str(order["id"])])[str(order["id"])]
    query = f"select trim(address1::text), trim(city::text), trim(prstadcd::text) from two.sop10100 where trim(sopnumbe::text) = '{number}'"
    before = house.gp(query)
    address = shop.rows("addresses", id=order["id_address_delivery"])[0]
    shop.put("addresses", {**address, "address1": "Somewhere Else 99", "city": "Elsewhere"})
    house.engine.run("addresses", Selection(keys=(str(address["id"]),)))
    house.engine.run("sales_orders", Selection(keys=(str(order["id"]),)))
    assert house.gp(query) == before
    state = house.engine.parts.ledger.states_of("sales_orders", [str(order["id"])])[str(order["id"])]
    assert state.state == "delivered", state.sentence
    master = house.gp(f"select trim(city::text) from two.rm00102 where trim(adrscode::text) = 'A{address['id']}'")
    assert master == [("Elsewhere",)]  # for the next order, under the same code: its content is that address's
