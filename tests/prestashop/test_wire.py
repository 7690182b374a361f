"""The client on real sockets: connections kept, broken and refused."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from gp_prestashop.errors import InDoubt, Transient
from gp_prestashop.prestashop.client import PrestaShopClient
from gp_prestashop.settings import ShopSettings

LIST = b'{"orders":[{"id":1}]}'


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        self.connections = 0
        self.lines: list[str] = []
        self.mood = "good"
        self.release = threading.Event()
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/boutique"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def do_GET(self) -> None:
        self.server.lines.append(self.requestline)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.server.mood == "hang":
            self.server.release.wait()
        if self.server.mood in {"hang", "drop"}:
            self.close_connection = True
            return
        answer = body or LIST
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.send_header("Set-Cookie", "PrestaShop-1=abc; path=/")
        self.end_headers()
        if self.server.mood == "half":
            self.server.mood = "good"
            self.wfile.write(answer[:9])
            self.close_connection = True
            return
        self.wfile.write(answer)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.release.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def wired(server: Server, clock) -> Iterator[PrestaShopClient]:
    client = PrestaShopClient(ShopSettings(url=server.url, key="K", timeout=1), clock, jitter=lambda: 0.5)
    yield client
    client.close()


def test_one_connection_serves_many_requests(wired, server):
    for _ in range(5):
        assert wired.rows("orders", {"limit": "1"}) == [{"id": "1"}]
    assert server.connections == 1
    assert server.lines[0].startswith("GET /boutique/api/orders?limit=1&display=full&output_format=JSON ")


def test_a_body_that_breaks_off_is_asked_for_again(wired, server):
    server.mood = "half"
    assert wired.rows("orders", {}) == [{"id": "1"}]
    assert wired.stats.retries == 1


def test_a_write_whose_connection_breaks_is_in_doubt_and_sent_once(wired, server):
    server.mood = "drop"
    with pytest.raises(InDoubt):
        wired.transport.write("POST", "order_histories", b"<prestashop/>")
    assert len(server.lines) == 1


def test_a_write_that_is_not_answered_in_time_is_in_doubt(wired, server):
    server.mood = "hang"
    with pytest.raises(InDoubt):
        wired.transport.write("POST", "order_histories", b"<prestashop/>")
    assert len(server.lines) == 1


def test_a_refused_connection_is_no_doubt(clock):
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))  # bound, so that nobody else gets the port, and nothing listens
    client = PrestaShopClient(
        ShopSettings(url=f"http://127.0.0.1:{taken.getsockname()[1]}", key="K"), clock, jitter=lambda: 0.5
    )
    try:
        with pytest.raises(Transient) as caught:
            client.transport.write("POST", "order_histories", b"<prestashop/>")
        assert caught.value.code == "unreachable"
        with pytest.raises(Transient):
            client.rows("orders", {})
    finally:
        client.close()
        taken.close()
