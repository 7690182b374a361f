"""Every recorded refusal becomes the error that says what to do next."""

from __future__ import annotations

import pytest

from gp_prestashop.errors import ConfigError, DataError, InDoubt, RateLimited, Refused, Transient
from gp_prestashop.prestashop.answers import Answer
from gp_prestashop.prestashop.faults import fault

EXPECTED = {  # recording → (error, code)
    "api/root_json": (Transient, "shop_failed"),
    "errors/bad_key": (ConfigError, "key_refused"),
    "errors/bad_key_json": (ConfigError, "key_refused"),
    "errors/bad_shop": (ConfigError, "redirected"),
    "errors/bad_xml": (Refused, "request_malformed"),
    "errors/bad_xml_json_out": (Refused, "request_malformed"),
    "errors/bare_ampersand": (Refused, "request_malformed"),
    "errors/currency_post_without_symbol_fatal_500_empty": (InDoubt, "write_unanswered"),
    "errors/delete_without_id": (Refused, "absent"),
    "errors/disabled_key": (ConfigError, "key_refused"),
    "errors/empty_body": (Refused, "request_malformed"),
    "errors/empty_key": (ConfigError, "key_empty"),
    "errors/invalid_email": (DataError, "field_invalid"),
    "errors/json_body": (Refused, "request_malformed"),
    "errors/language_unknown": (ConfigError, "language_unknown"),
    "errors/method_not_permitted": (ConfigError, "method_not_permitted"),
    "errors/method_options": (ConfigError, "method_unsupported"),
    "errors/method_unknown": (ConfigError, "method_unsupported"),
    "errors/missing_required": (DataError, "field_missing"),
    "errors/missing_required_json": (DataError, "field_missing"),
    "errors/name_too_long": (DataError, "field_invalid"),
    "errors/name_with_digit_and_lt": (DataError, "field_invalid"),
    "errors/no_auth": (ConfigError, "unauthorized"),
    "errors/order_post_cart_already_ordered": (InDoubt, "write_unanswered"),
    "errors/order_post_unknown_cart": (InDoubt, "write_unanswered"),
    "errors/order_post_unknown_module": (InDoubt, "write_unanswered"),
    "errors/post_with_id": (Refused, "id_given"),
    "errors/put_duplicate_id": (Refused, "duplicate_ids"),
    "errors/put_without_id": (Refused, "id_missing"),
    "errors/resource_not_permitted": (ConfigError, "resource_not_permitted"),
    "errors/short_key": (ConfigError, "key_malformed"),
    "errors/unknown_association": (InDoubt, "association_unknown"),
    "errors/unknown_id_delete": (Refused, "absent"),
    "errors/unknown_id_put": (Refused, "absent"),
    "errors/unknown_resource": (ConfigError, "resource_unknown"),
    "errors/unknown_resource_json": (ConfigError, "resource_unknown"),
    "errors/webservice_disabled_503": (ConfigError, "webservice_disabled"),
    "filter/date_upd_on_stock_availables": (Transient, "shop_failed"),
    "filter/date_upd_range_no_date1": (ConfigError, "query_refused"),
    "filter/display_unknown_field": (ConfigError, "query_refused"),
    "filter/filter_empty_value": (ConfigError, "query_refused"),
    "filter/filter_getter_field": (ConfigError, "query_refused"),
    "filter/filter_unknown_field": (ConfigError, "query_refused"),
    "filter/limit_three_parts": (ConfigError, "query_refused"),
    "filter/schema_bad": (ConfigError, "schema_unknown"),
    "filter/sort_bad_direction": (ConfigError, "query_refused"),
    "filter/sort_unknown_field": (ConfigError, "query_refused"),
    "ops/customer_duplicate_email": (DataError, "email_taken"),
    "ops/order_history_bad_order": (InDoubt, "write_unanswered"),
    "ops/order_history_bad_state": (InDoubt, "write_unanswered"),
    "ops/product_put_as_read_fails_readonly": (Refused, "field_read_only"),
    "ops/stock_post_new": (Refused, "stock_not_creatable"),
    "put/stock_wrapped_in_collection": (Refused, "id_missing"),
}


def answer_of(record):
    resource = record["path"].split("/")[2] if record["path"].count("/") > 1 else ""
    return Answer(record["method"], resource, record["status"], record["answer_headers"], record["answer"].encode())


def test_every_recorded_refusal_is_a_typed_error(recordings, version):
    """None is a bare 'refused', which is for codes that nobody recorded; all hold what the shop said."""
    met = set()
    for record in recordings:
        if record["version"] != version or record["status"] < 300 or record["status"] == 304:
            continue
        if record["path"] == "/api/search":  # no resource, and asked without what it needs
            continue
        answer = answer_of(record)
        error = fault(answer)
        if answer.is_read and answer.status == 404 and not answer.body:
            assert error is None, record["name"]
            continue
        assert error is not None, record["name"]
        assert error.code != "refused", (record["name"], error.sentence)
        assert error.details["status"] == record["status"]
        assert "message" in error.details or "first_bytes" in error.details or "location" in error.details
        if expected := EXPECTED.get(record["name"]):
            if record["method"] == "PATCH" and version == "1.7.8.11":
                expected = (ConfigError, "method_unsupported")
            assert (type(error), error.code) == expected, record["name"]
            met.add(record["name"])
    lacking = set(EXPECTED) - met
    assert lacking <= {
        "api/root_json",
        "errors/currency_post_without_symbol_fatal_500_empty",
        "filter/date_upd_on_stock_availables",
        "errors/webservice_disabled_503",
    }, lacking
    assert version != "8.2.1" or not lacking


def test_good_answers_are_no_errors(recordings):
    assert all(fault(answer_of(r)) is None for r in recordings if r["status"] < 300 or r["status"] == 304)


def test_a_missing_record_is_no_error_on_reading_but_one_on_changing():
    assert fault(Answer("GET", "orders", 404, {}, b"")) is None
    assert isinstance(fault(Answer("PUT", "orders", 404, {}, b"")), ConfigError)


def test_messages_are_readable_and_echo_no_request(recordings):
    invalid = next(r for r in recordings if r["name"] == "errors/invalid_email" and r["version"] == "8.2.1")
    error = fault(answer_of(invalid))
    assert error is not None
    assert "Customer->email is not valid" in error.sentence
    echoed = next(r for r in recordings if r["name"] == "errors/json_body")
    error = fault(answer_of(echoed))
    assert error is not None
    assert "seed-password" not in str(error) + str(error.details)


def test_a_redirect_names_where_to_but_no_query():
    error = fault(Answer("GET", "orders", 301, {"location": "https://www.shop.test/api/orders?ws_key=SECRET"}, b""))
    assert isinstance(error, ConfigError)
    assert "https://www.shop.test/api/orders" in error.sentence
    assert "SECRET" not in str(error) + str(error.details)


def test_a_stripped_authorization_header_names_the_mend():
    error = fault(Answer("GET", "", 401, {}, b"401 Unauthorized"))
    assert isinstance(error, ConfigError)
    assert "HTTP_AUTHORIZATION" in error.remedy


@pytest.mark.parametrize(
    ("method", "status", "kind", "code"),
    [
        ("GET", 500, Transient, "shop_failed"),
        ("POST", 500, InDoubt, "write_unanswered"),
        ("PUT", 502, InDoubt, "write_unanswered"),
        ("PATCH", 504, InDoubt, "write_unanswered"),
        ("DELETE", 503, InDoubt, "write_unanswered"),
        ("GET", 502, Transient, "shop_failed"),
        ("GET", 503, RateLimited, "unavailable"),
        ("GET", 429, RateLimited, "too_many_requests"),
        ("POST", 429, RateLimited, "too_many_requests"),
        ("GET", 403, RateLimited, "blocked"),
        ("GET", 404, ConfigError, "webservice_not_found"),
        ("POST", 413, Refused, "refused"),
    ],
)
def test_statuses_of_servers_before_the_shop(method, status, kind, code):
    error = fault(Answer(method, "orders", status, {}, b"<html><title>nginx</title></html>"))
    assert (type(error), error.code) == (kind, code)
    assert error.details["first_bytes"].startswith("<html>")


def test_retry_after_is_honoured():
    error = fault(Answer("GET", "orders", 429, {"Retry-After": "17"}, b""))
    assert isinstance(error, RateLimited)
    assert error.retry_after == 17


def test_a_php_warning_during_a_write_is_doubt_during_a_read_passes():
    error = b"<error><code>3</code><message>[PHP Warning #2] x</message></error>"
    body = b'<?xml version="1.0"?><prestashop><errors>' + error + b"</errors></prestashop>"
    assert isinstance(fault(Answer("POST", "orders", 500, {}, body)), InDoubt)
    error = fault(Answer("GET", "orders", 500, {}, body))
    assert isinstance(error, Transient)
    assert "PHP Warning" in error.details["message"]
