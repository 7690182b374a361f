"""Customers as GP has them: inactive, on hold, somebody else's number, two with one e-mail address; companies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import psycopg
import pytest

from gp_prestashop.engine.protocols import Selection
from gp_prestashop.sandbox.gp.client import deactivate_customer, hold_customer
from tests.both import Both
from tests.house import EVER, House
from tests.shop import Shop


class People:
    """A shop whose orders are in GP, and new shoppers for it."""

    def __init__(self, house: House) -> None:
        house.engine.run("sales_orders", EVER)
        self.house, self.both, self.shop = house, Both(house), Shop(house)
        self._made = 0

    def shopper(self, **changes: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """A new customer, with an address, whom GP does not know."""
        self._made += 1
        like = self.shop.rows("customers")[0]
        names = {
            "firstname": "Ada",
            "lastname": f"Person{self._made}".translate(str.maketrans("0123456789", "abcdefghij")),
        }
        email = f"new{self._made}@example.com"
        row = {**names, "email": email, "is_guest": "0", "company": "", **changes}
        customer, address = self.shop.copy_customer(like, **row)
        named = {name: row[name] for name in ("firstname", "lastname", "company")}
        return customer, self.shop.put("addresses", {**address, **named})

    def order(self, customer: dict[str, Any], address: dict[str, Any]) -> dict[str, Any]:
        like = self.shop.delivered()[0]
        of = {"id_customer": customer["id"], "id_address_delivery": address["id"], "id_address_invoice": address["id"]}
        return self.shop.copy_order(like, **of)

    def send(self, flow: str, row: dict[str, Any], **settings: str) -> tuple[str, str]:
        engine = self.both.again(**settings) if settings else self.house.engine
        engine.run(flow, Selection(keys=(str(row["id"]),)))
        state = self.both.state(flow, str(row["id"]))
        self.sentence = state.sentence
        return state.state, state.code

    def number(self, customer: dict[str, Any]) -> str:
        return self.house.engine.parts.ledger.xrefs("customers", [customer["id"]])[customer["id"]]

    def in_gp(self, act: Callable[..., None], number: str, **options: bool) -> None:
        with psycopg.connect(self.house.gp_url) as connection, connection.cursor() as cursor:
            act(cursor, number, **options)


@pytest.fixture(scope="module")
def people(make_shared_house: Callable[..., House]) -> People:
    return People(make_shared_house(orders=10, troubles=False))


def test_an_inactive_customers_order_is_held_until_he_is_active_again(people: People) -> None:
    customer, address = people.shopper()
    assert people.send("customers", customer) == ("delivered", ""), people.sentence
    people.in_gp(deactivate_customer, people.number(customer))
    order = people.order(customer, address)
    assert people.send("sales_orders", order) == ("held", "gp_1790")
    people.in_gp(deactivate_customer, people.number(customer), inactive=False)
    assert people.send("sales_orders", order) == ("delivered", ""), people.sentence


def test_a_customer_on_hold_holds_his_orders_or_not_as_the_setting_says(people: People) -> None:
    customer, address = people.shopper()
    assert people.send("customers", customer) == ("delivered", ""), people.sentence
    people.in_gp(hold_customer, people.number(customer))
    held, taken = people.order(customer, address), people.order(customer, address)
    assert people.send("sales_orders", held) == ("held", "gp_1541")
    assert people.send("sales_orders", taken, GPPS_CUSTOMER__ON_HOLD="take") == ("delivered", ""), people.sentence
    people.in_gp(hold_customer, people.number(customer), hold=False)
    assert people.send("sales_orders", held) == ("delivered", ""), people.sentence


def test_a_number_that_gp_gave_to_somebody_else_is_not_written_over(people: People) -> None:
    customer, address = people.shopper()
    number = f"PS{int(customer['id']):08d}"
    people.both.add_to_gp({"RM00101": [{"CUSTNMBR": number, "CUSTNAME": "Wholesale Ltd"}]})
    assert people.send("customers", customer) == ("held", "number_taken")
    assert people.sentence == f"Customer {number} in GP is Wholesale Ltd, with another e-mail address."
    assert people.send("sales_orders", people.order(customer, address))[0] == "held"
    name = f"select trim(custname::text) from two.rm00101 where custnmbr = '{number}'"
    assert people.house.gp(name) == [("Wholesale Ltd",)]


def test_an_address_code_of_gps_own_customer_is_not_written_over(people: People) -> None:
    customer, address = people.shopper(email="own@wholesale.example")
    code = f"A{address['id']}"
    theirs = {"CUSTNMBR": "WHOLESALE", "ADRSCODE": code}
    people.both.add_to_gp(
        {
            "RM00101": [{"CUSTNMBR": "WHOLESALE", "CUSTNAME": "Wholesale Ltd"}],
            "RM00102": [{**theirs, "CNTCPRSN": "The boss", "ADDRESS1": "1 High Street", "CITY": "York"}],
            "SY01200": [{"Master_Type": "CUS", "Master_ID": "WHOLESALE", "INET1": "own@wholesale.example"}],
        }
    )
    assert people.send("customers", customer) == ("delivered", ""), people.sentence
    assert people.number(customer) == "WHOLESALE"
    assert people.send("addresses", address) == ("held", "number_taken")
    assert "in York" in people.sentence


def test_a_new_name_and_address_of_a_known_customer_follow(people: People) -> None:
    """Married and moved, with another e-mail address: the ledger knows who it is."""
    customer, _ = people.shopper()
    assert people.send("customers", customer) == ("delivered", ""), people.sentence
    people.shop.put("customers", {**customer, "lastname": "Lovelace", "email": "countess@example.com"})
    assert people.send("customers", customer) == ("delivered", ""), people.sentence
    name = f"select trim(custname::text) from two.rm00101 where custnmbr = '{people.number(customer)}'"
    assert people.house.gp(name) == [("Ada Lovelace",)]


def test_of_two_customers_with_one_address_the_active_one_is_meant(people: People) -> None:
    mails = [{"Master_Type": "CUS", "Master_ID": number, "INET1": "twice@example.com"} for number in ("OLD1", "NEW1")]
    names = [{"CUSTNMBR": number, "CUSTNAME": "Twice", "INACTIVE": number == "OLD1"} for number in ("OLD1", "NEW1")]
    people.both.add_to_gp({"RM00101": [{**row, "INACTIVE": int(row["INACTIVE"])} for row in names], "SY01200": mails})
    customer, _ = people.shopper(email="twice@example.com")
    assert people.send("customers", customer) == ("delivered", ""), people.sentence
    assert people.number(customer) == "NEW1"


def test_a_company_is_the_customer_and_the_person_its_contact(people: People) -> None:
    customer, _ = people.shopper(company="Ada & Co. Ltd", lastname="Boss")
    assert people.send("customers", customer) == ("delivered", ""), people.sentence
    row = f"select trim(custname::text), trim(cntcprsn::text) from two.rm00101 where custnmbr = '{people.number(customer)}'"
    assert people.house.gp(row) == [("Ada & Co. Ltd", "Ada Boss")]


def test_a_customer_that_the_shop_deleted_is_held_and_gp_keeps_everything(people: People) -> None:
    customer, address = people.shopper()
    order = people.order(customer, address)
    assert people.send("sales_orders", order) == ("delivered", ""), people.sentence
    number = people.number(customer)
    tables = ("rm00101", "rm00102", "sop10100")
    before = [people.house.gp(f"select * from two.{table} where custnmbr = '{number}'") for table in tables]
    people.both.store.table("customers").remove(int(customer["id"]))
    people.shop.put("addresses", {**address, "deleted": "1"})  # an address of an order is kept, with that mark
    day = date.fromisoformat(customer["date_add"][:10])
    people.house.engine.run("customers", Selection(created=(day, day)))
    state = people.both.state("customers", customer["id"])
    assert (state.state, state.code) == ("held", "disappeared"), state.sentence
    assert "no longer in the shop" in state.sentence
    people.shop.put("orders", {**order, "note": "looked at"})  # and its order is looked at again
    assert people.send("sales_orders", order) == ("delivered", ""), people.sentence
    assert [people.house.gp(f"select * from two.{table} where custnmbr = '{number}'") for table in tables] == before


def test_a_name_and_postcode_that_two_customers_have_waits_for_a_person(people: People) -> None:
    twins = [{"CUSTNMBR": number, "CUSTNAME": "Ada Twin", "ZIP": "12345"} for number in ("TWIN1", "TWIN2")]
    people.both.add_to_gp({"RM00101": twins})
    customer, address = people.shopper(lastname="Twin")
    people.shop.put("addresses", {**address, "postcode": "12345"})
    assert people.send("customers", customer) == ("held", "ambiguous_name")
    people.in_gp(deactivate_customer, "TWIN1")
    assert people.send("customers", customer) == ("delivered", ""), people.sentence
    assert people.number(customer) == "TWIN2"


def test_a_guest_of_a_class_is_that_customer_whoever_has_his_address(people: People) -> None:
    mails = [{"Master_Type": "CUS", "Master_ID": number, "INET1": "guest@example.com"} for number in ("ONE", "TWO")]
    names = [{"CUSTNMBR": number, "CUSTNAME": number} for number in ("ONE", "TWO", "WEBGUESTS")]
    people.both.add_to_gp({"RM00101": names, "SY01200": mails})
    customer, _ = people.shopper(email="guest@example.com", is_guest="1", id_default_group="2")
    people.house.engine.parts.ledger.value_maps.load("guest_customers", {"2": {"value": "WEBGUESTS"}}, source="test")
    settings = {"GPPS_CUSTOMER__GUESTS": "class", "GPPS_CUSTOMER__CREATE": "hold"}
    assert people.send("customers", customer, **settings) == ("delivered", ""), people.sentence
    assert people.number(customer) == "WEBGUESTS"


def test_a_guest_of_a_class_who_registers_is_a_customer_of_his_own(people: People) -> None:
    people.both.add_to_gp({"RM00101": [{"CUSTNMBR": "VISITORS", "CUSTNAME": "Visitors"}]})
    people.house.engine.parts.ledger.value_maps.load("guest_customers", {"1": {"value": "VISITORS"}}, source="test")
    guest, address = people.shopper(email="later@example.com", is_guest="1", id_default_group="1")
    assert people.send("addresses", address, GPPS_CUSTOMER__GUESTS="class") == ("delivered", ""), people.sentence
    assert people.number(guest) == "VISITORS"
    mails = "select trim(emailtoaddress) from two.sy01200 where master_id = 'VISITORS'"
    assert people.house.gp(mails) == [("later@example.com",)]
    registered, _ = people.shopper(email="later@example.com", id_default_group="3")
    assert people.send("customers", registered, GPPS_CUSTOMER__GUESTS="class") == ("delivered", ""), people.sentence
    assert people.number(registered) == f"PS{int(registered['id']):08d}"
