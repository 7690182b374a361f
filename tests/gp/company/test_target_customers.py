"""Customers, their addresses and e-mail through the real wire."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from gp_prestashop.errors import DataError
from gp_prestashop.gp.target import GpTarget
from gp_prestashop.mapping.shapes import Document

Make = Callable[..., Document]
_numbers = count(5000)


@pytest.fixture
def new(customer: Make) -> Make:
    return lambda **header: customer(f"PS{next(_numbers):08d}", **header)


def test_a_customer_arrives_with_address_and_email(target: GpTarget, new: Make, server: Any) -> None:
    document = new()
    assert target.write(document, "create").action == "created"
    (row,) = server.sql("SELECT * FROM two.rm00101 WHERE custnmbr = %s", document.key)
    assert (row["custname"], row["adrscode"], row["city"]) == ("Zoé Martin", "A5", "Paris")
    (address,) = server.sql("SELECT * FROM two.rm00102 WHERE custnmbr = %s", document.key)
    assert (address["adrscode"], address["address1"]) == ("A5", "1 rue de la Paix")
    (mail,) = server.sql("SELECT * FROM two.sy01200 WHERE master_id = %s", document.key)
    assert (mail["inet1"], mail["emailtoaddress"]) == ("zoe@example.com", "zoe@example.com")
    found = target.existing([document])[document.key]
    assert (found.ours, found.same, dict(found.difference)) == (True, True, {})


def test_create_never_overwrites(target: GpTarget, new: Make, server: Any) -> None:
    document = new()
    target.write(document, "create")
    assert target.write(document, "create").action == "unchanged"
    other = replace(document, frames={**document.frames, "header": [document.header | {"CUSTNAME": "Somebody else"}]})
    with pytest.raises(DataError) as caught:
        target.write(other, "create")
    assert caught.value.code == "number_taken"
    (row,) = server.sql("SELECT custname FROM two.rm00101 WHERE custnmbr = %s", document.key)
    assert row["custname"] == "Zoé Martin"


def test_a_change_touches_only_what_it_names(target: GpTarget, new: Make, server: Any) -> None:
    document = new()
    target.write(document, "create")
    server.sql("UPDATE two.rm00101 SET comment1 = 'kept', pymtrmid = 'NET 30' WHERE custnmbr = %s", document.key)
    server.sql("UPDATE two.sy01200 SET inet2 = 'https://kept.example' WHERE master_id = %s", document.key)
    changed = new()
    frames = {
        "header": [document.header | {"CUSTNAME": "Zoé Durand", "CITY": "Lyon"}],
        "addresses": [document.frames["addresses"][0] | {"CITY": "Lyon"}],
        "internet": [document.frames["internet"][0] | {"INET1": "zd@example.com"}],
    }
    changed = replace(document, frames=frames)
    difference = target.existing([changed])[document.key].difference
    assert difference["CUSTNAME"] == ("Zoé Martin", "Zoé Durand")
    assert difference["address A5 CITY"] == ("Paris", "Lyon")
    assert difference["INET1"] == ("zoe@example.com", "zd@example.com")
    assert target.write(changed, "change").action == "changed"
    assert target.existing([changed])[document.key].same
    (row,) = server.sql("SELECT comment1, pymtrmid FROM two.rm00101 WHERE custnmbr = %s", document.key)
    assert (row["comment1"], row["pymtrmid"]) == ("kept", "NET 30")
    (mail,) = server.sql("SELECT inet1, inet2 FROM two.sy01200 WHERE master_id = %s", document.key)
    assert (mail["inet1"], mail["inet2"]) == ("zd@example.com", "https://kept.example")


def test_an_address_of_its_own(target: GpTarget, new: Make, server: Any) -> None:
    owner = new()
    target.write(owner, "create")
    header = {"CUSTNMBR": owner.key, "ADRSCODE": "A9", "ADDRESS1": "9 Hauptstraße", "CITY": "Köln", "PHNUMBR1": "0221"}
    mail = {"Master_Type": "CUS", "Master_ID": owner.key, "ADRSCODE": "A9", "INET1": "k@example.com"}
    document = Document("9", "customer_address", "A9", {"header": [header], "internet": [mail]})
    assert target.existing([document]) == {}
    assert target.write(document, "create").action == "created"
    assert target.existing([document])["A9"].same
    assert target.write(document, "create").action == "unchanged"
    moved = replace(document, frames={**document.frames, "header": [header | {"CITY": "Bonn"}]})
    assert target.existing([moved])["A9"].difference == {"CITY": ("Köln", "Bonn")}
    target.write(moved, "change")
    (row,) = server.sql("SELECT city, phone1 FROM two.rm00102 WHERE custnmbr = %s AND adrscode = 'A9'", owner.key)
    assert (row["city"], row["phone1"]) == ("Bonn", "0221")


def test_an_address_of_nobody_is_held(target: GpTarget) -> None:
    header = {"CUSTNMBR": "NOBODY", "ADRSCODE": "A1", "CITY": "Paris"}
    with pytest.raises(DataError, match="118") as caught:
        target.write(Document("1", "customer_address", "A1", {"header": [header]}), "create")
    assert "customer not in RM00101" in caught.value.sentence


def test_an_unknown_class_is_held_and_nothing_stays(target: GpTarget, new: Make, server: Any) -> None:
    document = new(CUSTCLAS="NOCLASS", UseCustomerClass=1)
    with pytest.raises(DataError) as caught:
        target.write(document, "create")
    assert 495 in caught.value.details["numbers"]
    assert not server.sql("SELECT 1 FROM two.rm00101 WHERE custnmbr = %s", document.key)
    assert not server.sql("SELECT 1 FROM two.rm00102 WHERE custnmbr = %s", document.key)
