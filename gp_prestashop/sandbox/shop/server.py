"""The HTTP server of the stand-in shop, in a thread of its own."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections import Counter
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from urllib.parse import parse_qsl, urlsplit

from gp_prestashop.sandbox.shop.answers import Refusal, Writer
from gp_prestashop.sandbox.shop.faults import Fault, Faults
from gp_prestashop.sandbox.shop.query import Fatal, display_of, select
from gp_prestashop.sandbox.shop.store import ShopStore

__all__ = ["ShopServer"]

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
KEY_LENGTH = 32


class ShopServer:
    """Serves a store. ``requests`` counts by resource; ``cost`` makes each request take what real shops took."""

    def __init__(self, store: ShopStore, *, bind: str = "127.0.0.1", port: int = 0, cost: bool = False) -> None:
        self.store = store
        self.faults = Faults()
        self.requests: Counter[str] = Counter()
        self.cost = cost
        self._server = ThreadingHTTPServer((bind, port), _handler(self))
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, name="shop", daemon=True)

    @property
    def url(self) -> str:
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def start(self) -> ShopServer:
        self._thread.start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=10)

    def __enter__(self) -> ShopServer:
        return self.start()

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop()


def _handler(shop: ShopServer) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        server_of = shop

    return Handler


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_of: ShopServer
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        started = time.monotonic()
        shop = self.server_of
        url = urlsplit(self.path)
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        if url.path.startswith("/__sandbox__/"):
            self._send(200, json.dumps(dict(shop.requests)), "application/json")
            return
        formats = (query.get("output_format"), self.headers.get("Output-Format"), self.headers.get("Io-Format"))
        as_json = "JSON" in [(name or "").upper() for name in formats]
        writer = Writer(shop.store.version, f"{shop.url}/api", as_json=as_json)
        kind = "application/json" if as_json else "text/xml;charset=utf-8"
        resource, _, identifier = url.path.removeprefix("/api").strip("/").partition("/")
        shop.requests[resource] += 1
        fault = shop.faults.take(resource)
        if fault and self._misbehave(fault):
            return
        try:
            self._authorise(query, resource)
            status, body = self._answer(writer, resource, identifier, query)
        except Refusal as refusal:
            if refusal.status == 401 and not refusal.errors:
                self._send(401, "401 Unauthorized", "text/html; charset=utf-8")
                return
            status, body = refusal.status, writer.errors(refusal.errors)
        except Fatal:
            self._send(500, "", "text/html; charset=utf-8")
            return
        if shop.cost:
            self._spend(started, body)
        if fault:
            body = _garbled(fault, body)
        self._send(
            status, body, kind if body or status == 200 else "", truncated=bool(fault and fault.kind == "truncate")
        )

    do_HEAD = do_GET

    def _not_read(self) -> None:
        """Writes are not part of this stand-in yet."""
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        resource = urlsplit(self.path).path.removeprefix("/api").strip("/").partition("/")[0]
        known = self.command in METHODS and not (
            self.command == "PATCH" and self.server_of.store.version.startswith("1.7")
        )
        error = (
            (25, f"Method {self.command} is not allowed for the resource {resource} with this authentication key")
            if known
            else (23, f"Method {self.command} is not valid")
        )
        writer = Writer(self.server_of.store.version, f"{self.server_of.url}/api", as_json=False)
        self._send(405, writer.errors([error]), "text/xml;charset=utf-8")

    do_POST = do_PUT = do_PATCH = do_DELETE = do_LINK = do_OPTIONS = _not_read

    def log_message(self, *_arguments: object) -> None:
        """Quiet: requests are counted instead."""

    def _authorise(self, query: dict[str, str], resource: str) -> None:
        store = self.server_of.store
        if not store.enabled:
            raise Refusal(
                503, (22, "The PrestaShop webservice is disabled. Please activate it in the PrestaShop Back Office")
            )
        key = query.get("ws_key")
        header = self.headers.get("Authorization", "")
        if key is None:
            if not header.startswith("Basic "):
                raise Refusal(401)
            key = base64.b64decode(header[6:]).decode("utf-8", "replace").partition(":")[0]
        if key == "":
            raise Refusal(401, (17, "Authentication key is empty"))
        if len(key) != KEY_LENGTH:
            raise Refusal(401, (18, "Invalid authentication key format"))
        if store.keys.get(key, False) is False:
            not_active = (20, "Authentification key is not active")
            raise Refusal(401, not_active, (21, "No permission for this authentication key"))
        allowed = store.keys[key]
        if resource and isinstance(allowed, frozenset) and resource not in allowed and resource in store.resources:
            message = f'Resource of type "{resource}" is not allowed with this authentication key'
            raise Refusal(401, (26, message))

    def _answer(self, writer: Writer, resource: str, identifier: str, query: dict[str, str]) -> tuple[int, str]:
        store = self.server_of.store
        if resource == "":
            if writer.as_json and not store.version.startswith("1.7"):
                raise Fatal
            methods = ["get", "put", "post", "delete", "head"]
            return 200, writer.root("Sandbox shop", store.resources, methods)
        if resource not in store.resources:
            known = '", "'.join(sorted(store.resources))
            raise Refusal(400, (27, f'Resource of type "{resource}" does not exists. The full list is: "{known}"'))
        if identifier:
            row = store.get(resource, int(identifier)) if identifier.isdigit() else None
            return (200, writer.one(resource, row)) if row else (404, "")
        display = display_of(store, resource, query.get("display", ""))
        return 200, writer.rows(resource, select(store, resource, query), display)

    def _misbehave(self, fault: Fault) -> bool:
        """Whether the fault is the whole answer."""
        if fault.kind == "delay":
            time.sleep(fault.seconds)
        elif fault.kind == "reset":
            self.close_connection = True
            self.connection.close()
        elif fault.kind == "too_many":
            self._send(429, "", "text/html", {"Retry-After": str(fault.seconds)})
        elif fault.kind == "unavailable":
            self._send(503, "<html><body>Service unavailable</body></html>", "text/html")
        elif fault.kind == "empty_500":
            self._send(500, "", "text/html; charset=utf-8")
        elif fault.kind == "html":
            self._send(200, "<!DOCTYPE html><html><body>Maintenance</body></html>", "text/html; charset=utf-8")
        return fault.kind in ("reset", "too_many", "unavailable", "empty_500", "html")

    def _spend(self, started: float, body: str) -> None:
        """A request of PrestaShop costs about 11 ms, and 0.45 ms for each kilobyte (measured on 8.2.1)."""
        wanted = 0.011 + len(body) / 1024 * 0.00045 / 3
        time.sleep(max(0.0, wanted - (time.monotonic() - started)))

    def _send(
        self, status: int, body: str, kind: str, headers: dict[str, str] | None = None, *, truncated: bool = False
    ) -> None:
        data = body.encode()
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        self.send_header("X-Powered-By", "PrestaShop Webservice")
        self.send_header("PSWS-Version", self.server_of.store.version)
        self.send_header("Access-Time", str(int(time.time())))
        self.send_header("Content-Sha1", hashlib.sha1(data).hexdigest())  # noqa: S324  PrestaShop's own choice
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data[: len(data) // 2] if truncated else data)
        if truncated:
            self.close_connection = True

    def date_time_string(self, timestamp: float | None = None) -> str:
        return formatdate(timestamp, usegmt=True)


def _garbled(fault: Fault, body: str) -> str:
    if fault.kind == "bom":
        return "\ufeff\n" + body
    if fault.kind == "notice":
        return "<br />\n<b>Notice</b>: Undefined index: x in <b>/modules/x.php</b><br />\n" + body
    return body
