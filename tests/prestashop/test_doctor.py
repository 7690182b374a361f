"""Every probe passes on a good shop, and says how to mend what is wrong on a bad one."""

from __future__ import annotations

import pytest

from gp_prestashop.prestashop.source import PrestaShopSource
from gp_prestashop.settings import ShopSettings


def by_name(source):
    return {probe.name: probe for probe in source.doctor()}


def test_a_good_shop(source, version):
    probes = by_name(source)
    assert all(p.ok and p.sentence for p in probes.values()), [p for p in probes.values() if not p.ok]
    assert version in probes["version"].sentence
    assert "EUR" in probes["base currency"].sentence
    assert "read orders" in probes
    assert "date filter orders.date_upd" in probes


def test_a_refused_key_is_the_only_line(source, shop):
    shop.before = lambda method, path, params: shop.error(401, 20, "Authentification key is not active")
    (probe,) = source.doctor()
    assert not probe.ok
    assert "GPPS_SHOP__KEY" in probe.remedy


def test_a_stripped_header_names_the_htaccess_line(source, shop):
    shop.before = lambda method, path, params: (401, {}, b"401 Unauthorized")
    (probe,) = source.doctor()
    assert ".htaccess" in probe.remedy


def test_a_resource_that_the_key_may_not_read(source, shop):
    root = shop.root
    shop.root = lambda: root().replace('<addresses get="true"', '<addresses get="false"')
    probes = by_name(source)
    assert not probes["read addresses"].ok
    assert "addresses" in probes["read addresses"].remedy
    assert probes["read orders"].ok


def test_a_notice_before_the_data_is_shown(source, shop):
    def notice(method, path, params):
        return (
            (200, {"PSWS-Version": "8.2.1"}, b"<b>Notice</b>: foo.php<?xml version='1.0'?>")
            if path == "orders"
            else None
        )

    shop.before = notice
    probe = by_name(source)["read orders"]
    assert not probe.ok
    assert "foo.php" in probe.sentence
    assert "display_errors" in probe.remedy


def test_a_date_filter_that_does_not_filter(source, shop):
    shop.ignores_dates = True
    assert not by_name(source)["date filter orders.date_add"].ok


def test_a_wrong_time_zone_shows_in_orders_of_the_future(shop, clock, session_for):
    shop.tables["orders"][-1]["date_add"] = "2026-11-20 23:00:00"  # Paris; it is 22:00 UTC
    at = {zone: ShopSettings(url="http://shop.test", key="K", timezone=zone) for zone in ("UTC", "Europe/Paris")}
    wrong = by_name(PrestaShopSource(at["UTC"], clock, session_for(shop.handle)))["time zone"]
    assert not wrong.ok
    assert "GPPS_SHOP__TIMEZONE" in wrong.remedy
    assert by_name(PrestaShopSource(at["Europe/Paris"], clock, session_for(shop.handle)))["time zone"].ok


def test_an_old_version(source, shop):
    shop.version = "1.6.1.24"
    assert not by_name(source)["version"].ok


@pytest.mark.parametrize("url", ["", "nonsense"])
def test_an_address_that_is_none(clock, url):
    (probe,) = PrestaShopSource(ShopSettings(url=url), clock).doctor()
    assert "GPPS_SHOP__URL" in probe.remedy
