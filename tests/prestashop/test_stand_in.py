"""The connector against the stand-in shop, over HTTP: it shares no code with it, and misbehaves on demand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gp_prestashop.engine.protocols import Selection
from gp_prestashop.errors import GpPrestashopError
from gp_prestashop.prestashop.conformance import run_conformance
from gp_prestashop.prestashop.source import PrestaShopSource
from gp_prestashop.sandbox.shop.faults import Fault
from gp_prestashop.sandbox.shop.server import ShopServer
from gp_prestashop.sandbox.shop.store import ShopStore
from gp_prestashop.sandbox.world.world import World, generate
from gp_prestashop.settings import ShopSettings

KEY = "STANDINKEY0STANDINKEY0STANDINKEY"


@pytest.fixture(scope="module", params=["8.2.1", "1.7.8.11"])
def world(request: pytest.FixtureRequest) -> World:
    return generate(orders=120, version=request.param)


@pytest.fixture(scope="module")
def server(world: World) -> Iterator[ShopServer]:
    store = ShopStore(world.version)
    store.add_key(KEY)
    store.load(world.shop)
    with ShopServer(store) as server:
        yield server


@pytest.fixture
def stand_in(server: ShopServer) -> Iterator[ShopServer]:
    yield server
    server.faults.clear()


@pytest.fixture
def settings(stand_in: ShopServer) -> ShopSettings:
    return ShopSettings(url=stand_in.url, key=KEY, timezone="Europe/Paris")


@pytest.fixture
def source(settings: ShopSettings, clock) -> Iterator[PrestaShopSource]:
    source = PrestaShopSource(settings, clock, jitter=lambda: 0.5)
    yield source
    source.close()


def test_conformance(settings):
    results = list(run_conformance(settings))
    assert [r for r in results if not r.ok and r.name != "probe: time zone"] == []  # its orders may be of the future
    assert len(results) > 60


def test_every_order_once_and_whole(source, world):
    orders = [record.raw for page in source.read("orders", Selection(), page_size=50) for record in page]
    assert [o["id"] for o in orders] == sorted((str(o["id"]) for o in world.shop["orders"]), key=int)
    assert sum(len(o["order_details"]) for o in orders) == len(world.shop["order_details"])
    assert source.client.stats.requests <= 6 * 3 + 1


@pytest.mark.parametrize("kind", ["reset", "too_many", "unavailable", "html", "notice", "bom", "truncate", "empty_500"])
def test_trouble_that_passes_costs_nothing(source, stand_in, world, kind):
    for resource in ("orders", "order_details", "addresses"):
        stand_in.faults.add(Fault(kind, resource))
    keys = [record.key for page in source.read("orders", Selection(), page_size=50) for record in page]
    assert len(keys) == len(world.shop["orders"])


@pytest.mark.parametrize("kind", ["reset", "too_many", "unavailable", "html", "notice", "bom", "truncate", "empty_500"])
def test_trouble_that_stays_is_an_error_and_nothing_of_the_page_is_given(source, stand_in, kind):
    reader = source.read("orders", Selection(), page_size=50)
    assert len(next(reader)) == 50
    stand_in.faults.add(Fault(kind, "order_details", count=10_000))
    with pytest.raises(GpPrestashopError) as caught:
        next(reader)
    assert caught.value.sentence
    if kind in {"html", "notice", "bom"}:
        assert caught.value.details["first_bytes"]
