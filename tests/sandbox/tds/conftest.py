"""A TDS listener over a private Postgres with GP's tables, and pymssql connections to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pymssql
import pytest

from gp_prestashop.sandbox.gp.host import EconnectHost
from gp_prestashop.sandbox.tds.server import TdsServer
from tests.company_database import company_database


@pytest.fixture(scope="session")
def tds_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with company_database(tmp_path_factory.mktemp("tds")) as url:
        yield url


@pytest.fixture(scope="session")
def server(tds_postgres: str) -> Iterator[TdsServer]:
    with TdsServer(tds_postgres, EconnectHost(), users={"sa": "pw"}) as running:
        yield running


Connect = Callable[..., Any]


@pytest.fixture
def connect(server: TdsServer) -> Iterator[Connect]:
    """Connections that the test's end closes."""
    made: list[Any] = []

    def open_(**arguments: Any) -> Any:
        given = {"user": "sa", "password": "pw", "database": "TWO", "autocommit": True, "timeout": 10} | arguments
        made.append(pymssql.connect(server="127.0.0.1", port=str(server.port), login_timeout=5, **given))
        return made[-1]

    yield open_
    for connection in made:
        connection.close()


@pytest.fixture
def run(connect: Connect) -> Callable[[str], list[tuple[Any, ...]]]:
    """Sends a batch; the rows of its first result set."""
    connection = connect()

    def send(sql: str) -> list[tuple[Any, ...]]:
        cursor = connection.cursor()
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []

    return send
