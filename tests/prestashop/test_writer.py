"""Writes: nothing is wiped that was not named, nothing is sent twice, doubt is told as doubt."""

from __future__ import annotations

import copy
from decimal import Decimal

import pytest
import requests
from lxml import etree

from gp_prestashop.errors import ConfigError, DataError, InDoubt, Refused, Transient
from gp_prestashop.prestashop.codec import decode_entities
from gp_prestashop.prestashop.encode import encode
from gp_prestashop.prestashop.resources import facts
from gp_prestashop.prestashop.writer import ShopWriter


@pytest.fixture
def writer(client):
    return ShopWriter(client)


def sent(shop):
    return [(method, path) for method, path, _ in shop.log if method != "GET"]


def text_of(shop, resource, key):
    row = next(r for r in shop.tables[resource] if r["id"] == key)
    return {k: "" if v is None or v is False else str(v) if isinstance(v, int) else v for k, v in row.items()}


def test_bodies_come_back_as_they_went_in():
    entity = {
        "id": 3,
        "note": "evil ]]> end & <tag> ]]]]>> \"'",
        "company": "湯呑み 🎁",
        "active": True,
        "outstanding_allow_amount": Decimal("0.000001"),
        "website": None,
        "groups": [{"id": 3}, {"id": "4"}],
    }
    body = encode(facts("customers"), [entity])
    (back,) = decode_entities(body)
    assert back == {
        "id": "3",
        "note": entity["note"],
        "company": entity["company"],
        "active": "1",
        "outstanding_allow_amount": "0.000001",
        "website": "",
        "groups": [{"id": "3"}, {"id": "4"}],
    }
    root = etree.fromstring(body)
    assert [child.tag for child in root] == ["customer"]
    assert root[0][0].tag == "id"
    assert root.find("customer/associations/groups/group/id").text == "3"


def test_all_languages_are_written():
    body = encode(facts("products"), [{"id": 1, "name": {"1": "a & b", "2": ""}}])
    assert decode_entities(body) == [{"id": "1", "name": {"1": "a & b", "2": ""}}]


@pytest.mark.parametrize("text", ["a\x00b", "a\x0bb\x1f", "\ufffea b"])
def test_characters_that_xml_cannot_hold_are_left_out(text):
    (back,) = decode_entities(encode(facts("customers"), [{"note": text}]))
    assert set(back["note"]) <= set("a b")


@pytest.mark.parametrize("entity", [{"note": 1.5}, {"note": object()}, {"a><b": "x"}, {"nopes": [{"id": 1}]}])
def test_what_cannot_be_encoded_is_named_before_anything_is_sent(entity):
    with pytest.raises(DataError):
        encode(facts("customers"), [entity])


def test_a_partial_change_keeps_every_other_field(writer, shop, version):
    """On 8.2 by PATCH; on 1.7.8 by GET, change, PUT, of which the fake wipes all that is not sent."""
    shop.tables["customers"][0] |= {"passwd": "$2y$hash", "secure_key": "abc", "x_custom": "  kept ]]> as is  "}
    before = text_of(shop, "customers", 1)
    (saved,) = writer.update("customers", [{"id": "1", "website": "https://www.example.com"}])
    after = text_of(shop, "customers", 1)
    assert after.pop("website") == saved["website"] == "https://www.example.com"
    del before["website"]
    assert after == before
    assert "passwd" not in saved
    assert sent(shop) == [("PATCH" if version == "8.2.1" else "PUT", "customers/1")]


def test_fields_that_may_not_be_written_are_left_out_and_languages_kept(writer, shop, version):
    before = text_of(shop, "products", 1)
    writer.update("products", [{"id": 1, "price": Decimal("9.99"), "name": {"1": "New"}}])
    after = text_of(shop, "products", 1)
    assert after["price"] == "9.99"
    texts = {t["id"]: t["value"] for t in after["name"]}
    assert texts == {**{t["id"]: t["value"] for t in before["name"]}, "1": "New"}
    changed = {k for k in before if k != "associations" and before[k] != after.get(k)}
    put_keeps_all = {"price", "name"} | (
        {"manufacturer_name", "quantity", "position_in_category"} if version == "1.7.8.11" else set()
    )
    assert changed <= put_keeps_all
    assert after["associations"] == before["associations"]


@pytest.mark.parametrize("count", [1, 2])
def test_a_field_that_another_version_does_not_let_be_written_is_dropped(writer, shop, count):
    shop.version = "1.7.8.11"
    refused = []

    def refuse(method, path, params):
        if method == "PUT" and not refused:
            refused.append(True)
            return shop.error(400, 93, 'parameter "id_risk" not writable. Please remove this attribute of this XML')
        return None

    shop.before = refuse
    writer.update("customers", [{"id": n + 1, "website": "https://www.example.com"} for n in range(count)])
    assert {text_of(shop, "customers", n + 1)["website"] for n in range(count)} == {"https://www.example.com"}
    assert sent(shop) == [("PUT", "customers/1" if count == 1 else "customers")] * 2


def test_a_refusal_of_the_very_field_to_be_changed_is_an_error(writer, shop):
    shop.version = "1.7.8.11"
    shop.before = lambda method, path, params: (
        shop.error(400, 93, 'parameter "website" not writable. Please remove') if method == "PUT" else None
    )
    with pytest.raises(Refused) as caught:
        writer.update("customers", [{"id": "1", "website": "x"}])
    assert caught.value.code == "field_read_only"


@pytest.mark.parametrize("version", ["8.2.1"], indirect=True)
def test_a_proxy_that_refuses_patch_is_worked_around(writer, shop):
    real = type(shop).patch
    try:
        type(shop).patch = property(lambda self: False)
        writer.update("customers", [{"id": "1", "company": "A"}])
        writer.update("customers", [{"id": "1", "company": "B"}])
    finally:
        type(shop).patch = real
    assert [method for method, _ in sent(shop)] == ["PATCH", "PUT", "PUT"]
    assert text_of(shop, "customers", 1)["company"] == "B"


def test_creating_and_deleting(writer, shop):
    (made,) = writer.create("customers", [{"lastname": "A", "firstname": "B", "email": "a@b.example"}])
    assert text_of(shop, "customers", int(made["id"]))["lastname"] == "A"
    assert writer.delete("customers", [made["id"], "99999"]) == [made["id"]]


def test_a_record_whose_text_breaks_the_answer_is_read_back(writer, shop):
    """The shop writes "]]>" as it is, so that its own answer is not well-formed; the record was saved all the same."""
    note = "evil ]]> end & <tag>"
    made = writer.create("customers", [{"lastname": "A", "note": note}, {"lastname": "B", "note": note}])
    assert [(row["lastname"], row["note"]) for row in made] == [("A", note), ("B", note)]


def test_an_answer_that_cannot_be_counted_is_doubt(writer, shop):
    note = "evil ]]> <customer><id><![CDATA[1]]></id>"
    with pytest.raises(InDoubt):
        writer.create("customers", [{"lastname": "A", "note": note}])


def test_an_invalid_value_holds_the_record(writer):
    with pytest.raises(DataError) as caught:
        writer.create("customers", [{"email": "nope"}])
    assert caught.value.code == "field_invalid"
    assert "Customer->email" in caught.value.sentence


def test_one_bad_record_among_several_is_doubt_with_the_list(writer, shop):
    before = copy.deepcopy(shop.tables["stock_availables"])
    shop.version = "8.2.1"
    changes = [{"id": "1", "quantity": 5}, {"id": "99999", "quantity": 5}, {"id": "3", "quantity": 5}]
    with pytest.raises(InDoubt) as caught:
        writer.update("stock_availables", changes)
    assert caught.value.code == "partly_written"
    assert caught.value.details["unsettled"] == ["1", "99999", "3"]
    assert caught.value.details["cause"] == "absent"
    assert shop.tables["stock_availables"] != before  # as on the recorded shops: the first was written


def test_what_is_refused_before_anything_is_written_is_no_doubt(writer, shop):
    shop.before = lambda method, path, params: (
        shop.error(400, 89, "id is duplicate in request") if method != "GET" else None
    )
    with pytest.raises(Refused) as caught:
        writer.create("customers", [{"lastname": "A"}, {"lastname": "A"}])
    assert caught.value.code == "duplicate_ids"


@pytest.mark.parametrize(
    "answer",
    [
        (500, {"Content-Type": "text/html"}, b""),
        (200, {"PSWS-Version": "8.2.1"}, b"<br />Notice<?xml version='1.0'?>"),
        (201, {"PSWS-Version": "8.2.1"}, b""),
        requests.ReadTimeout("slow"),
    ],
    ids=["500", "notice", "empty", "timeout"],
)
def test_a_write_whose_answer_is_no_answer_is_in_doubt(writer, shop, answer):
    shop.before = lambda method, path, params: answer if method == "POST" else None
    with pytest.raises(InDoubt) as caught:
        writer.create("order_histories", [{"id_order": 1, "id_order_state": 4}])
    assert caught.value.details["unsettled"] == [""]
    assert len(sent(shop)) == 1


@pytest.mark.parametrize(
    "body", [b"<html>Maintenance</html>", b"", b"<prestashop><stock_", b"<prestashop><errors/></prestashop>"]
)
def test_an_answer_whose_records_nobody_needs_must_be_one_all_the_same(writer, shop, body):
    change = [{"id": "1", "quantity": 5}]
    shop.version = "8.2.1"
    assert writer.update("stock_availables", change, answer=False) == [{"id": "1"}]
    shop.before = lambda method, path, params: (200, {"PSWS-Version": "8.2.1"}, body) if method == "PATCH" else None
    with pytest.raises(InDoubt) as caught:
        writer.update("stock_availables", change, answer=False)
    assert caught.value.details["unsettled"] == ["1"]


def test_a_write_that_the_shop_never_saw_is_not_in_doubt(writer, shop):
    shop.before = lambda method, path, params: requests.ConnectTimeout("no route") if method == "POST" else None
    with pytest.raises(Transient):
        writer.create("order_histories", [{"id_order": 1, "id_order_state": 4}])


def test_the_key_may_not_write(writer, shop):
    shop.before = lambda method, path, params: (
        shop.error(405, 25, "Method POST is not allowed") if method == "POST" else None
    )
    with pytest.raises(ConfigError) as caught:
        writer.create("customers", [{"lastname": "A"}])
    assert caught.value.code == "method_not_permitted"


def test_a_change_without_an_id_is_not_sent(writer, shop):
    with pytest.raises(DataError):
        writer.update("customers", [{"company": "A"}])
    assert sent(shop) == []


def twelve_products(shop):
    """Their ids."""
    rows = shop.tables["products"]
    rows += [{**copy.deepcopy(rows[0]), "id": 1000 + n} for n in range(12 - len(rows))]
    return [row["id"] for row in rows][:12]


@pytest.mark.parametrize("version", ["1.7.8.11"], indirect=True)
def test_without_patch_nothing_is_written_where_one_of_them_is_gone(writer, shop):
    before = copy.deepcopy(shop.tables["stock_availables"])
    changes = [{"id": "1", "quantity": 5}, {"id": "99999", "quantity": 5}]
    with pytest.raises(Refused) as caught:
        writer.update("stock_availables", changes)
    assert caught.value.code == "absent"
    assert (sent(shop), shop.tables["stock_availables"]) == ([], before)


@pytest.mark.parametrize("version", ["1.7.8.11"], indirect=True)
def test_without_patch_many_are_read_and_put_back_in_few_requests(writer, shop):
    """Ten products are read at once and put back at once, one of them with a text that breaks XML answers."""
    ids = twelve_products(shop)
    shop.tables["products"][3] |= {"location": "  shelf ]]> 7  ", "x_custom": "a module's own"}
    before = {key: text_of(shop, "products", key) for key in ids}
    saved = writer.update(
        "products", [{"id": key, "price": Decimal("9.99"), "name": {"1": f"New {key}"}} for key in ids]
    )
    assert [row["id"] for row in saved] == [str(key) for key in ids]
    chunks = -(-len(ids) // 10)
    assert [method for method, _ in sent(shop)] == ["PUT"] * chunks
    assert len([path for method, path, _ in shop.log if method == "GET" and path == "products"]) <= chunks + 3
    for key in ids:
        after = text_of(shop, "products", key)
        texts = {one["id"]: one["value"] for one in after.pop("name")}
        old = {one["id"]: one["value"] for one in before[key].pop("name")}
        assert texts == {**old, "1": f"New {key}"}
        assert after.pop("price") == "9.99"
        changed = {name for name in before[key] if before[key][name] != after.get(name)}
        assert changed <= {"price", "manufacturer_name", "quantity", "position_in_category"}, changed


@pytest.mark.parametrize("version", ["1.7.8.11"], indirect=True)
def test_without_patch_the_records_before_a_failure_are_told(writer, shop):
    ids = twelve_products(shop)
    puts = []

    def second_fails(method, path, params):
        puts.extend([path] if method == "PUT" else [])
        return (500, {"Content-Type": "text/html"}, b"") if method == "PUT" and len(puts) == 2 else None

    shop.before = second_fails
    with pytest.raises(InDoubt) as caught:
        writer.update("products", [{"id": key, "price": Decimal("9.99")} for key in ids])
    assert caught.value.details["saved"] == [str(key) for key in ids[:10]]
    assert caught.value.details["unsettled"] == [str(key) for key in ids[10:]]


def test_later_requests_that_fail_do_not_hide_what_was_saved(writer, shop):
    posts = []

    def second_fails(method, path, params):
        if method == "POST":
            posts.append(path)
            return requests.ConnectTimeout("no route") if len(posts) == 2 else None
        return None

    shop.before = second_fails
    with pytest.raises(InDoubt) as caught:
        writer.create("customers", [{"lastname": str(i)} for i in range(201)])
    assert len(caught.value.details["saved"]) == 200
    assert caught.value.details["unsettled"] == [""]
