"""A scripted TDS server: real bytes on a real socket, answers as a test says. It knows no SQL.

For what no well-behaved server does on demand: a connection that ends in the middle, an error behind the rows, a commit
that finds no transaction. Message and token layout: MS-TDS 7.4.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from typing import Final

import pytest

SQL_BATCH, PRELOGIN, LOGIN7, ATTENTION, REPLY = 0x01, 0x12, 0x10, 0x06, 0x04
COLLATION: Final = bytes([0x09, 0x04, 0xD0, 0x00, 0x34])  # SQL_Latin1_General_CP1_CI_AS
SILENCE: Final = b"\x00silence"  # no answer, the connection stays
CLOSE: Final = b"\x00close"  # no answer, the connection ends


def short(text: str) -> bytes:
    """B_VARCHAR."""
    return bytes([len(text)]) + text.encode("utf-16-le")


def token(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + struct.pack("<H", len(body)) + body


def done(*, error: bool = False, more: bool = False) -> bytes:
    return b"\xfd" + struct.pack("<HHQ", 2 * error + more, 0, 0)


class Tokens:
    """Answers, to be joined."""

    SILENCE, CLOSE = SILENCE, CLOSE

    @staticmethod
    def rows(names: list[str], values: list[int | str], *, more: bool = False) -> bytes:
        """One result set of one row; integers as int, text as nvarchar."""
        columns = b"".join(
            struct.pack("<IH", 0, 9)
            + (b"\x26\x04" if isinstance(value, int) else b"\xe7" + struct.pack("<H", 8000) + COLLATION)
            + short(name)
            for name, value in zip(names, values, strict=True)
        )
        row = b"".join(
            b"\x04" + struct.pack("<i", value)
            if isinstance(value, int)
            else struct.pack("<H", 2 * len(value)) + value.encode("utf-16-le")
            for value in values
        )
        return b"\x81" + struct.pack("<H", len(names)) + columns + b"\xd1" + row + done(more=more)

    @staticmethod
    def error(number: int, text: str, severity: int = 16) -> bytes:
        words = struct.pack("<H", len(text)) + text.encode("utf-16-le")
        body = struct.pack("<IBB", number, 1, severity) + words + short("server") + short("") + struct.pack("<I", 1)
        return token(0xAA, body) + done(error=True)

    @staticmethod
    def done() -> bytes:
        return done()


class ScriptedServer:
    """Answers each SQL text by the first script whose beginning it has; everything is kept in ``seen``."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.scripts: dict[str, bytes] = {}
        self.login_error: bytes | None = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._connections: list[socket.socket] = []
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def stop(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _accept(self) -> None:
        talks: list[threading.Thread] = []
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._connections.append(connection)
                talks.append(threading.Thread(target=self._talk, args=(connection,)))
                talks[-1].start()
        for connection in self._connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for talk in talks:
            talk.join()

    def _talk(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError, EOFError), connection.makefile("rb") as stream:
            while True:
                kind, body = self._message(stream.read)
                answer = self._answer(kind, body)
                if answer == CLOSE:
                    return
                if answer != SILENCE:
                    connection.sendall(struct.pack(">BBHHBB", REPLY, 1, len(answer) + 8, 0, 1, 0) + answer)

    def _message(self, read: Callable[[int], bytes]) -> tuple[int, bytes]:
        body = b""
        while True:
            head = read(8)
            if len(head) < 8:
                raise EOFError
            kind, status, length = struct.unpack(">BBH", head[:4])
            body += read(length - 8)
            if status & 1:
                return kind, body

    def _answer(self, kind: int, body: bytes) -> bytes:
        if kind == PRELOGIN:  # version; encryption not supported
            return bytes([0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xFF]) + b"\x0f\x00\x07\xd0\x00\x00" + b"\x02"
        if kind == LOGIN7:
            return self.login_error or self._login()
        if kind == ATTENTION:
            return b"\xfd" + struct.pack("<HHQ", 0x20, 0, 0)
        sql = body[struct.unpack("<I", body[:4])[0] :].decode("utf-16-le")
        self.seen.append(sql)
        return next((answer for start, answer in self.scripts.items() if start in sql), done())

    def _login(self) -> bytes:
        database = token(0xE3, b"\x01" + short("TWO") + short("master"))
        collation = token(0xE3, b"\x07\x05" + COLLATION + b"\x00")
        packet_size = token(0xE3, b"\x04" + short("4096") + short("4096"))
        acknowledged = token(0xAD, b"\x01\x74\x00\x00\x04" + short("Microsoft SQL Server") + b"\x0f\x00\x07\xd0")
        return database + collation + packet_size + acknowledged + done()


@pytest.fixture
def tokens() -> type[Tokens]:
    return Tokens


@pytest.fixture
def scripted(tokens: type[Tokens]) -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    server.scripts = {
        "@@version": tokens.rows(["v"], ["Microsoft SQL Server 2019 (RTM) - 15.0.2000.5 (X64)"]),
        "schema_name": tokens.rows(["s"], ["dbo"]),
        "system_views": tokens.rows(["name"], ["dm_exec_sessions"]),
        "test max support": tokens.rows(["t"], ["test max support"]),
        "SELECT 1": tokens.rows(["one"], [1]),
        "transaction_isolation_level": tokens.rows(["level"], ["READ COMMITTED"]),
        "taErrorCode": tokens.rows(["ErrorCode", "ErrorDesc"], [235, "GP's own words   "]),
        "COMMIT TRANSACTION": done(),
    }
    yield server
    server.stop()
