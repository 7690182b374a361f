"""The listener: packets, login, and one thread with one Postgres connection for each client."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections import Counter
from types import TracebackType

import psycopg

from gp_prestashop.sandbox.gp.host import EconnectHost
from gp_prestashop.sandbox.tds import tokens
from gp_prestashop.sandbox.tds.batch import Batch
from gp_prestashop.sandbox.tds.faults import Fault, Faults
from gp_prestashop.sandbox.tds.session import Session
from gp_prestashop.sandbox.tds.sql_error import SqlError
from gp_prestashop.sandbox.tds.translate import create_columns_table

__all__ = ["TdsServer"]

SQL_BATCH, ATTENTION, REPLY, PRELOGIN, LOGIN7 = 0x01, 0x06, 0x04, 0x12, 0x10
PACKET = 4096


class TdsServer:
    """Serves one company and one system database. ``statements`` counts batches."""

    def __init__(
        self,
        postgres_url: str,
        host: EconnectHost,
        *,
        users: dict[str, str],
        company: str | None = None,
        system: str | None = None,
        faults: Faults | None = None,
        bind: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self._postgres_url = postgres_url
        self._host = host
        self._users = users
        self._company, self._system = company or host.company, system or host.system
        self.faults = faults or Faults()
        self.statements: Counter[str] = Counter()
        self._listener = socket.create_server((bind, port))
        self.port: int = self._listener.getsockname()[1]
        self._clients: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept, name="tds", daemon=True)

    def start(self) -> TdsServer:
        with psycopg.connect(self._postgres_url) as connection:
            for statement in create_columns_table(self._company, self._system):
                connection.execute(statement.encode())
        self._accepting.start()
        return self

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for client in list(self._clients):
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
        self._accepting.join(timeout=10)
        for thread in self._threads:
            thread.join(timeout=10)

    def __enter__(self) -> TdsServer:
        return self.start()

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._clients.add(client)
            thread = threading.Thread(target=self._serve, args=(client,), name="tds-client", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, client: socket.socket) -> None:
        session: Session | None = None
        try:
            # A real transaction for each client; what is open when the client goes is rolled back.
            with client, contextlib.suppress(OSError, EOFError):
                while True:
                    kind, body = _read(client)
                    if kind == PRELOGIN:
                        _send(client, tokens.prelogin_answer())
                    elif kind == LOGIN7:
                        session = self._login(client, body)
                    elif kind == ATTENTION:
                        _send(client, b"\xfd" + struct.pack("<HHQ", 0x20, 0, 0))
                    elif kind == SQL_BATCH and session is not None:
                        if not self._batch(client, session, body):
                            return
                    else:
                        _send(client, tokens.error(17805, "The sandbox does not know this kind of request.", 20))
        finally:
            self._clients.discard(client)
            if session is not None:
                session.connection.close()

    def _login(self, client: socket.socket, body: bytes) -> Session | None:
        user, database = _login_text(body, 40).decode("utf-16-le"), _login_text(body, 68).decode("utf-16-le")
        hidden = _login_text(body, 44)  # each byte XOR A5, its halves swapped
        password = bytes(((b ^ 0xA5) << 4 | (b ^ 0xA5) >> 4) & 0xFF for b in hidden).decode("utf-16-le", "replace")
        if self._users.get(user) != password:
            _send(client, tokens.error(18456, f"Login failed for user '{user}'.", 14))
            return None
        connection = psycopg.connect(self._postgres_url, autocommit=True)
        session = Session(connection, self._host, self._company, self._system)
        if database and database.lower() not in session.databases:
            connection.close()
            message = f'Cannot open database "{database}" requested by the login. The login failed.'
            _send(client, tokens.error(4060, message, 11))
            return None
        session.database = session.databases.get(database.lower(), self._company)
        _send(client, tokens.login_answer(session.database))
        return session

    def _batch(self, client: socket.socket, session: Session, body: bytes) -> bool:
        """Whether the connection goes on."""
        sql = body[struct.unpack("<I", body[:4])[0] :].decode("utf-16-le")
        self.statements["EXEC" if "EXEC" in sql else sql.lstrip()[:6].upper()] += 1
        fault = self.faults.take(sql)
        if fault and fault.kind == "close_before":
            session.abandon()
            return False
        try:
            if fault:
                self._misbehave(fault, session)
            answer = Batch(session, sql).run()
        except SqlError as error:
            answer = tokens.error(error.number, error.message, error.severity)
        if fault and fault.kind == "close_after":
            session.abandon()
            return False
        _send(client, answer)
        return True

    @staticmethod
    def _misbehave(fault: Fault, session: Session) -> None:
        if fault.kind == "delay":
            time.sleep(fault.seconds)
        elif fault.kind == "deadlock":
            session.abandon()
            raise SqlError(
                1205,
                "Transaction was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction.",
                13,
            )
        elif fault.kind == "lock_timeout":
            session.abandon()
            raise SqlError(1222, "Lock request time out period exceeded.")


def _read(client: socket.socket) -> tuple[int, bytes]:
    body = b""
    while True:
        head = _exactly(client, 8)
        kind, status, length = struct.unpack(">BBH", head[:4])
        body += _exactly(client, length - 8)
        if status & 1:
            return kind, body


def _exactly(client: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = client.recv(size - len(data))
        if not part:
            raise EOFError
        data += part
    return data


def _send(client: socket.socket, answer: bytes) -> None:
    chunks = [answer[i : i + PACKET - 8] for i in range(0, len(answer), PACKET - 8)] or [b""]
    out = b""
    for number, chunk in enumerate(chunks, 1):
        last = number == len(chunks)
        out += struct.pack(">BBHHBB", REPLY, 1 if last else 0, len(chunk) + 8, 0, number % 256, 0) + chunk
    client.sendall(out)


def _login_text(body: bytes, at: int) -> bytes:
    offset, length = struct.unpack("<HH", body[at : at + 4])
    return body[offset : offset + 2 * length]
