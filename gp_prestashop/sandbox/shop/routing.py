"""From a request to its answer, without any socket."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

from gp_prestashop.sandbox.shop.access import check_method, check_resource, identify, key_of
from gp_prestashop.sandbox.shop.answers import JsonWriter, Writer, XmlWriter
from gp_prestashop.sandbox.shop.behaviour import Request
from gp_prestashop.sandbox.shop.body import Entity, entities
from gp_prestashop.sandbox.shop.columns import whole
from gp_prestashop.sandbox.shop.display import FULL, IDS, display_of
from gp_prestashop.sandbox.shop.listing import root_json, root_xml
from gp_prestashop.sandbox.shop.pictures import Picture, pictures
from gp_prestashop.sandbox.shop.query import select
from gp_prestashop.sandbox.shop.refusal import Fatal, Refusal
from gp_prestashop.sandbox.shop.removing import remove
from gp_prestashop.sandbox.shop.saving import save
from gp_prestashop.sandbox.shop.schema import schema_json, schema_of
from gp_prestashop.sandbox.shop.store import Key, ShopStore

__all__ = ["Answer", "Call", "answer"]

HTML = "text/html; charset=utf-8"
REALM = 'Basic realm="Welcome to PrestaShop Webservice, please enter the authentication key as the login. No password required."'
_WRITES = {"POST": 201, "PUT": 200, "PATCH": 200}


@dataclass(frozen=True)
class Call:
    """A request as it came: ``headers`` by lower-case name, ``url`` path and query."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def path(self) -> list[str]:
        """Below ``/api``."""
        return urlsplit(self.url).path.removeprefix("/api").strip("/").split("/")

    @property
    def resource(self) -> str:
        return self.path[0]

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))


@dataclass(frozen=True)
class Answer:
    """``kind`` is the Content-Type, blank for none; ``known``: the key was good, so that the shop says its version.

    ``rows``: entities read or written; ``shown``: full, fields or ids. Both are for the cost of the request.
    """

    status: int
    body: bytes = b""
    kind: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    known: bool = True
    rows: int = 0
    shown: str = "full"


def answer(
    store: ShopStore, call: Call, base: str, now: datetime, between: Callable[[int], None] | None = None
) -> Answer:
    """What the shop says; every change is made when this returns. ``base`` ends with ``/api/``.

    ``between(n)`` is called before the nth entity of a write (from 0) and may raise, as a module's hook may.
    """
    query = call.query
    formats = (query.get("output_format"), call.headers.get("output-format"), call.headers.get("io-format"))
    as_json = "JSON" in [(name or "").upper() for name in formats]
    with store.lock:
        shop = query.get("id_shop")
        if shop and store.get("shops", whole(shop)) is None and store.ids("shops"):
            return Answer(
                302, kind=HTML, headers={"Location": f"{base.removesuffix('api/')}?url={call.resource}"}, known=False
            )
        sent = key_of(call.headers.get("authorization"), query.get("ws_key"))
        if sent is None:
            return Answer(401, b"401 Unauthorized", HTML, {"WWW-Authenticate": REALM}, known=False)
        writer: Writer = XmlWriter(store, base, store.languages)
        if as_json:
            writer = JsonWriter(store, store.languages)
        known: Key | None = None
        try:
            known = identify(store, sent)
            return _Dispatch(store, call, base, now, known, between, as_json=as_json).run()
        except Refusal as refusal:
            if not refusal.errors:
                return Answer(refusal.status)
            headers = {} if known else {"WWW-Authenticate": REALM}
            return Answer(
                refusal.status, writer.errors(refusal.errors).encode(), writer.kind, headers, known is not None
            )
        except Fatal as fatal:
            return Answer(500, fatal.printed.encode(), HTML, known=False)


class _Dispatch:
    """One request with a good key."""

    def __init__(
        self,
        store: ShopStore,
        call: Call,
        base: str,
        now: datetime,
        key: Key,
        between: Callable[[int], None] | None,
        *,
        as_json: bool,
    ) -> None:
        self._store, self._call, self._base, self._now, self._key = store, call, base, now, key
        self._between = between
        self._query = call.query
        self._method = self._query.get("ps_method", call.method).upper()
        self._json = as_json
        self._languages = self._asked_languages()
        self._writer: Writer = XmlWriter(store, base, self._languages)
        if as_json:
            self._writer = JsonWriter(store, self._languages, one_language="language" in self._query)

    def run(self) -> Answer:
        store, resource = self._store, self._call.resource
        check_resource(store, self._key, resource)
        check_method(store, self._key, resource, self._method)
        if resource == "":
            return self._root()
        if resource == "images":
            return self._pictures()
        if resource == "search":
            raise Refusal(400, (100, "You have to set both the 'language' and 'query' parameters to get a result"))
        if self._method in _WRITES:
            return self._write()
        if self._method == "DELETE":
            identifier = self._call.path[1] if len(self._call.path) > 1 else ""
            remove(Request(store, self._now, self._query), store.shapes[resource], identifier)
            return Answer(200)
        return self._read()

    def _asked_languages(self) -> list[str]:
        """Raises Refusal 400/81 when no such language is installed."""
        asked = self._query.get("language")
        if asked is None:
            return self._store.languages
        numbers = re.findall(r"\d+", asked)
        if "," in asked and len(numbers) == 2:
            numbers = [str(one) for one in range(int(numbers[0]), int(numbers[1]) + 1)]
        found = [one for one in numbers if one in self._store.languages]
        if not found:
            raise Refusal(400, (81, "language is not available"))
        return found

    def _root(self) -> Answer:
        if not self._json:
            return self._text(root_xml(self._store, self._key, self._base))
        if not self._store.legacy:
            raise Fatal
        return self._text(root_json(self._store, self._key))

    def _pictures(self) -> Answer:
        call = self._call
        kind = call.headers.get("content-type", "")
        found = pictures(self._store, self._method, call.path[1:], self._base, call.body, kind)
        if isinstance(found, Picture):
            return Answer(200, found.content, found.kind)
        return self._text(found) if found else Answer(200)

    def _read(self) -> Answer:
        store, query, shape = self._store, self._query, self._store.shapes[self._call.resource]
        if len(self._call.path) > 1:
            row = store.get(shape.name, whole(self._call.path[1]))
            if row is None:
                raise Refusal(404)
            display = display_of(shape, query["display"]) if "display" in query else FULL
            return self._text(self._writer.one(shape, row, display), rows=1)
        if "schema" in query:
            if self._json:
                return self._text(schema_json(store, shape, query["schema"]))
            return self._text(schema_of(shape, query["schema"], self._base, self._languages))
        display = display_of(shape, query.get("display"))
        rows = select(store, shape, query)
        shown = "full" if display.full else "ids" if display is IDS else "fields"
        return self._text(self._writer.rows(shape, rows, display), rows=len(rows), shown=shown)

    def _write(self) -> Answer:
        shape = self._store.shapes[self._call.resource]
        request = Request(self._store, self._now, self._query)
        sent: list[Entity] = entities(self._call.body)
        saved = save(request, shape, self._method, sent, self._between)
        return self._text(self._writer.saved(shape, saved), _WRITES[self._method], rows=len(saved))

    def _text(self, text: str, status: int = 200, *, rows: int = 0, shown: str = "full") -> Answer:
        return Answer(status, text.encode(), self._writer.kind, rows=rows, shown=shown)
