"""A stand-in shop with a small world, and a client for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import pytest
import requests
from lxml import etree

from gp_prestashop.sandbox.shop.server import ShopServer
from gp_prestashop.sandbox.shop.store import ShopStore
from gp_prestashop.sandbox.world import World, generate

KEY = "K" * 32
NOW = datetime(2026, 11, 20, 21, 37)
PARSER = etree.XMLParser(resolve_entities=False)


@dataclass
class Client:
    """Requests with a key that may do everything."""

    shop: ShopServer

    def send(self, method: str, path: str, *entities: str, **headers: str) -> requests.Response:
        body = f"<prestashop>{''.join(entities)}</prestashop>".encode() if entities else None
        url = f"{self.shop.url}/api/{path}"
        return requests.request(method, url, auth=(KEY, ""), data=body, headers=headers, timeout=10)

    def saved(self, method: str, path: str, *entities: str) -> list[dict[str, str]]:
        """The entities of a write that must succeed, fields as texts."""
        answer = self.send(method, path, *entities)
        assert answer.status_code in (200, 201), answer.text
        return [{field.tag: field.text or "" for field in one} for one in etree.fromstring(answer.content, PARSER)]

    def read(self, resource: str, identifier: int | str) -> dict[str, str]:
        answer = self.send("GET", f"{resource}/{identifier}")
        assert answer.status_code == 200, answer.text
        return {field.tag: field.text or "" for field in etree.fromstring(answer.content, PARSER)[0]}

    def texts(self, resource: str, identifier: int | str, field: str) -> dict[str, str]:
        """A field's texts by language."""
        answer = etree.fromstring(self.send("GET", f"{resource}/{identifier}").content, PARSER)
        return {one.get("id", ""): one.text or "" for one in answer.iterfind(f".//{field}/language")}

    def ids(self, query: str) -> list[int]:
        answer = self.send("GET", f"{query}&output_format=JSON").json()
        return [row["id"] for row in next(iter(answer.values()))] if answer else []

    def error(self, method: str, path: str, *entities: str) -> tuple[int, list[int]]:
        """Status and codes."""
        answer = self.send(method, path, *entities)
        found = etree.fromstring(answer.content, PARSER) if answer.content.startswith(b"<?xml") else None
        return answer.status_code, [] if found is None else [int(one.text or 0) for one in found.iter("code")]


@cache
def world_of(version: str) -> World:
    return generate(1, orders=20, first_day=date(2026, 10, 1), troubles=False, version=version)


def open_shop(version: str) -> ShopServer:
    world = world_of(version)  # its rows are replaced by writes, never changed
    store = ShopStore(world.version)
    store.load(world.shop)
    store.add_key(KEY)
    return ShopServer(store, clock=lambda: NOW)


@pytest.fixture
def new() -> Iterator[Client]:
    """8.2.1"""
    with open_shop("8.2.1") as shop:
        yield Client(shop)


@pytest.fixture
def old() -> Iterator[Client]:
    """1.7.8.11"""
    with open_shop("1.7.8.11") as shop:
        yield Client(shop)
