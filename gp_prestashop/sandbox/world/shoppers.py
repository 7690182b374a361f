"""Who buys: customers and guests with their addresses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Literal

from gp_prestashop.sandbox.world.rows import Row, RowMaker, stamp
from gp_prestashop.sandbox.world.vocabulary import COMPANIES, LONG_STREET, PEOPLE, PLACES, UNFIT_NAME

__all__ = ["GUEST_GROUP", "Address", "Shopper", "Special", "new_shopper", "shopper_rows"]

GUEST_GROUP, CUSTOMER_GROUP, TRADE_GROUP = 2, 3, 4

Special = Literal["", "inactive", "unfit"]
_BCRYPT_ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Address:
    id: int
    alias: str
    street: str
    more: str  # address2
    postcode: str
    city: str
    id_country: int
    id_state: int


@dataclass(frozen=True)
class Shopper:
    """A customer row and its addresses. ``special`` shoppers buy in troubles only."""

    id: int
    since: datetime
    country: str  # ISO code of every address
    firstname: str
    lastname: str
    company: str
    vat_number: str
    phone: str
    email: str
    id_lang: int
    id_group: int
    guest: bool
    secure_key: str
    password: str
    addresses: tuple[Address, ...]
    special: Special = field(default="")


def new_shopper(
    rng: Random,
    id_customer: int,
    first_address: int,
    since: datetime,
    *,
    country: str | None = None,
    special: Special = "",
) -> Shopper:
    """A shopper whose addresses have ids from ``first_address`` on. ``country`` picks one and makes a registered
    customer of them; else both are drawn.
    """
    country_drawn = country is None
    if country is None:
        country = rng.choices(list(PLACES), [place.weight for place in PLACES.values()])[0]
    place = PLACES[country]
    firstname, lastname = UNFIT_NAME if special == "unfit" else rng.choice(PEOPLE)
    guest = country_drawn and rng.random() < 0.12
    company = rng.choice(COMPANIES) if not guest and not special and rng.random() < 0.25 else ""
    digits = f"{rng.randrange(10**9):09d}"
    # Guests may share an e-mail address: PrestaShop allows it, and the same person does come back.
    email = f"guest{id_customer // 3}@example.test" if guest else f"shopper{id_customer}@example.test"
    addresses = tuple(
        _address(rng, first_address + n, country, n) for n in range(1 if guest else rng.choice((1, 1, 1, 2, 3)))
    )
    return Shopper(
        id_customer,
        since,
        country,
        firstname,
        lastname,
        company,
        f"{place.vat_prefix}{digits}" if company and place.vat_prefix else "",
        place.phone.format(rng.randrange(100), rng.randrange(100)),
        email,
        2 if country in ("FR", "BE") else 1,
        GUEST_GROUP if guest else TRADE_GROUP if company and rng.random() < 0.5 else CUSTOMER_GROUP,
        guest,
        f"{rng.getrandbits(128):032x}",
        "$2y$10$" + "".join(rng.choices(_BCRYPT_ALPHABET, k=53)),
        addresses,
        special,
    )


def _address(rng: Random, key: int, country: str, n: int) -> Address:
    place = PLACES[country]
    postcode, city, id_state = rng.choice(place.cities)
    number = rng.randint(1, 180)
    street = rng.choice(place.streets)
    line = f"{street} {number}" if country in ("DE", "BE", "CH", "ES", "IT") else f"{number} {street}"
    if rng.random() < 0.07:
        line = f"{LONG_STREET} {number}"
    more = rng.choice(("", "", "", "c/o Müller", "2e étage, porte 4", "Apt 4B"))
    alias = ("Home", "Office", "Parents")[n]
    return Address(key, alias, line, more, postcode, city, place.id_country, id_state)


def shopper_rows(make: RowMaker, shopper: Shopper) -> dict[str, list[Row]]:
    """The customers row and the addresses rows of one shopper."""
    when: dict[str, Any] = {"date_add": stamp(shopper.since), "date_upd": stamp(shopper.since)}
    customer = make.row(
        "customers",
        shopper.id,
        id_default_group=shopper.id_group,
        id_lang=shopper.id_lang,
        last_passwd_gen=stamp(shopper.since - timedelta(hours=6)),
        secure_key=shopper.secure_key,
        passwd=shopper.password,
        lastname=shopper.lastname,
        firstname=shopper.firstname,
        email=shopper.email,
        company=shopper.company,
        active=1,
        is_guest=int(shopper.guest),
        associations={"groups": [{"id": str(group)} for group in sorted({CUSTOMER_GROUP, shopper.id_group})]}
        if not shopper.guest
        else {"groups": [{"id": str(GUEST_GROUP)}]},
        **when,
    )
    addresses = [
        make.row(
            "addresses",
            address.id,
            id_customer=shopper.id,
            id_country=address.id_country,
            id_state=address.id_state,
            alias=address.alias,
            company=shopper.company,
            lastname=shopper.lastname,
            firstname=shopper.firstname,
            vat_number=shopper.vat_number,
            address1=address.street,
            address2=address.more,
            postcode=address.postcode,
            city=address.city,
            phone=shopper.phone,
            **when,
        )
        for address in shopper.addresses
    ]
    return {"customers": [customer], "addresses": addresses}
