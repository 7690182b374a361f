"""Lists of the shop: typed, read once, read again when a key is missing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gp_prestashop.errors import ConfigError
from gp_prestashop.prestashop.lookups import resource_of


def test_every_list_is_typed_as_it_says(source, shop):
    shop.tables["tax_rules"].append(
        {**shop.tables["tax_rules"][0], "id": 99_999, "id_state": "31", "zipcode_from": "0"}
    )
    casts = {"BIGINT": int, "BOOLEAN": bool, "DECIMAL(20,6)": Decimal, "VARCHAR": str}
    for name, known in source.lookup_lists().items():
        resource = resource_of(name)
        keys = [tuple(str(row[k]) for k in known.keys) for row in shop.tables[resource]]
        found = source.lookup(name, keys, [c.name for c in known.columns])
        assert found, name
        for row in found.values():
            for column in known.columns:
                assert row[column.name] is None or type(row[column.name]) is casts[column.type], (name, column.name)


def test_values(source):
    assert source.lookup("prestashop.currencies", [("1",)], ["iso_code", "conversion_rate", "precision"]) == {
        ("1",): {"iso_code": "EUR", "conversion_rate": Decimal(1), "precision": 2}
    }
    france = source.lookup("prestashop.countries", [("8",)], ["iso_code", "name"])
    assert france == {("8",): {"iso_code": "FR", "name": "France"}}
    states = source.lookup("prestashop.order_states", [("2",), ("6",)], ["paid", "name"])
    assert states["2",]["paid"] is True
    assert states["6",]["paid"] is False


def test_absent_keys_are_absent(source):
    assert source.lookup("prestashop.currencies", [("1",), ("99",), ("",)], ["iso_code"]).keys() == {("1",)}


def test_a_list_is_read_once_and_again_for_a_new_key_or_when_old(source, shop, clock):
    def reads():
        return sum(path == "currencies" for _, path, _ in shop.log)

    for _ in range(3):
        source.lookup("prestashop.currencies", [("1",)], ["iso_code"])
    assert reads() == 1
    for _ in range(3):
        source.lookup("prestashop.currencies", [("77",)], ["iso_code"])
    assert reads() == 2
    shop.tables["currencies"].append({**shop.tables["currencies"][0], "id": 77, "iso_code": "CHF"})
    shop.tables["currencies"].append({**shop.tables["currencies"][0], "id": 78, "iso_code": "GBP"})
    assert source.lookup("prestashop.currencies", [("78",)], ["iso_code"]) == {("78",): {"iso_code": "GBP"}}
    assert reads() == 3
    assert source.lookup("prestashop.currencies", [("77",)], ["iso_code"]) == {("77",): {"iso_code": "CHF"}}
    clock.time += 1000
    source.lookup("prestashop.currencies", [("1",)], ["iso_code"])
    assert reads() == 4


def test_the_default_currency_is_not_one_that_was_deleted(source, shop):
    now, before = shop.tables["currencies"][0], {"iso_code": "GBP", "deleted": "1", "conversion_rate": "1.000000"}
    shop.tables["currencies"].insert(0, {**now, **before, "id": 0})
    shop.tables["currencies"] = [row | {"id": i} for i, row in enumerate(shop.tables["currencies"], start=1)]
    default = source.lookup("prestashop.currencies_by_rate", [("1.000000",)], ["iso_code"])
    assert default == {("1.000000",): {"iso_code": now["iso_code"]}}


def test_tax_rules_of_states_are_those_of_the_whole_state(source, shop):
    rule = next(r for r in shop.tables["tax_rules"] if r["id_state"] == "0")
    for tax, exception in (("7", {}), ("8", {"zipcode_from": "10000", "zipcode_to": "10999"})):
        shop.tables["tax_rules"].insert(0, {**rule, "id_state": "31", "id_tax": tax, **exception})
    shop.tables["tax_rules"] = [r | {"id": i} for i, r in enumerate(shop.tables["tax_rules"], start=1)]
    key = (str(rule["id_tax_rules_group"]), str(rule["id_country"]))
    asked = [(*key, "31"), (*key, "32"), (*key, "0")]
    assert source.lookup("prestashop.state_tax_rules", asked, ["id_tax"]) == {(*key, "31"): {"id_tax": 7}}


def test_tax_rules_are_the_country_wide_ones(source, shop):
    rule = next(r for r in shop.tables["tax_rules"] if r["id_state"] == "0")
    key = (str(rule["id_tax_rules_group"]), str(rule["id_country"]))
    wide = int(
        min(
            (
                r
                for r in shop.tables["tax_rules"]
                if (str(r["id_tax_rules_group"]), str(r["id_country"])) == key and r["id_state"] == "0"
            ),
            key=lambda r: r["id"],
        )["id_tax"]
    )
    for number, exception in enumerate(({"id_state": "12"}, {"zipcode_from": "97000"})):
        shop.tables["tax_rules"].insert(0, {**rule, **exception, "id": -number, "id_tax": "999"})
    shop.tables["tax_rules"] = [r | {"id": i} for i, r in enumerate(shop.tables["tax_rules"], start=1)]
    assert source.lookup("prestashop.tax_rules", [key], ["id_tax"]) == {key: {"id_tax": wide}}


def test_names_are_those_of_the_default_language(source, shop):
    shop.tables["configurations"] = [{"id": 1, "name": "PS_LANG_DEFAULT", "value": "2"}]
    shop.wrappers["configurations"] = "configurations"
    state = next(s for s in shop.tables["order_states"] if s["id"] == 2)
    state["name"] = [{"id": "1", "value": "Payment accepted"}, {"id": "2", "value": "Paiement accepté"}]
    shop.before = lambda method, path, params: (
        (200, shop.headers("application/json"), b'{"configurations":[{"name":"PS_LANG_DEFAULT","value":"2"}]}')
        if path == "configurations"
        else None
    )
    found = source.lookup("prestashop.order_states", [("2",)], ["name"])
    assert found == {("2",): {"name": "Paiement accepté"}}


@pytest.mark.parametrize(("name", "column"), [("prestashop.nope", "x"), ("prestashop.currencies", "nope")])
def test_unknown_lists_and_columns_are_named(source, name, column):
    with pytest.raises(ConfigError) as caught:
        source.lookup(name, [("1",)], [column])
    assert caught.value.remedy
