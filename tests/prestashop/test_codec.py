"""XML and JSON of the same entities are the same dictionaries; bodies that are not what they claim are typed errors."""

from __future__ import annotations

import json
import re

import pytest

from gp_prestashop.prestashop.codec import decode_entities, decode_errors, decode_list
from gp_prestashop.prestashop.resources import resource_shapes
from gp_prestashop.prestashop.secret_fields import SECRET_FIELDS
from gp_prestashop.prestashop.unreadable import UnreadableError, first_bytes

XML = b'<?xml version="1.0" encoding="UTF-8"?>\n<prestashop><orders><order><id>1</id></order></orders></prestashop>\n'
JSON = b'{"orders":[{"id":1}]}'


def lists(recordings, version, kind):
    return {
        r["path"].split("/")[2]: r["answer"].encode()
        for r in recordings
        if r["version"] == version and re.fullmatch(rf"list/\w+_full_{kind}", r["name"])
    }


def test_lists_are_the_same_from_both_formats(recordings, version):
    in_xml, in_json = lists(recordings, version, "xml"), lists(recordings, version, "json")
    assert len(in_xml) > 40
    compared = 0
    for resource, body in in_xml.items():
        rows = decode_list(body)
        assert rows == decode_list(in_json[resource]), resource
        compared += len(rows)
    assert compared > 300


def test_values_are_text_languages_or_lists(recordings, version):
    for body in lists(recordings, version, "json").values():
        for row in decode_list(body):
            for value in row.values():
                if isinstance(value, dict):
                    assert all(isinstance(t, str) for pair in value.items() for t in pair)
                elif isinstance(value, list):
                    assert value
                    assert all(isinstance(t, str) for item in value for t in item.values())
                else:
                    assert isinstance(value, str)


def test_an_order_reads_as_recorded(recordings, version):
    order = decode_list(lists(recordings, version, "xml")["orders"])[0]
    assert order["id"] == "1"
    assert order["total_paid"] == "21.000000"
    assert order["order_rows"][0]["product_name"] == 'Ledger binder "Heavy" & spine'
    product = decode_list(lists(recordings, version, "xml")["products"])[4]
    assert product["name"]["1"].startswith("Naïve café mug 300 ml — 湯呑み")
    assert set(product["name"]) == {"1", "2"}


def test_single_answers_in_xml_hold_what_lists_hold(recordings, version):
    singles = [r for r in recordings if r["version"] == version and re.fullmatch(r"one/\w+_xml", r["name"])]
    seen = 0
    for record in singles:
        _, _, resource, key = record["path"].split("/")
        body = lists(recordings, version, "xml").get(resource)
        if body is None or record["status"] != 200:
            continue
        same = [row for row in decode_list(body) if row["id"] == key]
        assert [set(row) for row in decode_entities(record["answer"].encode())] == [set(row) for row in same]
        seen += 1
    assert seen > 25


def test_no_secret_leaves_the_codec(recordings):
    names: set[str] = set()
    for record in recordings:
        body = record["answer"].encode()
        if record["status"] in {200, 201} and record["method"] != "HEAD" and "<api " not in record["answer"]:
            for decode in (decode_list, decode_entities):
                try:
                    rows = decode(body)
                except UnreadableError:
                    continue
                names |= {name for row in rows for name in row}
    assert {"email", "reference", "payment_method"} <= names
    assert not names & SECRET_FIELDS
    assert not {c.name for s in resource_shapes().values() for f in s.frames for c in f.columns} & SECRET_FIELDS


def test_every_recorded_error_has_its_codes(recordings):
    seen = 0
    for record in recordings:
        body = record["answer"].encode()
        if record["status"] >= 400 and b"errors" in body[:300]:
            assert all(code and message for code, message in decode_errors(body))
            assert decode_errors(body)
            seen += 1
        elif record["status"] < 300 and body:
            assert decode_errors(body) == []
    assert seen > 90


@pytest.mark.parametrize("good", [XML, JSON], ids=["xml", "json"])
@pytest.mark.parametrize(
    ("prefix", "code"),
    [
        (b"\xef\xbb\xbf", "body_prefixed"),
        (b" ", "body_prefixed"),
        (b"\n", "body_prefixed"),
        (
            b"<br />\n<b>Notice</b>: Undefined index: foo in <b>/var/www/x.php</b> on line <b>3</b><br />\n",
            "body_prefixed",
        ),
        (b"Deprecated: strlen(): Passing null\n", "body_prefixed"),
        (b"<script>window.dataLayer=[];</script>", "body_prefixed"),
        (b"<!DOCTYPE html><html><body>Maintenance</body></html>", "body_html"),
    ],
)
def test_whatever_stands_before_the_data_is_an_error(good, prefix, code):
    with pytest.raises(UnreadableError) as caught:
        decode_list(prefix + good)
    assert caught.value.code == code
    assert caught.value.remedy
    shown = caught.value.details["first_bytes"]
    assert shown.startswith(prefix.decode("utf-8").replace("\ufeff", "\\ufeff")[:100])


@pytest.mark.parametrize("good", [XML, JSON], ids=["xml", "json"])
def test_what_follows_the_data_is_an_error(good):
    with pytest.raises(UnreadableError):
        decode_list(good + b"<br /><b>Warning</b>: x")


def test_half_a_list_is_no_list(recordings):
    for kind in ("xml", "json"):
        body = lists(recordings, "8.2.1", kind)["orders"]
        for length in range(0, len(body.rstrip()) - 1, 997):
            with pytest.raises(UnreadableError) as caught:
                decode_list(body[:length])
            assert caught.value.details["length"] == length


def test_an_empty_body_is_an_error_an_empty_list_is_not():
    with pytest.raises(UnreadableError) as caught:
        decode_list(b"")
    assert caught.value.code == "body_empty"
    assert decode_list(b"[]") == []
    assert decode_list(XML.replace(b"<order><id>1</id></order>", b"\n")) == []


@pytest.mark.parametrize(
    "body", [b"null", b"{}", b'{"orders":{}}', b'{"a":[],"b":[]}', b'{"orders":[1]}', b'{"errors":[]}']
)
def test_json_that_is_no_list_is_an_error(body):
    with pytest.raises(UnreadableError):
        decode_list(body)


def test_errors_are_not_taken_for_rows():
    body = b'<?xml version="1.0"?><prestashop><errors><error><code>1</code><message>x</message></error></errors></prestashop>'
    with pytest.raises(UnreadableError):
        decode_list(body)


@pytest.mark.parametrize("body", ["<order><id>&x;</id></order>", "<order><id>1</id></order>"])
def test_dtds_and_entities_are_refused(body, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("42")
    dtd = f'<?xml version="1.0"?><!DOCTYPE prestashop [<!ENTITY x SYSTEM "file://{secret}">]>'
    with pytest.raises(UnreadableError):
        decode_list(f"{dtd}<prestashop><orders>{body}</orders></prestashop>".encode())


def test_a_cdata_end_inside_a_text_breaks_xml_but_not_json(recordings):
    broken = next(r for r in recordings if r["name"] == "errors/cdata_end_in_note_get")
    with pytest.raises(UnreadableError) as caught:
        decode_entities(broken["answer"].encode())
    assert caught.value.code == "body_malformed"
    whole = next(r for r in recordings if r["name"] == "errors/cdata_end_in_note_get_json")
    listed = json.dumps({"customers": [json.loads(whole["answer"])["customer"]]}).encode()
    assert decode_list(listed)[0]["note"] == "evil ]]> end & <tag>"


def test_plain_text_of_a_shop_with_one_language_is_filed_under_that_language(recordings, version):
    record = next(r for r in recordings if r["version"] == version and r["name"] == "one/product_language_1_json")
    body = json.dumps({"products": [json.loads(record["answer"])["product"]]}).encode()
    row = decode_list(body, i18n=frozenset({"name"}), only_language=lambda: "1")[0]
    assert row["name"] == {"1": 'Ledger binder "Heavy" & spine'}


@pytest.mark.parametrize("cut", range(20, 260, 3))
def test_first_bytes_show_no_secret_wherever_they_are_cut(cut):
    secret = "$2y$10$abcdefgh"
    xml = f"<customer><passwd><![CDATA[{secret}]]></passwd><secure_key><![CDATA[{secret}]]></secure_key></customer>"
    text = json.dumps({"customer": {"passwd": secret, "note": "x", "secure_key": secret}})
    for body in (xml, text):
        assert "$2y" not in first_bytes(body.encode()[:cut])
