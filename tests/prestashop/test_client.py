"""What is asked, in which format, how often, and what is made of the answers."""

from __future__ import annotations

import base64
import re
from urllib.parse import unquote

import pytest
import requests

from gp_prestashop.errors import ConfigError, InDoubt, RateLimited, Transient
from gp_prestashop.prestashop.client import PrestaShopClient
from gp_prestashop.prestashop.unreadable import UnreadableError
from gp_prestashop.prestashop.urls import api_base, key_chunks, query
from gp_prestashop.settings import ShopSettings

JSON = {"Content-Type": "application/json", "PSWS-Version": "8.2.1"}
LIST = (200, JSON, b'{"orders":[{"id":1}]}')


def replay(recordings, version):
    """Answers as recorded, by method, path and query."""
    known = {}
    for r in recordings:
        if r["version"] == version and r["method"] == "GET" and not r["name"].startswith(("errors/", "put/", "ops/")):
            known.setdefault((r["path"].rstrip("/"), unquote(r["query"])), r)

    def handle(request):
        path, _, asked = request.path_url.partition("?")
        r = known[path.rstrip("/"), unquote(asked)]
        return r["status"], r["answer_headers"], r["answer"].encode()

    return handle


def test_recorded_lists_through_the_client(recordings, version, client_for):
    client = client_for(replay(recordings, version))
    for resource in ("orders", "order_details", "customers", "addresses", "products", "carriers", "stock_availables"):
        in_xml, in_json = client.in_both_formats(resource, {})
        assert in_xml == in_json == client.rows(resource, {})
        assert in_xml
    assert client.stats.requests == 21
    assert client.stats.by_resource["orders"] == 3
    assert client.stats.bytes > 100_000


def test_capabilities_are_detected(recordings, version, client_for):
    client = client_for(replay(recordings, version))
    found = client.capabilities
    assert ".".join(map(str, found.version)) == version
    assert found.patch == (version == "8.2.1")
    assert found.permissions["orders"] >= {"GET", "PUT", "POST"}
    assert found.shop_name.startswith("Seed Shop")
    assert client.capabilities is found
    assert client.stats.requests == 1


def test_the_format_is_the_complete_one(client, shop):
    client.rows("orders", {})
    client.rows("products", {})
    client.rows("products", {}, display=["id", "reference"])
    client.rows("products", {}, display=["id", "name"])
    assert [params.get("output_format") for _, _, params in shop.log] == ["JSON", None, "JSON", None]


def test_a_text_that_breaks_xml_is_read_as_json(client, shop):
    shop.tables["products"][0]["description"] = [{"id": "1", "value": "evil ]]> end"}, {"id": "2", "value": ""}]
    rows = client.rows("products", {})
    assert rows[0]["description"] == {"1": "evil ]]> end", "2": ""}
    assert [params.get("output_format") for _, _, params in shop.log] == [None, "JSON"]


def test_plain_texts_of_a_shop_with_one_language_get_its_id(client, shop):
    shop.tables["languages"] = [{**shop.tables["languages"][0], "id": 7}]
    shop.tables["taxes"] = [{"id": 1, "rate": "20.000", "active": "1", "deleted": "0", "name": "evil ]]> name"}]
    assert client.rows("taxes", {})[0]["name"] == {"7": "evil ]]> name"}


def test_an_answer_that_is_unreadable_in_both_formats_is_an_error(client_for):
    notice = b"<br />\n<b>Notice</b>: Undefined index in <b>/modules/x.php</b><br />\n"
    asked = []

    def handle(request):
        asked.append(request.url)
        return 200, JSON, notice + b'{"orders":[]}'

    with pytest.raises(UnreadableError) as caught:
        client_for(handle).rows("orders", {})
    assert caught.value.details["first_bytes"].startswith("<br />")
    assert len(asked) <= 8


def test_a_shop_that_ignores_output_format_is_read_all_the_same(client_for):
    body = b'<?xml version="1.0"?><prestashop><orders><order><id>1</id></order></orders></prestashop>'
    assert client_for(lambda request: (200, JSON, body)).rows("orders", {}) == [{"id": "1"}]


def test_one_record_by_the_list_form_or_none(client, shop):
    assert client.one("orders", "1")["recyclable"] == "0"
    assert client.one("orders", "99999") is None
    assert all(path == "orders" for _, path, _ in shop.log)


def test_keys_are_batched_within_url_length(client, shop):
    keys = [str(i) for i in range(1, 1001)]
    rows = [row for page in client.keyed("order_details", "id_order", keys) for row in page]
    assert len(rows) == len(shop.tables["order_details"])
    assert 2 < len(shop.log) < 8


def test_chunks_hold_every_key_once():
    keys = [f"A/漢 {i}" for i in range(300)]
    chunks = list(key_chunks(keys, 100))
    assert [key for chunk in chunks for key in chunk] == keys
    assert all(len(query({"filter[reference]": f"[{'|'.join(chunk)}]"})) < 1900 for chunk in chunks)


def test_the_key_goes_in_the_header_only(settings, clock, session_for):
    seen = []

    def handle(request):
        seen.append(request)
        return LIST

    client = PrestaShopClient(settings, clock, session_for(handle))
    client.rows("orders", {})
    key = settings.key.get_secret_value()
    assert seen[0].headers["Authorization"] == "Basic " + base64.b64encode(f"{key}:".encode()).decode()
    assert key not in seen[0].url


def test_every_request_has_its_timeouts_and_follows_no_redirect(settings, clock, session_for):
    session = session_for(lambda request: (302, {"Location": "http://shop.test/?url=orders"}, b""))
    client = PrestaShopClient(settings, clock, session)
    with pytest.raises(ConfigError) as caught:
        client.rows("orders", {})
    assert caught.value.code == "redirected"
    adapter = session.get_adapter("http://shop.test")
    assert adapter.timeouts == [(10, settings.timeout)]


def test_cookies_are_not_kept(settings, clock, session_for):
    seen = []

    def handle(request):
        seen.append(request.headers.get("Cookie"))
        return 200, {**JSON, "Set-Cookie": "PrestaShop-1=abc; path=/"}, LIST[2]

    session = session_for(handle)
    client = PrestaShopClient(settings, clock, session)
    client.rows("orders", {})
    client.rows("orders", {})
    assert seen == [None, None]
    assert len(session.cookies) == 0


@pytest.mark.parametrize(
    "trouble",
    [
        requests.ConnectionError("reset"),
        requests.ReadTimeout("slow"),
        requests.exceptions.ChunkedEncodingError("broke off"),
        (502, {}, b"<html>bad gateway</html>"),
        (504, {}, b""),
        (500, {"Content-Type": "text/html"}, b""),
        (503, {}, b"<html>maintenance</html>"),
        (429, {"Retry-After": "3"}, b""),
    ],
    ids=str,
)
def test_a_read_is_tried_again_while_the_cause_may_pass(client_for, clock, trouble):
    answers = [trouble, trouble, LIST]
    client = client_for(lambda request: answers.pop(0))
    assert client.rows("orders", {}) == [{"id": "1"}]
    assert client.stats.retries == 2
    assert sum(clock.slept) >= 3


@pytest.mark.parametrize("trouble", [requests.ConnectionError("reset"), (502, {}, b""), (500, {}, b"")], ids=str)
def test_a_read_is_given_up_after_a_few_tries(client_for, trouble):
    asked = []

    def handle(request):
        asked.append(request)
        return trouble

    with pytest.raises(Transient):
        client_for(handle).transport.read("orders", {"display": "full"})
    assert len(asked) == 4


def test_long_waits_are_handed_on_not_sat_out(client_for, clock):
    client = client_for(lambda request: (429, {"Retry-After": "900"}, b""))
    with pytest.raises(RateLimited) as caught:
        client.transport.read("orders", {})
    assert caught.value.retry_after == 900
    assert sum(clock.slept) < 60


def test_a_firewall_is_not_provoked(client_for):
    client = client_for(lambda request: (403, {}, b"<html>Access denied</html>"))
    with pytest.raises(RateLimited) as caught:
        client.transport.read("orders", {})
    assert caught.value.code == "blocked"
    assert client.stats.requests == 1


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "trouble",
    [requests.ConnectionError("reset"), requests.ReadTimeout("slow"), (500, {}, b""), (503, {}, b""), (504, {}, b"")],
    ids=str,
)
def test_a_write_is_sent_once_and_is_in_doubt(client_for, method, trouble):
    asked = []

    def handle(request):
        asked.append(request)
        return trouble

    with pytest.raises(InDoubt):
        client_for(handle).transport.write(method, "orders/1", b"<prestashop/>")
    assert len(asked) == 1


def test_a_write_that_was_never_sent_is_not_in_doubt(client_for):
    client = client_for(lambda request: requests.ConnectTimeout("no route"))
    with pytest.raises(Transient):
        client.transport.write("POST", "orders", b"<prestashop/>")


def test_a_certificate_that_is_not_trusted_names_the_setting(client_for):
    error = requests.exceptions.SSLError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")
    with pytest.raises(ConfigError) as caught:
        client_for(lambda request: error).rows("orders", {})
    assert "GPPS_SHOP__CA_BUNDLE" in caught.value.remedy


def test_an_empty_404_for_a_list_is_no_empty_list(client_for):
    with pytest.raises(ConfigError) as caught:
        client_for(lambda request: (404, {}, b"")).rows("orders", {})
    assert caught.value.code == "webservice_not_found"


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://shop.test", "https://shop.test/api"),
        ("https://shop.test/", "https://shop.test/api"),
        ("https://shop.test/api", "https://shop.test/api"),
        ("https://shop.test/api/", "https://shop.test/api"),
        ("http://127.0.0.1:8080/boutique/", "http://127.0.0.1:8080/boutique/api"),
        (" https://shop.test/sub/api ", "https://shop.test/sub/api"),
    ],
)
def test_addresses_with_or_without_api(url, base):
    assert api_base(url) == base


@pytest.mark.parametrize(
    "url", ["", "shop.test", "ftp://shop.test", "https://user:pw@shop.test", "https://shop.test/?ws_key=K"]
)
def test_addresses_that_are_none(url, clock):
    with pytest.raises(ConfigError) as caught:
        PrestaShopClient(ShopSettings(url=url), clock)
    assert caught.value.code == "shop_url"
    assert "pw" not in str(caught.value)


def test_queries_are_encoded_as_the_shop_reads_them():
    assert query({"filter[id]": ">[10]", "sort": "[id_ASC]"}) == "filter%5Bid%5D=%3E%5B10%5D&sort=%5Bid_ASC%5D"
    assert re.search(r"%7C.*%20", query({"a": "[x|y z]"}))
