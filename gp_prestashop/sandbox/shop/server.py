"""The HTTP server of the stand-in shop, in a thread of its own."""

from __future__ import annotations

import json
import socket
import struct
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any
from zoneinfo import ZoneInfo

from gp_prestashop.sandbox.faults import FaultBook
from gp_prestashop.sandbox.shop.control import PATH, control
from gp_prestashop.sandbox.shop.cost import seconds
from gp_prestashop.sandbox.shop.faults import Fault, Faults
from gp_prestashop.sandbox.shop.mishaps import afterwards, instead, row_hook, sha1
from gp_prestashop.sandbox.shop.routing import Answer, Call, answer
from gp_prestashop.sandbox.shop.store import ShopStore

__all__ = ["ShopServer"]

ZONE = ZoneInfo("Europe/Paris")  # of the sandbox's shop


def shop_time() -> datetime:
    """Now, as the shop writes it: local time."""
    return datetime.now(ZONE)


class ShopServer:
    """Serves a store.

    ``requests`` counts by resource; ``cost`` makes each request take what real shops took; ``clock`` gives the shop's
    local time; ``books``: faults of other listeners that the control port reaches as well.
    """

    def __init__(
        self,
        store: ShopStore,
        *,
        bind: str = "127.0.0.1",
        port: int = 0,
        cost: bool = False,
        clock: Callable[[], datetime] = shop_time,
    ) -> None:
        self.store = store
        self.faults = Faults()
        self.books: dict[str, FaultBook[Any]] = {"shop": self.faults}
        self.requests: Counter[str] = Counter()
        self.cost = cost
        self.clock = clock
        self._server = _Listener((bind, port), _handler(self))
        often = {"poll_interval": 0.05}  # how soon stop() is seen
        self._thread = Thread(target=self._server.serve_forever, kwargs=often, name="shop", daemon=True)

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


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away (a test that kills one) is not worth a traceback."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def _handler(shop: ShopServer) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        server_of = shop

    return Handler


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_of: ShopServer
    disable_nagle_algorithm = True

    def _serve(self) -> None:
        started = time.monotonic()
        shop = self.server_of
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length") or 0))
        call = Call(self.command, self.path, headers, body)
        if self.path.partition("?")[0] == PATH:
            self._send_json(*control(shop.books, self.command, body))
            return
        if self.path.startswith("/__sandbox__/"):
            self._send_json(200, dict(shop.requests))
            return
        shop.requests[call.resource] += 1
        fault = shop.faults.take(call.resource, self.command)
        if fault and fault.kind == "delay":
            time.sleep(fault.seconds)
        if fault and fault.kind == "reset":
            self._reset()
            return
        given = (instead(fault) if fault else None) or self._answer(call, fault)
        if shop.cost:
            wanted = seconds(self.command, call.resource, given.rows, given.shown, legacy=shop.store.legacy)
            time.sleep(max(0.0, wanted - (time.monotonic() - started)))
        if fault and fault.kind == "reset_after":
            self._reset()
            return
        self._send(given, time.monotonic() - started, truncated=bool(fault and fault.kind == "truncate"))

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_LINK = do_OPTIONS = _serve

    def log_message(self, *_arguments: object) -> None:
        """Quiet: requests are counted instead."""

    def _answer(self, call: Call, fault: Fault | None) -> Answer:
        shop = self.server_of
        given = answer(shop.store, call, f"{shop.url}/api/", shop.clock(), row_hook(fault))
        given = afterwards(fault, given, shop.store)
        wanted = call.headers.get("local-content-sha1")
        if wanted and given.status == 200 and given.body and wanted == sha1(given.body):
            return Answer(304, rows=given.rows, shown=given.shown)
        return given

    def _send(self, given: Answer, took: float, *, truncated: bool) -> None:
        self.send_response(given.status)
        if given.kind:
            self.send_header("Content-Type", given.kind)
        if given.known:
            self.send_header("Access-Time", str(int(time.time())))
            self.send_header("X-Powered-By", "PrestaShop Webservice")
            self.send_header("PSWS-Version", self.server_of.store.version)
            self.send_header("Execution-Time", f"{took:.3f}")
        if given.status < 300 and given.body:
            self.send_header("Content-Sha1", sha1(given.body))
        for name, value in given.headers.items():
            self.send_header(name, value)
        if given.status != 304:
            self.send_header("Content-Length", str(len(given.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(given.body[: len(given.body) // 2] if truncated else given.body)
        if truncated:
            self.close_connection = True

    def _send_json(self, status: int, value: object) -> None:
        self._send(Answer(status, json.dumps(value).encode(), "application/json", known=False), 0, truncated=False)

    def _reset(self) -> None:
        """An RST, not an orderly end."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def date_time_string(self, timestamp: float | None = None) -> str:
        return formatdate(timestamp, usegmt=True)
