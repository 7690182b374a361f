"""The stand-in web services over a private Postgres, and what a plain HTTP client needs to talk to them."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
import requests
from requests_ntlm import HttpNtlmAuth

from gp_prestashop.ledger.embedded import EmbeddedPostgres
from gp_prestashop.sandbox.gp import schema, seed
from gp_prestashop.sandbox.gp.host import EconnectHost
from gp_prestashop.sandbox.soap.server import SoapServer

USER, PASSWORD = "SANDBOX\\gp", "secret"


@pytest.fixture(scope="session")
def soap_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with EmbeddedPostgres(tmp_path_factory.mktemp("soap") / "postgres", durable=False) as postgres:
        url = postgres.create_database("gp")
        schema.create(url)
        with psycopg.connect(url) as connection, connection.cursor() as cursor:
            seed.load(cursor, "TWO", seed.company_setup())
        yield url


@pytest.fixture(scope="session")
def services(soap_postgres: str) -> Iterator[SoapServer]:
    with SoapServer(soap_postgres, EconnectHost(), users={USER: PASSWORD}) as server:
        yield server


@pytest.fixture
def session() -> Iterator[requests.Session]:
    """With Windows authentication."""
    with requests.Session() as session:
        session.auth = HttpNtlmAuth(USER, PASSWORD, send_cbt=False)
        yield session
