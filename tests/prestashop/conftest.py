"""Recorded exchanges of both versions, a clock that does not wait, and a small shop that answers as recorded ones do."""

from __future__ import annotations

import gzip
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape

import pytest
import requests
from lxml import etree
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from gp_prestashop.prestashop.client import PrestaShopClient
from gp_prestashop.prestashop.resources import facts, resource_shapes
from gp_prestashop.prestashop.source import PrestaShopSource
from gp_prestashop.settings import ShopSettings

DATA = Path(__file__).parent / "data" / "recordings.jsonl.gz"
VERSIONS = ("8.2.1", "1.7.8.11")
KEY = "SEEDKEYSEEDKEYSEEDKEYSEEDKEYSEED"
URL = "http://shop.test"


class FakeClock:
    """Time passes only by sleeping."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []
        self.start = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.time - 1000)

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


class Adapter(BaseAdapter):
    """Answers requests with what ``handle(request)`` gives: (status, headers, body), or an exception to raise."""

    def __init__(self, handle: Callable[[requests.PreparedRequest], Any]) -> None:
        super().__init__()
        self.handle = handle
        self.requests: list[requests.PreparedRequest] = []
        self.timeouts: list[Any] = []

    def send(self, request: requests.PreparedRequest, timeout: Any = None, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        self.requests.append(request)
        self.timeouts.append(timeout)
        outcome = self.handle(request)
        if isinstance(outcome, Exception):
            raise outcome
        status, headers, body = outcome
        response = requests.Response()
        response.status_code = status
        response.headers.update(headers)
        response.raw = HTTPResponse(io.BytesIO(body), preload_content=False, status=status)
        response.url = request.url or ""
        response.request = request
        return response

    def close(self) -> None:
        pass


class FakeShop:
    """A webservice over recorded rows: filters, order, limits, both formats, and writes as the version has them."""

    def __init__(self, version: str, recordings: list[dict[str, Any]]) -> None:
        self.version = version
        self.tables: dict[str, list[dict[str, Any]]] = {}
        self.wrappers: dict[str, str] = {}
        self.log: list[tuple[str, str, dict[str, str]]] = []
        self.ignores_dates = False
        self.ignores_ids = False
        self.before: Callable[[str, str, dict[str, str]], Any] | None = None
        for record in recordings:
            if record["version"] == version and re.fullmatch(r"list/\w+_full_json", record["name"]):
                resource = record["path"].split("/")[2]
                if resource not in resource_shapes():
                    continue
                answer = json.loads(record["answer"])
                self.tables[resource] = next(iter(answer.values())) if answer else []
            if record["version"] == version and re.fullmatch(r"list/\w+_full_xml", record["name"]):
                self.wrappers[record["path"].split("/")[2]] = etree.fromstring(record["answer"].encode())[0].tag

    @property
    def patch(self) -> bool:
        return not self.version.startswith("1.")

    def handle(self, request: requests.PreparedRequest) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(request.url or "")
        params = dict(parse_qsl(parts.query, keep_blank_values=True))
        path = parts.path.removeprefix("/api").strip("/")
        resource, _, key = path.partition("/")
        self.log.append((request.method or "", path, params))
        if self.before and (answer := self.before(request.method or "", path, params)) is not None:
            return answer
        if not resource:
            return self.answer(200, self.root())
        if resource not in self.tables:
            return self.error(400, 27, "Resource of type does not exists")
        if request.method == "GET":
            return self.get(resource, params)
        if request.method == "DELETE":
            return self.delete(resource, key)
        return self.save(request.method or "", resource, request.body or b"")

    def root(self) -> str:
        rights = 'get="true" put="true" post="true" patch="true" delete="true" head="true"'
        return '<api shopName="Seed Shop">' + "".join(f"<{name} {rights}/>" for name in self.tables) + "</api>"

    def get(self, resource: str, params: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        rows = list(self.tables[resource])
        for name, value in params.items():
            if name.startswith("filter["):
                field = name[7:-1]
                known = {"id", *facts(resource).fields} if resource in self.wrappers else {field}
                dated = field.startswith("date_")
                if field not in known or (dated and params.get("date") != "1"):
                    return self.error(400, 32, "This filter does not exist.")
                if (dated and self.ignores_dates) or (field == "id" and self.ignores_ids):
                    continue
                rows = [row for row in rows if matches(row.get(field), value)]
        if params.get("sort") == "[id_DESC]":
            rows.sort(key=lambda row: -int(row["id"]))
        elif params.get("sort") == "[id_ASC]":
            rows.sort(key=lambda row: int(row["id"]))
        rows = rows[: int(params["limit"])] if "limit" in params else rows
        display = params.get("display", "")
        if display != "full":
            fields = display.strip("[]").split(",") if display else ["id"]
            if any(f != "id" and f not in facts(resource).fields for f in fields):
                return self.error(400, 35, "Unable to display this field.")
            rows = [{k: v for k, v in row.items() if k in fields} for row in rows]
        if params.get("output_format") == "JSON":
            body = json.dumps({resource: rows} if rows else []).encode()
            return 200, self.headers("application/json"), body
        entity, wrapper = facts(resource).entity, self.wrappers[resource]
        return self.answer(200, f"<{wrapper}>" + "".join(as_xml(resource, entity, r) for r in rows) + f"</{wrapper}>")

    def save(self, method: str, resource: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        if method == "PATCH" and not self.patch:
            return self.error(405, 23, "Method PATCH is not valid")
        saved = []
        for element in etree.fromstring(body):
            sent = {field.tag: value_of(field) for field in element if field.tag != "associations"}
            if "@" not in sent.get("email", "@"):
                return self.error(400, 85, 'Validation error: "Property Customer-&gt;email is not valid"')
            for name in ("manufacturer_name", "quantity") if resource == "products" else ():
                if name in sent:
                    return self.error(
                        400, 93, f'parameter "{name}" not writable. Please remove this attribute of this XML'
                    )
            if method == "POST":
                row = {"id": max((int(r["id"]) for r in self.tables[resource]), default=0) + 1}
                self.tables[resource].append(row)
            else:
                row = next((r for r in self.tables[resource] if str(r["id"]) == sent["id"]), None)
                if row is None:
                    return self.error(404, 92, "This resource does not exist")
            for name in facts(resource).fields if method != "PATCH" else ():
                row[name] = ""  # a PUT empties what it does not name
            row.update({k: v for k, v in sent.items() if k != "id"})
            saved.append(as_xml(resource, facts(resource).entity, row))
        return self.answer(201 if method == "POST" else 200, "".join(saved))

    def delete(self, resource: str, key: str) -> tuple[int, dict[str, str], bytes]:
        kept = [row for row in self.tables[resource] if str(row["id"]) != key]
        if len(kept) == len(self.tables[resource]):
            return self.error(404, 87, f"Id(s) not exists: {key}")
        self.tables[resource] = kept
        return 200, self.headers("text/html"), b""

    def answer(self, status: int, inner: str) -> tuple[int, dict[str, str], bytes]:
        text = f'<?xml version="1.0" encoding="UTF-8"?>\n<prestashop xmlns:xlink="http://www.w3.org/1999/xlink">{inner}</prestashop>\n'
        return status, self.headers("text/xml;charset=utf-8"), text.encode()

    def error(self, status: int, code: int, message: str) -> tuple[int, dict[str, str], bytes]:
        error = f"<errors><error><code>{code}</code><message>{escape(message)}</message></error></errors>"
        return self.answer(status, error)

    def headers(self, kind: str) -> dict[str, str]:
        return {"Content-Type": kind, "PSWS-Version": self.version, "Date": "Fri, 20 Nov 2026 22:00:00 GMT"}


def matches(value: Any, wanted: str) -> bool:
    text = "" if value is None or value is False else str(value)
    if wanted.startswith((">[", "<[")):
        bound = wanted[2:-1]
        left, right = (int(text), int(bound)) if bound.isdigit() else (text, bound)
        return left > right if wanted[0] == ">" else left < right
    inner = wanted.strip("[]")
    if "," in inner:
        first, last = inner.split(",")
        return int(first) <= int(text) <= int(last) if first.isdigit() else first <= text <= last
    return text in inner.split("|")


def value_of(element: Any) -> Any:
    languages = element.findall("language")
    if languages:
        return [{"id": text.get("id"), "value": text.text or ""} for text in languages]
    return element.text or ""


def as_xml(resource: str, entity: str, row: dict[str, Any]) -> str:
    """As the shop writes it: everything in CDATA, ``]]>`` not escaped."""
    parts = []
    for name, value in row.items():
        if name == "associations":
            lists = "".join(association_xml(resource, n, rows) for n, rows in value.items())
            parts.append(f"<associations>{lists}</associations>")
        elif isinstance(value, list):
            texts = "".join(f'<language id="{t["id"]}"><![CDATA[{t["value"]}]]></language>' for t in value)
            parts.append(f"<{name}>{texts}</{name}>")
        else:
            parts.append(f"<{name}><![CDATA[{'' if value is None or value is False else value}]]></{name}>")
    return f"<{entity}>{''.join(parts)}</{entity}>"


def association_xml(resource: str, name: str, rows: list[dict[str, Any]]) -> str:
    node = facts(resource).associations[name]["entity"]
    items = "".join(as_xml(resource, node, row) for row in rows)
    return f'<{name} nodeType="{node}">{items}</{name}>'


@pytest.fixture(scope="session")
def recordings() -> list[dict[str, Any]]:
    with gzip.open(DATA, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def settings() -> ShopSettings:
    return ShopSettings(url=URL, key=KEY, timezone="UTC")


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def shop(version: str, recordings: list[dict[str, Any]]) -> FakeShop:
    return FakeShop(version, recordings)


@pytest.fixture
def session_for() -> Iterator[Callable[[Callable[..., Any]], requests.Session]]:
    """A session whose requests are answered by a function."""
    sessions: list[requests.Session] = []

    def build(handle: Callable[..., Any]) -> requests.Session:
        session = requests.Session()
        session.mount("http://", Adapter(handle))
        sessions.append(session)
        return session

    yield build
    for session in sessions:
        session.close()


@pytest.fixture
def client_for(
    settings: ShopSettings, clock: FakeClock, session_for: Callable[..., requests.Session]
) -> Callable[[Callable[..., Any]], PrestaShopClient]:
    return lambda handle: PrestaShopClient(settings, clock, session_for(handle), jitter=lambda: 0.5)


@pytest.fixture
def client(shop: FakeShop, client_for: Callable[..., PrestaShopClient]) -> PrestaShopClient:
    return client_for(shop.handle)


@pytest.fixture
def source(
    shop: FakeShop, settings: ShopSettings, clock: FakeClock, session_for: Callable[..., requests.Session]
) -> PrestaShopSource:
    return PrestaShopSource(settings, clock, session_for(shop.handle), jitter=lambda: 0.5)
